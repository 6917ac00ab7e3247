//! The token response: tolerant where real servers differ, strict where safety depends on it.

use std::fmt;
use std::time::Duration;

use serde::de::{Deserializer, Error as _, IgnoredAny};
use serde::ser::{Error as _, Serializer};
use serde::{Deserialize, Serialize};

use super::{AccessToken, IdToken, RefreshToken};
use crate::error::{Code, Error, Result};
use crate::profile::Quirks;
use crate::text::{clean, is_clean};
use crate::trace::{Value, shown};

/// No access token lives longer than this, whatever the server says; it keeps sums from overflowing.
const LONGEST_LIFETIME: u64 = 10 * 365 * 24 * 60 * 60;

/// What the token endpoint issued ([RFC 6749 §5.1](https://www.rfc-editor.org/rfc/rfc6749#section-5.1)).
#[derive(Debug)]
pub(crate) struct TokenResponse {
    pub(crate) access_token: AccessToken,
    pub(crate) refresh_token: Option<RefreshToken>,
    pub(crate) id_token: Option<IdToken>,
    /// Unknown when the server does not say: the token is then used until it is refused.
    pub(crate) expires_in: Option<Duration>,
    /// As granted, when the server says so.
    pub(crate) scopes: Option<Vec<String>>,
}

impl TokenResponse {
    pub(super) fn new(wire: Wire, quirks: &Quirks) -> Result<Self> {
        if !wire.token_type.0.eq_ignore_ascii_case("bearer") {
            return Err(Error::new(
                Code::UnsupportedTokenType,
                "The provider issued a token that is not a Bearer token",
            ));
        }
        let access_token =
            AccessToken::non_empty(wire.access_token.into_secret()).ok_or_else(|| {
                Error::new(
                    Code::TokenResponseInvalid,
                    "The token response has an empty `access_token`",
                )
            })?;
        if !access_token
            .expose()
            .bytes()
            .all(|byte| byte.is_ascii_graphic())
        {
            return Err(Error::new(
                Code::TokenResponseInvalid,
                "The access token has characters that no request header can carry",
            ));
        }
        Ok(Self {
            access_token,
            refresh_token: wire
                .refresh_token
                .and_then(|token| RefreshToken::non_empty(token.into_secret())),
            id_token: wire.id_token.and_then(IdToken::non_empty),
            expires_in: wire
                .expires_in
                .map(|seconds| Duration::from_secs(seconds.min(LONGEST_LIFETIME))),
            scopes: wire
                .scope
                .map(|scopes| separated(scopes, quirks))
                // They are shown: what disguises itself, or is nothing, is no scope.
                .map(|scopes| {
                    let is_scope = |scope: &String| !scope.is_empty() && is_clean(scope);
                    scopes.into_iter().filter(is_scope).collect()
                })
                .filter(|scopes: &Vec<String>| !scopes.is_empty()),
        })
    }

    /// What may be told of it.
    pub(crate) fn fields(&self) -> Vec<(&'static str, Value)> {
        let mut fields = vec![
            ("token_type", shown("Bearer")),
            ("access_token", Value::Hidden(self.access_token.len())),
        ];
        fields.extend(
            self.expires_in
                .map(|lifetime| ("expires_in", shown(lifetime.as_secs()))),
        );
        fields.extend(
            self.refresh_token
                .as_ref()
                .map(|token| ("refresh_token", Value::Hidden(token.len()))),
        );
        fields.extend(
            self.id_token
                .as_ref()
                .map(|token| ("id_token", Value::Hidden(token.len()))),
        );
        fields.extend(
            self.scopes
                .as_ref()
                .map(|scopes| ("scope", shown(clean(&scopes.join(" "), 400)))),
        );
        fields
    }
}

/// The response as it is parsed. A member given twice is refused by the parser, unknown ones are ignored.
#[derive(Deserialize)]
pub(super) struct Wire {
    access_token: oauth2::AccessToken,
    token_type: TokenType,
    #[serde(default, deserialize_with = "lifetime")]
    expires_in: Option<u64>,
    #[serde(default)]
    refresh_token: Option<oauth2::RefreshToken>,
    #[serde(default)]
    id_token: Option<String>,
    #[serde(default, deserialize_with = "scopes")]
    scope: Option<Vec<String>>,
}

