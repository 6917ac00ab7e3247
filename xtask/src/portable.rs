//! `cargo xtask test` on Windows and macOS: what runs there.
//!
//! The tests that cross rooms bring a session bus, a keychain, a display and a browser of their own, which only Linux has;
//! so does the window's double, which the shell's tests use. What the engine, the provider and the command line are tested
//! with is the same everywhere, and the app must compile.

use crate::{
    command::{Failure, cargo, execute, say},
    dependencies, lint, tools, ui,
};

/// Whose tests run on every system.
const TESTED: [&str; 8] = [
    "--package",
    "doorkey-core",
    "--package",
    "doorkey-idp",
    "--package",
    "doorkey-cli",
    "--package",
    "xtask",
];

/// The app, as it ships.
const APP: [&str; 6] = [
    "--package",
    "doorkey-desktop",
    "--lib",
    "--bins",
    "--features",
    lint::SHIPPED,
];

/// Everything, in the order in which it fails soonest.
pub(crate) fn test() -> Result<(), Failure> {
    tools::node()?;
    tools::npm_packages(std::path::Path::new(ui::FOLDER))?;
    say("Format, and what comes into the tree");
    lint::format(true)?;
    dependencies::check()?;
    say("The web UI");
    for script in [&["run", "check"][..], &["test"], &["run", "build"]] {
        ui::npm(script)?;
    }
    say("Clippy");
    let strict = ["--", "-D", "warnings"];
    execute(cargo(
        &[&["clippy"], &TESTED[..], &["--all-targets"], &strict].concat(),
    ))?;
    execute(cargo(&[&["clippy"], &APP[..], &strict].concat()))?;
    say("Tests");
    execute(cargo(
        &[&["test"], &TESTED[..], &["--no-fail-fast"]].concat(),
    ))?;
    say("The app");
    execute(cargo(&[&["build"], &APP[..]].concat()))
}
