//! What the address says of the newest version.

use std::time::Duration;

use doorkey_core::Code;
use reqwest::header::{ACCEPT, HeaderValue};
use reqwest::{Client, Response, StatusCode};
use serde_json::Value;
use tauri_plugin_updater::Update;
use url::Url;

use super::connection;
use super::refusal::invalid;
use super::source::{authority, is_secure};
use crate::effects::Release;
use crate::view::Problem;

/// How long an answer may take in all.
const DEADLINE: Duration = Duration::from_secs(10);

/// How large it may be. Real ones have a few kilobytes.
const CAP: usize = 256 * 1024;

/// How long a version may be.
const LONGEST_VERSION: usize = 64;

/// How many characters of the notes are shown.
const LONGEST_NOTES: usize = 4_000;

/// Asks for the announcement; none if there is nothing to announce.
///
/// # Errors
/// Why there is no announcement that can be read.
pub(super) async fn ask(url: &Url) -> Result<Option<Value>, Problem> {
    let host = authority(url);
    let late = || {
        Problem::new(
            Code::NetworkTimeout.as_str(),
            format!("{host} did not answer within {} s.", DEADLINE.as_secs()),
            Code::NetworkTimeout.hint(),
        )
    };
    tokio::time::timeout(DEADLINE, fetch(url, &host))
        .await
        .map_err(|_| late())?
}

async fn fetch(url: &Url, host: &str) -> Result<Option<Value>, Problem> {
    let broken = |error| connection::problem(host, error);
    let client = connection::client(Client::builder(), url)
        .build()
        .map_err(broken)?;
    let request = client
        .get(url.clone())
        .header(ACCEPT, HeaderValue::from_static("application/json"));
    let response = request.send().await.map_err(broken)?;
    match response.status() {
        StatusCode::NO_CONTENT => Ok(None),
        StatusCode::OK => {
            let body = read(response, host).await?;
            let announced = serde_json::from_slice(&body);
            announced
                .map(Some)
                .map_err(|_| invalid(host, "it is not JSON"))
        }
        status if status.is_server_error() => Err(Problem::new(
            Code::Unavailable.as_str(),
            format!("{host} answered {}.", status.as_u16()),
            Code::Unavailable.hint(),
        )),
        status => Err(invalid(host, &format!("the status is {}", status.as_u16()))),
    }
}

async fn read(mut response: Response, host: &str) -> Result<Vec<u8>, Problem> {
    let mut body = Vec::new();
    loop {
        let chunk = response.chunk().await;
        let Some(chunk) = chunk.map_err(|error| connection::problem(host, error))? else {
            return Ok(body);
        };
        if body.len() + chunk.len() > CAP {
            return Err(invalid(host, &format!("it is larger than {CAP} bytes")));
        }
        body.extend_from_slice(&chunk);
    }
}

/// What there is to tell of an announced version. Its words are inert: they come from a server.
///
/// # Errors
/// Why it cannot be offered.
pub(super) fn release(update: &Update, host: &str) -> Result<Release, Problem> {
    if update.version.len() > LONGEST_VERSION {
        return Err(invalid(host, "its version is too long"));
    }
    if !is_secure(&update.download_url, connection::plain_loopback()) {
        return Err(Problem::new(
            Code::InsecureEndpoint.as_str(),
            format!(
                "{host} offers version {} at an address that is not https:.",
                update.version
            ),
            "Nothing was downloaded. Tell whoever publishes this Doorkey.",
        ));
    }
    Ok(Release {
        version: update.version.clone(),
        notes: plain(update.body.as_deref().unwrap_or_default()),
    })
}

/// Lines of text and nothing else: what could disguise them is left out.
fn plain(notes: &str) -> String {
    let shown = |letter: &char| match letter {
        '\n' => true,
        '\u{61C}'
        | '\u{200B}'
        | '\u{200E}'..='\u{200F}'
        | '\u{2028}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}'
        | '\u{FEFF}'
        | '\u{E0000}'..='\u{E007F}' => false,
        letter => !letter.is_control(),
    };
    let mut letters = notes.trim().chars().filter(shown);
    let mut plain: String = letters.by_ref().take(LONGEST_NOTES).collect();
    if letters.next().is_some() {
        plain.push('…');
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_are_lines_of_text_that_end() {
        assert_eq!(
            plain(" One\r\n\n- two\t\u{202E}three\u{7}\u{200B} "),
            "One\n\n- twothree ".trim_end()
        );
        assert_eq!(
            plain("<b>نگار می\u{200C}خواهد</b>"),
            "<b>نگار می\u{200C}خواهد</b>"
        );
        let long = plain(&"é".repeat(10_000));
        assert_eq!(long.chars().count(), LONGEST_NOTES + 1);
        assert!(long.ends_with('…'));
    }
}
