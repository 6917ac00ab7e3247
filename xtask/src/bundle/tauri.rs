//! Tauri's bundler, told what it cannot know from `tauri.conf.json`.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::json;

use super::{
    MAINTAINER, failed,
    places::{Places, VERSION},
};
use crate::command::{Failure, command, execute, say};

/// The bundler, an npm package of the web UI.
const PROGRAM: &str = "ui/node_modules/.bin/tauri";

/// Packs the programs and the trees into packages of some kinds.
pub(super) fn bundle(
    places: &Places,
    kinds: &[&str],
    trees: &Path,
    rpm_needs: &[String],
) -> Result<(), Failure> {
    say(format!("Bundling {}", kinds.join(" and ")));
    let (version, release) = rpm_version(VERSION);
    let settings = json!({
        "version": version,
        "bundle": {
            "publisher": MAINTAINER,
            "linux": {
                "appimage": { "files": { "/usr": trees.join("deb/usr") } },
                "deb": { "files": { "/usr": trees.join("deb/usr") } },
                "rpm": {
                    "files": { "/usr": trees.join("rpm/usr") },
                    "depends": rpm_needs,
                    "release": release,
                },
            },
        },
    });
    let file = places.work.join("tauri.json");
    fs::write(&file, settings.to_string()).map_err(failed("write", &file))?;
    let mut tauri = command(PROGRAM, &["bundle", "--ci", "--bundles"]);
    tauri
        .arg(kinds.join(","))
        .arg("--config")
        .arg(&file)
        .env("CARGO_TARGET_DIR", &places.work)
        .env("SOURCE_DATE_EPOCH", places.epoch.to_string());
    execute(tauri)
}

/// The one package of a kind that was made.
pub(super) fn made(places: &Places, kind: &str) -> Result<PathBuf, Failure> {
    let folder = places
        .tauri_output()
        .join("bundle")
        .join(kind.to_lowercase());
    let files = fs::read_dir(&folder).map_err(failed("read", &folder))?;
    files
        .filter_map(|file| Some(file.ok()?.path()))
        .find(|path| path.is_file() && path.extension().is_some_and(|extension| extension == kind))
        .ok_or_else(|| Failure::new(format!("there is no {kind} in {}", folder.display())))
}

/// A version as rpm orders them: it knows no hyphen, so a preview is a release that comes before the first.
fn rpm_version(version: &str) -> (&str, String) {
    match version.split_once('-') {
        Some((version, preview)) => (version, format!("0.{preview}")),
        None => (version, "1".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_preview_comes_before_its_release() {
        assert_eq!(rpm_version("1.2.3"), ("1.2.3", "1".to_owned()));
        assert_eq!(rpm_version("1.2.3-rc.1"), ("1.2.3", "0.rc.1".to_owned()));
    }
}
