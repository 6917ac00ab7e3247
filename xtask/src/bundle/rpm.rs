//! The rpm: Tauri's, checked with rpm's own tools as far as a Debian can.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::{
    emptied, failed,
    places::{PROGRAMS, Places, VERSION},
    report, tauri,
};
use crate::{
    command::{Failure, command, execute, output, say},
    packages,
};

/// Without these the app does not start, or has no tray.
const NEEDED: [&str; 4] = [
    "libayatana-appindicator3.so.1()(64bit)",
    "libgtk-3.so.0()(64bit)",
    "libwebkit2gtk-4.1.so.0()(64bit)",
    "xdg-utils",
];

/// Takes Tauri's package, and checks it.
pub(super) fn finish(places: &Places) -> Result<PathBuf, Failure> {
    say("Checking the rpm");
    let made = tauri::made(places, "rpm")?;
    let name = query(&made, &["--queryformat", "%{NVRA}.rpm"])?;
    let rpm = places.results.join(name.trim());
    fs::copy(&made, &rpm).map_err(failed("copy", &made))?;
    let requires = query(&rpm, &["--requires"])?;
    if let Some(missing) = NEEDED
        .iter()
        .find(|needed| requires.lines().all(|line| line.trim() != **needed))
    {
        return Err(Failure::new(format!("the rpm does not require {missing}")));
    }
    let modes = query(
        &rpm,
        &[
            "--queryformat",
            "[%{FILEMODES:perms} %{FILEUSERNAME} %{FILENAMES}\n]",
        ],
    )?;
    if let Some(line) = modes.lines().find(|line| !is_as_it_should_be(line)) {
        return Err(Failure::new(format!("mode or owner in the rpm: {line}")));
    }
    let mut lint = command("rpmlint", &["--config", "src-tauri/linux/rpmlint.toml"]);
    lint.arg(&rpm);
    execute(lint)?;
    let root = unpack(places, &rpm)?;
    report::check_desktop(&root)?;
    for name in PROGRAMS {
        let libraries = output(command(
            "ldd",
            &[&root.join("usr/bin").join(name).to_string_lossy()],
        ))
        .ok_or_else(|| Failure::new(format!("the rpm has no program {name}")))?;
        if libraries.contains("not found") {
            return Err(Failure::new(format!(
                "{name} lacks libraries:\n{libraries}"
            )));
        }
    }
    let mut version = command(
        &root.join("usr/bin/doorkey").to_string_lossy(),
        &["--version"],
    );
    version.env_clear();
    match output(version) {
        Some(text) if text.trim() == format!("doorkey {VERSION}") => {}
        other => {
            return Err(Failure::new(format!(
                "`doorkey --version` of the rpm says {other:?}"
            )));
        }
    }
    if packages::is_root() {
        install(places, &rpm)?;
    } else {
        say(
            "Not root, so rpm itself does not install it: it was unpacked, and the command in it started",
        );
    }
    Ok(rpm)
}

fn query(rpm: &Path, arguments: &[&str]) -> Result<String, Failure> {
    let mut query = command("rpm", &["--query", "--package"]);
    query.args(arguments).arg(rpm);
    output(query).ok_or_else(|| Failure::new(format!("rpm cannot read {}", rpm.display())))
}

/// Everything belongs to root, and only programs can be run.
fn is_as_it_should_be(line: &str) -> bool {
    let words: Vec<&str> = line.split(' ').collect();
    match words[..] {
        [mode, "root", path] if path.starts_with("/usr/bin/") => mode == "-rwxr-xr-x",
        [mode, "root", _] => mode == "-rw-r--r--" || mode == "drwxr-xr-x",
        _ => false,
    }
}

fn unpack(places: &Places, rpm: &Path) -> Result<PathBuf, Failure> {
    let root = emptied(places.work.join("rpm"))?;
    let mut shell = command(
        "sh",
        &[
            "-c",
            "rpm2cpio \"$1\" | cpio --extract --make-directories --quiet",
        ],
    );
    shell.arg("sh").arg(rpm).current_dir(&root);
    execute(shell)?;
    Ok(root)
}

/// Installs it into a root with nothing else, and removes it from there: nothing may stay.
fn install(places: &Places, rpm: &Path) -> Result<(), Failure> {
    let root = emptied(places.work.join("rpm-root"))?;
    // Debian's rpm has no Fedora to ask for what the package needs.
    for arguments in [&["--nodeps", "--install"][..], &["--nodeps", "--erase"]] {
        let mut act = command("rpm", &["--root"]);
        act.arg(&root).args(arguments);
        if arguments.contains(&"--install") {
            act.arg(rpm);
        } else {
            act.arg("doorkey");
        }
        execute(act)?;
        let left = root.join("usr/bin/doorkey").exists();
        if left != arguments.contains(&"--install") {
            return Err(Failure::new(format!("rpm {} did not do it", arguments[1])));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modes_are_those_of_a_package() {
        assert!(is_as_it_should_be("-rwxr-xr-x root /usr/bin/doorkey"));
        assert!(is_as_it_should_be(
            "-rw-r--r-- root /usr/share/man/man1/doorkey.1.gz"
        ));
        assert!(!is_as_it_should_be("-rw-r--r-- root /usr/bin/doorkey"));
        assert!(!is_as_it_should_be(
            "-rw------- root /usr/share/man/man1/doorkey.1.gz"
        ));
        assert!(!is_as_it_should_be(
            "-rw-r--r-- ada /usr/share/man/man1/doorkey.1.gz"
        ));
    }
}
