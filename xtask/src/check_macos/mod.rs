//! `cargo xtask check-macos`: whether the code for macOS is sound, without a Mac.
//!
//! App, engine, command line and their tests are type-checked for both processors' common ground, the frameworks of macOS
//! by their bindings. What dependencies have in C is not compiled, nothing is linked, and nothing runs. So it shows that
//! names and types fit, and neither that it links nor what it does. The workflows build and test on macOS itself.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use crate::{
    check_toolchain::{self, Toolchain},
    command::{Failure, command, execute, say},
    lint, packages, ui,
};

/// The processor of each Mac since 2020. The code knows no other difference than that of the system.
const TRIPLE: &str = "aarch64-apple-darwin";

/// What pretends to belong to macOS.
const STAND_INS: [(&str, &str); 3] = [
    ("ar", include_str!("stand_ins/archiver.sh")),
    ("clang", include_str!("stand_ins/compiler.sh")),
    ("xcrun", include_str!("stand_ins/xcrun.sh")),
];

/// Checks the types of all that is for people, and of its tests.
pub(crate) fn check() -> Result<(), Failure> {
    packages::install(&[check_toolchain::PACKAGES], None)?;
    ui::build_if_missing()?;
    let toolchain = Toolchain::new("macos", TRIPLE)?;
    let pretended = pretend(toolchain.folder())?;
    let path = env::var_os("PATH").unwrap_or_default();
    let path = [pretended.clone()]
        .into_iter()
        .chain(env::split_paths(&path));
    let path = env::join_paths(path).map_err(|error| Failure::new(error.to_string()))?;

    say("The types of engine, command line and app, for macOS");
    let packages = [
        "doorkey-core",
        "doorkey-idp",
        "doorkey-cli",
        "doorkey-desktop",
    ];
    let mut arguments = vec!["--lib", "--bins", "--features", lint::SHIPPED];
    for package in packages {
        arguments.extend(["--package", package]);
    }
    let mut cargo = toolchain.build("check", &arguments);
    cargo
        .env("PATH", path)
        .env("CC_aarch64_apple_darwin", pretended.join("clang"))
        .env("CXX_aarch64_apple_darwin", pretended.join("clang"))
        .env("AR_aarch64_apple_darwin", pretended.join("ar"))
        .env("RANLIB_aarch64_apple_darwin", "true")
        .env("SDKROOT", &pretended)
        .env("MACOSX_DEPLOYMENT_TARGET", "14.5")
        // A warning is a failure, as everywhere.
        .env("CARGO_BUILD_WARNINGS", "deny");
    execute(cargo)?;
    say("Done. What this does not show: that it links, and what it does");
    Ok(())
}

/// Puts the stand-ins where they are found.
fn pretend(folder: &Path) -> Result<PathBuf, Failure> {
    let place = folder.join("pretended");
    let failed = |error| Failure::new(format!("cannot write {}: {error}", place.display()));
    fs::create_dir_all(&place).map_err(failed)?;
    for (name, script) in STAND_INS {
        let file = place.join(name);
        fs::write(&file, script).map_err(failed)?;
        execute(command("chmod", &["+x", &file.to_string_lossy()]))?;
    }
    Ok(place)
}
