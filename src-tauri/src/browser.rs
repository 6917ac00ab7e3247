//! Starts the browser that a person chose for their sign-ins.

use std::process::{Command, Stdio};

use doorkey_core::{BrowserCommand, Code, Error};
use tauri::AppHandle;
use tauri_plugin_shell::ShellExt as _;
use url::Url;

/// Opens a web address with a command. The address is one argument, and no shell is involved.
pub(crate) fn open(
    app: &AppHandle,
    browser: &BrowserCommand,
    url: &Url,
) -> doorkey_core::Result<()> {
    let mut words = browser.arguments(url).into_iter();
    let program = words.next().unwrap_or_default();
    let mut command: Command = app.shell().command(program).args(words).into();
    // The browser outlives this program, so nothing ties it to it.
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let unavailable = |error| {
        Error::new(
            Code::BrowserUnavailable,
            format!("The browser `{}` could not be started", browser.program()),
        )
        .with_source(error)
    };
    let mut child = command.spawn().map_err(unavailable)?;
    // Somebody must take note of its end, or it stays as a zombie.
    std::thread::Builder::new()
        .name("browser".to_owned())
        .spawn(move || drop(child.wait()))
        .map_err(unavailable)?;
    Ok(())
}
