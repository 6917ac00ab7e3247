//! What the person has chosen for this computer, and where sessions are kept on it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The settings, and what there is to choose from.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
#[serde(rename_all = "camelCase")]
pub struct SettingsView {
    /// How the window looks.
    pub theme: Theme,
    /// The command of the browser for sign-ins; none for the system's default one. A profile can name another.
    pub browser: Option<String>,
    /// The browsers that were found on this computer.
    pub browsers: Vec<BrowserView>,
    /// Whether closing the window leaves the app in the tray.
    pub close_to_tray: bool,
    /// Whether this desktop has a tray to leave it in.
    pub tray: bool,
    /// Whether the app starts when the person logs in; none where that cannot be arranged.
    pub start_at_login: Option<bool>,
    /// The version of the app.
    pub version: String,
}

/// A browser on this computer.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
#[serde(rename_all = "camelCase")]
pub struct BrowserView {
    /// Its name.
    pub name: String,
    /// The command that opens an address in it.
    pub command: String,
    /// Whether it is the system's default.
    pub default: bool,
}

/// How the window looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(rename_all = "camelCase")]
pub enum Theme {
    /// As the system does, also when that changes.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// One setting, as the person wants it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, TS)]
#[ts(export)]
#[serde(
    tag = "setting",
    content = "value",
    rename_all = "camelCase",
    deny_unknown_fields
)]
pub enum SettingChange {
    /// How the window looks.
    Theme(Theme),
    /// The command of the browser; none for the system's default one.
    Browser(Option<String>),
    /// Whether closing the window leaves the app in the tray.
    CloseToTray(bool),
    /// Whether the app starts when the person logs in.
    StartAtLogin(bool),
    /// Whether the app looks for newer versions of itself, once a day.
    LookForUpdates(bool),
}

/// How the system keychain is. Asked for while it is looked at.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
#[serde(rename_all = "camelCase")]
pub struct KeychainReport {
    /// How it is.
    pub stands: KeychainStands,
    /// What it is called, if it says so.
    pub name: Option<String>,
    /// That in one sentence, with what to do about it.
    pub sentence: String,
    /// When something was written and read back for it, in milliseconds since the Unix epoch.
    #[ts(type = "number | null")]
    pub tested: Option<u64>,
}

/// How a keychain is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
#[serde(rename_all = "camelCase")]
pub enum KeychainStands {
    /// It can be used.
    Ready,
    /// It has to be unlocked.
    Locked,
    /// It has never been set up.
    NeverSetUp,
    /// There is none, or it does not answer.
    Absent,
}
