//! Whether links of a scheme come to this program, and making them come.

use tauri::AppHandle;
use tauri_plugin_deep_link::DeepLinkExt as _;

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

fn register(app: &AppHandle) -> Claim {
    match app.deep_link().register(SCHEME) {
        Ok(()) => Claim::Ours,
        Err(error) => Claim::Impossible {
            reason: error.to_string(),
        },
    }
}

#[cfg(target_os = "linux")]
mod imp {
    use std::process::Command;

    use tauri::AppHandle;

    use crate::effects::Claim;
    use crate::start::SCHEME;

    /// The entries that start this program: the installed one, and the one that is written at run time.
    const OURS: [&str; 2] = ["Doorkey.desktop", "doorkey-desktop-handler.desktop"];

    pub(super) fn claim(app: &AppHandle) -> Claim {
        match default_entry() {
            Some(entry) if entry == OURS[0] => Claim::Ours,
            // Written anew each time: the program may have been moved since.
            Some(entry) if entry == OURS[1] => super::register(app),
            Some(entry) => Claim::Others {
                program: entry.strip_suffix(".desktop").map(str::to_owned),
            },
            None => match super::register(app) {
                Claim::Ours if default_entry().is_none() => Claim::Impossible {
                    reason: "the system does not remember it".to_owned(),
                },
                claim => claim,
            },
        }
    }

    /// The desktop entry that opens links of the scheme.
    fn default_entry() -> Option<String> {
        let output = Command::new("xdg-mime")
            .args(["query", "default", &format!("x-scheme-handler/{SCHEME}")])
            .output()
            .inspect_err(|error| tracing::info!(%error, "xdg-mime cannot be asked"))
            .ok()?;
        let entry = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        (!entry.is_empty()).then_some(entry)
    }
}

#[cfg(windows)]
mod imp {
    use tauri::AppHandle;
    use windows_registry::CLASSES_ROOT;

    use crate::effects::Claim;
    use crate::start::SCHEME;

    /// The program's file, wherever it is.
    const OURS: &str = r"\doorkey-desktop.exe";

    pub(super) fn claim(app: &AppHandle) -> Claim {
        let command = CLASSES_ROOT
            .open(format!(r"{SCHEME}\shell\open\command"))
            .and_then(|key| key.get_string(""));
        match command {
            Ok(command) if !command.to_lowercase().contains(OURS) => {
                Claim::Others { program: None }
            }
            // Nobody has registered it, or we have, perhaps from another place.
            _ => super::register(app),
        }
    }
}

#[cfg(target_os = "macos")]
mod imp {
    use tauri::AppHandle;

    use crate::effects::Claim;

    /// The bundle says it, and the system follows; there is nothing to ask.
    pub(super) fn claim(_app: &AppHandle) -> Claim {
        Claim::Ours
    }
}
