//! `cargo xtask bench`: release builds, measured against their floors in one run.

use crate::command::{Failure, cargo, execute, say};

/// The packages whose programs are measured.
const MEASURED: [&str; 6] = [
    "--package",
    "doorkey-cli",
    "--package",
    "doorkey-idp",
    "--package",
    "doorkey-tests",
];

/// The package that measures.
const BENCH: &str = "doorkey-bench";

/// Builds and measures; `more` goes to the program that measures.
pub(crate) fn bench(more: &[&str]) -> Result<(), Failure> {
    say("Building what is measured");
    execute(cargo(
        &[&["build", "--release", "--bins"], MEASURED.as_slice()].concat(),
    ))?;
    say("Measuring");
    execute(cargo(
        &[&["run", "--release", "--package", BENCH, "--"], more].concat(),
    ))
}
