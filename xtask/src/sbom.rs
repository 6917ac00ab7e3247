//! `cargo xtask sbom`: the bills of materials of what is installed, as [CycloneDX](https://cyclonedx.org).
//!
//! One for each program, with the crates of all systems that Doorkey is built for, and one for the web UI inside of the app.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Stdio,
};

use serde_json::Value;

use crate::{
    command::{Failure, command, execute, output, say},
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
    let mut cyclonedx = command(
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
    if let Some(date) = output(command("git", &["log", "-1", "--format=%ct"])) {
        cyclonedx.env("SOURCE_DATE_EPOCH", date.trim());
    }
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

/// npm's own bill of what is bundled into the page; what only builds and tests it is not installed.
fn web_ui(folder: &Path) -> Result<(), Failure> {
    tools::node()?;
    let mut npm = command(
        "npm",
        &[
            "sbom",
            "--sbom-format",
            "cyclonedx",
            "--sbom-type",
            "application",
            "--omit",
            "dev",
            "--package-lock-only",
        ],
    );
    npm.current_dir(ui::FOLDER).stderr(Stdio::inherit());
    let text = output(npm).ok_or_else(|| Failure::new("`npm sbom` failed: see above"))?;
    write(folder, "doorkey-ui", &text)
}

/// Writes a bill, if it is one.
fn write(folder: &Path, name: &str, text: &str) -> Result<(), Failure> {
    let bill: Value = serde_json::from_str(text)
        .map_err(|error| Failure::new(format!("the bill of {name} is not JSON: {error}")))?;
    if let Some(fault) = fault(&bill) {
        return Err(Failure::new(format!("the bill of {name} {fault}")));
    }
    let path = folder.join(format!("{name}_{VERSION}.cdx.json"));
    fs::write(&path, format!("{bill:#}\n")).map_err(failed(&path))?;
    let components = bill["components"].as_array().map_or(0, Vec::len);
    println!("    {}: {components} components", path.display());
    Ok(())
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
