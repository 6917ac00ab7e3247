//! Flows as the window shows them: who told whom what, step by step, with secrets left out.

use serde::Serialize;
use ts_rs::TS;

/// A sign-in, refresh or sign-out, and the API call that came last behind it.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
#[serde(rename_all = "camelCase")]
pub struct FlowView {
    /// What it is, and how it ended.
    pub summary: FlowSummary,
    /// Its steps, oldest first.
    pub steps: Vec<FlowStep>,
}

/// A flow in one line.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
#[serde(rename_all = "camelCase")]
pub struct FlowSummary {
    /// Its number, which no other flow of the profile has.
    pub id: u32,
    /// What it is for.
    pub kind: FlowKind,
    /// When it began, in milliseconds since the Unix epoch.
    #[ts(type = "number")]
    pub started: u64,
    /// How it stands.
    pub outcome: FlowOutcome,
}

/// What a flow is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, serde::Deserialize, TS)]
#[ts(export)]
#[serde(rename_all = "camelCase")]
pub enum FlowKind {
    /// Signing in through the browser.
    SignIn,
    /// Getting a new access token without the browser.
    Refresh,
    /// Signing out.
    SignOut,
    /// A call of the protected API, before anything else has happened.
    Call,
}

/// How a flow stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, serde::Deserialize, TS)]
#[ts(export)]
#[serde(rename_all = "camelCase")]
pub enum FlowOutcome {
    /// More steps are to come.
    Running,
    /// It did what it is for.
    Done,
    /// One of its steps failed, and it ended with that.
    Failed,
    /// The person broke it off, or the program ended.
    Cancelled,
}

/// A file that a flow was written to.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
#[serde(rename_all = "camelCase")]
pub struct ExportView {
    /// The file's name.
    pub file: String,
    /// The folder that it is in, as people know it, such as `Downloads`.
    pub folder: String,
}

/// Somebody who takes part in a flow. Each is a lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
#[serde(rename_all = "camelCase")]
pub enum Party {
    /// The person and their browser.
    You,
    /// This program.
    Doorkey,
    /// The provider.
    Provider,
    /// Another provider, which the provider relies on. Out of sight: known from what the ID token says.
    Upstream,
    /// The protected API.
    Api,
}

/// One step of a flow: who told whom what.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
#[serde(rename_all = "camelCase")]
pub struct FlowStep {
    /// Its number in this flow, from 1.
    pub number: u32,
    /// Who acts.
    pub from: Party,
    /// On whom. The same as `from` for something done in private.
    pub to: Party,
    /// What happens, in a few words.
    pub label: String,
    /// Why the step exists, in one sentence.
    pub why: String,
    /// When, in milliseconds since the Unix epoch.
    #[ts(type = "number")]
    pub at: u64,
    /// What was sent or received.
    pub fields: Vec<FlowField>,
    /// Why it failed, if it did.
    pub failure: Option<String>,
}

/// A named value of a step.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
#[serde(rename_all = "camelCase")]
pub struct FlowField {
    /// The field's name on the wire, such as `code_challenge`.
    pub name: String,
    /// Its value, or how long the value is that is not shown.
    pub value: FlowValue,
}

/// A value, or the fact that there is one.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
#[serde(
    tag = "kind",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum FlowValue {
    /// A value that is no secret.
    Shown {
        /// As sent or received.
        text: String,
    },
    /// A secret: only its length is told.
    Hidden {
        /// In bytes.
        length: u32,
    },
}