/// Compared without regard to case ([RFC 6749 §5.1](https://www.rfc-editor.org/rfc/rfc6749#section-5.1)).
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub(super) struct TokenType(String);

impl oauth2::TokenType for TokenType {}

impl oauth2::TokenResponse for Wire {
    type TokenType = TokenType;

    fn access_token(&self) -> &oauth2::AccessToken {
        &self.access_token
    }

    fn token_type(&self) -> &TokenType {
        &self.token_type
    }

    fn expires_in(&self) -> Option<Duration> {
        self.expires_in.map(Duration::from_secs)
    }

    fn refresh_token(&self) -> Option<&oauth2::RefreshToken> {
        self.refresh_token.as_ref()
    }

    fn scopes(&self) -> Option<&Vec<oauth2::Scope>> {
        None
    }
}

/// `oauth2` asks for it and never uses it; secrets are not written out.
impl Serialize for Wire {
    fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        Err(S::Error::custom("a token response is never written out"))
    }
}

impl fmt::Debug for Wire {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Wire(redacted)")
    }
}

/// Seconds as a number or, as some servers send them, as a string. A value that says nothing is none.
pub(crate) fn lifetime<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<u64>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Lifetime {
        Seconds(u64),
        Fraction(f64),
        Text(String),
        Other(IgnoredAny),
    }
    Ok(match Option::<Lifetime>::deserialize(deserializer)? {
        Some(Lifetime::Seconds(seconds)) => Some(seconds),
        // A float cast saturates: negative and absurd values become the ends of the range.
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "saturation is what is wanted"
        )]
        Some(Lifetime::Fraction(seconds)) => Some(seconds as u64),
        Some(Lifetime::Text(text)) => text.trim().parse().ok(),
        Some(Lifetime::Other(_)) | None => None,
    })
}

