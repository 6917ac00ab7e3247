//! Tools that are not system packages: Node.js, npm's packages, and the driver of the window.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use crate::{
    command::{Failure, cargo, command, execute, is_installed, output, say},
    packages,
};

/// What the web UI's tools need.
const NODE: (u32, u32) = (20, 19);

/// The driver for Tauri 2; newer versions are for Tauri 3.
const TAURI_DRIVER: &str = "2.1.0";

/// The front end of the fuzzer.
const CARGO_FUZZ: &str = "0.13.2";

/// Reads the rules of `deny.toml`.
const CARGO_DENY: &str = "0.20.2";

/// Writes bills of materials.
const CARGO_CYCLONEDX: &str = "0.5.9";

/// Makes mutants.
const CARGO_MUTANTS: &str = "27.1.0";

/// Makes sure of Node.js and npm.
pub(crate) fn node() -> Result<(), Failure> {
    if !is_installed("node") || output(command("npm", &["--version"])).is_none() {
        packages::install(&[&["nodejs", "npm"]], None)?;
    }
    let version = output(command("node", &["--version"])).unwrap_or_default();
    if parse(&version).is_some_and(|version| version >= NODE) {
        return Ok(());
    }
    let found = if version.is_empty() {
        "none"
    } else {
        version.trim()
    };
    let (major, minor) = NODE;
    Err(Failure::new(format!(
        "the web UI needs Node.js {major}.{minor} or newer, found {found}: install it from https://nodejs.org, then try again"
    )))
}

/// Installs a folder's npm packages as locked, unless they are there already.
pub(crate) fn npm_packages(folder: &Path) -> Result<(), Failure> {
    // npm writes this file last.
    let installed = folder.join("node_modules/.package-lock.json");
    let modified = |path: &Path| fs::metadata(path).and_then(|data| data.modified()).ok();
    match (
        modified(&installed),
        modified(&folder.join("package-lock.json")),
    ) {
        (Some(installed), Some(locked)) if installed >= locked => Ok(()),
        _ => {
            say(format!(
                "Installing the npm packages of {}",
                folder.display()
            ));
            let mut install = command("npm", &["ci", "--no-audit", "--no-fund"]);
            install.current_dir(folder);
            execute(install)
        }
    }
}

/// Installs tauri-driver into `target/tools`, unless it is there already.
pub(crate) fn tauri_driver() -> Result<(), Failure> {
    installed("tauri-driver", TAURI_DRIVER, "A test of the window").map(drop)
}

/// Installs cargo-fuzz into `target/tools`, unless it is there already, and says where.
pub(crate) fn cargo_fuzz() -> Result<PathBuf, Failure> {
    installed("cargo-fuzz", CARGO_FUZZ, "Fuzzing")
}

/// Installs cargo-deny into `target/tools`, unless it is there already, and says where.
pub(crate) fn cargo_deny() -> Result<PathBuf, Failure> {
    installed("cargo-deny", CARGO_DENY, "Checking the dependencies")
}

/// Installs cargo-cyclonedx into `target/tools`, unless it is there already, and says where.
pub(crate) fn cargo_cyclonedx() -> Result<PathBuf, Failure> {
    installed("cargo-cyclonedx", CARGO_CYCLONEDX, "A bill of materials")
}

/// Installs cargo-mutants into `target/tools`, unless it is there already, and says where.
pub(crate) fn cargo_mutants() -> Result<PathBuf, Failure> {
    installed("cargo-mutants", CARGO_MUTANTS, "Testing the tests")
}

/// A program from crates.io, built into `target/tools` when it is not there yet.
fn installed(name: &str, version: &str, whose: &str) -> Result<PathBuf, Failure> {
    let root = Path::new("target/tools");
    let program = root.join(format!("bin/{name}{}", env::consts::EXE_SUFFIX));
    if program.is_file() {
        return Ok(program);
    }
    say(format!(
        "{whose} needs {name} {version}: building it into {}",
        root.display()
    ));
    let root = root.to_string_lossy();
    execute(cargo(&[
        "install",
        "--locked",
        // They wait for others most of the time: built in half of the time, they are fast enough.
        "--debug",
        name,
        "--version",
        version,
        "--root",
        &root,
    ]))?;
    Ok(program)
}

/// Major and minor of `v20.19.1`.
fn parse(version: &str) -> Option<(u32, u32)> {
    let mut parts = version.trim().strip_prefix('v')?.split('.').map(str::parse);
    Some((parts.next()?.ok()?, parts.next()?.ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_as_numbers() {
        assert_eq!(parse("v20.19.1\n"), Some((20, 19)));
        assert!(parse("v20.9.0").is_some_and(|version| version < NODE));
        assert!(parse("v100.0.0").is_some_and(|version| version >= NODE));
        assert_eq!(parse("nonsense"), None);
    }
}
