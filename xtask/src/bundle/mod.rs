//! `cargo xtask bundle`: the packages for Linux, made by Tauri's bundler, finished and checked.
//!
//! The programs are built once. Everything that belongs beside them is laid out in a folder as it will lie in the
//! root, and Tauri packs both. What its packages lack is mended afterwards.

mod appimage;
mod changelog;
mod compare;
mod contents;
mod deb;
mod dependencies;
mod licences;
mod places;
mod programs;
mod report;
mod rpm;
mod tauri;

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{
    command::{Failure, failed, say},
    packages, tools, ui,
};
use places::Places;

/// Who answers for a package. Whoever publishes Doorkey puts an address here that somebody reads.
const MAINTAINER: &str = "The Doorkey authors <authors@doorkey.invalid>";

/// How the programs are built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Build {
    /// As people get them.
    Release,
    /// As tests get them: from what `cargo xtask test` has built already.
    Quick,
}

/// Makes and checks what the arguments ask for.
pub(crate) fn bundle(arguments: &[&str]) -> Result<(), Failure> {
    let (build, other) = match arguments {
        [] => (Build::Release, None),
        ["--quick"] => return quick().map(drop),
        ["--against", other] => (Build::Release, Some(other)),
        ["--quick", "--against", other] => (Build::Quick, Some(other)),
        _ => {
            return Err(Failure::new(
                "`cargo xtask bundle` knows only `--quick` and, after it, `--against OTHER.deb`",
            ));
        }
    };
    let (places, deb) = make(build)?;
    match other {
        Some(other) => compare::compare(&places, &deb, Path::new(other)),
        None => Ok(()),
    }
}

/// The deb for tests: of the release edition, but from the development profile, and with the web UI as it was built last.
pub(crate) fn quick() -> Result<PathBuf, Failure> {
    make(Build::Quick).map(|(_, deb)| deb)
}

/// Makes and checks the packages, and says where the deb is.
fn make(build: Build) -> Result<(Places, PathBuf), Failure> {
    prepare(build)?;
    let places = Places::of(build)?;
    say("Building the programs");
    programs::build(build, &places)?;
    say("Laying out what belongs beside them");
    let trees = contents::lay_out(&places)?;
    let mut made = Vec::new();
    if build == Build::Release {
        programs::without_paths_of_this_machine(&places)?;
        tauri::bundle(
            &places,
            &["deb", "rpm"],
            &trees,
            &dependencies::of_rpm(&places.programs())?,
        )?;
        made.push(rpm::finish(&places)?);
        made.extend(appimage::attempt(&places, &trees)?);
    } else {
        tauri::bundle(&places, &["deb"], &trees, &[])?;
    }
    let deb = deb::finish(build, &places)?;
    made.push(deb.clone());
    report::tell(&places, &made)?;
    Ok((places, deb))
}

/// Installs what making and checking takes.
fn prepare(build: Build) -> Result<(), Failure> {
    if !cfg!(target_os = "linux") {
        return Err(Failure::new(
            "this makes the packages for Linux: docs/install.md says how those for other systems are made",
        ));
    }
    let lists: &[&[&str]] = match build {
        Build::Release => &[packages::BUILD, packages::DEB, packages::RPM],
        Build::Quick => &[packages::BUILD, packages::DEB],
    };
    packages::install(lists, Some("webkit2gtk-4.1"))?;
    tools::node()?;
    tools::npm_packages(Path::new(ui::FOLDER))?;
    match build {
        Build::Release => ui::build(),
        Build::Quick => ui::build_if_missing(),
    }
}

/// An empty folder, whatever was there.
fn emptied(folder: PathBuf) -> Result<PathBuf, Failure> {
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(failed("remove", &folder))?;
    }
    fs::create_dir_all(&folder).map_err(failed("make", &folder))?;
    Ok(folder)
}
