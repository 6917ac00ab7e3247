//! Grants: codes that become tokens, tokens that become others, and what ends them.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::state::{CLIENT, SUBJECT, State};
use crate::answer::Answer;
use crate::keys::Key;
use crate::request::Request;

/// What becomes of a refresh token that has been replaced and is presented again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reuse {
    /// It is refused, and the whole family ends with it ([RFC 9700 §4.14.2](https://www.rfc-editor.org/rfc/rfc9700#section-4.14.2)).
    EndsFamily,
    /// It is refused, and its successor lives on.
    Refused,
    /// It is taken for so long after it was replaced. Later, the family ends.
    TakenFor(Duration),
}

/// What revocation does ([RFC 7009 §2.1](https://www.rfc-editor.org/rfc/rfc7009#section-2.1)).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Revocation {
    /// It ends the grant with all its tokens.
    WholeGrant,
    /// It ends the token that was presented, and no other.
    TokenOnly,
    /// Nothing, although it says so.
    InNameOnly,
}

/// What a code stands for.
pub(super) struct Code {
    pub(super) challenge: String,
    pub(super) redirect_uri: String,
    pub(super) nonce: Option<String>,
    pub(super) scope: String,
}

/// A family of tokens.
pub(super) struct Grant {
    pub(super) scope: String,
    nonce: Option<String>,
    access_tokens: Vec<String>,
    refresh_tokens: Vec<RefreshToken>,
    /// The newest ID token.
    pub(super) id_token: Option<String>,
    pub(super) ended: bool,
}

struct RefreshToken {
    value: String,
    /// When it was first presented.
    replaced: Option<Instant>,
}

impl Grant {
    /// Whether an access token is the one that is good now. All others are taken for stolen.
    pub(super) fn takes_access(&self, token: &str) -> bool {
        !self.ended && self.access_tokens.last().is_some_and(|last| last == token)
    }

    pub(super) fn issued(&self, token: &str) -> bool {
        self.access_tokens.iter().any(|issued| issued == token) || self.refresh(token).is_some()
    }

    /// Whether a refresh token is the newest one.
    pub(super) fn takes_refresh(&self, token: &str) -> bool {
        let last = self.refresh_tokens.last();
        !self.ended && last.is_some_and(|last| last.value == token)
    }

    fn refresh(&self, token: &str) -> Option<&RefreshToken> {
        let mut issued = self.refresh_tokens.iter();
        issued.find(|issued| issued.value == token)
    }
}

impl State {
    pub(super) fn token(&mut self, request: &Request) -> Answer {
        match request.field("grant_type").as_str() {
            "authorization_code" => self.redeem(request),
            "refresh_token" => self.refresh(&request.field("refresh_token")),
            _ => Answer::error("unsupported_grant_type"),
        }
    }

    fn redeem(&mut self, request: &Request) -> Answer {
        let Some(code) = self.codes.remove(&request.field("code")) else {
            return Answer::error("invalid_grant");
        };
        let digest = Sha256::digest(request.field("code_verifier"));
        let proved = URL_SAFE_NO_PAD.encode(digest) == code.challenge
            && request.field("redirect_uri") == code.redirect_uri;
        if !proved && !self.pkce_ignored {
            return Answer::error("invalid_grant");
        }
        self.grants.push(Grant {
            scope: code.scope,
            nonce: code.nonce,
            access_tokens: Vec::new(),
            refresh_tokens: Vec::new(),
            id_token: None,
            ended: false,
        });
        self.issue(self.grants.len() - 1)
    }

    fn refresh(&mut self, presented: &str) -> Answer {
        let mut grants = self.grants.iter();
        let Some(index) = grants.position(|grant| grant.refresh(presented).is_some()) else {
            return Answer::error("invalid_grant");
        };
        let grant = &mut self.grants[index];
        let replaced = grant.refresh(presented).and_then(|token| token.replaced);
        let taken = match (replaced, self.reuse) {
            (None, _) => true,
            (Some(since), Reuse::TakenFor(window)) => since.elapsed() < window,
            (Some(_), Reuse::EndsFamily | Reuse::Refused) => false,
        };
        grant.ended |= !taken && self.reuse != Reuse::Refused;
        if !taken || grant.ended || self.revoked.contains(presented) {
            return Answer::error("invalid_grant");
        }
        if !self.refresh_tokens_kept {
            for token in &mut grant.refresh_tokens {
                token.replaced.get_or_insert_with(Instant::now);
            }
        }
        self.issue(index)
    }

    fn issue(&mut self, index: usize) -> Answer {
        let number = self.next();
        let access_token = format!("canary-access-{number}");
        let grant = &mut self.grants[index];
        grant.access_tokens.push(access_token.clone());
        let mut response = json!({
            "access_token": access_token,
            "token_type": "Bearer",
            "expires_in": self.lifetime,
            "scope": grant.scope,
        });
        if !self.refresh_tokens_kept || grant.refresh_tokens.is_empty() {
            let value = format!("canary-refresh-{number}");
            response["refresh_token"] = value.as_str().into();
            let replaced = None;
            grant.refresh_tokens.push(RefreshToken { value, replaced });
        }
        if grant.scope.split(' ').any(|scope| scope == "openid") {
            let nonce = grant.nonce.clone();
            let id_token = self.id_token(nonce);
            response["id_token"] = id_token.as_str().into();
            self.grants[index].id_token = Some(id_token);
        }
        Answer::json(&response)
    }

