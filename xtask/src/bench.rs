//! `cargo xtask bench`: release builds, measured against their floors in one run.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{
    command::{Failure, built, cargo, command, execute, failed, output, say},
    lint::SHIPPED,
    packages, tools, ui,
};

/// What is measured and what measures, built in one go: the same features for all of them, those that
/// ship, and each dependency compiled once.
const SELECTED: [&str; 14] = [
    "--package",
    "doorkey-cli",
    "--package",
    "doorkey-desktop",
    "--package",
    "doorkey-idp",
    "--package",
    "doorkey-tests",
    "--package",
    "doorkey-bench",
    "--package",
    "doorkey-empty-window",
    "--features",
    SHIPPED,
];

/// What the Python peer takes besides a keychain.
const PYTHON: &[&str] = &["python3", "python3-pip"];

/// What pip installs for it, and where.
const REQUIREMENTS: &str = "tests/bench/peers/requirements.txt";
const PYTHON_PACKAGES: &str = "target/bench-python";

/// Builds and measures; `more` goes to the program that measures.
pub(crate) fn bench(more: &[&str]) -> Result<(), Failure> {
    packages::install(
        &[packages::TERMINAL, packages::BUILD, packages::WINDOW],
        Some("webkit2gtk-4.1"),
    )?;
    ui::build()?;
    for folder in ["tests/peers", "tests/bench/peers"] {
        tools::npm_packages(Path::new(folder))?;
    }
    python_packages()?;
    say("Building what is measured");
    execute(cargo(
        &[&["build", "--release", "--bins"], SELECTED.as_slice()].concat(),
    ))?;
    say("Measuring");
    execute(command(
        &in_release("doorkey-bench")?.to_string_lossy(),
        more,
    ))
}

/// Installs the Python packages as pinned, unless they are there already.
fn python_packages() -> Result<(), Failure> {
    let unreadable = |error| Failure::new(format!("cannot read {REQUIREMENTS}: {error}"));
    let wanted = fs::read_to_string(REQUIREMENTS).map_err(unreadable)?;
    let installed = Path::new(PYTHON_PACKAGES).join("requirements.txt");
    if fs::read_to_string(&installed).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    if output(command("python3", &["-m", "pip", "--version"])).is_none() {
        packages::install(&[PYTHON], None)?;
    }
    say(format!("Installing the Python packages of {REQUIREMENTS}"));
    execute(command(
        "python3",
        &[
            "-m",
            "pip",
            "install",
            "--quiet",
            "--upgrade",
            "--requirement",
            REQUIREMENTS,
            "--target",
            PYTHON_PACKAGES,
        ],
    ))?;
    // Written last: an installation that was interrupted is done again.
    fs::write(&installed, wanted).map_err(failed("write", &installed))
}

/// A program of the release build, which lies beside the build of this program.
fn in_release(name: &str) -> Result<PathBuf, Failure> {
    let path = built("xtask")?.with_file_name("../release").join(name);
    path.canonicalize()
        .map_err(|error| Failure::new(format!("{} was not built: {error}", path.display())))
}
