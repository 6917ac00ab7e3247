//! What the keychain keeps of a session.

use std::time::SystemTime;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::clock::{from_unix_seconds, unix_seconds};
use crate::error::{Code, Error, Result};
use crate::identity::Account;
use crate::profile::SettledClient;
use crate::text::is_clean;
use crate::token::{AccessToken, IdToken, RefreshToken};

/// The format's version. Another one is not understood, and set aside unread.
const VERSION: u32 = 1;

/// One state of a session. Each change makes a new generation.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Record {
    /// Names this state; random, so that two processes never mean different states by the same name.
    pub(crate) generation: String,
    /// The issuer and client that the tokens belong to. They are never sent to another.
    pub(crate) binding: String,
    pub(crate) access_token: AccessToken,
    pub(crate) expires_at: Option<SystemTime>,
    pub(crate) refresh_token: Option<RefreshToken>,
    /// As received and verified: a hint for ending the provider's session.
    pub(crate) id_token: Option<IdToken>,
    pub(crate) scopes: Vec<String>,
    pub(crate) account: Account,
    /// What the authorization request sent. An ID token that comes with a refresh may repeat it, and no other.
    pub(crate) nonce: Option<String>,
    /// The client that they are for, where the server has told which.
    pub(crate) client: Option<SettledClient>,
}

#[derive(Serialize)]
struct Written<'a> {
    v: u32,
    generation: &'a str,
    binding: &'a str,
    access_token: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_token: Option<&'a str>,
    scopes: &'a [String],
    account: &'a Account,
    #[serde(skip_serializing_if = "Option::is_none")]
    nonce: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client: Option<&'a SettledClient>,
}

#[derive(Deserialize)]
struct Read {
    v: u32,
    generation: String,
    binding: String,
    access_token: String,
    expires_at: Option<u64>,
    refresh_token: Option<String>,
    id_token: Option<String>,
    scopes: Vec<String>,
    account: Account,
    nonce: Option<String>,
    client: Option<SettledClient>,
}

impl Record {
    /// The record as bytes.
    pub(super) fn encode(&self) -> Result<Zeroizing<Vec<u8>>> {
        let written = Written {
            v: VERSION,
            generation: &self.generation,
            binding: &self.binding,
            access_token: self.access_token.expose(),
            expires_at: self.expires_at.map(unix_seconds),
            refresh_token: self.refresh_token.as_ref().map(RefreshToken::expose),
            id_token: self.id_token.as_ref().map(IdToken::expose),
            scopes: &self.scopes,
            account: &self.account,
            nonce: self.nonce.as_deref(),
            client: self.client.as_ref(),
        };
        // With room enough, the buffer never moves and leaves no copy behind.
        let tokens = written.access_token.len() + written.id_token.map_or(0, str::len);
        let mut bytes = Zeroizing::new(Vec::with_capacity(4 * 1024 + 2 * tokens));
        serde_json::to_writer(&mut *bytes, &written)
            .map_err(|_| Error::new(Code::Internal, "The session cannot be written"))?;
        Ok(bytes)
    }

    /// The record in these bytes. The parser's words are dropped: they may quote a token.
    pub(super) fn decode(bytes: &[u8]) -> Result<Self> {
        let corrupt = || {
            Error::new(
                Code::KeychainCorrupt,
                "What the keychain holds for this profile is not a session",
            )
        };
        let read: Read = serde_json::from_slice(bytes).map_err(|_| corrupt())?;
        if read.v != VERSION {
            return Err(Error::new(
                Code::KeychainCorrupt,
                "The session in the keychain was written by another version of Doorkey",
            ));
        }
        Ok(Self {
            generation: read.generation,
            binding: read.binding,
            access_token: AccessToken::non_empty(read.access_token).ok_or_else(corrupt)?,
            expires_at: read.expires_at.map(from_unix_seconds),
            refresh_token: read.refresh_token.and_then(RefreshToken::non_empty),
            id_token: read.id_token.and_then(IdToken::non_empty),
            // They are shown, so what disguises itself is none, as when they were granted.
            scopes: read
                .scopes
                .into_iter()
                .filter(|scope| !scope.is_empty() && is_clean(scope))
                .collect(),
            account: read.account,
            nonce: read.nonce,
            client: read.client,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;

    #[test]
    fn a_record_comes_back_as_it_was() {
        let record = Record {
            generation: "g".to_owned(),
            binding: "https://a.example abc".to_owned(),
            access_token: AccessToken::new("canary-access"),
            expires_at: Some(UNIX_EPOCH + Duration::from_secs(1_800_000_000)),
            refresh_token: Some(RefreshToken::new("canary-refresh")),
            id_token: Some(IdToken::new("canary-id")),
            scopes: vec!["openid".to_owned()],
            account: Account::default(),
            nonce: Some("n".to_owned()),
            client: None,
        };
        assert_eq!(
            Record::decode(&record.encode().expect("bytes")).expect("a record"),
            record
        );
        assert!(!format!("{record:?}").contains("canary"));
    }

    #[test]
    fn scopes_that_disguise_themselves_are_none() {
        let kept = r#"{"v":1,"generation":"g","binding":"b","access_token":"a","scopes":["openid","","\u001b[2J","a\u202eb"],"account":{}}"#;
        let record = Record::decode(kept.as_bytes()).expect("a record");
        assert_eq!(record.scopes, ["openid"]);
    }

    #[test]
    fn d34_what_is_no_record_is_corrupt_and_never_quoted() {
        for bytes in [
            &b""[..],
            b"canary",
            b"{\"v\":1,\"access_token\":\"canary\"}",
            b"{\"v\":1,\"generation\":7}",
            b"[]",
            b"\xff",
        ] {
            let error = Record::decode(bytes).expect_err("corrupt");
            assert_eq!(error.code(), Code::KeychainCorrupt);
            assert!(!format!("{error:?} {error}").contains("canary"));
        }
    }
}
