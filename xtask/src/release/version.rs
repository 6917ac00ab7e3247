//! One version number in one place: `[workspace.package]` in the root's `Cargo.toml`.

use super::{VERSION, changelog};
use crate::command::{Failure, say};

/// Fails unless the tag is this version's, and the changelog says when it was released and what is new.
pub(super) fn check(tag: &str) -> Result<(), Failure> {
    let named = tag
        .strip_prefix('v')
        .ok_or_else(|| Failure::new(format!("the tag `{tag}` does not begin with v")))?;
    if named != VERSION {
        return Err(Failure::new(format!(
            "the tag is {tag}, but Cargo.toml says {VERSION}: set `[workspace.package] version`, or tag another commit"
        )));
    }
    let section = changelog::section(&changelog::read()?, VERSION)?;
    if !section.is_dated {
        return Err(Failure::new(format!(
            "CHANGELOG.md does not say when {VERSION} was released: its heading is `## [{VERSION}] - 2026-01-31`, with the day"
        )));
    }
    say(format!(
        "{tag} is this version, and its changes are written down"
    ));
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::command::{command, output, repository};

    #[test]
    fn a_tag_of_another_version_is_refused() {
        for tag in [VERSION, "v", "v99.0.0", "v0.1", ""] {
            assert!(check(tag).is_err(), "{tag}");
        }
    }

    /// What a file says of Doorkey's version by itself, where the one number should count.
    fn said_by(file: &str, text: &str) -> Vec<String> {
        let name = file.rsplit('/').next().unwrap_or(file);
        let says = |line: &str| format!("{file}: {}", line.trim());
        if name == "Cargo.toml" {
            let mut section = "";
            let mut said = Vec::new();
            for line in text.lines() {
                if line.starts_with('[') {
                    section = line;
                }
                let is_package = matches!(section, "[package]" | "[workspace.package]");
                if is_package && line.starts_with("version") && line != "version.workspace = true" {
                    said.push(says(line));
                }
            }
            return said;
        }
        // Tauri and npm would take these for the version, whatever they are.
        if name == "package.json" || name.starts_with("tauri") && name.ends_with(".json") {
            let json: serde_json::Value = serde_json::from_str(text).expect(file);
            return json
                .get("version")
                .into_iter()
                .map(|version| says(&version.to_string()))
                .collect();
        }
        let is_read = name != "CHANGELOG.md" && name.ends_with(".md")
            || [
                ".github/",
                "src-tauri/linux/",
                "src-tauri/windows/",
                "src-tauri/macos/",
            ]
            .iter()
            .any(|folder| file.starts_with(folder));
        let named = |line: &&str| {
            let mut parts = line.split(VERSION);
            parts.next();
            // Not the beginning of a longer number.
            is_read && parts.any(|behind| !behind.starts_with(|next: char| next.is_ascii_digit()))
        };
        text.lines().filter(named).map(says).collect()
    }

    #[test]
    fn a_second_version_is_noticed() {
        let package = format!("[package]\nname = \"x\"\nversion = \"{VERSION}\"\n");
        for (file, text) in [
            ("crates/x/Cargo.toml", &*package),
            ("tauri.windows.conf.json", "{ \"version\": \"9.9.9\" }"),
            ("ui/package.json", "{ \"version\": \"9.9.9\" }"),
            (
                "docs/install.md",
                &format!("Download doorkey_{VERSION}_amd64.deb."),
            ),
            (
                "src-tauri/windows/hooks.nsh",
                &format!("!define VERSION {VERSION}"),
            ),
        ] {
            assert_eq!(said_by(file, text).len(), 1, "{file}");
        }
        for (file, text) in [
            (
                "crates/x/Cargo.toml",
                "[package]\nversion.workspace = true\n[dependencies.y]\nversion = \"1\"\n",
            ),
            (
                "ui/package.json",
                "{ \"dependencies\": { \"version\": \"1.0.0\" } }",
            ),
            ("CHANGELOG.md", &format!("## [{VERSION}]")),
            ("docs/install.md", &format!("OpenSSL {VERSION}4")),
        ] {
            assert_eq!(said_by(file, text), Vec::<String>::new(), "{file}");
        }
    }

    #[test]
    fn the_version_stands_in_one_place() {
        let root = repository().to_string_lossy();
        let tracked = output(command("git", &["-C", &root, "ls-files"])).expect("the files");
        let said: Vec<_> = tracked
            .lines()
            .filter_map(|file| Some((file, fs::read_to_string(repository().join(file)).ok()?)))
            .flat_map(|(file, text)| said_by(file, &text))
            .collect();
        assert_eq!(said, [format!("Cargo.toml: version = \"{VERSION}\"")]);
    }

    #[test]
    fn the_changelog_has_a_section_for_this_version() {
        let text = fs::read_to_string(repository().join(changelog::FILE)).expect("the changelog");
        let section = changelog::section(&text, VERSION).expect("a section");
        assert!(section.text.contains("\n- "), "{}", section.text);
    }
}
