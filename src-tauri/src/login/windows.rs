//! A value of the person's own `Run` key.
//!
//! Not by the plugin: it writes the path without quotes, so that Windows would try `C:\Users\Ada.exe` before
//! `C:\Users\Ada Lovelace\...`, and for an administrator it writes the key of the whole computer.

use auto_launch::{AutoLaunch, Result, WindowsEnableMode};
use doorkey_core::EDITION;
use tauri::AppHandle;

use crate::start::HIDDEN;

pub(super) fn is_enabled(_app: &AppHandle) -> Result<bool> {
    value(EDITION.name)?.is_enabled()
}

pub(super) fn enable(_app: &AppHandle, wanted: bool) -> Result<()> {
    let value = value(EDITION.name)?;
    // Taking away what is not there is an error of the library.
    if wanted {
        value.enable()
    } else if value.is_enabled()? {
        value.disable()
    } else {
        Ok(())
    }
}

fn value(name: &str) -> Result<AutoLaunch> {
    let program = std::env::current_exe()?;
    Ok(AutoLaunch::new(
        name,
        &format!("\"{}\"", program.display()),
        WindowsEnableMode::CurrentUser,
        &[HIDDEN],
    ))
}

#[cfg(test)]
mod tests {
    use windows_registry::CURRENT_USER;

    use super::*;

    #[test]
    fn the_path_stands_in_quotes_and_in_the_persons_own_key() {
        let name = format!("Doorkey tests {}", std::process::id());
        let value = value(&name).unwrap();
        value.enable().unwrap();
        assert!(value.is_enabled().unwrap());
        let run = CURRENT_USER
            .open(r"Software\Microsoft\Windows\CurrentVersion\Run")
            .unwrap();
        let program = std::env::current_exe().unwrap();
        assert_eq!(
            run.get_string(&name).unwrap(),
            format!("\"{}\" --hidden", program.display())
        );
        value.disable().unwrap();
        assert!(!value.is_enabled().unwrap());
        assert!(run.get_type(&name).is_err());
    }
}
