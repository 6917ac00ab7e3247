//! Where the built programs are: beside the test that asks.

use std::{env, path::PathBuf};

use crate::{Error, Result};

/// The command line, `doorkey`.
///
/// # Errors
///
/// If it has not been built.
pub fn doorkey() -> Result<PathBuf> {
    built("doorkey")
}

/// The desktop app, `doorkey-desktop`.
///
/// # Errors
///
/// If it has not been built.
pub fn desktop() -> Result<PathBuf> {
    built("doorkey-desktop")
}

/// The embedded provider on its own, `doorkey-idp`.
///
/// # Errors
///
/// If it has not been built.
pub fn provider() -> Result<PathBuf> {
    built("doorkey-idp")
}

/// The scripted browser, `doorkey-agent`.
///
/// # Errors
///
/// If it has not been built.
pub fn agent() -> Result<PathBuf> {
    built("doorkey-agent")
}

/// An example of the engine, by name.
///
/// # Errors
///
/// If it has not been built.
pub fn example(name: &str) -> Result<PathBuf> {
    built(&format!("examples/{name}"))
}

/// `tauri-driver`, from `target/tools` or else from `PATH`.
///
/// # Errors
///
/// If it is in neither place.
pub fn tauri_driver() -> Result<PathBuf> {
    let installed = repository().join("target/tools/bin/tauri-driver");
    let on_path = env::var_os("PATH")
        .into_iter()
        .flat_map(|path| env::split_paths(&path).collect::<Vec<_>>());
    [installed]
        .into_iter()
        .chain(on_path.map(|folder| folder.join("tauri-driver")))
        .find(|path| path.is_file())
        .ok_or_else(|| missing("tauri-driver"))
}

/// The repository's root.
pub fn repository() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// A program of this workspace. Tests and examples are one folder below the programs of their build.
fn built(name: &str) -> Result<PathBuf> {
    let current = env::current_exe().map_err(Error::io("find the running test"))?;
    current
        .ancestors()
        .skip(1)
        .take(2)
        .map(|folder| folder.join(name))
        .find(|path| path.is_file())
        .ok_or_else(|| missing(name))
}

fn missing(name: &str) -> Error {
    Error::Missing {
        what: name.to_owned(),
        fix: "run `cargo xtask test`, which builds or installs it".to_owned(),
    }
}
