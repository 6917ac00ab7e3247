//! The view model: everything that the window and the tray show, and nothing else.
//!
//! One value describes the whole app. The window, the tray menu, the tray icon and the tooltip
//! are functions of it. No type here can hold a token, a code or a verifier.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Everything there is to see. Sent whole, as the event `view`, each time something changed.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
#[serde(rename_all = "camelCase")]
pub struct View {
    /// Counts up with each change; an older view never replaces a newer one.
    pub revision: u32,
    /// Every profile that can be chosen, in the order of the picker.
    pub profiles: Vec<ProfileView>,
    /// The name of the chosen profile.
    pub selected: String,
    /// Where the chosen profile's session stands.
    pub session: SessionView,
    /// What went wrong last, until the person dismisses it or starts something new.
    pub problem: Option<Problem>,
    /// What the last sign-out did, until something new starts.
    pub signed_out: Option<SignOutReport>,
    /// Where the session is kept.
    pub keychain: KeychainView,
    /// The steps of the latest sign-in, refresh or sign-out, oldest first, and of the last API call since.
    pub flow: Vec<FlowStep>,
}

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

/// Where a session stands.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
#[serde(
    tag = "state",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum SessionView {
    /// Nobody is signed in.
    SignedOut,
    /// The keychain is being asked. Never shown as signed out.
    Restoring,
    /// The browser is open, the answer is awaited.
    WaitingForBrowser {
        /// When the attempt began, in milliseconds since the Unix epoch.
        #[ts(type = "number")]
        since: u64,
        /// When the attempt gives up, in milliseconds since the Unix epoch.
        #[ts(type = "number")]
        deadline: u64,
        /// Whether a browser could be started.
        browser_opened: bool,
    },
    /// The answer has arrived; code and verifier are being exchanged for tokens.
    Exchanging,
    /// Somebody is signed in.
    SignedIn {
        /// Who.
        account: AccountView,
        /// Until when the access token is fresh, in milliseconds since the Unix epoch, if known.
        #[ts(type = "number | null")]
        fresh_until: Option<u64>,
        /// Whether the session can be continued without the browser.
        refreshable: bool,
        /// Whether a refresh is happening now.
        refreshing: bool,
        /// The scopes that were granted.
        scopes: Vec<String>,
        /// Whether the provider's own session can be ended in the browser as well.
        can_end_session: bool,
    },
    /// The session is being ended.
    SigningOut,
    /// The provider ended the session; the person must sign in again.
    Expired {
        /// Who was signed in.
        account: AccountView,
    },
}

/// Who is signed in. Inert text: it comes from the provider.
#[derive(Clone, Debug, Default, PartialEq, Serialize, TS)]
#[ts(export)]
#[serde(rename_all = "camelCase")]
pub struct AccountView {
    /// The best name there is: full name, else user name, else e-mail, else the subject. Empty if unnamed.
    pub name: String,
    /// The e-mail address, if the provider gave one.
    pub email: Option<String>,
    /// The subject at the provider, if known.
    pub subject: Option<String>,
    /// One or two letters, for when there is no picture.
    pub initials: String,
    /// The picture as a `data:` URL, fetched by the backend from an allowed origin.
    pub picture: Option<String>,
}

/// Where the session is kept.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
#[serde(
    tag = "kind",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum KeychainView {
    /// Nobody has asked it yet.
    Unknown,
    /// In the system keychain.
    Keychain,
    /// In memory only, until the app is closed.
    MemoryOnly {
        /// Why, in one sentence, with what to do about it.
        reason: String,
    },
}

/// An error, ready to be shown.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// The stable code, such as `state_mismatch`.
    pub code: String,
    /// What happened, in one sentence.
    pub message: String,
    /// What to do about it, in one sentence.
    pub hint: String,
}

/// What a sign-out did.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
#[serde(rename_all = "camelCase")]
pub struct SignOutReport {
    /// Whether the session is gone from this computer.
    pub local: SignOutStep,
    /// Whether the provider revoked the tokens.
    pub revoked: SignOutStep,
    /// Whether the provider's own session was ended in the browser.
    pub session_ended: SignOutStep,
}

/// One of the three things a sign-out does.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
#[serde(
    tag = "result",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum SignOutStep {
    /// It was done.
    Done,
    /// It was not done, on purpose or because the provider cannot.
    Skipped {
        /// Why, in one sentence.
        reason: String,
    },
    /// It was tried and failed.
    Failed {
        /// Why, in one sentence.
        reason: String,
    },
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

/// A call of the protected API.
#[derive(Clone, Debug, PartialEq, Deserialize, TS)]
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
