//! A scripted browser without JavaScript: it does what a person would do on the provider's pages.
//!
//! It fills in a name and a password, presses the button that goes on, and follows redirects until
//! the answer has reached the program that asked for it. As the program `doorkey-agent` it stands
//! in for `$BROWSER`; like a browser it hands the URL over and returns at once.
//!
//! ```no_run
//! # async fn example() -> doorkey_tests::Result<()> {
//! use doorkey_tests::agent::{Person, walk};
//!
//! let url = "http://127.0.0.1:4180/authorize?...".parse().expect("a URL");
//! let arrival = walk(url, &Person::default()).await?;
//! assert_eq!(arrival.status, Some(200));
//! # Ok(()) }
//! ```

mod page;
mod request;

use std::env;

use url::Url;

use crate::{Error, Result};
use page::{Page, Step};
use request::{Answer, Client};

/// More pages than any provider's sign-in has: a walk that goes in circles ends here.
const MOST_PAGES: usize = 12;

/// The person for whom the agent acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// What they type as their name.
    pub user: String,
    /// What they type as their password.
    pub password: String,
    /// Whether they refuse.
    pub denies: bool,
    /// What they untick where there is a choice, by its value.
    pub unticks: Vec<String>,
}

/// Ada, whose password is `demo` and who agrees.
impl Default for Person {
    fn default() -> Self {
        Self {
            user: "ada".to_owned(),
            password: "demo".to_owned(),
            denies: false,
            unticks: Vec::new(),
        }
    }
}

impl Person {
    /// The person that `DOORKEY_AGENT_USER`, `DOORKEY_AGENT_PASSWORD`, `DOORKEY_AGENT_DENY=1` and `DOORKEY_AGENT_UNTICK`, with
    /// spaces between them, describe.
    pub fn from_environment() -> Self {
        let ada = Self::default();
        Self {
            user: env::var("DOORKEY_AGENT_USER").unwrap_or(ada.user),
            password: env::var("DOORKEY_AGENT_PASSWORD").unwrap_or(ada.password),
            denies: env::var("DOORKEY_AGENT_DENY").is_ok_and(|value| value == "1"),
            unticks: env::var("DOORKEY_AGENT_UNTICK")
                .unwrap_or_default()
                .split_whitespace()
                .map(str::to_owned)
                .collect(),
        }
    }
}

/// Where a walk ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// The last URL. It holds the authorization response where that travels in the query.
    pub url: Url,
    /// The last status; nothing if the last redirect left the web for another program's scheme.
    pub status: Option<u16>,
    /// The title of each page that was seen, in order, and the path it came from.
    pub pages: Vec<Seen>,
}

/// A page on the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Its title.
    pub title: String,
    /// Its origin and path. The query is left out: it may hold a code.
    pub place: String,
}

impl Arrival {
    /// Whether the program that waits for the answer has taken it.
    pub fn is_welcome(&self) -> bool {
        self.status
            .is_none_or(|status| (200..300).contains(&status))
    }
}

/// Goes from a URL to where it leads: for an authorization request, to the callback.
///
/// # Errors
///
/// If a request fails, if a page before the callback leaves nothing to press, or if the walk goes
/// in circles.
pub async fn walk(url: Url, person: &Person) -> Result<Arrival> {
    walk_and_tell(url, person, |_| {}).await
}

/// Like [`walk`], and tells of each page as it comes.
///
/// # Errors
///
/// As for [`walk`].
pub async fn walk_and_tell(
    url: Url,
    person: &Person,
    mut tell: impl FnMut(&Seen),
) -> Result<Arrival> {
    let callback = callback(&url);
    let mut client = Client::new();
    let mut pages = Vec::new();
    let mut step = Step::visit(url);
    while pages.len() < MOST_PAGES {
        let (url, status, body) = match client.take(step).await? {
            Answer::Page { url, status, body } => (url, status, body),
            Answer::OtherProgram(url) => {
                return Ok(Arrival {
                    url,
                    status: None,
                    pages,
                });
            }
        };
        let page = Page::parse(&url, &body);
        let seen = Seen {
            title: page.title(),
            place: place(&url),
        };
        tell(&seen);
        pages.push(seen);
        let arrived = callback.as_deref() == Some(place(&url).as_str());
        step = match page.next(person) {
            Some(next) if !arrived => next,
            _ if arrived || callback.is_none() => {
                return Ok(Arrival {
                    url,
                    status: Some(status),
                    pages,
                });
            }
            _ => {
                let message = format!(
                    "nothing to press on \"{}\" (status {status}) at {}",
                    page.title(),
                    place(&url)
                );
                return Err(Error::unexpected("agent", message));
            }
        };
    }
    let titles: Vec<_> = pages.iter().map(|page| page.title.as_str()).collect();
    Err(Error::unexpected(
        "agent",
        format!("gave up after {MOST_PAGES} pages: {}", titles.join(", ")),
    ))
}

/// The place where an authorization or end-session request wants its answer, if it says so itself.
fn callback(url: &Url) -> Option<String> {
    let names = ["redirect_uri", "post_logout_redirect_uri"];
    let (_, target) = url
        .query_pairs()
        .find(|(name, _)| names.contains(&name.as_ref()))?;
    Some(place(&Url::parse(&target).ok()?))
}

/// A URL without its query and fragment.
fn place(url: &Url) -> String {
    let mut place = url.clone();
    place.set_query(None);
    place.set_fragment(None);
    place.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_callback_is_known_from_the_request() {
        let url = Url::parse(
            "http://127.0.0.1:1/a?redirect_uri=http%3A%2F%2F127.0.0.1%3A2%2Fcallback&state=x",
        );
        assert_eq!(
            url.ok().and_then(|url| callback(&url)).as_deref(),
            Some("http://127.0.0.1:2/callback")
        );
    }

    #[test]
    fn a_pushed_request_does_not_tell_its_callback() {
        let url = Url::parse("http://127.0.0.1:1/a?request_uri=urn%3Ax");
        assert_eq!(url.ok().and_then(|url| callback(&url)), None);
    }
}
