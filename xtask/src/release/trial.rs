//! The quick package of Windows or macOS, installed as a person would, looked at, and removed.
//!
//! Linux has tests of its own, which also sign in: there is a keychain and a window for tests.

use std::{
    env, fs,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use super::{
    VERSION,
    elsewhere::{Build, results},
};
use crate::command::{Failure, command, execute, failed, output, say};

/// The scheme of links to the app.
const SCHEME: &str = "dev.doorkey.app";

/// How long an installer may go on after it says that it is done.
const PATIENCE: Duration = Duration::from_secs(60);

pub(super) fn of_this_system() -> Result<(), Failure> {
    match env::consts::OS {
        "windows" => windows(&package("-setup.exe")?),
        "macos" => macos(&package(".dmg")?),
        _ => Err(Failure::new(
            "on Linux `cargo xtask test` installs the package and signs in",
        )),
    }
}

/// Per user and in silence; what the registry says afterwards, and what is left in the end.
fn windows(installer: &Path) -> Result<(), Failure> {
    let key = format!(r"HKCU\Software\Classes\{SCHEME}\shell\open\command");
    let registered = || output(command("reg", &["query", &key, "/ve"]));
    say("Installing");
    execute(command(&installer.to_string_lossy(), &["/S"]))?;
    let local =
        env::var_os("LOCALAPPDATA").ok_or_else(|| Failure::new("LOCALAPPDATA is not set"))?;
    let folder = Path::new(&local).join("Doorkey");
    let app = folder.join("doorkey-desktop.exe");
    expect(app.is_file(), "the app is installed")?;
    says_its_version(&folder.join("doorkey.exe"))?;
    let opens = format!("\"{}\" \"%1\"", app.display());
    expect(
        registered().is_some_and(|text| text.contains(&opens)),
        "links open the app, in quotes",
    )?;
    say("Removing");
    execute(command(
        &folder.join("uninstall.exe").to_string_lossy(),
        &["/S"],
    ))?;
    // The uninstaller goes on as a copy of itself, since no program can remove its own file here.
    let start = Instant::now();
    while folder.exists() && start.elapsed() < PATIENCE {
        thread::sleep(Duration::from_millis(200));
    }
    expect(!folder.exists(), "no file is left")?;
    expect(registered().is_none(), "links open nothing any more")
}

/// From the disk image as it is mounted.
fn macos(image: &Path) -> Result<(), Failure> {
    let mounted =
        tempfile::tempdir().map_err(|error| Failure::new(format!("no folder: {error}")))?;
    say("Mounting");
    let mut attach = command(
        "hdiutil",
        &["attach", "-nobrowse", "-readonly", "-mountpoint"],
    );
    attach.arg(mounted.path()).arg(image);
    execute(attach)?;
    let looked = looked_at(&mounted.path().join("Doorkey.app"));
    let mut detach = command("hdiutil", &["detach"]);
    detach.arg(mounted.path());
    looked.and(execute(detach))
}

fn looked_at(app: &Path) -> Result<(), Failure> {
    let programs = app.join("Contents/MacOS");
    for name in ["doorkey-desktop", "doorkey"] {
        let mut lipo = command("lipo", &["-archs"]);
        lipo.arg(programs.join(name));
        let both =
            output(lipo).is_some_and(|text| text.contains("x86_64") && text.contains("arm64"));
        expect(both, &format!("{name} runs on both processors"))?;
    }
    says_its_version(&programs.join("doorkey"))?;
    let mut sealed = command("codesign", &["--verify", "--deep", "--strict"]);
    sealed.arg(app);
    execute(sealed)?;
    let mut plist = command(
        "plutil",
        &[
            "-extract",
            "CFBundleURLTypes.0.CFBundleURLSchemes.0",
            "raw",
            "-o",
            "-",
        ],
    );
    plist.arg(app.join("Contents/Info.plist"));
    expect(
        output(plist).is_some_and(|scheme| scheme.trim() == SCHEME),
        "links open the app",
    )
}

fn says_its_version(program: &Path) -> Result<(), Failure> {
    let said = output(command(&program.to_string_lossy(), &["--version"]));
    expect(
        said.is_some_and(|text| text.trim().ends_with(VERSION)),
        "`doorkey` runs, and is this version",
    )
}

fn expect(is_so: bool, what: &str) -> Result<(), Failure> {
    if is_so {
        println!("    {what}");
        return Ok(());
    }
    Err(Failure::new(format!("this is not so: {what}")))
}

/// The one package that was made.
fn package(ending: &str) -> Result<PathBuf, Failure> {
    let folder = results(Build::Quick)?;
    let files = fs::read_dir(&folder).map_err(failed("read", &folder))?;
    files
        .filter_map(|file| Some(file.ok()?.path()))
        .find(|file| file.to_string_lossy().ends_with(ending))
        .ok_or_else(|| {
            Failure::new("there is no package: `cargo xtask release package --quick` makes one")
        })
}
