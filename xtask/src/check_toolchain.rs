//! Debian's compiler for web browsers, which comes with the source of the standard library: it builds for systems for which
//! there is no compiler at hand. For checks only; releases are built on the systems themselves.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

use crate::command::{Failure, built, command, output};

/// What Debian calls it.
pub(crate) const PACKAGES: &[&str] = &["cargo-web", "rust-web-src", "rustc-web"];

/// Where its programs are; other compilers may stand before them on the search path.
const PROGRAMS: &str = "/usr/bin";

/// A system to build for.
pub(crate) struct Toolchain {
    triple: &'static str,
    /// Cargo's own folder and what is built, away from those of the other tasks.
    folder: PathBuf,
}

impl Toolchain {
    /// The compiler for a target, which keeps what it builds in a folder of this name.
    pub(crate) fn new(name: &str, triple: &'static str) -> Result<Self, Failure> {
        let rustc = Path::new(PROGRAMS).join("rustc");
        let known = output(command(
            &rustc.to_string_lossy(),
            &["--print", "target-list"],
        ));
        if !known.is_some_and(|known| known.lines().any(|line| line == triple)) {
            return Err(Failure::new(format!(
                "{} does not build for {triple}: this check needs Debian or Ubuntu, and their packages {}",
                rustc.display(),
                PACKAGES.join(" ")
            )));
        }
        // Beside this program: target/debug/xtask.
        let itself = built("xtask")?;
        let target = itself
            .ancestors()
            .nth(2)
            .ok_or_else(|| Failure::new("this program lies in no target folder"))?;
        Ok(Self {
            triple,
            folder: target.join("check").join(name),
        })
    }

    /// A folder for what a check makes by itself.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where cargo keeps the sources of dependencies.
    pub(crate) fn sources(&self) -> PathBuf {
        self.folder.join("cargo/registry/src")
    }

    /// What the development profile has built.
    pub(crate) fn programs(&self) -> PathBuf {
        self.folder.join("target").join(self.triple).join("debug")
    }

    /// A command of cargo's, for the target and its standard library.
    pub(crate) fn build(&self, verb: &str, arguments: &[&str]) -> Command {
        let target = ["-Zbuild-std=std,panic_unwind,test", "--target", self.triple];
        self.cargo(&[&[verb], target.as_slice(), arguments].concat())
    }

    /// A command of cargo's.
    pub(crate) fn cargo(&self, arguments: &[&str]) -> Command {
        let program = Path::new(PROGRAMS).join("cargo");
        let mut cargo = command(&program.to_string_lossy(), arguments);
        let path = env::var_os("PATH").unwrap_or_default();
        let path = [PathBuf::from(PROGRAMS)]
            .into_iter()
            .chain(env::split_paths(&path));
        cargo
            .env("PATH", env::join_paths(path).unwrap_or_default())
            .env("RUSTC", Path::new(PROGRAMS).join("rustc"))
            // The standard library may be built with a stable compiler, if it is told that this is meant.
            .env("RUSTC_BOOTSTRAP", "1")
            .env("CARGO_HOME", self.folder.join("cargo"))
            .env("CARGO_TARGET_DIR", self.folder.join("target"))
            .env("CARGO_PROFILE_DEV_DEBUG", "0")
            .env("CARGO_INCREMENTAL", "0");
        for variable in ["CARGO", "RUSTUP_TOOLCHAIN", "RUSTC_WRAPPER", "RUSTFLAGS"] {
            cargo.env_remove(variable);
        }
        cargo
    }
}
