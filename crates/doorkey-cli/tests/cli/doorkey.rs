//! The program, with a folder of its own and nobody to talk to.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// `doorkey` with a folder of its own and no keychain.
pub(crate) struct Doorkey {
    folder: tempfile::TempDir,
}

impl Doorkey {
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_doorkey"));
        command
            .env("DOORKEY_CONFIG_DIR", self.folder.path())
            .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
            .env("BROWSER", "/nonexistent")
            .env_remove("RUST_LOG")
            .stdin(Stdio::null());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> (i32, String, String) {
        let Output {
            status,
            stdout,
            stderr,
        } = self.command().args(arguments).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (status.code().unwrap(), text(stdout), text(stderr))
    }

    /// The exit code and the one object on standard output; nothing may be on standard error.
    pub(crate) fn json(&self, arguments: &[&str]) -> (i32, Value) {
        let (code, stdout, stderr) = self.run(&[arguments, &["--json"]].concat());
        assert_eq!(stderr, "", "{arguments:?}");
        assert_eq!(stdout.lines().count(), 1, "{arguments:?}: {stdout}");
        (code, serde_json::from_str(&stdout).unwrap())
    }

    pub(crate) fn profile(&self, name: &str) -> PathBuf {
        self.folder
            .path()
            .join("profiles")
            .join(format!("{name}.toml"))
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        std::fs::create_dir_all(self.folder.path().join("profiles")).unwrap();
        std::fs::write(self.profile(name), text).unwrap();
    }
}
