//! The installers of Windows and macOS, made there by Tauri's bundler: the app, and `doorkey` beside it.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::{Value, json};

use super::VERSION;
use crate::{
    command::{Failure, built, cargo, command, execute, failed, say},
    tools, ui,
};

/// Where Tauri finds `doorkey`, without the target that its name ends with.
const BESIDE: &str = "target/beside/doorkey";

/// Both processors of a Mac, for Tauri.
const UNIVERSAL: &str = "universal-apple-darwin";
const BOTH: [&str; 2] = ["aarch64-apple-darwin", "x86_64-apple-darwin"];

/// Where signatures are stamped, unless `WINDOWS_TIMESTAMP_URL` says otherwise.
const TIMESTAMPS: &str = "http://timestamp.digicert.com";

/// What belongs to a certificate of Apple's. The bundler takes an empty one for one that is given.
const APPLE: [&str; 9] = [
    "APPLE_CERTIFICATE",
    "APPLE_CERTIFICATE_PASSWORD",
    "APPLE_SIGNING_IDENTITY",
    "APPLE_ID",
    "APPLE_PASSWORD",
    "APPLE_TEAM_ID",
    "APPLE_API_ISSUER",
    "APPLE_API_KEY",
    "APPLE_API_KEY_PATH",
];

/// How the programs are built.
#[derive(Clone, Copy)]
pub(super) enum Build {
    /// As people get them.
    Release,
    /// As tests get them: soon, but of the edition that people get.
    Quick,
}

impl Build {
    /// Cargo's name for where such programs lie.
    fn folder(self) -> &'static str {
        match self {
            Self::Release => "release",
            Self::Quick => "debug",
        }
    }

    /// What cargo is told for it. Debug assertions are what makes a build the development edition.
    fn arguments(self) -> &'static [&'static str] {
        match self {
            Self::Release => &["--release"],
            Self::Quick => &[
                "--config",
                "profile.dev.package.doorkey-core.debug-assertions=false",
            ],
        }
    }
}

/// What is packed for which target: one for each processor on Windows, one for both on macOS.
enum Kind<'a> {
    Windows(&'a str),
    Mac,
}

fn kind(target: Option<&str>) -> Result<Kind<'_>, Failure> {
    match (env::consts::OS, target) {
        ("windows", target) => Ok(Kind::Windows(target.unwrap_or("x86_64-pc-windows-msvc"))),
        ("macos", None) => Ok(Kind::Mac),
        ("macos", Some(target)) => Err(Failure::new(format!(
            "on macOS there is one package for both processors, not one for {target}"
        ))),
        _ => Err(Failure::new(
            "on Linux it is `cargo xtask bundle` that makes the packages",
        )),
    }
}

/// Builds the programs. Whoever signs does that later: no key is near what compiles the code of others.
pub(super) fn build(build: Build, target: Option<&str>) -> Result<(), Failure> {
    let kind = kind(target)?;
    tools::node()?;
    tools::npm_packages(Path::new(ui::FOLDER))?;
    match kind {
        Kind::Windows(target) => {
            let program = command_line(build, target)?;
            copy(&program, Path::new(&format!("{BESIDE}-{target}.exe")))?;
            execute(programs(build, target))
        }
        Kind::Mac => {
            let mut lipo = command("lipo", &["-create", "-output"]);
            lipo.arg(format!("{BESIDE}-{UNIVERSAL}"));
            for target in BOTH {
                let program = command_line(build, target)?;
                // Tauri builds the app for each, and wants to find the command for each.
                copy(&program, Path::new(&format!("{BESIDE}-{target}")))?;
                lipo.arg(program);
            }
            execute(lipo)?;
            execute(programs(build, UNIVERSAL))
        }
    }
}

/// Packs what [`build`] has built, and puts it into `target/bundle/release` or `target/bundle/quick`.
pub(super) fn package(build: Build, target: Option<&str>) -> Result<(), Failure> {
    match kind(target)? {
        Kind::Windows(target) => {
            execute(bundle(build, target, "nsis", &windows_signing(given)))?;
            collect(build, &bundles(build, target)?.join("nsis"), "-setup.exe")
        }
        Kind::Mac => mac_app(build),
    }
}

