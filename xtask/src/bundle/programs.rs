//! The programs: built, stripped, and without a word about the machine that built them.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use super::{
    Build, failed,
    places::{PROGRAMS, Places, of_this_machine},
};
use crate::{
    command::{Failure, cargo, command, execute},
    lint::SHIPPED,
    test::SELECTED,
};

/// Builds both programs, and puts them stripped where Tauri looks for them.
pub(super) fn build(build: Build, places: &Places) -> Result<(), Failure> {
    let mut cargo = cargo(&[&["build"], arguments(build).as_slice()].concat());
    cargo
        .env("CARGO_TARGET_DIR", places.cargo_target())
        .env("CARGO_BUILD_BUILD_DIR", &places.target);
    // Each of these variables makes cargo compile all C code again, so only what people get is worth them.
    if build == Build::Release {
        cargo.env("SOURCE_DATE_EPOCH", places.epoch.to_string());
        let paths = of_this_machine(&places.target);
        cargo.env("CARGO_ENCODED_RUSTFLAGS", rust_flags(&paths));
        for variable in ["CFLAGS", "CXXFLAGS"] {
            cargo.env(variable, c_flags(variable, &paths));
        }
    }
    execute(cargo)?;
    let from = places.cargo_target().join(match build {
        Build::Release => "release",
        Build::Quick => "debug",
    });
    let to = places.tauri_output();
    fs::create_dir_all(&to).map_err(failed("make", &to))?;
    for name in PROGRAMS {
        let (from, to) = (from.join(name), to.join(name));
        // What is left has no names and no lines, as Debian and Fedora want it.
        let arguments = ["--strip-unneeded", "--remove-section=.comment", "-o"];
        let mut strip = command("strip", &arguments);
        strip.arg(to).arg(from);
        execute(strip)?;
    }
    Ok(())
}

fn arguments(build: Build) -> Vec<&'static str> {
    let programs = ["--bin", "doorkey-desktop", "--bin", "doorkey"];
    match build {
        // Without the features that only tests turn on.
        Build::Release => [
            &[
                "--release",
                "--locked",
                "--package",
                "doorkey-desktop",
                "--package",
                "doorkey-cli",
                "--features",
                SHIPPED,
            ],
            programs.as_slice(),
        ]
        .concat(),
        // The choice of `cargo xtask test`, whose dependencies are there already. An example has to be among it: only
        // then does cargo choose features as for tests. Debug assertions are what makes a build the development edition.
        Build::Quick => [
            SELECTED,
            programs.as_slice(),
            &[
                "--example",
                "sign_in",
                "--config",
                "profile.dev.package.doorkey-core.debug-assertions=false",
            ],
        ]
        .concat(),
    }
}

/// What tells rustc to write other names for folders. The last one that fits counts.
fn rust_flags(paths: &[(PathBuf, &str)]) -> String {
    let kept = env::var("CARGO_ENCODED_RUSTFLAGS")
        .or_else(|_| env::var("RUSTFLAGS").map(|flags| flags.replace(' ', "\u{1f}")))
        .into_iter()
        .filter(|flags| !flags.is_empty());
    let renamed = paths
        .iter()
        .map(|(path, name)| format!("--remap-path-prefix={}={name}", path.display()));
    kept.chain(renamed).collect::<Vec<_>>().join("\u{1f}")
}

/// The same for the C code that comes with crates.
fn c_flags(variable: &str, paths: &[(PathBuf, &str)]) -> String {
    let kept = env::var(variable).into_iter();
    let renamed = paths
        .iter()
        .map(|(path, name)| format!("-ffile-prefix-map={}={name}", path.display()));
    kept.chain(renamed).collect::<Vec<_>>().join(" ")
}

/// Fails when a folder of the machine that builds stands in a program.
pub(super) fn without_paths_of_this_machine(places: &Places) -> Result<(), Failure> {
    for program in places.programs() {
        let bytes = fs::read(&program).map_err(failed("read", &program))?;
        for (path, _) in of_this_machine(&places.target) {
            if let Some(found) = text_with(&bytes, &path) {
                return Err(Failure::new(format!(
                    "{} says where it was built: {found}",
                    program.display()
                )));
            }
        }
    }
    Ok(())
}

/// The text around the first mention of something inside of a folder.
fn text_with(bytes: &[u8], folder: &Path) -> Option<String> {
    let inside = format!("{}/", folder.display()).into_bytes();
    let at = bytes
        .windows(inside.len())
        .position(|window| window == inside)?;
    let text = bytes[at..].iter().take(200);
    Some(
        text.take_while(|byte| byte.is_ascii_graphic())
            .map(|byte| char::from(*byte))
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_in_a_program_is_found() {
        let program = b"\x7fELF\0\0/home/ada/.cargo/registry/lib.rs\0/home/adam";
        let found = |folder: &str| text_with(program, Path::new(folder));
        assert_eq!(
            found("/home/ada").as_deref(),
            Some("/home/ada/.cargo/registry/lib.rs")
        );
        assert_eq!(found("/home/adam"), None);
        assert_eq!(found("/home/eve"), None);
    }

    #[test]
    fn the_more_telling_name_for_a_folder_comes_last() {
        let paths = [
            (PathBuf::from("/home/ada"), "/home"),
            (PathBuf::from("/home/ada/.cargo"), "/cargo"),
        ];
        assert!(rust_flags(&paths).ends_with(
            "--remap-path-prefix=/home/ada=/home\u{1f}--remap-path-prefix=/home/ada/.cargo=/cargo"
        ));
    }
}
