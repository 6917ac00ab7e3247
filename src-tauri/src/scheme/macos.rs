//! What macOS has read in the bundles of applications.

use doorkey_core::{EDITION, application_for};
use tauri::AppHandle;

use crate::effects::Claim;
use crate::start::SCHEME;

/// A program cannot register itself: its bundle says which links it takes, and the system reads that.
pub(super) fn claim(_app: &AppHandle) -> Claim {
    match application_for(&format!("{SCHEME}:/")) {
        Some(application) if application.identifier.as_deref() == Some(EDITION.identifier) => {
            Claim::Ours
        }
        Some(application) => Claim::Others {
            program: Some(application.name),
        },
        None => Claim::Impossible {
            reason: "macOS knows no application for it; move Doorkey to the Applications folder and start it from there"
                .to_owned(),
        },
    }
}
