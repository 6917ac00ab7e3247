//! `cargo xtask fmt` and `cargo xtask lint`.

use crate::{
    command::{Failure, cargo, command, execute, is_installed, say},
    dependencies, packages, ui, workflows,
};

/// Formats the Rust code, or tells whether it is formatted.
pub(crate) fn format(check: bool) -> Result<(), Failure> {
    execute(cargo(if check {
        &["fmt", "--all", "--check"]
    } else {
        &["fmt", "--all"]
    }))
}

/// Everything that judges code without running it.
pub(crate) fn lint() -> Result<(), Failure> {
    packages::install(&[packages::BUILD], Some("webkit2gtk-4.1"))?;
    ui::build_if_missing()?;
    say("Clippy");
    clippy()?;
    say("Dependencies");
    dependencies::check()?;
    say("Workflows");
    workflows::check()?;
    if is_installed("typos") {
        say("Spelling");
        execute(command("typos", &[]))?;
    } else {
        say("typos is not installed, so spelling is not checked: cargo install --locked typos-cli");
    }
    Ok(())
}

/// Clippy on everything, with the features that ship; a warning is a failure.
pub(crate) fn clippy() -> Result<(), Failure> {
    // The test of the package is among all targets only when it is named, since `cargo test` alone cannot run it.
    for targets in [&["--all-targets"][..], &["--test", "package"]] {
        let all = ["clippy", "--workspace", "--features", SHIPPED];
        execute(cargo(&[&all, targets, &["--", "-D", "warnings"]].concat()))?;
    }
    Ok(())
}

/// The feature with which the app serves its own web UI instead of a development server. One set of
/// features for all commands: Tauri is compiled once.
pub(crate) const SHIPPED: &str = "doorkey-desktop/custom-protocol";
