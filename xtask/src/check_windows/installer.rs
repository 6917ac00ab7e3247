//! The installer: made from Tauri's template and our hooks, then installed, updated and removed, with a look at what it leaves.
//!
//! It is not the one that people get. Tauri's plugin for NSIS and NSIS 3.13 cannot be had here, so stand-ins do their work,
//! and it is made for 64 bits, which is all that wine runs without more. WebView2 is left out.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;

use super::{
    template::{Values, render},
    wine::{Registry, Wine},
};
use crate::{
    check_toolchain::Toolchain,
    command::{Failure, command, execute, failed, say},
};

/// The bundler that the command line of Tauri in `ui/package.json` was built with.
const BUNDLER: &str = "2.10.4";

/// What it is called, and made of.
const SETUP: &str = "setup.exe";
const RANDOM: &str = "bcryptprimitives.dll";

/// Where it installs, behind the person's home.
const PLACE: &str = "AppData/Local/Doorkey";

/// Makes it, and drives it.
pub(super) fn check(toolchain: &Toolchain, wine: &Wine) -> Result<(), Failure> {
    say("The installer: Tauri's template with our hooks");
    let folder = toolchain.folder().join("installer");
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(failed("remove", &folder))?;
    }
    fs::create_dir_all(folder.join("Win")).map_err(failed("make", &folder))?;
    let configuration = configuration()?;
    write(
        &folder,
        &template(toolchain)?,
        &values(toolchain, &folder, &configuration)?,
    )?;
    let mut compiler = command(
        "makensis",
        &["-V2", "-INPUTCHARSET", "UTF8", "installer.nsi"],
    );
    compiler.current_dir(&folder);
    execute(compiler)?;
    drive(wine, &folder.join(SETUP))
}

/// Installs, installs again, and removes with and without what Doorkey keeps.
fn drive(wine: &Wine, setup: &Path) -> Result<(), Failure> {
    let setup = setup.to_string_lossy();
    let install = || {
        execute(wine.command(&setup, &["/S"]))?;
        wine.wait()
    };
    let installed = wine.home()?.join(PLACE);
    let uninstall = |more: &[&str]| {
        let program = installed.join("uninstall.exe");
        execute(wine.command(&program.to_string_lossy(), &[&["/S"], more].concat()))?;
        wine.wait()
    };
    let before = State::of(wine)?;

    say("Installing without a window");
    install()?;
    let fresh = State::of(wine)?;
    fresh.tell_since(&before);
    fresh.demand_of_an_installation(&installed)?;

    say("What Doorkey then keeps");
    keep_something(wine, &installed)?;
    let used = State::of(wine)?;
    used.tell_since(&fresh);

    say("Installing over it");
    install()?;
    let updated = State::of(wine)?;
    same("an update", &updated, &used)?;

    say("Removing the programs alone");
    uninstall(&[])?;
    let removed = State::of(wine)?;
    removed.tell_since(&before);
    removed.demand_what_was_kept()?;

    say("Installing again, and removing everything");
    install()?;
    uninstall(&["/PURGE"])?;
    let purged = State::of(wine)?;
    same("removing everything", &purged, &before)
}

/// What the app and the command would have left there: a profile, a start at login, and what the task manager says of it.
fn keep_something(wine: &Wine, installed: &Path) -> Result<(), Failure> {
    let program = installed.join("doorkey.exe");
    execute(wine.command(
        &program.to_string_lossy(),
        &[
            "profile",
            "add",
            "work",
            "--preset",
            "oidc",
            "--set",
            "issuer=https://login.example.com",
            "--set",
            "client_id=desktop",
        ],
    ))?;
    let current = r"HKCU\Software\Microsoft\Windows\CurrentVersion";
    let run = format!(r"{current}\Run");
    let approved = format!(r"{current}\Explorer\StartupApproved\Run");
    let app = r#""C:\doorkey-desktop.exe" --hidden"#;
    for arguments in [
        [
            "add", &run, "/v", "Doorkey", "/t", "REG_SZ", "/d", app, "/f",
        ],
        [
            "add",
            &approved,
            "/v",
            "Doorkey",
            "/t",
            "REG_BINARY",
            "/d",
            "0200000000000000",
            "/f",
        ],
    ] {
        execute(wine.command("reg", &arguments))?;
    }
    Ok(())
}

/// The person's files and registry.
struct State {
    files: Vec<String>,
    registry: Registry,
}

impl State {
    fn of(wine: &Wine) -> Result<Self, Failure> {
        let registry = wine.registry()?;
        // A key that holds nothing is nothing that was left: wine makes some when they are looked at. And what it keeps
        // for itself, as the key of its credential manager, is nobody's.
        let registry = registry
            .into_iter()
            .filter(|(name, value)| !value.is_empty() && !name.starts_with(r"Software\\Wine\\"));
        Ok(Self {
            files: wine
                .files()?
                .into_iter()
                .filter(|file| is_lasting(file))
                .collect(),
            registry: registry.collect(),
        })
    }

