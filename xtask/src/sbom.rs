//! `cargo xtask sbom`: the bills of materials of what is installed, as [CycloneDX](https://cyclonedx.org).
//!
//! One for each program, with the crates of all systems that Doorkey is built for, and one for the web UI inside of the app.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;

use crate::{
    command::{Failure, command, execute, output, repository, say},
    release::VERSION,
    tools, ui,
};

/// The name under which cargo-cyclonedx leaves a file beside each manifest of the workspace, without `.json`.
const LEFT: &str = "doorkey-sbom.cdx";

/// What is installed: the manifest's folder and the name of what it builds.
const PROGRAMS: [(&str, &str); 2] = [("", "doorkey-desktop"), ("crates/doorkey-cli", "doorkey")];

/// Writes all of them into a folder, `target/sbom` if none is named.
pub(crate) fn sbom(folder: Option<&str>) -> Result<(), Failure> {
    let folder = Path::new(folder.unwrap_or("target/sbom"));
    fs::create_dir_all(folder).map_err(failed(folder))?;
    say("The crates");
    let left = crates()?;
    let kept = keep(folder);
    for file in left {
        fs::remove_file(&file).map_err(failed(&file))?;
    }
    kept?;
    say("The web UI");
    web_ui(folder)?;
    say(format!("Wrote {}", folder.display()));
    Ok(())
}

/// Has a file written beside every manifest, and says where they are.
fn crates() -> Result<Vec<PathBuf>, Failure> {
    let program = tools::cargo_cyclonedx()?;
    let cyclonedx = command(
        &program.to_string_lossy(),
        &[
            "cyclonedx",
            "--format",
            "json",
            "--spec-version",
            "1.5",
            "--target",
            "all",
            "--features",
            "custom-protocol",
            "--override-filename",
            LEFT,
            "--quiet",
        ],
    );
    let done = execute(cyclonedx);
    let manifests =
        output(command("git", &["ls-files", "Cargo.toml", "*/Cargo.toml"])).unwrap_or_default();
    let left = manifests
        .lines()
        .map(|manifest| left_in(Path::new(manifest).parent().unwrap_or(Path::new(""))))
        .filter(|file| file.is_file())
        .collect();
    done.map(|()| left)
}

fn left_in(folder: &Path) -> PathBuf {
    folder.join(format!("{LEFT}.json"))
}

/// Keeps the bills of what is installed.
fn keep(folder: &Path) -> Result<(), Failure> {
    for (from, program) in PROGRAMS {
        let file = left_in(Path::new(from));
        let text = fs::read_to_string(&file).map_err(failed(&file))?;
        write(folder, program, &text)?;
    }
    Ok(())
}

/// npm's own bill of the page. What only builds and tests it is in it too, and marked: parts of Svelte get into the page.
fn web_ui(folder: &Path) -> Result<(), Failure> {
    tools::node()?;
    // npm makes none of a package without a version, and the page's is that of all.
    let copy = tempfile::tempdir().map_err(failed(folder))?;
    for name in ["package.json", "package-lock.json"] {
        let from = Path::new(ui::FOLDER).join(name);
        let text = fs::read_to_string(&from).map_err(failed(&from))?;
        let to = copy.path().join(name);
        fs::write(&to, with_version(&text)?).map_err(failed(&to))?;
    }
    let mut npm = command(
        "npm",
        &[
            "sbom",
            "--sbom-format",
            "cyclonedx",
            "--sbom-type",
            "application",
            "--package-lock-only",
        ],
    );
    npm.current_dir(copy.path());
    let text = output(npm).ok_or_else(|| Failure::new("`npm sbom` failed"))?;
    write(folder, "doorkey-ui", &text)
}

/// A manifest of npm's, or its lock file, with this version.
fn with_version(text: &str) -> Result<String, Failure> {
    let no_json = |error| Failure::new(format!("the web UI's package is not JSON: {error}"));
    let mut package: Value = serde_json::from_str(text).map_err(no_json)?;
    package["version"] = VERSION.into();
    if let Some(root) = package.pointer_mut("/packages/") {
        root["version"] = VERSION.into();
    }
    Ok(package.to_string())
}

/// Writes a bill, if it is one.
fn write(folder: &Path, name: &str, text: &str) -> Result<(), Failure> {
    let bill: Value = serde_json::from_str(text)
        .map_err(|error| Failure::new(format!("the bill of {name} is not JSON: {error}")))?;
    let bill = of_the_commit(bill)?;
    if let Some(fault) = fault(&bill) {
        return Err(Failure::new(format!("the bill of {name} {fault}")));
    }
    let path = folder.join(format!("{name}_{VERSION}.cdx.json"));
    fs::write(&path, format!("{bill:#}\n")).map_err(failed(&path))?;
    let components = bill["components"].as_array().map_or(0, Vec::len);
    println!("    {}: {components} components", path.display());
    Ok(())
}

/// The same for everybody who has this commit: with its time, and without a number of its own or this computer's folders.
fn of_the_commit(mut bill: Value) -> Result<Value, Failure> {
    let time = output(command("git", &["log", "-1", "--format=%cI"]))
        .ok_or_else(|| Failure::new("git does not know when this was committed"))?;
    if let Some(bill) = bill.as_object_mut() {
        bill.remove("serialNumber");
    }
    if let Some(metadata) = bill["metadata"].as_object_mut() {
        metadata.insert("timestamp".to_owned(), time.trim().into());
    }
    let here = format!("path+file://{}", repository().display());
    serde_json::from_str(&bill.to_string().replace(&here, "path+doorkey:"))
        .map_err(|error| Failure::new(format!("a bill is no JSON any more: {error}")))
}

/// What a bill lacks that its readers need.
fn fault(bill: &Value) -> Option<&'static str> {
    let components = bill["components"].as_array();
    match () {
        () if bill["bomFormat"] != "CycloneDX" => Some("is no CycloneDX"),
        () if bill["metadata"]["component"]["name"].as_str().is_none() => {
            Some("does not say what it is of")
        }
        () if components.is_none_or(Vec::is_empty) => Some("is empty"),
        () if bill.to_string().contains("file:///") => Some("names a folder of this computer"),
        () => None,
    }
}

fn failed(path: &Path) -> impl FnOnce(std::io::Error) -> Failure {
    move |error| Failure::new(format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_page_has_the_version_of_all() {
        let lock = with_version(r#"{"name":"x","packages":{"":{"name":"x"},"y":{"version":"1"}}}"#);
        let lock: Value = lock.map_or(Value::Null, |text| text.parse().unwrap_or_default());
        assert_eq!(lock["packages"][""]["version"], VERSION);
        assert_eq!(lock["version"], VERSION);
        assert_eq!(lock["packages"]["y"]["version"], "1");
        assert!(with_version("[").is_err());
    }

    #[test]
    fn a_bill_says_of_what_it_is_and_nothing_of_this_computer() {
        let bill = |name: Value, components: Value| json!({ "bomFormat": "CycloneDX", "metadata": { "component": { "name": name } }, "components": components });
        let one = json!([{ "name": "serde" }]);
        assert_eq!(fault(&bill("doorkey".into(), one.clone())), None);
        assert!(fault(&bill(Value::Null, one)).is_some());
        assert!(fault(&bill("doorkey".into(), json!([]))).is_some());
        let told = json!([{ "purl": "pkg:cargo/x@1?download_url=file:///home/ada/x" }]);
        assert!(fault(&bill("doorkey".into(), told)).is_some());
        assert!(fault(&json!({})).is_some());
    }
}