    fn id_token(&mut self, nonce: Option<String>) -> String {
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| since.as_secs());
        let claims = json!({
            "iss": self.issuer, "sub": SUBJECT, "aud": CLIENT, "iat": now, "exp": now + 600,
            "nonce": nonce, "name": "Ada Moreno", "email": "ada@example.com",
        });
        let mut claims = claims.as_object().cloned().unwrap_or_default();
        claims.retain(|_, value| !value.is_null());
        for change in &mut self.claims {
            change(&mut claims);
        }
        let Some(key) = self.unpublished.as_ref().or(self.keys.last()) else {
            return String::new();
        };
        let mut header = key.header();
        for change in &mut self.header {
            change(&mut header);
        }
        let mut token = key.sign(&header, &claims);
        for rewrite in &mut self.id_tokens {
            token = rewrite(token);
        }
        if std::mem::take(&mut self.rotates_after_signing) {
            let id = format!("key-{}", self.next());
            self.keys = vec![Key::new(&id)];
        }
        token
    }

    pub(super) fn revoke(&mut self, request: &Request) -> Answer {
        let token = request.field("token");
        match self.revocation {
            Revocation::WholeGrant => {
                let mut grants = self.grants.iter_mut();
                if let Some(grant) = grants.find(|grant| grant.issued(&token)) {
                    grant.ended = true;
                }
            }
            Revocation::TokenOnly => drop(self.revoked.insert(token)),
            Revocation::InNameOnly => {}
        }
        Answer::status(200)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use serde_json::Value;

    use super::*;

    fn ask(state: &mut State, path: &str, form: &[(&str, &str)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(form)
            .finish();
        state.answer(&Request {
            method: "POST".to_owned(),
            path: path.to_owned(),
            body: body.into_bytes(),
            ..Request::default()
        })
    }

    /// The refresh token of an answer; empty if it has none.
    fn issued(answer: &Answer) -> String {
        let body: Value = serde_json::from_slice(answer.body()).unwrap_or_default();
        body["refresh_token"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    fn refresh(state: &mut State, token: &str) -> String {
        let form = [("grant_type", "refresh_token"), ("refresh_token", token)];
        issued(&ask(state, "/token", &form))
    }

    /// A provider, and the refresh token of a sign-in.
    fn signed_in() -> (State, String) {
        let mut state = State::new();
        let verifier = "canary-verifier";
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier));
        let asked = HashMap::from([("code_challenge".to_owned(), challenge)]);
        let code = state.agree(&asked).value("code").to_owned();
        let form = [
            ("grant_type", "authorization_code"),
            ("code", &code),
            ("code_verifier", verifier),
        ];
        let token = issued(&ask(&mut state, "/token", &form));
        assert!(!token.is_empty());
        assert_eq!(issued(&ask(&mut state, "/token", &form)), "", "used up");
        (state, token)
    }

    #[test]
    fn a_replaced_token_is_taken_or_refused_as_it_was_said() {
        for (reuse, taken, lives) in [
            (Reuse::TakenFor(Duration::MAX), true, true),
            (Reuse::TakenFor(Duration::ZERO), false, false),
            (Reuse::Refused, false, true),
            (Reuse::EndsFamily, false, false),
        ] {
            let (mut state, first) = signed_in();
            state.reuse = reuse;
            let second = refresh(&mut state, &first);
            assert!(!second.is_empty() && second != first, "{reuse:?}");
            let again = refresh(&mut state, &first);
            assert_eq!(!again.is_empty(), taken, "{reuse:?}");
            let newest = if taken { again } else { second };
            assert_eq!(!refresh(&mut state, &newest).is_empty(), lives, "{reuse:?}");
        }
    }

    #[test]
    fn a_token_that_is_kept_is_taken_any_time() {
        let (mut state, token) = signed_in();
        state.refresh_tokens_kept = true;
        for _ in 0..3 {
            assert_eq!(refresh(&mut state, &token), "", "none new");
            assert!(!state.grants[0].ended);
        }
    }

    #[test]
    fn revocation_ends_what_it_says() {
        for (revocation, lives) in [
            (Revocation::WholeGrant, (false, false)),
            (Revocation::TokenOnly, (true, false)),
            (Revocation::InNameOnly, (true, true)),
        ] {
            let (mut state, token) = signed_in();
            state.revocation = revocation;
            ask(&mut state, "/revoke", &[("token", &token)]);
            let called = state.answer(&Request {
                path: "/api/me".to_owned(),
                headers: vec![(
                    "Authorization".to_owned(),
                    format!("Bearer {}", token.replace("refresh", "access")),
                )],
                ..Request::default()
            });
            let calls = called.body().starts_with(b"{");
            let refreshes = !refresh(&mut state, &token).is_empty();
            assert_eq!((calls, refreshes), lives, "{revocation:?}");
        }
    }
}
