//! Where things lie, and when they were made.

use std::{
    env,
    path::{Path, PathBuf},
};

use super::{Build, emptied};
use crate::command::{Failure, built, command, output};

/// The app, and the command.
pub(super) const PROGRAMS: [&str; 2] = ["doorkey-desktop", "doorkey"];

/// The version of all of Doorkey.
pub(super) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The folders of one bundling.
pub(super) struct Places {
    /// Where cargo keeps what it builds; the same as for all other tasks.
    pub(super) target: PathBuf,
    /// What only this bundling makes on the way.
    pub(super) work: PathBuf,
    /// Where the packages end up.
    pub(super) results: PathBuf,
    /// The time that everything in the packages bears, in seconds since 1970: that of the commit.
    pub(super) epoch: u64,
}

impl Places {
    /// The places of a build. What was left there by an earlier one is removed.
    pub(super) fn of(build: Build) -> Result<Self, Failure> {
        let name = match build {
            Build::Release => "release",
            Build::Quick => "quick",
        };
        // Beside this program: target/debug/xtask.
        let target = built("xtask")?;
        let target = target
            .ancestors()
            .nth(2)
            .ok_or_else(|| Failure::new("this program lies in no target folder"))?;
        Ok(Self {
            work: emptied(target.join("package").join(name))?,
            results: emptied(target.join("bundle").join(name))?,
            target: target.to_owned(),
            epoch: epoch()?,
        })
    }

    /// What cargo calls its target folder while it builds for a package.
    ///
    /// What it builds on the way is shared with the other tasks, but the programs are not put in the place of theirs:
    /// a test would take the release edition for the one it means.
    pub(super) fn cargo_target(&self) -> PathBuf {
        self.target.join("package/cargo")
    }

    /// Where Tauri looks for programs, and puts packages.
    pub(super) fn tauri_output(&self) -> PathBuf {
        self.work.join("release")
    }

    /// The programs that are packed.
    pub(super) fn programs(&self) -> [PathBuf; 2] {
        PROGRAMS.map(|name| self.tauri_output().join(name))
    }

    /// The command that is packed.
    pub(super) fn command_line(&self) -> PathBuf {
        self.tauri_output().join("doorkey")
    }

    /// A date of the time that everything bears, as `date` prints it in UTC.
    pub(super) fn date(&self, format: &str) -> Result<String, Failure> {
        let at = format!("@{}", self.epoch);
        let arguments = ["--utc", "--date", &at, &format!("+{format}")];
        let mut date = command("date", &arguments);
        date.env("LC_ALL", "C");
        output(date)
            .map(|text| text.trim().to_owned())
            .ok_or_else(|| Failure::new("`date` failed"))
    }
}

/// The time that stands in `SOURCE_DATE_EPOCH`, or else that of the commit: two builds of it are then the same.
fn epoch() -> Result<u64, Failure> {
    env::var("SOURCE_DATE_EPOCH")
        .ok()
        .or_else(|| output(command("git", &["log", "-1", "--format=%ct"])))
        .and_then(|text| text.trim().parse().ok())
        .ok_or_else(|| {
            Failure::new(
                "when was this written? git does not know: set SOURCE_DATE_EPOCH to seconds since 1970",
            )
        })
}

/// The repository and the folders of the person who builds: none of them is anybody else's business.
pub(super) fn of_this_machine(target: &Path) -> Vec<(PathBuf, &'static str)> {
    let home = || env::var_os("HOME").map(PathBuf::from);
    let folder = |variable, usual: &str| {
        env::var_os(variable)
            .map(PathBuf::from)
            .or_else(|| Some(home()?.join(usual)))
    };
    let named = [
        (home(), "/home"),
        (folder("CARGO_HOME", ".cargo"), "/cargo"),
        (folder("RUSTUP_HOME", ".rustup"), "/rustup"),
        (Some(crate::command::repository().to_owned()), "/doorkey"),
        (Some(target.to_owned()), "/target"),
    ];
    named
        .into_iter()
        .filter_map(|(path, name)| Some((path?, name)))
        // The root itself, as the home of a container, says nothing about anybody.
        .filter(|(path, _)| path.components().count() > 1)
        .collect()
}
