//! The deb: Tauri's, with what Debian's policy wants besides, and checked by Debian's own tools.
//!
//! Tauri takes modes and times as they are on the disk, knows no versions of what the programs depend on, writes 1.0.0-rc.1
//! for a preview, which to Debian is newer than 1.0.0, and counts sizes its own way. So its package is unpacked, mended and
//! packed again.

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use super::{
    Build, MAINTAINER,
    changelog::debian_version,
    dependencies, emptied, failed,
    places::{Places, VERSION},
    report, tauri,
};
use crate::command::{Failure, command, execute, output, say};

/// Mends Tauri's package, packs it again, and checks it.
pub(super) fn finish(build: Build, places: &Places) -> Result<PathBuf, Failure> {
    say("Finishing the deb");
    let root = emptied(places.work.join("deb"))?;
    let mut unpack = command("dpkg-deb", &["--raw-extract"]);
    unpack.arg(tauri::made(places, "deb")?).arg(&root);
    execute(unpack)?;
    let files = tidied(&root, places)?;
    let control = root.join("DEBIAN/control");
    let text = fs::read_to_string(&control).map_err(failed("read", &control))?;
    let fields = [
        ("Version", debian_version(VERSION)),
        ("Installed-Size", installed_size(&files).to_string()),
        ("Maintainer", MAINTAINER.to_owned()),
        ("Depends", dependencies::of_deb(places)?),
    ];
    let text = fields
        .iter()
        .fold(text, |text, (name, value)| with_field(&text, name, value));
    fs::write(&control, &text).map_err(failed("write", &control))?;
    sums(&root, &files)?;
    // The control files were written just now.
    tidied(&root, places)?;

    let architecture = field(&text, "Architecture").unwrap_or("unknown");
    let name = format!("doorkey_{}_{architecture}.deb", debian_version(VERSION));
    let deb = places.results.join(name);
    let compression: &[&str] = match build {
        Build::Release => &["-Zxz"],
        // A package for tests is unpacked once: small is not worth a minute.
        Build::Quick => &["-Zgzip", "-z1"],
    };
    let mut pack = command("dpkg-deb", &["--root-owner-group"]);
    pack.args(compression)
        .arg("--build")
        .arg(&root)
        .arg(&deb)
        .env("SOURCE_DATE_EPOCH", places.epoch.to_string());
    execute(pack)?;
    check(&deb, &root)?;
    Ok(deb)
}

/// Gives every file the mode and the time that it should have; says which are installed.
fn tidied(root: &Path, places: &Places) -> Result<Vec<PathBuf>, Failure> {
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(places.epoch);
    let all = report::tree(root)?;
    let programs = root.join("usr/bin");
    let (open, plain): (Vec<_>, Vec<_>) = all
        .iter()
        .partition(|path| path.is_dir() || path.starts_with(&programs));
    for (mode, paths) in [("0755", open), ("0644", plain)] {
        let mut chmod = command("chmod", &[mode, "--"]);
        chmod.args(paths);
        output(chmod).ok_or_else(|| Failure::new("`chmod` failed"))?;
    }
    for path in &all {
        fs::File::open(path)
            .and_then(|file| file.set_modified(time))
            .map_err(failed("change", path))?;
    }
    let control = root.join("DEBIAN");
    Ok(all
        .into_iter()
        .filter(|path| path != root && !path.starts_with(&control))
        .collect())
}

/// In KiB, as `dpkg-gencontrol` counts: each file in whole ones, everything else as one.
fn installed_size(files: &[PathBuf]) -> u64 {
    files
        .iter()
        .filter_map(|path| path.symlink_metadata().ok())
        .map(|data| {
            if data.is_file() {
                data.len().div_ceil(1024)
            } else {
                1
            }
        })
        .sum()
}

/// The list by which `dpkg --verify` finds files that were changed.
fn sums(root: &Path, files: &[PathBuf]) -> Result<(), Failure> {
    let mut sum = command("md5sum", &["--"]);
    sum.current_dir(root);
    sum.args(
        files
            .iter()
            .filter(|path| path.is_file())
            .map(|path| path.strip_prefix(root).unwrap_or(path)),
    );
    let sums = output(sum).ok_or_else(|| Failure::new("`md5sum` failed"))?;
    let path = root.join("DEBIAN/md5sums");
    fs::write(&path, sums).map_err(failed("write", &path))
}

/// The value of a field of a control file that fits in one line.
fn field<'a>(control: &'a str, name: &str) -> Option<&'a str> {
    control
        .lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
}

/// The control file with a field changed, or added before the description, which comes last.
fn with_field(control: &str, name: &str, value: &str) -> String {
    let new = format!("{name}: {value}");
    let mut lines: Vec<&str> = control.lines().collect();
    let is_field = |line: &&str, name| line.split_once(':').is_some_and(|(field, _)| field == name);
    if let Some(at) = lines.iter().position(|line| is_field(line, name)) {
        lines[at] = &new;
    } else {
        let end = lines.iter().position(|line| is_field(line, "Description"));
        lines.insert(end.unwrap_or(lines.len()), &new);
    }
    lines.join("\n") + "\n"
}

fn check(deb: &Path, root: &Path) -> Result<(), Failure> {
    say("Checking the deb");
    report::check_desktop(root)?;
    // Hints are shown as well, but only errors and warnings fail.
    let mut lintian = command(
        "lintian",
        &[
            "--profile",
            "debian",
            "--allow-root",
            "--pedantic",
            "--display-info",
            "--tag-display-limit",
            "0",
            "--fail-on",
            "error,warning",
        ],
    );
    lintian.arg(deb);
    execute(lintian)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONTROL: &str = "Package: doorkey\nVersion: 1\nDescription: short\n long: text\n";

    #[test]
    fn a_field_is_changed_where_it_stands() {
        let text = with_field(CONTROL, "Version", "2~rc.1");
        assert_eq!(field(&text, "Version"), Some("2~rc.1"));
        assert_eq!(text.lines().count(), 4);
    }

    #[test]
    fn a_field_that_lacks_comes_before_the_description() {
        let text = with_field(CONTROL, "Depends", "libc6");
        assert_eq!(
            text,
            "Package: doorkey\nVersion: 1\nDepends: libc6\nDescription: short\n long: text\n"
        );
    }
}
