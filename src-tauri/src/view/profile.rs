//! Profiles: as the picker shows them, and as forms to fill in.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Problem;

/// A profile as the picker shows it.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
#[serde(rename_all = "camelCase")]
pub struct ProfileView {
    /// Its name: what commands take.
    pub name: String,
    /// The provider in words, such as `Demo provider` or `login.example.com`.
    pub provider: String,
    /// The issuer or authorization server, as configured.
    pub issuer: String,
    /// Origins that the access token may go to. The first one is where relative paths go.
    pub api: Vec<String>,
    /// Whether it is the embedded provider.
    pub demo: bool,
    /// How its session stands.
    pub stands: ProfileStands,
    /// The name of whoever is or was signed in, as the provider tells it.
    pub account: Option<String>,
    /// How the answer of a sign-in comes home.
    pub channel: Channel,
    /// Whether the provider is known to offer a sign-in with a code.
    pub offers_code: bool,
    /// Why its file cannot be used, if it cannot.
    pub unusable: Option<Problem>,
    /// Requests to start from.
    pub templates: Vec<ApiTemplate>,
}

/// A request to start from.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
#[serde(rename_all = "camelCase")]
pub struct ApiTemplate {
    /// What it does, in a few words.
    pub title: String,
    /// The HTTP method.
    pub method: String,
    /// The path, relative to the profile's first API origin.
    pub path: String,
    /// The body, if the method takes one.
    pub body: Option<String>,
}

/// How a profile's session stands, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
#[serde(rename_all = "camelCase")]
pub enum ProfileStands {
    /// The keychain has not told yet, or will not.
    Unknown,
    /// Nobody is signed in.
    SignedOut,
    /// Nobody is signed in, because something went wrong.
    Failed,
    /// The keychain is being asked.
    Restoring,
    /// The browser is open, the answer is awaited.
    WaitingForBrowser,
    /// The person types a code into a browser somewhere.
    WaitingForCode,
    /// The answer has arrived; tokens are being fetched.
    Exchanging,
    /// Somebody is signed in.
    SignedIn,
    /// The session is being ended.
    SigningOut,
    /// The provider ended the session.
    Expired,
}

/// How the answer of a sign-in comes home.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
#[serde(rename_all = "camelCase")]
pub enum Channel {
    /// To a port on this computer.
    Loopback,
    /// By a link that the browser hands to the app.
    DeepLink,
}

/// What a profile can be made from, and the fields of its form.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
#[serde(rename_all = "camelCase")]
pub struct PresetView {
    /// Its id, such as `oidc`.
    pub id: String,
    /// Its name, such as `OpenID Connect`.
    pub title: String,
    /// What it is for, in one sentence.
    pub about: String,
    /// What there is to fill in, in the order to show.
    pub fields: Vec<FieldView>,
    /// What there is to do at the provider.
    pub setup: SetupView,
}

/// What there is to do at the provider before a profile works, and what to expect of it.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
#[serde(rename_all = "camelCase")]
pub struct SetupView {
    /// What to do in the provider's console, step by step.
    pub steps: Vec<String>,
    /// How the provider compares redirect URIs, in one sentence.
    pub redirect_rule: String,
    /// What does not work, in whole sentences; empty if there is nothing to say.
    pub caution: String,
    /// Whether signing out can revoke the tokens there.
    pub revokes: bool,
    /// Whether signing out can end the provider's session in the browser.
    pub ends_session: bool,
}

/// A field of a form.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
#[serde(rename_all = "camelCase")]
pub struct FieldView {
    /// Its name, as in a profile file or in `--set`.
    pub name: String,
    /// What stands above it.
    pub label: String,
    /// What it means, in one sentence.
    pub help: String,
    /// What a value looks like; empty if that is plain.
    pub example: String,
    /// Whether there is no profile without it.
    pub required: bool,
    /// Whether most people leave it alone.
    pub advanced: bool,
    /// What it takes.
    pub kind: FieldKind,
}

/// What a field takes. Every value travels as text.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
#[serde(
    tag = "kind",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum FieldKind {
    /// One line.
    Text,
    /// Words with spaces between them.
    Words,
    /// A whole number.
    Number,
    /// `true` or `false`; empty for the default.
    Flag,
    /// Lines of `name=value`.
    Pairs,
    /// Lines of any other form, which the help explains.
    Lines,
    /// One line that is kept in the keychain and never shown again. It is no part of the form.
    Secret,
    /// Where the answer of a sign-in comes to; empty for the default.
    RedirectUri {
        /// The one that has the browser open this app.
        app_link: String,
    },
    /// One of a few; empty for the default.
    Choice {
        /// Which.
        options: Vec<String>,
    },
}

/// A profile as a form: as it is, or as the person wants it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ProfileForm {
    /// Its name.
    pub name: String,
    /// The id of what it is made from.
    pub preset: String,
    /// What is filled in. Fields that are empty may be left out.
    pub values: Vec<FieldValue>,
}

/// What is in a field.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FieldValue {
    /// The field's name.
    pub field: String,
    /// Its text.
    pub value: String,
}

/// Whether a profile has a client secret. The secret itself is never told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
#[serde(rename_all = "camelCase")]
pub struct ClientSecretView {
    /// Whether one is kept for the provider and client that the profile names.
    pub kept: bool,
    /// Why it is kept in memory only, in one sentence, if that is so.
    pub memory_only: Option<String>,
}

/// A profile made of what somebody else has written. It is not saved.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
#[serde(rename_all = "camelCase")]
pub struct ImportView {
    /// The profile, under a name that its source suggests.
    pub form: ProfileForm,
    /// What its source also says, and the profile does not.
    pub left_out: Vec<LeftOutView>,
}

/// A profile as a text for somebody else.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
#[serde(rename_all = "camelCase")]
pub struct SharedView {
    /// What the file holds. There is no secret in it.
    pub text: String,
    /// What the profile also says, and the file does not.
    pub left_out: Vec<LeftOutView>,
}

/// A field of a profile that stayed behind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
#[serde(rename_all = "camelCase")]
pub struct LeftOutView {
    /// The field as its file has it.
    pub field: String,
    /// Why, and what to do instead, in a sentence or two.
    pub why: String,
}

/// One line of what a test of a profile found.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
#[serde(rename_all = "camelCase")]
pub struct CheckView {
    /// What was looked at, in a few words.
    pub title: String,
    /// How it is.
    pub outcome: CheckOutcome,
    /// What was seen, in one sentence.
    pub seen: String,
    /// What to do about it, in one sentence; empty if there is nothing to do.
    pub remedy: String,
}

/// How something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
#[serde(rename_all = "camelCase")]
pub enum CheckOutcome {
    /// As it should be.
    Ok,
    /// It may work, or only a sign-in can tell.
    Warning,
    /// It does not work.
    Failed,
}
