//! What lies beside the app in a package: the command, the manual, completions, icons, and what says whose it is.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::{changelog, emptied, failed, licences, places::Places};
use crate::command::{Failure, command, execute, output};

/// Where what is written by hand lies.
pub(super) const LINUX: &str = "src-tauri/linux";

/// Lays out a tree for each kind of package: `deb/usr` and `rpm/usr` inside of what is returned.
pub(super) fn lay_out(places: &Places) -> Result<PathBuf, Failure> {
    let trees = emptied(places.work.join("trees"))?;
    let releases = changelog::releases(places)?;
    let metainfo = metainfo(&changelog::appstream(&releases))?;
    for kind in ["deb", "rpm"] {
        let usr = trees.join(kind).join("usr");
        copy(&places.command_line(), &usr.join("bin/doorkey"))?;
        write(
            &usr.join("share/metainfo/dev.doorkey.app.metainfo.xml"),
            &metainfo,
        )?;
        copy(
            Path::new("icons/icon.svg"),
            &usr.join("share/icons/hicolor/scalable/apps/doorkey-desktop.svg"),
        )?;
        manual(places, &usr.join("share/man/man1"))?;
        completions(places, kind, &usr.join("share"))?;
    }
    let deb = trees.join("deb/usr/share");
    copy(&by_hand("copyright"), &deb.join("doc/doorkey/copyright"))?;
    let list = deb.join("doc/doorkey/changelog");
    write(&list, &changelog::debian(&releases)?)?;
    compress(&list)?;
    let licences = licences::of_what_is_inside()?;
    let inside = deb.join("doc/doorkey/third-party.txt");
    write(&inside, &licences)?;
    compress(&inside)?;
    let rpm = trees.join("rpm/usr/share");
    write(&rpm.join("licenses/doorkey/third-party.txt"), &licences)?;
    for licence in ["LICENSE-MIT", "LICENSE-APACHE"] {
        copy(
            Path::new(licence),
            &rpm.join("licenses/doorkey").join(licence),
        )?;
    }
    Ok(trees)
}

/// The pages of the command, which it writes itself, and the one of the app.
fn manual(places: &Places, folder: &Path) -> Result<(), Failure> {
    let main = printed(places, &["man"])?;
    for subcommand in subcommands(&main) {
        let page = folder.join(format!("doorkey-{subcommand}.1"));
        write(&page, &printed(places, &["man", subcommand])?)?;
        compress(&page)?;
    }
    let page = folder.join("doorkey.1");
    write(&page, &main)?;
    compress(&page)?;
    let page = folder.join("doorkey-desktop.1");
    copy(&by_hand("doorkey-desktop.1"), &page)?;
    compress(&page)
}

/// The commands that the main page refers to, each with a page of its own.
fn subcommands(page: &str) -> Vec<&str> {
    page.lines()
        .filter_map(|line| line.strip_prefix(r"doorkey\-")?.strip_suffix("(1)"))
        // The page about pages of help is the help of clap.
        .filter(|name| *name != "help")
        .collect()
}

/// Each shell's script where that shell looks for those of packages.
fn completions(places: &Places, kind: &str, share: &Path) -> Result<(), Failure> {
    let zsh = match kind {
        "deb" => "zsh/vendor-completions/_doorkey",
        _ => "zsh/site-functions/_doorkey",
    };
    for (shell, path) in [
        ("bash", "bash-completion/completions/doorkey"),
        ("zsh", zsh),
        ("fish", "fish/vendor_completions.d/doorkey.fish"),
    ] {
        write(
            &share.join(path),
            &printed(places, &["completions", shell])?,
        )?;
    }
    Ok(())
}

/// What the software centre shows, with the releases filled in.
fn metainfo(releases: &str) -> Result<String, Failure> {
    let path = by_hand("dev.doorkey.app.metainfo.xml");
    let text = fs::read_to_string(&path).map_err(failed("read", &path))?;
    let filled = text.replacen("<releases/>", releases, 1);
    if filled == text {
        return Err(Failure::new(format!(
            "{} has no <releases/> to fill in",
            path.display()
        )));
    }
    Ok(filled)
}

/// What the command that is packed prints.
fn printed(places: &Places, arguments: &[&str]) -> Result<String, Failure> {
    let program = places.command_line();
    output(command(&program.to_string_lossy(), arguments)).ok_or_else(|| {
        Failure::new(format!(
            "`{} {}` failed",
            program.display(),
            arguments.join(" ")
        ))
    })
}

fn by_hand(name: &str) -> PathBuf {
    Path::new(LINUX).join(name)
}

/// Compressed as Debian wants it: as small as it gets, with neither name nor time.
fn compress(path: &Path) -> Result<(), Failure> {
    let mut gzip = command("gzip", &["--best", "--no-name", "--force"]);
    gzip.arg(path);
    execute_quietly(gzip)
}

fn execute_quietly(mut command: std::process::Command) -> Result<(), Failure> {
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        _ => execute(command),
    }
}

fn copy(from: &Path, to: &Path) -> Result<(), Failure> {
    make_parent(to)?;
    fs::copy(from, to).map_err(failed("copy", from))?;
    Ok(())
}

fn write(to: &Path, text: &str) -> Result<(), Failure> {
    make_parent(to)?;
    fs::write(to, text).map_err(failed("write", to))
}

fn make_parent(path: &Path) -> Result<(), Failure> {
    match path.parent() {
        Some(parent) => fs::create_dir_all(parent).map_err(failed("make", parent)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_main_page_names_the_pages_of_its_commands() {
        let page = ".TP\ndoorkey\\-login(1)\nSign in\n.TP\ndoorkey\\-help(1)\nPrint help\n";
        assert_eq!(subcommands(page), ["login"]);
    }
}
