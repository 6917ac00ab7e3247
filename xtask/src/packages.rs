//! System packages: knows what Debian and Ubuntu call them, says what lacks, and installs it.

use std::fs;

use crate::command::{Failure, command, execute, is_installed, output, say};

/// What building the desktop app takes.
pub(crate) const BUILD: &[&str] = &[
    "build-essential",
    "file",
    "libayatana-appindicator3-dev",
    "librsvg2-dev",
    "libwebkit2gtk-4.1-dev",
    "libxdo-dev",
    "pkg-config",
];

/// What a sign-in in the terminal takes: a compiler, a D-Bus session and a keychain.
pub(crate) const TERMINAL: &[&str] = &[
    "build-essential",
    "dbus",
    "gnome-keyring",
    "libglib2.0-bin",
    "pkg-config",
];

/// What a window without a screen, a keychain and a tray take in tests.
pub(crate) const WINDOW: &[&str] = &[
    "dbus",
    "dbus-x11",
    "desktop-file-utils",
    "gir1.2-ayatanaappindicator3-0.1",
    "gnome-keyring",
    "imagemagick",
    "libsecret-tools",
    "openbox",
    "python3-gi",
    "shared-mime-info",
    "webkit2gtk-driver",
    "x11-utils",
    "xauth",
    "xdg-utils",
    "xdotool",
    "xvfb",
];

/// What a real browser takes in tests.
pub(crate) const BROWSER: &[&str] = &[
    "chromium",
    "chromium-driver",
    "fonts-dejavu-core",
    "fonts-liberation",
];

/// What a proxy takes in tests: the program alone, without a system service.
pub(crate) const PROXY: &[&str] = &["tinyproxy-bin"];

/// What making a deb takes, and checking it.
pub(crate) const DEB: &[&str] = &[
    "appstream",
    "binutils",
    "desktop-file-utils",
    "dpkg-dev",
    "gzip",
    "lintian",
];

/// What checking an rpm takes besides.
pub(crate) const RPM: &[&str] = &["cpio", "rpm", "rpm2cpio", "rpmlint"];

/// What the linter of the workflows takes: a Python that makes environments of its own.
pub(crate) const WORKFLOWS: &[&str] = &["python3", "python3-venv"];

/// What it takes to make a clean root, and to look at what a package has put there.
pub(crate) const ROOT: &[&str] = &["iproute2", "man-db", "mmdebstrap"];

/// Installs what lacks of the lists. On systems without dpkg it says what is needed and goes on if
/// the `proof` is there: a library that pkg-config knows, or nothing.
pub(crate) fn install(lists: &[&[&str]], proof: Option<&str>) -> Result<(), Failure> {
    if !cfg!(target_os = "linux") {
        return Ok(());
    }
    let mut names: Vec<&str> = lists.concat().iter().map(|name| renamed(name)).collect();
    names.sort_unstable();
    names.dedup();
    if !is_installed("dpkg-query") {
        return go_on_without_dpkg(&names, proof);
    }
    let missing = missing(&names);
    if missing.is_empty() {
        return Ok(());
    }
    say(format!(
        "Doorkey needs these system packages: {}",
        missing.join(" ")
    ));
    let install = [
        &["apt-get", "install", "--yes", "--no-install-recommends"],
        missing.as_slice(),
    ]
    .concat();
    let sudo: &[&str] = match () {
        () if is_root() => &[],
        () if is_installed("sudo") => &["sudo"],
        () => {
            let line = install.join(" ");
            return Err(Failure::new(format!(
                "run this as root, then try again:\n    apt-get update && {line}"
            )));
        }
    };
    println!(
        "    Installing with: {}",
        [sudo, &install].concat().join(" ")
    );
    for words in [
        [sudo, &["apt-get", "update"]].concat(),
        [sudo, &install].concat(),
    ] {
        let mut command = command(words[0], &words[1..]);
        command.env("DEBIAN_FRONTEND", "noninteractive");
        execute(command)?;
    }
    Ok(())
}

/// The packages that dpkg does not list as installed.
fn missing<'a>(names: &[&'a str]) -> Vec<&'a str> {
    let mut query = command(
        "dpkg-query",
        &["--show", "--showformat", "${Package} ${db:Status-Status}\n"],
    );
    query.args(names);
    // It exits with 1 when it does not know a package: what it printed counts all the same.
    let known = query
        .output()
        .map(|output| String::from_utf8_lossy(&output.stdout).into_owned())
        .unwrap_or_default();
    let installed: Vec<&str> = known
        .lines()
        .filter_map(|line| line.strip_suffix(" installed"))
        .collect();
    names
        .iter()
        .copied()
        .filter(|name| !installed.contains(name))
        .collect()
}

/// What Ubuntu calls a package of Debian.
fn renamed(name: &str) -> &str {
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    match name {
        _ if !release.lines().any(|line| line == "ID=ubuntu") => name,
        "chromium" => "chromium-browser",
        "chromium-driver" => "chromium-chromedriver",
        _ => name,
    }
}

fn go_on_without_dpkg(names: &[&str], proof: Option<&str>) -> Result<(), Failure> {
    say(format!(
        "Not Debian or Ubuntu: Doorkey needs what they call {}",
        names.join(" ")
    ));
    match proof {
        Some(library) if output(command("pkg-config", &["--exists", library])).is_none() => {
            Err(Failure::new(format!(
                "pkg-config does not know {library}: install the packages above under the names of your system"
            )))
        }
        _ => Ok(()),
    }
}

pub(crate) fn is_root() -> bool {
    output(command("id", &["-u"])).is_some_and(|id| id.trim() == "0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_list_is_sorted_and_without_repetition() {
        for list in [
            BUILD, DEB, RPM, TERMINAL, WINDOW, BROWSER, PROXY, ROOT, WORKFLOWS,
        ] {
            assert!(list.is_sorted_by(|one, next| one < next), "{list:?}");
        }
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn tells_missing_from_installed() {
        if is_installed("dpkg-query") {
            assert_eq!(missing(&["dpkg", "no-such-package"]), ["no-such-package"]);
        }
    }
}