/// A comma is part of a scope (RFC 6749 §3.3), except at servers that put it between them.
fn separated(scopes: Vec<String>, quirks: &Quirks) -> Vec<String> {
    if !quirks.comma_separated_scopes {
        return scopes;
    }
    scopes
        .iter()
        .flat_map(|scopes| scopes.split(','))
        .filter(|scope| !scope.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Scopes as one string or, as some servers send them, as an array.
fn scopes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<String>>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Scopes {
        Text(String),
        List(Vec<String>),
    }
    let scopes = Option::<Scopes>::deserialize(deserializer)
        .map_err(|_| D::Error::custom("`scope` is neither a string nor an array of strings"))?;
    Ok(scopes.map(|scopes| match scopes {
        Scopes::Text(text) => text.split_ascii_whitespace().map(str::to_owned).collect(),
        Scopes::List(list) => list,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str = r#"{"access_token":"canary-access","token_type":"bearer","expires_in":600,"refresh_token":"canary-refresh","id_token":"canary-id","scope":"openid email"}"#;

    fn parsed(body: &str) -> Result<TokenResponse> {
        parsed_with(body, &Quirks::default())
    }

    fn parsed_with(body: &str, quirks: &Quirks) -> Result<TokenResponse> {
        let wire: Wire =
            serde_json::from_str(body).map_err(|_| Error::new(Code::TokenResponseInvalid, "no"))?;
        TokenResponse::new(wire, quirks)
    }

    fn lifetime_of(value: &str) -> Option<u64> {
        parsed(&format!(
            r#"{{"access_token":"abc","token_type":"Bearer","expires_in":{value}}}"#
        ))
        .expect("a token response")
        .expires_in
        .map(|lifetime| lifetime.as_secs())
    }

    #[test]
    fn c11_the_token_type_has_any_case() {
        for kind in ["Bearer", "bearer", "BEARER", "bEaReR"] {
            assert!(
                parsed(&format!(
                    r#"{{"access_token":"abc","token_type":"{kind}"}}"#
                ))
                .is_ok(),
                "{kind}"
            );
        }
    }

    #[test]
    fn c10_c12_c56_another_or_no_token_type_is_refused() {
        for kind in ["mac", "N_A", "DPoP", ""] {
            let error = parsed(&format!(
                r#"{{"access_token":"abc","token_type":"{kind}"}}"#
            ))
            .expect_err("refused");
            assert_eq!(error.code(), Code::UnsupportedTokenType, "{kind}");
        }
        assert!(parsed(r#"{"access_token":"abc"}"#).is_err());
    }

    #[test]
    fn c13_c14_lifetimes_as_servers_send_them() {
        assert_eq!(lifetime_of("3599"), Some(3599));
        assert_eq!(lifetime_of("\"3599\""), Some(3599));
        assert_eq!(lifetime_of("3599.5"), Some(3599));
        assert_eq!(lifetime_of("-5"), Some(0));
        assert_eq!(lifetime_of("1e300"), Some(315_360_000));
        for nothing in ["null", "\"soon\"", "{}", "[]", "true"] {
            assert_eq!(lifetime_of(nothing), None, "{nothing}");
        }
    }

    #[test]
    fn c16_c18_c20_members_that_differ() {
        let response = parsed(
            r#"{"access_token":"abc","token_type":"Bearer","scope":["a","b"],"refresh_token":"","id_token":null,"more":{"x":[1]}}"#,
        )
        .expect("a token response");
        assert_eq!(response.scopes, Some(vec!["a".to_owned(), "b".to_owned()]));
        assert!(response.refresh_token.is_none() && response.id_token.is_none());
    }

    #[test]
    fn members_given_twice_and_unusable_tokens_are_refused() {
        assert!(
            parsed(r#"{"access_token":"a","access_token":"b","token_type":"Bearer"}"#).is_err()
        );
        for token in ["", "a b", "a\\nb", "ä"] {
            assert!(
                parsed(&format!(
                    r#"{{"access_token":"{token}","token_type":"Bearer"}}"#
                ))
                .is_err(),
                "{token}"
            );
        }
    }

    #[test]
    fn a_comma_parts_scopes_only_where_the_profile_says_so() {
        let body = r#"{"access_token":"a","token_type":"bearer","scope":"repo,gist, user"}"#;
        let quirks = Quirks {
            comma_separated_scopes: true,
            ..Quirks::default()
        };
        let scopes = |quirks| parsed_with(body, quirks).expect("a response").scopes;
        let owned =
            |scopes: &[&str]| Some(scopes.iter().map(|scope| (*scope).to_owned()).collect());
        assert_eq!(scopes(&quirks), owned(&["repo", "gist", "user"]));
        assert_eq!(scopes(&Quirks::default()), owned(&["repo,gist,", "user"]));
    }

    #[test]
    fn what_is_told_has_lengths_in_place_of_tokens() {
        let hidden = |text: &str| Value::Hidden(text.len());
        let response = parsed(WHOLE).expect("a token response");
        assert_eq!(
            response.fields(),
            [
                ("token_type", shown("Bearer")),
                ("access_token", hidden("canary-access")),
                ("expires_in", shown("600")),
                ("refresh_token", hidden("canary-refresh")),
                ("id_token", hidden("canary-id")),
                ("scope", shown("openid email")),
            ]
        );
        let least = parsed(r#"{"access_token":"canary","token_type":"bearer"}"#);
        assert_eq!(
            least.expect("a token response").fields(),
            [
                ("token_type", shown("Bearer")),
                ("access_token", hidden("canary")),
            ]
        );
    }

    #[test]
    fn what_is_parsed_answers_the_library_and_is_never_shown_or_written_out() {
        use oauth2::TokenResponse as _;

        let wire: Wire = serde_json::from_str(WHOLE).expect("a token response");
        assert_eq!(wire.access_token().secret(), "canary-access");
        assert_eq!(wire.token_type(), &TokenType("bearer".to_owned()));
        assert_eq!(wire.expires_in(), Some(Duration::from_secs(600)));
        let refresh_token = wire.refresh_token().expect("a refresh token");
        assert_eq!(refresh_token.secret(), "canary-refresh");
        // Scopes are not the library's to read: how they are separated is for the profile to say.
        assert_eq!(wire.scopes(), None);
        assert_eq!(format!("{wire:?}"), "Wire(redacted)");
        assert!(serde_json::to_string(&wire).is_err());
    }
}
