//! `cargo xtask check-windows`: what can be known about Windows without one.
//!
//! Both programs are built with a compiler of Debian's, and what has no window runs under wine: the tests of the engine and
//! of the command line, a sign-in with the credential manager, and the installer. Wine is not Windows: what works here may
//! fail there, and the other way round. The workflows build and test on Windows itself.

mod installer;
mod sign_in;
mod subsystem;
mod template;
mod wine;

use crate::{
    check_toolchain::{self, Toolchain},
    command::{Failure, execute, say},
    packages, ui,
};
use wine::Wine;

/// What Debian calls all that this takes.
const PACKAGES: &[&str] = &["gcc-mingw-w64-x86-64", "nsis", "wine", "wine64"];

/// The release edition, from the development profile, and an app without a console.
const AS_RELEASED: [&str; 4] = [
    "--config",
    "profile.dev.package.doorkey-core.debug-assertions=false",
    "--config",
    "profile.dev.package.doorkey-desktop.debug-assertions=false",
];

/// What there is to check, in its order.
const STEPS: [(&str, Step); 3] = [
    ("tests", tests),
    ("programs", programs),
    ("installer", installer::check),
];

type Step = fn(&Toolchain, &Wine) -> Result<(), Failure>;

/// Builds, looks, and runs what wine can run: all of it, or only some steps.
pub(crate) fn check(names: &[&str]) -> Result<(), Failure> {
    if let Some(unknown) = names
        .iter()
        .find(|name| STEPS.iter().all(|(step, _)| step != *name))
    {
        return Err(Failure::new(format!(
            "there is no step {unknown:?}, but: tests programs installer"
        )));
    }
    packages::install(&[check_toolchain::PACKAGES, PACKAGES], None)?;
    ui::build_if_missing()?;
    let toolchain = Toolchain::new("windows", "x86_64-pc-windows-gnu")?;
    let wine = Wine::new(&toolchain)?;
    for (name, step) in STEPS {
        if names.is_empty() || names.contains(&name) {
            step(&toolchain, &wine)?;
        }
    }
    say("Done. What this does not show: the window, and Windows itself");
    Ok(())
}

fn tests(toolchain: &Toolchain, wine: &Wine) -> Result<(), Failure> {
    say("The tests of engine and command line, under wine");
    let engine = ["--package", "doorkey-core", "--lib"];
    let command_line = ["--package", "doorkey-cli"];
    for package in [engine.as_slice(), &command_line] {
        let mut tests = toolchain.build("test", package);
        wine.runs_for(&mut tests);
        execute(tests)?;
    }
    Ok(())
}

fn programs(toolchain: &Toolchain, wine: &Wine) -> Result<(), Failure> {
    say("Both programs, as they are released");
    let programs = [
        "--package",
        "doorkey-desktop",
        "--package",
        "doorkey-cli",
        "--bins",
    ];
    let shipped = ["--features", crate::lint::SHIPPED];
    execute(toolchain.build("build", &[&programs[..], &shipped, &AS_RELEASED].concat()))?;
    subsystem::check(&toolchain.programs())?;
    sign_in::check(toolchain, wine)
}
