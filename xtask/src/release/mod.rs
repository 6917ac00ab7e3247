//! `cargo xtask release`: what the release workflow does beyond building, so that it can be tried and tested anywhere.
//!
//! `docs/release.md` says in which order, and what each variable is for.

#![cfg_attr(test, expect(clippy::expect_used, reason = "a test may fail"))]

mod announcement;
mod changelog;
mod checksums;
mod elsewhere;
mod files;
mod signatures;
mod trial;
mod version;

use std::path::Path;

use crate::command::Failure;
use elsewhere::Build;

/// The version of all of Doorkey: that of the workspace.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What there is, for the help.
pub(crate) const HELP: &str = "\
    cargo xtask release check TAG       the tag is this version, and CHANGELOG.md says what is new in it
    cargo xtask release notes           what is new in this version, for the page of the release
    cargo xtask release build [TARGET | --quick]
                                        the programs of the installer of this system, if it is Windows or macOS
    cargo xtask release package [TARGET | --quick]
                                        signs them, and makes the installer: NSIS on Windows, app and dmg on macOS
    cargo xtask release try             installs what `package --quick` has made, looks at it, and removes it
    cargo xtask release finish FOLDER ADDRESS
                                        signs the files of a release with the keys that are given, writes latest.json for
                                        the updater if it has one, and SHA256SUMS; ADDRESS is where they are downloaded
";

/// Does one of them.
pub(crate) fn release(arguments: &[&str]) -> Result<(), Failure> {
    match arguments {
        ["check", tag] => version::check(tag),
        ["notes"] => changelog::print_notes(),
        ["build"] => elsewhere::build(Build::Release, None),
        ["build", "--quick"] => elsewhere::build(Build::Quick, None),
        ["build", target] => elsewhere::build(Build::Release, Some(target)),
        ["package"] => elsewhere::package(Build::Release, None),
        ["package", "--quick"] => elsewhere::package(Build::Quick, None),
        ["package", target] => elsewhere::package(Build::Release, Some(target)),
        ["try"] => trial::of_this_system(),
        ["finish", folder, address] => finish(Path::new(folder), address),
        _ => Err(Failure::new(format!("what of a release?\n\n{HELP}"))),
    }
}

/// What is done with the files of all systems, once they are in one folder.
fn finish(folder: &Path, address: &str) -> Result<(), Failure> {
    let keyring = signatures::Keyring::given()?;
    signatures::for_the_updater(folder)?;
    match &keyring {
        Some(keyring) => keyring.sign_packages(folder)?,
        None => signatures::say_that_there_is_no_key(),
    }
    announcement::write(folder, address)?;
    let list = checksums::write(folder)?;
    keyring.map_or(Ok(()), |keyring| keyring.sign(&list))
}
