//! Laws of what a provider answers about a person, and what is told of it.

use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use zeroize::Zeroizing;

use super::*;
use crate::http::Answer;
use crate::identity::account::Pointers;
use crate::identity::userinfo::{account_of, fields, members};
use crate::trace;

const SUBJECT: &str = "248289761001";
/// Where a server without ID tokens says who somebody is.
const POINTERS: [Pointers<'static>; 2] = [
    Pointers {
        subject: "/id",
        name: Some("/login"),
        email: Some("/email"),
    },
    Pointers {
        subject: "/data/0/user~1id",
        name: Some("/data/0/name"),
        email: None,
    },
];

/// The body of an answer to the bearer of the access token.
pub(crate) fn userinfo(bytes: &[u8]) -> Verdict {
    for (status, media_type) in [
        (StatusCode::FOUND, "application/json"),
        (StatusCode::UNAUTHORIZED, "application/json"),
        (StatusCode::OK, "application/jwt"),
        (StatusCode::OK, "text/html"),
    ] {
        let refused = members(&answer(status, media_type, bytes)).expect_err("no answer");
        assert_tellable(&refused);
    }
    let answered = members(&answer(StatusCode::OK, "application/json", bytes));
    let claims = match answered {
        Ok(claims) => claims,
        Err(error) => return refused(&error, ""),
    };
    let token = AccessToken::new(ACCESS_TOKEN);
    let claimed = account_of(&claims, &token, SUBJECT);
    // Somebody else's name is never shown for the person who signed in.
    let is_same = claims.get("sub") == Some(&json!(SUBJECT));
    assert_eq!(claimed.is_some(), is_same);
    assert!(
        claimed
            .iter()
            .all(|account| account.subject() == Some(SUBJECT))
    );
    let document = Value::Object(claims);
    let pointed = POINTERS.map(|pointers| Account::from_pointers(&document, &pointers, &token));
    let is_somebody = is_same || pointed.iter().any(|account| account.subject().is_some());
    for account in claimed.iter().chain(&pointed) {
        assert_account(account);
        for (name, value) in fields(account) {
            let trace::Value::Shown(text) = value else {
                panic!("{name} is hidden")
            };
            assert!(crate::text::is_clean(&text) && !text.contains(ACCESS_TOKEN));
        }
        // As the session keeps it, and reads it back.
        let kept = serde_json::to_string(account).expect("JSON");
        let read: Account = serde_json::from_str(&kept).expect("an account");
        assert_eq!(&read, account);
    }
    Verdict::of(is_somebody)
}

fn answer(status: StatusCode, media_type: &'static str, bytes: &[u8]) -> Answer {
    Answer {
        status,
        headers: HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static(media_type))]),
        body: Zeroizing::new(bytes.to_vec()),
    }
}