fn mac_app(build: Build) -> Result<(), Failure> {
    execute(bundle(build, UNIVERSAL, "app,dmg", &macos_signing(given)))?;
    let bundles = bundles(build, UNIVERSAL)?;
    collect(build, &bundles.join("dmg"), ".dmg")?;
    // What the updater unpacks in place of the app.
    let archive = results(build)?.join(format!("Doorkey_{VERSION}_universal.app.tar.gz"));
    let mut tar = command("tar", &["--create", "--gzip", "--file"]);
    tar.arg(archive)
        .arg("--directory")
        .arg(bundles.join("macos"))
        .arg("Doorkey.app");
    execute(tar)
}

/// How the programs and the installer are signed: by Azure, by a certificate in the person's store, or not at all.
fn windows_signing(given: impl Fn(&str) -> Option<String>) -> Value {
    let azure = [
        "AZURE_SIGNING_ENDPOINT",
        "AZURE_SIGNING_ACCOUNT",
        "AZURE_SIGNING_PROFILE",
    ]
    .map(&given);
    if let [Some(endpoint), Some(account), Some(profile)] = azure {
        say("Signing by Azure Artifact Signing");
        // What proves who asks comes from the environment: AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET.
        let arguments = [
            "-e", &endpoint, "-a", &account, "-c", &profile, "-d", "Doorkey", "%1",
        ];
        return json!({ "signCommand": { "cmd": "artifact-signing-cli", "args": arguments } });
    }
    if let Some(thumbprint) = given("WINDOWS_CERTIFICATE_THUMBPRINT") {
        say("Signing with a certificate of this computer");
        let timestamps = given("WINDOWS_TIMESTAMP_URL").unwrap_or_else(|| TIMESTAMPS.to_owned());
        return json!({
            "certificateThumbprint": thumbprint,
            "digestAlgorithm": "sha256",
            "timestampUrl": timestamps,
        });
    }
    say(
        "Neither AZURE_SIGNING_* nor WINDOWS_CERTIFICATE_THUMBPRINT is given: the installer is not signed",
    );
    json!({})
}

/// Who the app is signed by. Without anybody it is signed by nobody, which is what Apple's processors ask for at least.
fn macos_signing(given: impl Fn(&str) -> Option<String>) -> Value {
    if given("APPLE_CERTIFICATE").is_some() || given("APPLE_SIGNING_IDENTITY").is_some() {
        let notarised = given("APPLE_ID").is_some() || given("APPLE_API_KEY").is_some();
        say(if notarised {
            "Signing, and having it notarised by Apple"
        } else {
            "Signing; neither APPLE_ID nor APPLE_API_KEY is given: the app is not notarised"
        });
        return json!({});
    }
    say("APPLE_CERTIFICATE is not given: the app is neither signed by anybody nor notarised");
    json!({ "signingIdentity": "-" })
}

fn given(variable: &str) -> Option<String> {
    env::var(variable)
        .ok()
        .filter(|value| !value.trim().is_empty())
}

/// Tauri's build of the app and its page. The lock file says what goes in.
fn programs(build: Build, target: &str) -> Command {
    let mut programs = tauri(&["build", "--no-bundle"], target, &json!({}));
    match build {
        Build::Release => programs.args(["--", "--locked"]),
        Build::Quick => programs.args(["--debug", "--"]).args(build.arguments()),
    };
    programs
}

/// Tauri's bundler, which signs with what it is told.
fn bundle(build: Build, target: &str, kinds: &str, signing: &Value) -> Command {
    let mut bundle = tauri(&["bundle", "--bundles", kinds], target, signing);
    if let Build::Quick = build {
        bundle.arg("--debug");
    }
    for variable in APPLE
        .into_iter()
        .filter(|variable| given(variable).is_none())
    {
        bundle.env_remove(variable);
    }
    bundle
}

/// Tauri's command, with `doorkey` beside the app.
fn tauri(task: &[&str], target: &str, signing: &Value) -> Command {
    let system = if target.ends_with("darwin") {
        "macOS"
    } else {
        "windows"
    };
    let settings = json!({ "bundle": { "externalBin": [BESIDE], system: signing } });
    let program = if cfg!(windows) { "tauri.cmd" } else { "tauri" };
    let program = Path::new(ui::FOLDER)
        .join("node_modules/.bin")
        .join(program);
    let mut tauri = command(&program.to_string_lossy(), task);
    tauri
        .args(["--ci", "--target", target, "--config"])
        .arg(settings.to_string());
    tauri
}

