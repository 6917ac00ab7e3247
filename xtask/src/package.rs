//! `cargo xtask package`: the Linux package, installed, used, upgraded and removed in a clean root.

use std::{env, fs, path::Path};

use crate::{
    bundle, clean_root,
    command::{Failure, cargo, command, execute, failed, say},
    packages,
    test::SELECTED,
};

/// Keeps what it runs apart from this machine. What it mounts goes with its last process, and so does all that runs.
///
/// The shell is there to be the first process: as such, the tests would never hear of Ctrl-C.
const APART: [&str; 9] = [
    "--mount",
    "--fork",
    "--pid",
    "--kill-child",
    "--mount-proc",
    "sh",
    "-c",
    "mount -t tmpfs -o mode=755 doorkey \"$DOORKEY_TEST_SCRATCH\" && \"$@\"",
    "sh",
];

/// Makes the package and the root, and tests the one in the other. Where that is impossible, it says why and is content.
pub(crate) fn package() -> Result<(), Failure> {
    if let Some(reason) = obstacle() {
        say(format!("The package is not tested: {reason}"));
        return Ok(());
    }
    packages::install(&[packages::WINDOW, packages::ROOT], None)?;
    let package = match env::var_os("DOORKEY_TEST_PACKAGE") {
        Some(package) => package.into(),
        None => bundle::quick()?,
    };
    let root = clean_root::for_package(&package)?;
    let scratch = root.with_file_name("scratch");
    fs::create_dir_all(&scratch).map_err(failed("make", &scratch))?;
    let test = [&["test"], SELECTED, &["--test", "package"]].concat();
    say("Building the test of the package");
    execute(cargo(&[&test[..], &["--no-run"]].concat()))?;
    say("Testing the package");
    let mut tests = command("unshare", &APART);
    let cargo = cargo(&[&test[..], &["--no-fail-fast", "--", "--test-threads", "2"]].concat());
    tests
        .arg(cargo.get_program())
        .args(cargo.get_args())
        .env("DOORKEY_TEST_PACKAGE", whole(&package)?)
        .env("DOORKEY_TEST_ROOT", whole(&root)?)
        .env("DOORKEY_TEST_SCRATCH", whole(&scratch)?);
    execute(tests)
}

/// Why nothing can be installed here.
fn obstacle() -> Option<&'static str> {
    if !cfg!(target_os = "linux") || !Path::new("/etc/debian_version").exists() {
        return Some("this is not Debian, or made from it");
    }
    if !packages::is_root() {
        return Some("only root can make a root to install it into");
    }
    let mut apart = command(
        "unshare",
        &["--mount", "mount", "-t", "tmpfs", "doorkey", "/mnt"],
    );
    let may_mount = apart.output().is_ok_and(|output| output.status.success());
    (!may_mount).then_some("root may mount nothing here, as in a container")
}

/// As it is seen from everywhere.
fn whole(path: &Path) -> Result<std::path::PathBuf, Failure> {
    path.canonicalize().map_err(failed("find", path))
}
