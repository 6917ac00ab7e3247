//! Whether links of a scheme come to this program, and making them come.

#[cfg(target_os = "linux")]
#[path = "linux.rs"]
mod imp;
#[cfg(target_os = "macos")]
#[path = "macos.rs"]
mod imp;
#[cfg(windows)]
#[path = "windows.rs"]
mod imp;

use tauri::AppHandle;

use crate::effects::Claim;
use crate::start::SCHEME;

/// Makes links of a scheme come here, unless they go to another program already: what a person has decided stays.
pub(crate) fn claim(app: &AppHandle, scheme: &str) -> Claim {
    if scheme != SCHEME {
        return Claim::Impossible {
            reason: format!("this program's links begin with {SCHEME}:"),
        };
    }
    imp::claim(app)
}

#[cfg(windows)]
fn register(app: &AppHandle) -> Claim {
    use tauri_plugin_deep_link::DeepLinkExt as _;

    match app.deep_link().register(SCHEME) {
        Ok(()) => Claim::Ours,
        Err(error) => Claim::Impossible {
            reason: error.to_string(),
        },
    }
}