/// Builds `doorkey` for a target.
fn command_line(build: Build, target: &str) -> Result<PathBuf, Failure> {
    let program = [
        "build",
        "--locked",
        "--package",
        "doorkey-cli",
        "--bin",
        "doorkey",
        "--target",
        target,
    ];
    execute(cargo(&[&program, build.arguments()].concat()))?;
    let name = if target.contains("windows") {
        "doorkey.exe"
    } else {
        "doorkey"
    };
    Ok(target_folder()?
        .join(target)
        .join(build.folder())
        .join(name))
}

/// Where cargo builds: this program lies in it, as target/debug/xtask.
fn target_folder() -> Result<PathBuf, Failure> {
    let xtask = built("xtask")?;
    xtask
        .ancestors()
        .nth(2)
        .map(Path::to_owned)
        .ok_or_else(|| Failure::new("this program lies in no target folder"))
}

/// Where Tauri puts what it has made.
fn bundles(build: Build, target: &str) -> Result<PathBuf, Failure> {
    Ok(target_folder()?
        .join(target)
        .join(build.folder())
        .join("bundle"))
}

/// Where the files of a release are gathered.
pub(super) fn results(build: Build) -> Result<PathBuf, Failure> {
    let name = match build {
        Build::Release => "release",
        Build::Quick => "quick",
    };
    let folder = target_folder()?.join("bundle").join(name);
    fs::create_dir_all(&folder).map_err(failed("make", &folder))?;
    Ok(folder)
}

/// Copies the one file with this ending to the results.
fn collect(build: Build, folder: &Path, ending: &str) -> Result<(), Failure> {
    let read = fs::read_dir(folder).map_err(failed("read", folder))?;
    let files: Vec<_> = read
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.to_string_lossy().ends_with(ending))
        .collect();
    match &files[..] {
        [file] => copy(
            file,
            &results(build)?.join(file.file_name().unwrap_or_default()),
        ),
        _ => Err(Failure::new(format!(
            "{} has {} files that end in {ending}, not one",
            folder.display(),
            files.len()
        ))),
    }
}

fn copy(from: &Path, to: &Path) -> Result<(), Failure> {
    let folder = to.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)
        .and_then(|()| fs::copy(from, to))
        .map(drop)
        .map_err(|error| {
            Failure::new(format!(
                "cannot copy {} to {}: {error}",
                from.display(),
                to.display()
            ))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(variables: &'static [(&str, &str)]) -> impl Fn(&str) -> Option<String> {
        |name| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        }
    }

    #[test]
    fn windows_is_signed_with_what_is_given_and_no_secret_is_an_argument() {
        assert_eq!(windows_signing(with(&[])), json!({}));
        let half = with(&[
            ("AZURE_SIGNING_ENDPOINT", "e"),
            ("AZURE_SIGNING_ACCOUNT", "a"),
        ]);
        assert_eq!(windows_signing(half), json!({}));
        let azure = windows_signing(with(&[
            ("AZURE_SIGNING_ENDPOINT", "https://eus.example"),
            ("AZURE_SIGNING_ACCOUNT", "account"),
            ("AZURE_SIGNING_PROFILE", "profile"),
            ("AZURE_CLIENT_SECRET", "secret"),
            ("WINDOWS_CERTIFICATE_THUMBPRINT", "ab12"),
        ]));
        assert_eq!(azure["signCommand"]["args"][1], "https://eus.example");
        assert!(!azure.to_string().contains("secret"));
        let own = windows_signing(with(&[("WINDOWS_CERTIFICATE_THUMBPRINT", "ab12")]));
        assert_eq!(own["certificateThumbprint"], "ab12");
        assert_eq!(own["timestampUrl"], TIMESTAMPS);
    }

    #[test]
    fn a_mac_app_is_signed_by_somebody_or_by_nobody() {
        assert_eq!(macos_signing(with(&[])), json!({ "signingIdentity": "-" }));
        assert_eq!(
            macos_signing(with(&[("APPLE_CERTIFICATE", "x")])),
            json!({})
        );
    }
}
