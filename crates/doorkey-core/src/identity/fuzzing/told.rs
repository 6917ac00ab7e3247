//! Laws of what is told of the tokens of a session, and of who else had a part in the sign-in.

use super::*;
use crate::identity::token_facts::{AccessTokenFacts, ClaimValue, TokenContents, TokenFacts};
use crate::identity::upstream::upstream;
use crate::session::Record;
use crate::token::{IdToken, RefreshToken};

const REFRESH_TOKEN: &str = "canary-refresh-token";
const SIGNATURE: &[u8] = b"canary of a signature";
/// The last second of the year 9999.
const END_OF_TIME: u64 = 253_402_300_799;
const MOST_CLAIMS: usize = 100;

/// A token that an API is given: as it comes; or header and payload in plain text, one line and the rest.
pub(crate) fn token_facts(bytes: &[u8]) -> Verdict {
    let split = bytes.iter().position(|byte| *byte == b'\n');
    let token = match split {
        None => String::from_utf8_lossy(bytes).into_owned(),
        Some(end) => [&bytes[..end], &bytes[end + 1..], SIGNATURE]
            .map(|part| URL_SAFE_NO_PAD.encode(part))
            .join("."),
    };
    if token.is_empty() {
        return Verdict::Refused;
    }
    let mut secrets = secrets(&token);
    // As an access token alone, and as an ID token beside another one.
    let facts = TokenFacts::read(&record(&token, None)).expect("no ID token, no fault");
    let is_read = match facts.access_token {
        AccessTokenFacts::Opaque { length } => {
            assert_eq!(length, token.len());
            false
        }
        AccessTokenFacts::Jwt(contents) => {
            assert_contents(&contents, &secrets);
            true
        }
    };
    secrets.push(ACCESS_TOKEN.to_owned());
    match TokenFacts::read(&record(ACCESS_TOKEN, Some(&token))) {
        Ok(facts) => {
            assert!(is_read, "what is an ID token has the form of one");
            let id_token = facts.id_token.expect("an ID token");
            assert_contents(&id_token.contents, &secrets);
            assert_inert(&id_token.algorithm, LONGEST_NAME);
            assert_inert(id_token.key_id.as_deref().unwrap_or_default(), 80);
        }
        Err(error) => assert_tellable(&error),
    }
    if let Ok(parts) = Parts::of(&token)
        && let Ok(claims) = jws::object(parts.payload, "payload")
    {
        assert_upstream(&claims);
    }
    Verdict::of(is_read)
}

fn assert_contents(contents: &TokenContents, secrets: &[String]) {
    assert!(contents.header.len() <= MOST_CLAIMS && contents.claims.len() <= MOST_CLAIMS);
    assert!(contents.signature_length > 0);
    for claim in contents.header.iter().chain(&contents.claims) {
        assert_silent(&claim.name, 80, secrets);
        match &claim.value {
            ClaimValue::Text(text) | ClaimValue::Json(text) => {
                assert_ne!(claim.name, "nonce", "only its length is told");
                assert_silent(text, 1_000, secrets);
            }
            ClaimValue::Time(seconds) => assert!(*seconds <= END_OF_TIME),
            ClaimValue::Hidden(_) => {}
        }
    }
}

fn assert_silent(text: &str, longest: usize, secrets: &[String]) {
    assert_inert(text, longest);
    for secret in secrets {
        assert!(!text.contains(secret), "{secret:?} in {text:?}");
    }
}

/// Who else had a part is named in words fit to be shown, and is never the provider itself.
fn assert_upstream(claims: &Map<String, Value>) {
    let access_token = AccessToken::new(ACCESS_TOKEN);
    let Some((from, name)) = upstream(claims, &expected(&access_token)) else {
        return;
    };
    assert!(["identity_provider", "idp", "connection"].contains(&from));
    assert_inert(&name, LONGEST_NAME);
    assert!(!name.is_empty() && !name.contains(ACCESS_TOKEN));
    assert!(name != ISSUER && name != "local");
}

/// What may stand nowhere: the tokens, and a signature that could be put to other words.
fn secrets(token: &str) -> Vec<String> {
    let signature = Parts::of(token).ok().map(|parts| parts.signature);
    [Some(REFRESH_TOKEN), Some(token), signature]
        .into_iter()
        .flatten()
        .filter(|secret| secret.len() >= 8)
        .map(str::to_owned)
        .collect()
}

fn record(access_token: &str, id_token: Option<&str>) -> Record {
    Record {
        generation: String::new(),
        binding: String::new(),
        access_token: AccessToken::new(access_token),
        expires_at: None,
        refresh_token: Some(RefreshToken::new(REFRESH_TOKEN)),
        id_token: id_token.map(IdToken::new),
        scopes: Vec::new(),
        account: Account::default(),
        nonce: None,
        client: None,
    }
}
