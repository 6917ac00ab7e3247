//! A keychain for a run in the terminal: the session's own, or one made for the purpose.

use std::{
    io::Write as _,
    path::Path,
    process::{Command, Stdio},
};

use crate::command::{Failure, command, execute, output};

/// Whether the session has a keychain that is open.
pub(crate) fn is_open() -> bool {
    if !cfg!(target_os = "linux") {
        return true;
    }
    let locked = command(
        "gdbus",
        &[
            "call",
            "--session",
            "--timeout",
            "5",
            "--dest",
            "org.freedesktop.secrets",
            "--object-path",
            "/org/freedesktop/secrets/aliases/default",
            "--method",
            "org.freedesktop.DBus.Properties.Get",
            "org.freedesktop.Secret.Collection",
            "Locked",
        ],
    );
    output(locked).is_some_and(|answer| answer.contains("<false>"))
}

/// A command that runs another one on a D-Bus session of its own, at home in `home`.
pub(crate) fn private_session(home: &Path) -> Command {
    let mut session = command("dbus-run-session", &["--"]);
    session
        .env("HOME", home)
        .env("XDG_RUNTIME_DIR", home)
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY");
    for (name, folder) in [
        ("XDG_DATA_HOME", "data"),
        ("XDG_CONFIG_HOME", "config"),
        ("XDG_CACHE_HOME", "cache"),
    ] {
        session.env(name, home.join(folder));
    }
    session
}

/// Opens a new keychain on this D-Bus session. It ends with the session.
pub(crate) fn open() -> Result<(), Failure> {
    let mut daemon = command(
        "gnome-keyring-daemon",
        &["--unlock", "--components=secrets"],
    )
    .stdin(Stdio::piped())
    .stdout(Stdio::null())
    .stderr(Stdio::null())
    .spawn()
    .map_err(|error| Failure::new(format!("gnome-keyring-daemon did not start: {error}")))?;
    if let Some(mut stdin) = daemon.stdin.take() {
        // The daemon reads the new keychain's password to the end of the pipe, which closes here.
        stdin
            .write_all(b"doorkey")
            .map_err(|error| Failure::new(format!("the keychain took no password: {error}")))?;
    }
    execute(command(
        "gdbus",
        &[
            "wait",
            "--session",
            "--timeout",
            "20",
            "org.freedesktop.secrets",
        ],
    ))?;
    // It has put itself into the background.
    daemon
        .wait()
        .map(drop)
        .map_err(|error| Failure::new(format!("the keychain did not start: {error}")))
}
