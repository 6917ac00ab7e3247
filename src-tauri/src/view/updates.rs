//! Newer versions of the app.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Problem;

/// Newer versions, as far as they are known.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
#[serde(rename_all = "camelCase")]
pub struct UpdatesView {
    /// Whether the app looks by itself, once a day.
    pub automatic: bool,
    /// Who is asked: host and port.
    pub host: String,
    /// When it was asked last, in milliseconds since the Unix epoch; none if never.
    #[ts(type = "number | null")]
    pub asked: Option<u64>,
    /// How a newer version gets here.
    pub method: UpdateMethod,
    /// How far that is.
    pub stands: UpdateStands,
    /// The newer version, if one is known.
    pub release: Option<ReleaseView>,
    /// Whether the person is to be told of it wherever they are.
    pub note: bool,
    /// What went wrong last.
    pub problem: Option<Problem>,
    /// The profiles whose sessions are kept in memory only, and end with a restart.
    pub signs_out: Vec<String>,
}

/// A newer version. Inert text: it comes from a server.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
#[serde(rename_all = "camelCase")]
pub struct ReleaseView {
    /// Such as `1.2.3`.
    pub version: String,
    /// What is new in it, in lines of plain text; empty if nothing was said.
    pub notes: String,
}

/// How a newer version gets here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
#[serde(rename_all = "camelCase")]
pub enum UpdateMethod {
    /// The app replaces itself, and goes on as it was until it is started again.
    InPlace,
    /// The app closes, is replaced by an installer, and is started again.
    Closes,
    /// The app puts the verified package where the person finds it; the package manager installs it.
    Package,
    /// Nothing installed this copy, so only the person can replace it.
    Elsewhere,
}

/// How far an update is.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
#[serde(
    tag = "state",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum UpdateStands {
    /// Nobody has been asked since the app was started, or the answer did not come.
    Unknown,
    /// The address is being asked.
    Looking,
    /// There is nothing newer.
    Newest,
    /// There is something newer.
    Found,
    /// It is on its way.
    Downloading {
        /// How many bytes are here.
        #[ts(type = "number")]
        received: u64,
        /// How many there are in all, if that is known.
        #[ts(type = "number | null")]
        size: Option<u64>,
    },
    /// It is here and verified, and waits to be installed.
    Downloaded,
    /// It is being installed.
    Installing,
    /// It is installed, and runs from the next start on.
    Installed,
    /// Its package lies where the person finds it.
    Saved {
        /// The file's name.
        file: String,
        /// The name of the folder.
        folder: String,
    },
}

/// What a person can want of an update.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, TS)]
#[ts(export)]
#[serde(rename_all = "camelCase")]
pub enum UpdateWish {
    /// To look for one now.
    Look,
    /// To install the one that was found. The person was asked, and agreed.
    Install,
    /// To break the download off, or to throw away what was downloaded.
    Cancel,
    /// To be told of it another time.
    Later,
    /// To be told of the next one only.
    Skip,
    /// To see the package in its folder.
    Reveal,
    /// To start the app again, with what was installed.
    Restart,
}
