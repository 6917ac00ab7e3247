//! Calls of the protected API, their answers, and the list of the last ones.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Problem;

/// A call of the protected API.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ApiCall {
    /// The HTTP method.
    pub method: String,
    /// The path, relative to the profile's first API origin, or a whole address.
    pub path: String,
    /// The headers, in the order to send.
    pub headers: Vec<(String, String)>,
    /// The body, if there is one.
    pub body: Option<String>,
}

/// What the protected API answered.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
#[serde(rename_all = "camelCase")]
pub struct ApiAnswer {
    /// The status code.
    pub status: u16,
    /// The headers, in the order received, without `Set-Cookie`.
    pub headers: Vec<(String, String)>,
    /// The body as text; empty if it is binary.
    pub body: String,
    /// Whether the body is binary and therefore not in `body`.
    pub binary: bool,
    /// The body's size in bytes.
    pub size: u32,
    /// How long the call took, in milliseconds.
    pub millis: u32,
}

/// A call that was made, in one line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(rename_all = "camelCase")]
pub struct CallSummary {
    /// Its number, which no other call of the profile has.
    pub id: u32,
    /// When it was made, in milliseconds since the Unix epoch.
    #[ts(type = "number")]
    pub at: u64,
    /// The HTTP method.
    pub method: String,
    /// The path or address, as it was written.
    pub path: String,
    /// The status of the answer; none if there was no answer.
    pub status: Option<u16>,
    /// The code of the problem, such as `network_error`, if there was no answer.
    pub failure: Option<String>,
    /// How long it took, in milliseconds.
    pub millis: u32,
}

/// A call that was made, as far as it is still known.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
#[serde(rename_all = "camelCase")]
pub struct PastCall {
    /// The request. After a restart its headers and body are empty: those never reach a file.
    pub call: ApiCall,
    /// Whether headers and body are those that were sent.
    pub whole: bool,
    /// The answer, unless it was forgotten because there were larger or later ones.
    pub answer: Option<ApiAnswer>,
    /// Why there was none.
    pub problem: Option<Problem>,
}
