//! Signatures beside the files: for the updater, and for whoever downloads a package.
//!
//! Keys come from the environment and go to the programs that sign by the environment or a pipe: never as arguments.

use std::{
    env,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use tempfile::TempDir;

use super::{VERSION, files};
use crate::{
    command::{Failure, command, execute, say},
    tools, ui,
};

/// The key of the updater, as `tauri signer generate` writes it; its password is in `TAURI_SIGNING_PRIVATE_KEY_PASSWORD`.
const UPDATE_KEY: &str = "TAURI_SIGNING_PRIVATE_KEY";

/// A key of GnuPG, as `gpg --armor --export-secret-keys` writes it, without a passphrase.
const PACKAGE_KEY: &str = "DOORKEY_GPG_PRIVATE_KEY";

/// What the updater downloads.
const UPDATES: [&str; 5] = [".AppImage", ".deb", ".rpm", "-setup.exe", ".app.tar.gz"];

/// What has no signature within it that the system looks at.
const PACKAGES: [&str; 3] = [".AppImage", ".deb", ".rpm"];

/// Writes `FILE.sig` beside each file that the updater downloads, if there is a key; the announcement repeats them.
pub(super) fn for_the_updater(folder: &Path) -> Result<(), Failure> {
    if given(UPDATE_KEY).is_none() {
        say(format!(
            "{UPDATE_KEY} is not given: no file is signed for the updater"
        ));
        return Ok(());
    }
    say("Signing for the updater");
    tools::node()?;
    tools::npm_packages(Path::new(ui::FOLDER))?;
    let tauri = Path::new(ui::FOLDER).join("node_modules/.bin/tauri");
    for file in ending_in(&files::of(folder)?, &UPDATES) {
        // Without its version in it, installed apps refuse a signature: it could be that of an older release.
        let bound = ["signer", "sign", "--app-version", VERSION];
        let mut sign = command(&tauri.to_string_lossy(), &bound);
        // It prints the signature, which is in the file anyway.
        sign.arg(file).stdout(Stdio::null());
        execute(sign)?;
    }
    Ok(())
}

pub(super) fn say_that_there_is_no_key() {
    say(format!(
        "{PACKAGE_KEY} is not given: no package has a detached signature"
    ));
}

/// A keyring of GnuPG that lives no longer than this.
pub(super) struct Keyring {
    folder: TempDir,
}

impl Keyring {
    /// With the key that is given, if there is one.
    pub(super) fn given() -> Result<Option<Self>, Failure> {
        given(PACKAGE_KEY).map(|key| Self::with(&key)).transpose()
    }

    fn with(key: &str) -> Result<Self, Failure> {
        let mut folder = tempfile::Builder::new();
        folder.prefix("keyring-");
        #[cfg(unix)]
        folder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
        let folder = folder
            .tempdir()
            .map_err(|error| Failure::new(format!("cannot make a folder: {error}")))?;
        let keyring = Self { folder };
        let failed = |error| Failure::new(format!("gpg cannot be given the key: {error}"));
        let mut import = keyring.gpg(&["--import"]);
        let mut gpg = import
            .stdin(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(failed)?;
        if let Some(mut pipe) = gpg.stdin.take() {
            pipe.write_all(key.as_bytes()).map_err(failed)?;
        }
        if gpg.wait().map_err(failed)?.success() {
            return Ok(keyring);
        }
        Err(Failure::new(format!(
            "{PACKAGE_KEY} is no key that gpg can import"
        )))
    }

    /// Writes `FILE.asc` beside each package.
    pub(super) fn sign_packages(&self, folder: &Path) -> Result<(), Failure> {
        say("Signing the packages");
        let packages = ending_in(&files::of(folder)?, &PACKAGES);
        packages.iter().try_for_each(|file| self.sign(file))
    }

    /// Writes `FILE.asc` beside a file, for `gpg --verify`.
    pub(super) fn sign(&self, file: &Path) -> Result<(), Failure> {
        let mut sign = self.gpg(&["--yes", "--armor", "--detach-sign"]);
        sign.arg(file);
        execute(sign)
    }

    fn gpg(&self, arguments: &[&str]) -> Command {
        let mut gpg = command("gpg", &["--batch", "--no-tty", "--quiet"]);
        gpg.args(arguments)
            .env("GNUPGHOME", self.folder.path())
            .env_remove(PACKAGE_KEY);
        gpg
    }
}

impl Drop for Keyring {
    /// Ends the agent, which holds the key in its memory.
    fn drop(&mut self) {
        let mut end = command("gpgconf", &["--kill", "all"]);
        end.env("GNUPGHOME", self.folder.path());
        let _ = end.stderr(Stdio::null()).status();
    }
}

fn given(variable: &str) -> Option<String> {
    env::var(variable)
        .ok()
        .filter(|value| !value.trim().is_empty())
}

fn ending_in(files: &[PathBuf], endings: &[&str]) -> Vec<PathBuf> {
    let is_wanted = |file: &&PathBuf| {
        endings
            .iter()
            .any(|ending| files::name(file).ends_with(ending))
    };
    files.iter().filter(is_wanted).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_file_is_signed_for_whoever_takes_it() {
        let files: Vec<PathBuf> = [
            "Doorkey_1.2.3_amd64.AppImage",
            "Doorkey_1.2.3_universal.dmg",
            "Doorkey_1.2.3_x64-setup.exe",
            "Doorkey_universal.app.tar.gz",
            "SHA256SUMS",
            "doorkey_1.2.3_amd64.deb",
            "doorkey_1.2.3_amd64.deb.asc",
        ]
        .map(PathBuf::from)
        .into();
        let names = |endings: &[&str]| {
            let files = ending_in(&files, endings);
            files
                .iter()
                .map(|file| files::name(file))
                .collect::<Vec<_>>()
        };
        let updates = [
            "Doorkey_1.2.3_amd64.AppImage",
            "Doorkey_1.2.3_x64-setup.exe",
            "Doorkey_universal.app.tar.gz",
            "doorkey_1.2.3_amd64.deb",
        ];
        assert_eq!(names(&UPDATES), updates);
        assert_eq!(
            names(&PACKAGES),
            ["Doorkey_1.2.3_amd64.AppImage", "doorkey_1.2.3_amd64.deb"]
        );
    }

    #[test]
    fn what_is_no_key_signs_nothing() {
        assert!(Keyring::with("-----BEGIN PGP PRIVATE KEY BLOCK-----\n").is_err());
    }
}
