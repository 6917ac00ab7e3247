//! What is new in a version, from `CHANGELOG.md` ([Keep a Changelog](https://keepachangelog.com/en/1.1.0/)).

use std::{env, fs};

use super::VERSION;
pub(super) use crate::changelog::FILE;
use crate::{changelog::is_day, command::Failure};

/// How anyone finds out whether a file is what was released.
fn verifying(repository: &str) -> String {
    format!(
        "### Verify what you downloaded\n\n\
         `SHA256SUMS` has the checksum of each file: `sha256sum --check --ignore-missing SHA256SUMS`. Each file has a \
         provenance, which says from which commit and by which workflow it was built: \
         `gh attestation verify FILE --repo {repository}`. `docs/release.md` in the source says more."
    )
}

/// What a changelog says of one version.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Section {
    /// Whether its heading has the day of the release.
    pub(super) is_dated: bool,
    /// All below the heading.
    pub(super) text: String,
}

pub(super) fn read() -> Result<String, Failure> {
    fs::read_to_string(FILE).map_err(|error| Failure::new(format!("cannot read {FILE}: {error}")))
}

/// Prints what the page of the release says.
pub(super) fn print_notes() -> Result<(), Failure> {
    let section = section(&read()?, VERSION)?;
    let repository =
        env::var("GITHUB_REPOSITORY").unwrap_or_else(|_| "OWNER/REPOSITORY".to_owned());
    println!("{}\n\n{}", section.text, verifying(&repository));
    Ok(())
}

/// The section of a version, whose heading is `## [1.2.3] - 2026-01-31`, or `## [1.2.3] - Unreleased` until then.
pub(super) fn section(changelog: &str, version: &str) -> Result<Section, Failure> {
    let heading = format!("## [{version}] - ");
    let mut lines = changelog.lines();
    let when = lines
        .find_map(|line| line.strip_prefix(&heading))
        .ok_or_else(|| {
            Failure::new(format!(
                "{FILE} has no section for {version}: `{heading}2026-01-31`"
            ))
        })?;
    let text: Vec<&str> = lines
        .take_while(|line| !line.starts_with("## ") && !is_link(line))
        .collect();
    let text = text.join("\n").trim().to_owned();
    if text.is_empty() {
        return Err(Failure::new(format!("{FILE} says nothing of {version}")));
    }
    Ok(Section {
        is_dated: is_day(when),
        text,
    })
}

/// The addresses behind the headings stand at the end.
fn is_link(line: &str) -> bool {
    line.starts_with('[') && line.contains("]: ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# Changelog\n\n## [Unreleased]\n\n## [1.2.0] - Unreleased\n\n### Added\n\n- A\n- B\n\n\
                        ## [1.1.0] - 2026-01-31\n\n- C\n\n## [1.0.0] - 2026-01-01\n\n[1.1.0]: https://a.example\n";

    #[test]
    fn a_section_ends_where_the_next_begins() {
        let of = |version| section(TEXT, version).expect("a section");
        let one = |is_dated, text: &str| Section {
            is_dated,
            text: text.to_owned(),
        };
        assert_eq!(of("1.2.0"), one(false, "### Added\n\n- A\n- B"));
        assert_eq!(of("1.1.0"), one(true, "- C"));
    }

    #[test]
    fn a_version_without_words_has_no_section() {
        for version in ["1.0.0", "1.2", "1.2.0] - Unreleased\n[", "Unreleased", ""] {
            assert!(section(TEXT, version).is_err(), "{version:?}");
        }
    }
}
