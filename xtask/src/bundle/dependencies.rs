//! What the programs need to run, read out of them by the tools that distributions use for that.

use std::{fs, path::PathBuf};

use super::{emptied, failed, places::Places};
use crate::command::{Failure, command, output};

/// Debian's names of what no program is linked to: without certificates of authorities no provider can be trusted, the
/// tray is loaded when it is there to be shown, and a desktop opens links and knows of new entries through the other two.
const BESIDE_DEB: [&str; 4] = [
    "ca-certificates",
    "desktop-file-utils",
    "libayatana-appindicator3-1",
    "xdg-utils",
];

/// The same for Fedora and its like. It is the library that is named, not the package, whose name is not the same everywhere.
const BESIDE_RPM: [&str; 5] = [
    "ca-certificates",
    "desktop-file-utils",
    "hicolor-icon-theme",
    "libayatana-appindicator3.so.1()(64bit)",
    "xdg-utils",
];

/// Reads which libraries and symbols a program is linked to. rpm itself asks it.
const ELFDEPS: &str = "/usr/lib/rpm/elfdeps";

/// What a deb depends on, with the least versions that will do.
pub(super) fn of_deb(places: &Places) -> Result<String, Failure> {
    // It works only in a source package, or what looks like one.
    let folder = emptied(places.work.join("shlibdeps/debian"))?;
    let control = folder.join("control");
    fs::write(
        &control,
        "Source: doorkey\n\nPackage: doorkey\nArchitecture: any\n",
    )
    .map_err(failed("write", &control))?;
    let mut shlibdeps = command("dpkg-shlibdeps", &["-O"]);
    for program in places.programs() {
        shlibdeps.arg(format!("-e{}", program.display()));
    }
    shlibdeps.current_dir(places.work.join("shlibdeps"));
    let printed =
        output(shlibdeps).ok_or_else(|| Failure::new("`dpkg-shlibdeps` failed on the programs"))?;
    let linked = printed
        .trim()
        .strip_prefix("shlibs:Depends=")
        .ok_or_else(|| Failure::new(format!("`dpkg-shlibdeps` says nothing known: {printed}")))?;
    Ok(joined(linked.split(", ").chain(BESIDE_DEB)).join(", "))
}

/// What an rpm requires.
pub(super) fn of_rpm(programs: &[PathBuf]) -> Result<Vec<String>, Failure> {
    let mut all = String::new();
    for program in programs {
        let mut elfdeps = command(ELFDEPS, &["--requires"]);
        elfdeps.arg(program);
        let printed = output(elfdeps)
            .ok_or_else(|| Failure::new(format!("{ELFDEPS} failed on {}", program.display())))?;
        all.push_str(&printed);
    }
    Ok(joined(all.lines().chain(BESIDE_RPM)))
}

/// Sorted, and each once.
fn joined<'a>(names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut names: Vec<String> = names.map(str::to_owned).collect();
    names.sort_unstable();
    names.dedup();
    names
}
