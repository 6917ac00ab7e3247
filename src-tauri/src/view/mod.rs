//! The view model: everything that the window and the tray show, and nothing else.
//!
//! One value describes the whole app. The window, the tray menu, the tray icon and the tooltip
//! are functions of it. No type here can hold a token, a code or a verifier. What is large or rarely looked at is no
//! part of it, and asked for by a command of its own.

mod api;
mod code;
mod flow;
mod profile;
mod settings;
mod tokens;
mod updates;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use api::{ApiAnswer, ApiCall, CallSummary, PastCall};
pub use code::{CodeView, QrView};
pub use flow::{
    ExportView, FlowField, FlowKind, FlowOutcome, FlowStep, FlowSummary, FlowValue, FlowView, Party,
};
pub use profile::{
    ApiTemplate, Channel, CheckOutcome, CheckView, ClientSecretView, FieldKind, FieldValue,
    FieldView, ImportView, LeftOutView, PresetView, ProfileForm, ProfileStands, ProfileView,
    SetupView, SharedView,
};
pub use settings::{
    BrowserView, KeychainReport, KeychainStands, SettingChange, SettingsView, Theme,
};
pub use tokens::{
    AccessTokenView, ClaimValueView, ClaimView, IdTokenView, TokenContentsView, TokensView,
};
pub use updates::{ReleaseView, UpdateMethod, UpdateStands, UpdateWish, UpdatesView};

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
    /// The chosen profile's latest sign-in, refresh or sign-out, and the last API call since.
    pub flow: Option<FlowView>,
    /// Its last ten, newest first, the one in `flow` among them.
    pub flows: Vec<FlowSummary>,
    /// Its last fifty API calls, newest first.
    pub calls: Vec<CallSummary>,
    /// Counts up when the chosen profile's tokens are others than before.
    pub token_generation: u32,
    /// What the person has chosen for this computer.
    pub settings: SettingsView,
    /// Newer versions of the app; none if nobody is ever asked for any.
    pub updates: Option<UpdatesView>,
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
        /// How far the browser is.
        browser: BrowserStart,
        /// The browser by name, if it is known.
        browser_name: Option<String>,
        /// How the answer comes home.
        channel: Channel,
        /// Whether the answer can be pasted. One that is posted is in no address.
        pasteable: bool,
    },
    /// The person types a code into a browser, here or on another device.
    WaitingForCode {
        /// When the attempt began, in milliseconds since the Unix epoch.
        #[ts(type = "number")]
        since: u64,
        /// The code and where to type it; none until the provider has issued one.
        code: Option<CodeView>,
    },
    /// The answer has arrived; tokens are being fetched or verified.
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
        /// The scopes that were asked for and not granted.
        not_granted: Vec<String>,
        /// Whether the provider's own session can be ended in the browser as well.
        can_end_session: bool,
    },
    /// The session is being ended.
    SigningOut,
    /// The provider ended the session; the person must sign in again.
    Expired {
        /// Who was signed in.
        account: AccountView,
        /// When that was found out, in milliseconds since the Unix epoch.
        #[ts(type = "number")]
        at: u64,
        /// Why it ended, in one sentence.
        reason: String,
    },
}

/// How far the browser of a waiting sign-in is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
#[serde(rename_all = "camelCase")]
pub enum BrowserStart {
    /// The provider is being asked where to sign in. There is no link yet.
    Starting,
    /// It was started. Whether it shows anything is out of sight.
    Opened,
    /// None could be started. The link can be copied.
    Failed,
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
    /// It is locked: whether somebody is signed in is not known.
    Locked {
        /// What that means, in one sentence.
        reason: String,
    },
    /// In memory only, until the app is closed.
    MemoryOnly {
        /// Why, in one sentence, with what to do about it.
        reason: String,
    },
}

/// An error, ready to be shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// The stable code, such as `state_mismatch`.
    pub code: String,
    /// What happened, in one sentence.
    pub message: String,
    /// What to do about it, in one sentence.
    pub hint: String,
    /// The field of a form that it belongs to, if it does.
    pub field: Option<String>,
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

/// A file that lies beside the generated types: what the engine tells, for the web UI to be looked at without it.
#[cfg(test)]
pub(crate) fn example(name: &str) -> std::path::PathBuf {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("ui/src/lib/backend/generated/examples");
    std::fs::create_dir_all(&folder).unwrap();
    folder.join(name)
}
