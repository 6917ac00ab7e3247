//! `latest.json`, which tells installed copies of a newer version
//! ([its form](https://v2.tauri.app/plugin/updater/#static-json-file)).

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::{Map, Value, json};

use super::{VERSION, changelog, files};
use crate::command::{Failure, command, failed, output, say};

/// Its name.
const FILE: &str = "latest.json";

/// What `tauri signer sign` puts beside a file.
const SIGNATURE: &str = ".sig";

/// How files end, their system, and what the updater calls their kind.
const KINDS: [(&str, &str, &str); 5] = [
    (".AppImage", "linux", "appimage"),
    (".deb", "linux", "deb"),
    (".rpm", "linux", "rpm"),
    ("-setup.exe", "windows", "nsis"),
    (".app.tar.gz", "darwin", "app"),
];

/// The updater's processors, and how packages name them.
const PROCESSORS: [(&str, &[&str]); 2] = [
    ("x86_64", &["x86_64", "amd64", "x64", "universal"]),
    ("aarch64", &["aarch64", "arm64", "universal"]),
];

/// Writes it where files are signed for the updater. The address is where these files can be downloaded.
pub(super) fn write(folder: &Path, address: &str) -> Result<(), Failure> {
    let platforms = platforms(&files::of(folder)?, address)?;
    if platforms.is_empty() {
        say(format!(
            "no file is signed for the updater: there is no {FILE}"
        ));
        return Ok(());
    }
    let announcement = json!({
        "version": VERSION,
        "notes": changelog::section(&changelog::read()?, VERSION)?.text,
        "pub_date": commit_date()?,
        "platforms": platforms,
    });
    let path = folder.join(FILE);
    fs::write(&path, format!("{announcement:#}\n")).map_err(failed("write", &path))?;
    say(format!("Wrote {}", path.display()));
    Ok(())
}

/// Each signed file under the names of the systems that it is for.
fn platforms(files: &[PathBuf], address: &str) -> Result<Map<String, Value>, Failure> {
    let mut platforms = Map::new();
    for file in files {
        let signature = files::beside(file, SIGNATURE);
        if !signature.is_file() {
            continue;
        }
        let signature = fs::read_to_string(&signature).map_err(failed("read", &signature))?;
        let name = files::name(file);
        let named = names(&name);
        if named.is_empty() {
            return Err(Failure::new(format!(
                "{name} is signed, but for which system?"
            )));
        }
        let value = json!({
            "signature": signature.trim(),
            "url": format!("{}/{name}", address.trim_end_matches('/')),
        });
        for platform in named {
            if platforms.insert(platform.clone(), value.clone()).is_some() {
                return Err(Failure::new(format!("there are two files for {platform}")));
            }
        }
    }
    Ok(platforms)
}

/// The systems that a file is for, as the updater asks for them.
fn names(file: &str) -> Vec<String> {
    let Some((_, system, kind)) = KINDS.iter().find(|(ending, ..)| file.ends_with(ending)) else {
        return Vec::new();
    };
    let mut words = file.split(['_', '-', '.']).collect::<Vec<_>>();
    // The one name that has a separator in it.
    if file.contains("x86_64") {
        words.push("x86_64");
    }
    let is_for = |names: &[&str]| names.iter().any(|name| words.contains(name));
    PROCESSORS
        .iter()
        .filter(|(_, names)| is_for(names))
        .map(|(processor, _)| format!("{system}-{processor}-{kind}"))
        .collect()
}

fn commit_date() -> Result<String, Failure> {
    output(command("git", &["log", "-1", "--format=%cI"]))
        .map(|date| date.trim().to_owned())
        .filter(|date| !date.is_empty())
        .ok_or_else(|| Failure::new("git does not know when this was committed"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_announced_to_the_systems_that_its_name_says() {
        for (file, expected) in [
            (
                "Doorkey_1.2.3_amd64.AppImage",
                &["linux-x86_64-appimage"][..],
            ),
            (
                "Doorkey_1.2.3_aarch64.AppImage",
                &["linux-aarch64-appimage"],
            ),
            ("doorkey_1.2.3_arm64.deb", &["linux-aarch64-deb"]),
            ("doorkey-1.2.3-1.x86_64.rpm", &["linux-x86_64-rpm"]),
            ("Doorkey_1.2.3_x64-setup.exe", &["windows-x86_64-nsis"]),
            ("Doorkey_1.2.3_arm64-setup.exe", &["windows-aarch64-nsis"]),
            (
                "Doorkey_1.2.3_universal.app.tar.gz",
                &["darwin-x86_64-app", "darwin-aarch64-app"],
            ),
            ("Doorkey_1.2.3_universal.dmg", &[]),
            ("doorkey_1.2.3_riscv64.deb", &[]),
        ] {
            assert_eq!(names(file), expected, "{file}");
        }
    }

    #[test]
    fn only_signed_files_are_announced() {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |name: &str| {
            let file = folder.path().join(name);
            fs::write(&file, format!("{name}\n")).expect("to write");
            file
        };
        let deb = write("doorkey_1.2.3_amd64.deb");
        let announced = |files: &[PathBuf]| platforms(files, "https://a.example/v1/");
        assert_eq!(
            announced(std::slice::from_ref(&deb)).expect("none"),
            Map::new()
        );
        write("doorkey_1.2.3_amd64.deb.sig");
        let found = announced(std::slice::from_ref(&deb)).expect("one");
        let expected = json!({ "linux-x86_64-deb": {
            "signature": "doorkey_1.2.3_amd64.deb.sig",
            "url": "https://a.example/v1/doorkey_1.2.3_amd64.deb",
        } });
        assert_eq!(Value::Object(found), expected);
        let odd = write("doorkey_1.2.3_other.deb");
        write("doorkey_1.2.3_other.deb.sig");
        assert!(announced(&[odd]).is_err());
        let twin = write("doorkey-1.2.3_amd64.deb");
        write("doorkey-1.2.3_amd64.deb.sig");
        assert!(announced(&[deb, twin]).is_err());
    }
}
