//! The licences of what is compiled into the programs: most of them ask to go along with every copy.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;

use super::failed;
use crate::{
    command::{Failure, cargo, output},
    ui,
};

/// What is packed.
const OURS: [&str; 2] = ["doorkey-desktop", "doorkey-cli"];

/// What of npm's packages ends up in the web UI; everything else there is a tool.
const IN_THE_WEB_UI: [&str; 4] = ["@tauri-apps/api", "clsx", "esm-env", "svelte"];

/// How the files are called that say who may do what.
const NAMES: [&str; 6] = [
    "copying",
    "copyright",
    "licence",
    "license",
    "notice",
    "unlicense",
];

/// Something of somebody else's.
struct Part {
    /// With its version.
    name: String,
    /// As in `MIT OR Apache-2.0`.
    licence: String,
    folder: PathBuf,
}

/// All licences in one text, each once, with the names of the parts that it belongs to.
pub(super) fn of_what_is_inside() -> Result<String, Failure> {
    let metadata = output(cargo(&[
        "metadata",
        "--format-version",
        "1",
        "--filter-platform",
        &format!("{}-unknown-linux-gnu", std::env::consts::ARCH),
    ]))
    .ok_or_else(|| Failure::new("`cargo metadata` failed"))?;
    let metadata = parse(&metadata)?;
    let mut parts = crates(&metadata);
    for name in IN_THE_WEB_UI {
        parts.extend(npm_package(name)?);
    }
    let mut texts: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for part in &parts {
        for text in texts_in(&part.folder)? {
            texts.entry(text).or_default().push(&part.name);
        }
    }
    Ok(document(&parts, &texts))
}

fn document(parts: &[Part], texts: &BTreeMap<String, Vec<&str>>) -> String {
    let mut document = String::from(
        "Compiled into Doorkey is the work of others, each under a licence of its own. The source of the crates is\n\
         on https://crates.io, that of the packages on https://www.npmjs.com, under the names and versions below.\n\n",
    );
    for Part { name, licence, .. } in parts {
        let _ = writeln!(document, "{name}: {licence}");
    }
    for (text, names) in texts {
        let _ = write!(
            document,
            "\n{}\n{}\n\n{text}\n",
            "-".repeat(80),
            names.join(", ")
        );
    }
    document
}

/// The crates of others that the programs are made of: no tools, and nothing that only tests use.
fn crates(metadata: &Value) -> Vec<Part> {
    let packages: BTreeMap<&str, &Value> = list(&metadata["packages"])
        .filter_map(|package| Some((package["id"].as_str()?, package)))
        .collect();
    let nodes: BTreeMap<&str, &Value> = list(&metadata["resolve"]["nodes"])
        .filter_map(|node| Some((node["id"].as_str()?, node)))
        .collect();
    let is_ours = |package: &&Value| OURS.iter().any(|name| package["name"] == *name);
    let mut open: Vec<&str> = packages
        .iter()
        .filter(|(_, package)| is_ours(package))
        .map(|(id, _)| *id)
        .collect();
    let mut seen = BTreeSet::new();
    while let Some(id) = open.pop() {
        if let (true, Some(node)) = (seen.insert(id), nodes.get(id)) {
            let compiled_in = |dependency: &&Value| {
                list(&dependency["dep_kinds"]).any(|kind| kind["kind"].is_null())
            };
            open.extend(
                list(&node["deps"])
                    .filter(compiled_in)
                    .filter_map(|dependency| dependency["pkg"].as_str()),
            );
        }
    }
    let mut parts: Vec<Part> = seen
        .iter()
        .filter_map(|id| packages.get(id))
        // What has no source is of this workspace.
        .filter(|package| !package["source"].is_null())
        .filter_map(|package| {
            part(package, Path::new(package["manifest_path"].as_str()?).parent()?)
        })
        .collect();
    parts.sort_by(|one, other| one.name.cmp(&other.name));
    parts
}

/// A package of npm's, if it is there.
fn npm_package(name: &str) -> Result<Option<Part>, Failure> {
    let folder = Path::new(ui::FOLDER).join("node_modules").join(name);
    match fs::read_to_string(folder.join("package.json")) {
        Ok(text) => Ok(part(&parse(&text)?, &folder)),
        Err(_) => Ok(None),
    }
}

fn part(package: &Value, folder: &Path) -> Option<Part> {
    let text = |field: &str| package[field].as_str();
    Some(Part {
        name: format!("{} {}", text("name")?, text("version")?),
        licence: text("license").unwrap_or("see its text").to_owned(),
        folder: folder.to_owned(),
    })
}

/// What the files say that are called as licences are.
fn texts_in(folder: &Path) -> Result<BTreeSet<String>, Failure> {
    let mut texts = BTreeSet::new();
    for entry in fs::read_dir(folder).map_err(failed("read", folder))? {
        let path = entry.map_err(failed("read", folder))?.path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .to_lowercase();
        if path.is_file()
            && NAMES.iter().any(|start| name.starts_with(start))
            && let Ok(text) = fs::read_to_string(&path)
        {
            let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
            texts.insert(lines.join("\n").trim_matches('\n').to_owned());
        }
    }
    Ok(texts)
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn parse(text: &str) -> Result<Value, Failure> {
    serde_json::from_str(text).map_err(|error| Failure::new(format!("no JSON: {error}")))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_is_compiled_in_counts() {
        let package = |id: &str, source: Option<&str>| {
            json!({ "id": id, "name": id, "version": "1.0.0", "license": "MIT", "source": source,
                    "manifest_path": "/of/it/Cargo.toml" })
        };
        let needs =
            |id: &str, kind: Option<&str>| json!({ "pkg": id, "dep_kinds": [{ "kind": kind }] });
        let metadata = json!({
            "packages": [
                package("doorkey-cli", None),
                package("doorkey-core", None),
                package("linked", Some("registry")),
                package("built-with", Some("registry")),
                package("tested-with", Some("registry")),
            ],
            "resolve": { "nodes": [
                { "id": "doorkey-cli", "deps": [needs("doorkey-core", None), needs("built-with", Some("build"))] },
                { "id": "doorkey-core", "deps": [needs("linked", None), needs("tested-with", Some("dev"))] },
            ] },
        });
        let names: Vec<String> = crates(&metadata)
            .into_iter()
            .map(|part| part.name)
            .collect();
        assert_eq!(names, ["linked 1.0.0"]);
    }

    #[test]
    fn a_text_that_many_share_stands_once() {
        let part = |name: &str| Part {
            name: name.to_owned(),
            licence: "MIT".to_owned(),
            folder: PathBuf::new(),
        };
        let texts = BTreeMap::from([("Permission".to_owned(), vec!["one 1.0.0", "two 2.0.0"])]);
        let text = document(&[part("one 1.0.0"), part("two 2.0.0")], &texts);
        assert_eq!(text.matches("Permission").count(), 1);
        assert!(text.contains("one 1.0.0, two 2.0.0"));
        assert!(text.contains("one 1.0.0: MIT\n"));
    }
}
