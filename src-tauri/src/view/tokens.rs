//! What the tokens of a session say, without the tokens.

use serde::Serialize;
use ts_rs::TS;

/// What the tokens of a session say. Asked for while it is looked at, and not a part of the view.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
#[serde(rename_all = "camelCase")]
pub struct TokensView {
    /// None if the provider issued none.
    pub id_token: Option<IdTokenView>,
    /// The access token, as far as it can be read.
    pub access_token: AccessTokenView,
}

/// An ID token, which was verified when it arrived.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
#[serde(rename_all = "camelCase")]
pub struct IdTokenView {
    /// The signature algorithm, such as `RS256`.
    pub algorithm: String,
    /// Which of the provider's published keys signed it, if the token says so.
    pub key_id: Option<String>,
    /// What it says.
    pub contents: TokenContentsView,
}

/// An access token. Nobody here has verified it.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
#[serde(
    tag = "kind",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum AccessTokenView {
    /// Only the provider and the API can read it.
    Opaque {
        /// In bytes.
        length: u32,
    },
    /// It has the form of a JWT.
    Jwt {
        /// What it says.
        contents: TokenContentsView,
    },
}

/// Header and claims of a JWT. Inert text: it comes from the provider.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
#[serde(rename_all = "camelCase")]
pub struct TokenContentsView {
    /// The members of the header.
    pub header: Vec<ClaimView>,
    /// The claims, well-known ones first.
    pub claims: Vec<ClaimView>,
    /// How many more there are.
    pub omitted: u32,
    /// The length of the signature, in bytes.
    pub signature_length: u32,
}

/// One member of a header or payload.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
#[serde(rename_all = "camelCase")]
pub struct ClaimView {
    /// As in the token.
    pub name: String,
    /// What it says.
    pub value: ClaimValueView,
}

/// What a claim says.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
#[serde(
    tag = "kind",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum ClaimValueView {
    /// A string.
    Text {
        /// Cleaned, and cut if it was long.
        text: String,
    },
    /// A time.
    Time {
        /// In milliseconds since the Unix epoch.
        #[ts(type = "number")]
        at: u64,
    },
    /// Anything else.
    Json {
        /// Compact JSON, cut if it was long.
        text: String,
    },
    /// A secret: only its length is told.
    Hidden {
        /// In bytes.
        length: u32,
    },
}
