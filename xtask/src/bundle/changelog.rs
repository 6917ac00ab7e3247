//! What changed when: read from `CHANGELOG.md`, and written as packages and software centres want it.

use std::{fmt::Write as _, fs};

use super::{
    MAINTAINER,
    places::{Places, VERSION},
};
use crate::{
    changelog::{FILE, is_day},
    command::{Failure, command, output},
};

/// One version, and what is new in it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Release {
    version: String,
    /// As in 2026-11-23.
    date: String,
    /// Plain text, one line each.
    changes: Vec<String>,
}

/// All releases, the newest first. This version is among them, with what is not released yet, even when nobody has
/// written its heading.
pub(super) fn releases(places: &Places) -> Result<Vec<Release>, Failure> {
    let text = fs::read_to_string(FILE).unwrap_or_default();
    let mut releases = parse(&text);
    if releases.iter().all(|release| release.version != VERSION) {
        let mut changes = changes(&text, |heading| heading.contains("Unreleased"));
        if changes.is_empty() {
            changes.push("Built from a commit between releases".to_owned());
        }
        let release = Release {
            version: VERSION.to_owned(),
            date: places.date("%Y-%m-%d")?,
            changes,
        };
        releases.insert(0, release);
    }
    Ok(releases)
}

/// Versions come under headings as `## [1.2.3] - 2026-11-23`; only those with a date are released.
fn parse(text: &str) -> Vec<Release> {
    text.lines()
        .filter_map(|line| {
            let heading = line.strip_prefix("## ")?;
            let mut words = heading.split([' ', '[', ']', '(', ')']);
            let version =
                words.find(|word| word.starts_with(|first: char| first.is_ascii_digit()))?;
            let date = words.find(|word| is_day(word))?;
            Some(Release {
                version: version.to_owned(),
                date: date.to_owned(),
                changes: changes(text, |other| other == heading),
            })
        })
        .collect()
}

/// The items of lists under a heading, each in one line and without markup.
fn changes(text: &str, is_wanted: impl Fn(&str) -> bool) -> Vec<String> {
    let mut changes: Vec<String> = Vec::new();
    let (mut wanted, mut item) = (false, false);
    for line in text.lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            wanted = is_wanted(heading);
            item = false;
        } else if !wanted {
        } else if let Some(first) = line.strip_prefix("- ").or(line.strip_prefix("* ")) {
            changes.push(first.trim().to_owned());
            item = true;
        } else if line.starts_with("  ") && item {
            if let Some(last) = changes.last_mut() {
                let more = line.trim();
                let more = more.strip_prefix("- ").unwrap_or(more);
                let _ = write!(last, " {more}");
            }
        } else {
            item = false;
        }
    }
    changes.iter().map(|change| plain(change)).collect()
}

/// Without emphasis and code, and with the text of links alone.
fn plain(markdown: &str) -> String {
    let mut text = markdown.replace("**", "").replace('`', "");
    while let Some((before, rest)) = text.split_once("](") {
        let Some(((before, label), (_, after))) = before.rsplit_once('[').zip(rest.split_once(')'))
        else {
            break;
        };
        text = format!("{before}{label}{after}");
    }
    text
}

/// The list as AppStream has it.
pub(super) fn appstream(releases: &[Release]) -> String {
    let mut text = String::from("<releases>\n");
    for Release {
        version,
        date,
        changes,
    } in releases
    {
        let kind = if version.contains('-') {
            "development"
        } else {
            "stable"
        };
        let _ = write!(
            text,
            "    <release version=\"{version}\" date=\"{date}\" type=\"{kind}\">\n      <description>\n        <ul>\n"
        );
        for change in changes {
            let _ = writeln!(text, "          <li>{}</li>", escaped(change));
        }
        text.push_str("        </ul>\n      </description>\n    </release>\n");
    }
    text + "  </releases>"
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// The list as [Debian](https://www.debian.org/doc/debian-policy/ch-source.html#s-dpkgchangelog) has it.
pub(super) fn debian(releases: &[Release]) -> Result<String, Failure> {
    let mut text = String::new();
    for release in releases {
        let mut date = command("date", &["--utc", "--rfc-email", "--date", &release.date]);
        date.env("LC_ALL", "C");
        let date = output(date)
            .ok_or_else(|| Failure::new(format!("{FILE}: {} is no date", release.date)))?;
        let _ = writeln!(
            text,
            "doorkey ({}) unstable; urgency=medium\n",
            debian_version(&release.version)
        );
        for change in &release.changes {
            let _ = writeln!(text, "{}", folded(change));
        }
        let _ = writeln!(text, "\n -- {MAINTAINER}  {}\n", date.trim());
    }
    Ok(text)
}

/// A version as Debian orders them: a tilde comes before the end, so that 1.0.0~rc.1 is older than 1.0.0.
pub(super) fn debian_version(version: &str) -> String {
    version.replace('-', "~")
}

/// An item in lines of 80 characters at most, as long as its words allow.
fn folded(item: &str) -> String {
    let mut lines = vec![String::from("  *")];
    for word in item.split_whitespace() {
        let last = lines.len() - 1;
        if lines[last].len() + 1 + word.len() > 80 && lines[last].trim() != "*" {
            lines.push(format!("    {word}"));
        } else {
            let _ = write!(lines[last], " {word}");
        }
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
# Changelog

## [Unreleased]

- Not yet

## [0.2.0] - 2026-11-23

### Added

- **Packages** for `Debian`, see [the docs](docs/install.md),
  and for Fedora

Prose between lists.

- A & B < C

## [0.1.0-rc.1] - 2026-01-02

* First
";

    #[test]
    fn headings_with_a_date_are_releases() {
        let releases = parse(TEXT);
        assert_eq!(releases.len(), 2);
        assert_eq!(releases[0].version, "0.2.0");
        assert_eq!(releases[0].date, "2026-11-23");
        assert_eq!(
            releases[0].changes,
            [
                "Packages for Debian, see the docs, and for Fedora",
                "A & B < C"
            ]
        );
        assert_eq!(releases[1].version, "0.1.0-rc.1");
        assert_eq!(releases[1].changes, ["First"]);
    }

    #[test]
    fn appstream_tells_previews_from_releases_and_escapes() {
        let text = appstream(&parse(TEXT));
        assert!(text.contains(r#"version="0.1.0-rc.1" date="2026-01-02" type="development""#));
        assert!(text.contains(r#"version="0.2.0" date="2026-11-23" type="stable""#));
        assert!(text.contains("<li>A &amp; B &lt; C</li>"));
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn debian_reads_its_own_kind_of_list() -> Result<(), Failure> {
        let text = debian(&parse(TEXT))?;
        assert!(text.starts_with("doorkey (0.2.0) unstable; urgency=medium\n\n  * Packages"));
        assert!(text.contains("\n -- The Doorkey authors <"));
        assert!(text.contains(">  Mon, 23 Nov 2026 00:00:00 +0000\n"));
        assert!(text.contains("doorkey (0.1.0~rc.1) unstable"));
        Ok(())
    }

    #[test]
    fn long_items_are_folded() {
        let text = folded(&"word ".repeat(40));
        assert!(text.lines().count() > 1);
        assert!(text.lines().all(|line| line.len() <= 80), "{text}");
        assert_eq!(folded(&"x".repeat(90)).lines().count(), 1);
    }
}