    /// Prints what has come and gone.
    fn tell_since(&self, before: &Self) {
        for line in self.since(before) {
            println!("    {line}");
        }
    }

    fn since(&self, before: &Self) -> Vec<String> {
        let new = |one: &Self, other: &Self, sign: &str| {
            let files = one.files.iter().filter(|file| !other.files.contains(file));
            let values = one
                .registry
                .iter()
                .filter(|(name, value)| other.registry.get(*name) != Some(value));
            files
                .map(|file| format!("{sign} {file}"))
                .chain(values.map(|(name, value)| format!("{sign} {name} = {value}")))
                .collect::<Vec<_>>()
        };
        [new(self, before, "+"), new(before, self, "-")].concat()
    }

    fn demand_of_an_installation(&self, installed: &Path) -> Result<(), Failure> {
        for name in ["doorkey-desktop.exe", "doorkey.exe", "uninstall.exe"] {
            demand(
                installed.join(name).is_file(),
                &format!("{name} was not installed"),
            )?;
        }
        let value = |key: &str| self.registry.get(key).map_or("", String::as_str);
        let command = value(r#"Software\\Classes\\dev.doorkey.app\\shell\\open\\command @"#);
        let is_quoted = command.starts_with(r#""\"C:\\"#)
            && command.ends_with(r#"\\AppData\\Local\\Doorkey\\doorkey-desktop.exe\" \"%1\"""#);
        demand(is_quoted, &format!("links are opened with {command}"))?;
        let path = value(r#"Environment "Path""#);
        demand(
            path.contains(r"\\Local\\Doorkey"),
            &format!("the search path is {path}"),
        )?;
        let report = r"Software\\Microsoft\\Windows\\Windows Error Reporting\\ExcludedApplications";
        for name in ["doorkey-desktop.exe", "doorkey.exe"] {
            let said = value(&format!("{report} \"{name}\""));
            demand(
                said == "dword:00000001",
                &format!("crashes of {name} are reported"),
            )?;
        }
        let menu = "Start Menu/Programs/Doorkey.lnk";
        let is_in_menu = self.files.iter().any(|file| file.ends_with(menu));
        demand(is_in_menu, "there is no entry in the start menu")
    }

    fn demand_what_was_kept(&self) -> Result<(), Failure> {
        let kept = self
            .files
            .iter()
            .any(|file| file.ends_with("profiles/work.toml"));
        demand(kept, "the profile is gone")?;
        let starts = self
            .registry
            .keys()
            .any(|name| name.contains(r"\\Run ") && name.contains("Doorkey"));
        demand(!starts, "something that is gone would start at login")?;
        let names = [
            "Classes\\\\dev.doorkey.app",
            "ExcludedApplications",
            "Uninstall\\\\Doorkey",
        ];
        let left = self
            .registry
            .keys()
            .find(|key| names.iter().any(|name| key.contains(name)));
        demand(left.is_none(), &format!("{left:?} was left"))?;
        let path = self
            .registry
            .get(r#"Environment "Path""#)
            .map_or("", String::as_str);
        demand(
            !path.contains("Doorkey"),
            &format!("the search path is {path}"),
        )
    }
}

/// Not what a system writes for itself, nor the copy of itself that an uninstaller leaves for the next start.
fn is_lasting(file: &str) -> bool {
    file.split('/')
        .all(|part| part != "Temp" && part != "INetCache")
}

fn same(after: &str, found: &State, expected: &State) -> Result<(), Failure> {
    let differences = found.since(expected);
    demand(
        differences.is_empty(),
        &format!("{after} changed this:\n    {}", differences.join("\n    ")),
    )
}

fn demand(holds: bool, otherwise: &str) -> Result<(), Failure> {
    if holds {
        Ok(())
    } else {
        Err(Failure::new(otherwise))
    }
}

/// The folder with Tauri's template, which comes from the registry of crates.
fn template(toolchain: &Toolchain) -> Result<PathBuf, Failure> {
    let folder = toolchain.folder().join("bundler");
    let manifest = folder.join("Cargo.toml");
    fs::create_dir_all(&folder).map_err(failed("make", &folder))?;
    let text = format!(
        "[package]\nname = \"bundler\"\nedition = \"2024\"\n\n[lib]\npath = \"lib.rs\"\n\n[workspace]\n\n[dependencies]\n\
         tauri-bundler = \"={BUNDLER}\"\n"
    );
    for (file, text) in [(&manifest, text.as_str()), (&folder.join("lib.rs"), "")] {
        fs::write(file, text).map_err(failed("write", file))?;
    }
    let mut fetch = toolchain.cargo(&["fetch", "--manifest-path"]);
    fetch.arg(&manifest);
    execute(fetch)?;
    let sources = toolchain.sources();
    let inside = format!("tauri-bundler-{BUNDLER}/src/bundle/windows/nsis");
    fs::read_dir(&sources)
        .map_err(failed("read", &sources))?
        .filter_map(|entry| Some(entry.ok()?.path().join(&inside)))
        .find(|folder| folder.is_dir())
        .ok_or_else(|| {
            Failure::new(format!(
                "{} has no tauri-bundler {BUNDLER}",
                sources.display()
            ))
        })
}

/// Writes the script and all that it includes.
fn write(folder: &Path, template: &Path, values: &Values) -> Result<(), Failure> {
    let read = |name: &str| {
        let file = template.join(name);
        fs::read_to_string(&file).map_err(failed("read", &file))
    };
    let with_stand_ins = |text: &str| text.replace("nsis_tauri_utils::", "!insertmacro TAURI_");
    // The kind of program comes first, and Unicode comes with it.
    let script = render(&read("installer.nsi")?, values).replace("Unicode true", "");
    let script = format!("Target amd64-unicode\n!addincludedir .\n!include plugin.nsh\n{script}");
    for (name, text) in [
        ("installer.nsi", with_stand_ins(&script)),
        ("utils.nsh", with_stand_ins(&read("utils.nsh")?)),
        ("FileAssociation.nsh", read("FileAssociation.nsh")?),
        ("English.nsh", read("languages/English.nsh")?),
        (
            "plugin.nsh",
            include_str!("stand_ins/plugin.nsh").to_owned(),
        ),
        (
            "Win/RestartManager.nsh",
            include_str!("stand_ins/Win/RestartManager.nsh").to_owned(),
        ),
    ] {
        let file = folder.join(name);
        fs::write(&file, format!("\u{feff}{text}")).map_err(failed("write", &file))?;
    }
    Ok(())
}

/// What the bundler would fill in.
fn values(toolchain: &Toolchain, folder: &Path, configuration: &Value) -> Result<Values, Failure> {
    let text = |path: &str| {
        let found = configuration.pointer(path).and_then(Value::as_str);
        found.ok_or_else(|| Failure::new(format!("tauri.conf.json has no {path}")))
    };
    let file = |path: &str| {
        let file = fs::canonicalize(path).map_err(failed("find", Path::new(path)))?;
        Ok::<_, Failure>(file.to_string_lossy().into_owned())
    };
    let nsis = "/bundle/windows/nsis";
    let programs = toolchain.programs();
    let beside = |name: &str| {
        (
            programs.join(name).to_string_lossy().into_owned(),
            name.to_owned(),
        )
    };
    let version = env!("CARGO_PKG_VERSION");
    let texts = [
        ("compression", "zlib".to_owned()),
        (
            "manufacturer",
            text("/bundle/publisher").unwrap_or("doorkey").to_owned(),
        ),
        ("product_name", text("/productName")?.to_owned()),
        ("version", version.to_owned()),
        ("version_with_build", format!("{version}.0")),
        (
            "install_mode",
            text(&format!("{nsis}/installMode"))?.to_owned(),
        ),
        (
            "installer_icon",
            file(text(&format!("{nsis}/installerIcon"))?)?,
        ),
        (
            "uninstaller_icon",
            file(text(&format!("{nsis}/uninstallerIcon"))?)?,
        ),
        (
            "installer_hooks",
            file(text(&format!("{nsis}/installerHooks"))?)?,
        ),
        ("main_binary_name", text("/mainBinaryName")?.to_owned()),
        ("main_binary_path", beside("doorkey-desktop.exe").0),
        ("bundle_id", text("/identifier")?.to_owned()),
        ("out_file", SETUP.to_owned()),
        ("arch", "x64".to_owned()),
        (
            "additional_plugins_path",
            folder.to_string_lossy().into_owned(),
        ),
        (
            "allow_downgrades",
            configuration["bundle"]["windows"]["allowDowngrades"].to_string(),
        ),
        ("display_language_selector", "false".to_owned()),
        ("estimated_size", "0".to_owned()),
    ];
    let unnamed = |text: &str| (String::new(), text.to_owned());
    let schemes = configuration.pointer("/plugins/deep-link/desktop/schemes");
    let schemes = schemes.and_then(Value::as_array).into_iter().flatten();
    let lists = [
        ("languages", vec![unnamed("English")]),
        ("language_files", vec![unnamed("English.nsh")]),
        // Wine's own, so that the installed command runs there.
        ("resources", vec![beside(RANDOM)]),
        ("binaries", vec![beside("doorkey.exe")]),
        (
            "deep_link_protocols",
            schemes.filter_map(Value::as_str).map(unnamed).collect(),
        ),
    ];
    Ok(Values {
        texts: texts.into(),
        lists: lists.into(),
    })
}

fn configuration() -> Result<Value, Failure> {
    let file = Path::new("tauri.conf.json");
    let text = fs::read_to_string(file).map_err(failed("read", file))?;
    serde_json::from_str(&text).map_err(|error| Failure::new(format!("tauri.conf.json: {error}")))
}
