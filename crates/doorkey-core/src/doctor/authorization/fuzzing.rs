//! Laws of what an answer to an authorization request is taken for when nobody is signed in.

use std::sync::LazyLock;

use reqwest::StatusCode;
use reqwest::header::{HeaderMap, HeaderValue, LOCATION};
use url::Url;
use zeroize::Zeroizing;

use super::{Refusal, Verdict as Found, check, marks, verdict};
use crate::fuzzing::{Verdict, assert_inert};
use crate::http::Answer;
use crate::profile::Profile;

const REDIRECT_URI: &str = "http://127.0.0.1:53412/callback";
const STATE: &str = "canary-state";

/// A status, a space and where it leads to in the first line; the page in the rest.
pub(crate) fn authorization_answer(bytes: &[u8]) -> Verdict {
    let end = bytes.iter().position(|byte| *byte == b'\n');
    let (first, page) = bytes.split_at(end.unwrap_or(bytes.len()));
    let (status, location) = first.split_at(first.len().min(3));
    let Ok(status) = StatusCode::from_bytes(status) else {
        return Verdict::Refused;
    };
    let location = HeaderValue::from_bytes(location.trim_ascii()).ok();
    let found = judge(status, location.as_ref(), page);
    match &found {
        Found::CameBack | Found::CameBackWith { .. } => {
            let there = there(location.as_ref());
            assert!(
                status.is_redirection() && there.starts_with(REDIRECT_URI),
                "{there}"
            );
            assert!(
                there.contains(STATE) || there.contains('%'),
                "the state came back"
            );
        }
        Found::StateLost => assert!(there(location.as_ref()).starts_with(REDIRECT_URI)),
        Found::Refused(_) => assert!(status.is_redirection() || !page.is_empty()),
        Found::SignInPage => assert!(status.is_redirection() || status.is_success()),
        Found::Unexplained(told) => assert_eq!(*told, status),
        Found::Unasked | Found::Silent(_) => panic!("{found:?} for an answer"),
    }
    if let Some(line) = check(&PROFILE, &found) {
        assert_inert(&line.seen, 300);
        assert_inert(&line.remedy, 300);
        assert!(!line.seen.contains(STATE));
    }
    assert_told_alike(page);
    // Only a redirect says anything by where it leads, and only a page by its words.
    if status.is_redirection() {
        assert_eq!(
            format!("{found:?}"),
            format!("{:?}", judge(status, location.as_ref(), b""))
        );
    } else {
        assert_eq!(
            format!("{found:?}"),
            format!("{:?}", judge(status, None, page))
        );
    }
    Verdict::of(matches!(found, Found::CameBack | Found::SignInPage))
}

/// What counts on every page counts wherever less is needed; case means nothing, and the names of parameters neither.
fn assert_told_alike(page: &[u8]) {
    let page = String::from_utf8_lossy(page);
    let told = [marks::anywhere, marks::in_address, marks::in_refusal].map(|read| read(&page));
    assert!(told[0].is_none() || told[1].is_some());
    assert!(told[1].is_none() || told[2].is_some());
    let large = page.to_ascii_uppercase();
    let again = [marks::anywhere, marks::in_address, marks::in_refusal].map(|read| read(&large));
    assert_eq!(again, told);
    let repeated = format!("client_id=a&redirect_uri=b {page}");
    assert_eq!(marks::in_refusal(&repeated), told[2]);
    let explained = format!("{page} AADSTS50011: no");
    assert!(marks::anywhere(&explained).is_some());
    assert_ne!(marks::anywhere(&explained), Some(Refusal::Scope));
}

fn judge(status: StatusCode, location: Option<&HeaderValue>, page: &[u8]) -> Found {
    let answer = Answer {
        status,
        headers: HeaderMap::from_iter(location.map(|location| (LOCATION, location.clone()))),
        body: Zeroizing::new(page.to_vec()),
    };
    verdict::of(&ASKED, REDIRECT_URI, &answer)
}

/// Where a redirect leads to.
fn there(location: Option<&HeaderValue>) -> String {
    let location = location.and_then(|location| location.to_str().ok());
    ASKED
        .join(location.expect("an address"))
        .expect("a URL")
        .into()
}

static ASKED: LazyLock<Url> = LazyLock::new(|| {
    let url = format!("https://login.example.com/authorize?client_id=desktop&state={STATE}");
    Url::parse(&url).expect("a URL")
});

static PROFILE: LazyLock<Profile> = LazyLock::new(|| {
    let name = "work".parse().expect("a name");
    Profile::for_issuer(&name, "https://login.example.com", "desktop").expect("a profile")
});
