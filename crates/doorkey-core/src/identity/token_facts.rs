//! What the tokens of a session say, made fit for a person to read.
//!
//! Header and claims are told, the signature and the tokens themselves never are: nothing here can be put together to a
//! token again, and a claim that repeats one is told by its length only, as the nonce is.

use std::fmt;

use serde_json::{Map, Value};

use super::claims::END_OF_TIME;
use super::jws::{self, Jws, Parts};
use crate::error::Result;
use crate::session::Record;
use crate::text::clean;
use crate::token::{IdToken, RefreshToken};

/// How many claims are told. Real tokens have fewer.
const MOST_CLAIMS: usize = 100;
/// How many characters of a name are told.
const LONGEST_NAME: usize = 80;
/// How many characters of a value are told.
const LONGEST_VALUE: usize = 1_000;
/// Shorter values are no tokens, and would hide innocent claims.
const SHORTEST_SECRET: usize = 8;

/// Claims that are told first, in the order in which a person asks: who, for whom, how long, how.
const FIRST: [&str; 26] = [
    "iss",
    "sub",
    "aud",
    "azp",
    "client_id",
    "scope",
    "exp",
    "iat",
    "nbf",
    "auth_time",
    "nonce",
    "at_hash",
    "acr",
    "amr",
    "sid",
    "jti",
    "name",
    "given_name",
    "family_name",
    "nickname",
    "preferred_username",
    "email",
    "email_verified",
    "picture",
    "locale",
    "updated_at",
];
/// Claims that are a time ([RFC 7519 §2](https://www.rfc-editor.org/rfc/rfc7519#section-2), `NumericDate`).
const TIMES: [&str; 5] = ["exp", "iat", "nbf", "auth_time", "updated_at"];

/// What may be told of the tokens of a session.
#[derive(Clone, Debug, PartialEq)]
pub struct TokenFacts {
    /// None if the provider issued none.
    pub id_token: Option<IdTokenFacts>,
    /// The access token, as far as it can be read.
    pub access_token: AccessTokenFacts,
}

/// An ID token. Its signature and claims were verified when it arrived, or it would not have been kept.
#[derive(Clone, Debug, PartialEq)]
pub struct IdTokenFacts {
    /// The signature algorithm, such as `RS256`.
    pub algorithm: String,
    /// Which of the provider's published keys signed it, if the header says so.
    pub key_id: Option<String>,
    /// What it says.
    pub contents: TokenContents,
}

/// An access token. It is a message to the API: nothing of it was verified, and nothing is concluded from it.
#[derive(Clone, Debug, PartialEq)]
pub enum AccessTokenFacts {
    /// Nobody but the provider and the API can read it.
    Opaque {
        /// In bytes.
        length: usize,
    },
    /// It has the form of a JWT ([RFC 9068](https://www.rfc-editor.org/rfc/rfc9068) says what APIs make of one).
    Jwt(TokenContents),
}

/// Header and claims of a JWT.
#[derive(Clone, Debug, PartialEq)]
pub struct TokenContents {
    /// The members of the header.
    pub header: Vec<Claim>,
    /// The claims, well-known ones first; at most a hundred.
    pub claims: Vec<Claim>,
    /// How many more members there are in header and payload.
    pub omitted: usize,
    /// The length of the signature in bytes. The signature itself is never told.
    pub signature_length: usize,
}

/// One member of a header or payload. Clean text of limited length.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// As in the token.
    pub name: String,
    /// What it says.
    pub value: ClaimValue,
}

/// What a claim says.
#[derive(Clone, PartialEq)]
pub enum ClaimValue {
    /// A string.
    Text(String),
    /// A time, in seconds since the Unix epoch.
    Time(u64),
    /// Anything else, as compact JSON.
    Json(String),
    /// The nonce, or something that repeats one of the session's tokens: only its length is told, in bytes.
    Hidden(usize),
}

/// Tells the kind only: what claims say is about a person.
impl fmt::Debug for ClaimValue {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Text(_) => "Text",
            Self::Time(_) => "Time",
            Self::Json(_) => "Json",
            Self::Hidden(_) => "Hidden",
        })
    }
}

impl TokenFacts {
    /// Reads the tokens of a record.
    ///
    /// # Errors
    /// [`Code::IdTokenInvalid`](crate::Code::IdTokenInvalid) when the ID token is none, which then was not verified either.
    pub(crate) fn read(record: &Record) -> Result<Self> {
        let secrets = Secrets::of(record);
        let id_token = record
            .id_token
            .as_ref()
            .map(|token| id_token(token, &secrets))
            .transpose()?;
        let access_token = record.access_token.expose();
        let opaque = AccessTokenFacts::Opaque {
            length: access_token.len(),
        };
        Ok(Self {
            id_token,
            access_token: jwt(access_token, &secrets).map_or(opaque, AccessTokenFacts::Jwt),
        })
    }
}

fn id_token(token: &IdToken, secrets: &Secrets<'_>) -> Result<IdTokenFacts> {
    let jws = Jws::parse(token.expose())?;
    let parts = Parts::of(token.expose())?;
    let header = jws::object(parts.header, "header")?;
    Ok(IdTokenFacts {
        algorithm: jws.algorithm_name,
        key_id: jws.key_id.as_deref().map(|id| secrets.name(id)),
        contents: contents(&header, &jws.claims, jws.signature.len(), secrets),
    })
}

/// A token that has the form of a JWT, whatever it is signed with.
fn jwt(token: &str, secrets: &Secrets<'_>) -> Option<TokenContents> {
    let parts = Parts::of(token).ok()?;
    let header = jws::object(parts.header, "header").ok()?;
    header.get("alg")?.as_str()?;
    let claims = jws::object(parts.payload, "payload").ok()?;
    let signature = jws::decode(parts.signature, "signature").ok()?;
    Some(contents(&header, &claims, signature.len(), secrets))
}

fn contents(
    header: &Map<String, Value>,
    claims: &Map<String, Value>,
    signature_length: usize,
    secrets: &Secrets<'_>,
) -> TokenContents {
    let members = header.len() + claims.len();
    let header = told(header, &["alg", "kid", "typ"], secrets);
    let claims = told(claims, &FIRST, secrets);
    TokenContents {
        omitted: members - header.len() - claims.len(),
        header,
        claims,
        signature_length,
    }
}

fn told(members: &Map<String, Value>, first: &[&str], secrets: &Secrets<'_>) -> Vec<Claim> {
    let known = first.iter().filter_map(|name| members.get_key_value(*name));
    let others = members
        .iter()
        .filter(|(name, _)| !first.contains(&name.as_str()));
    known
        .chain(others)
        .take(MOST_CLAIMS)
        .map(|(name, value)| Claim {
            value: secrets.value(name, value),
            name: secrets.name(name),
        })
        .collect()
}

/// What may stand in no name and no value: the tokens of the session, and their signatures.
struct Secrets<'a> {
    values: Vec<&'a str>,
}

impl<'a> Secrets<'a> {
    fn of(record: &'a Record) -> Self {
        let tokens = [
            Some(record.access_token.expose()),
            record.refresh_token.as_ref().map(RefreshToken::expose),
            record.id_token.as_ref().map(IdToken::expose),
        ];
        let signatures = tokens
            .iter()
            .flatten()
            .filter_map(|token| Parts::of(token).ok().map(|parts| parts.signature));
        let values = tokens
            .iter()
            .flatten()
            .copied()
            .chain(signatures)
            .filter(|value| value.len() >= SHORTEST_SECRET)
            .collect();
        Self { values }
    }

    fn value(&self, name: &str, value: &Value) -> ClaimValue {
        // It proves that a token belongs to a sign-in, so it is treated as one's secret everywhere.
        if clean(name, LONGEST_NAME) == "nonce" || self.stand_in_value(value) {
            let length = value
                .as_str()
                .map_or_else(|| value.to_string().len(), str::len);
            return ClaimValue::Hidden(length);
        }
        match value {
            Value::String(text) => ClaimValue::Text(clean(text, LONGEST_VALUE)),
            Value::Number(_) if TIMES.contains(&name) => match seconds(value) {
                Some(seconds) => ClaimValue::Time(seconds),
                None => ClaimValue::Json(value.to_string()),
            },
            other => ClaimValue::Json(clean(&other.to_string(), LONGEST_VALUE)),
        }
    }

    fn name(&self, name: &str) -> String {
        if self.stand_in(name) {
            return "[token]".to_owned();
        }
        clean(name, LONGEST_NAME)
    }

    fn stand_in_value(&self, value: &Value) -> bool {
        match value {
            Value::String(text) => self.stand_in(text),
            Value::Array(elements) => elements.iter().any(|element| self.stand_in_value(element)),
            Value::Object(members) => members
                .iter()
                .any(|(name, value)| self.stand_in(name) || self.stand_in_value(value)),
            scalar => self.stand_in(&scalar.to_string()),
        }
    }

    /// Whether a secret stands in the text, or would once it is cleaned.
    fn stand_in(&self, text: &str) -> bool {
        let cleaned = clean(text, usize::MAX);
        self.values
            .iter()
            .any(|secret| text.contains(secret) || cleaned.contains(secret))
    }
}

/// A time within the years that there are, or none. Fractions of a second are allowed, and dropped.
fn seconds(value: &Value) -> Option<u64> {
    let seconds = value.as_u64().or_else(|| {
        let fractional = value.as_f64()?.trunc();
        format!("{fractional:.0}").parse().ok()
    })?;
    (seconds <= END_OF_TIME).then_some(seconds)
}
