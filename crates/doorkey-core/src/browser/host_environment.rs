//! The environment of the system, for programs that Doorkey starts from within an AppImage or a Snap.
//!
//! Such a bundle brings libraries and data of its own and finds them by variables, which every program that it starts
//! inherits. A browser of the system with the libraries of a bundle fails at its first symbol, or shows its pages with the
//! wrong fonts. So each program is started with the environment as it was before the bundle's launcher changed it.
//!
//! | bundle | what its launchers do |
//! |---|---|
//! | AppImage | the runtime sets `APPDIR`, `APPIMAGE`, `ARGV0`, `OWD`; `AppRun` changes into the bundle and puts its folders before `PATH`, `LD_LIBRARY_PATH`, `XDG_DATA_DIRS` and others; the hook for GTK sets `GTK_*`, `GDK_*`, `GIO_*`, some of them to no path. Some keep what was before as `APPRUN_ORIGINAL_NAME` or `APPIMAGE_ORIGINAL_NAME` |
//! | Snap | `snapd` sets `SNAP*` and moves `HOME` and `XDG_RUNTIME_DIR`; the launcher for desktops puts folders below `SNAP`, `SNAP_USER_DATA` and `SNAP_USER_COMMON` into `XDG_*`, `GTK_*`, `GIO_*`, `LD_LIBRARY_PATH`. Some keep what was before as `NAME_VSCODE_SNAP_ORIG` |
//!
//! What names the bundle goes, wherever it stands; what the person has set stays.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Variables, or what becomes of them: none for one that is to be gone.
type Variables<T> = BTreeMap<OsString, T>;

/// A command for a program of the system: from an AppImage or a Snap with the system's environment instead of the bundle's.
pub fn host_command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    restore(&mut command);
    command
}

/// Gives a command the system's environment instead of a bundle's, and a folder outside of the bundle.
pub(super) fn restore(command: &mut Command) {
    let variables = current();
    for (name, value) in changes(&variables) {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    // A program that stands in a mounted image keeps it from being unmounted.
    let folder = std::env::current_dir().unwrap_or_default();
    if is_below(&folder, &roots(&variables)) {
        command.current_dir(outside(&variables));
    }
}

/// A variable as programs of the system see it.
pub(crate) fn host_variable(name: &str) -> Option<OsString> {
    match changes(&current()).remove(OsStr::new(name)) {
        Some(changed) => changed,
        None => std::env::var_os(name),
    }
}

/// This process's environment. Only Linux has such bundles; elsewhere the same names mean other things.
fn current() -> Variables<OsString> {
    if cfg!(target_os = "linux") {
        std::env::vars_os().collect()
    } else {
        Variables::new()
    }
}

/// What marks a bundle, and is nobody else's business: programs take themselves for the bundle by it.
const MARKS: [&str; 4] = ["APPDIR", "APPIMAGE", "ARGV0", "OWD"];

/// Where the saved values of other variables are, around their names.
const SAVED: [(&str, &str); 4] = [
    ("APPRUN_ORIGINAL_", ""),
    ("APPIMAGE_ORIGINAL_", ""),
    ("", "_VSCODE_SNAP_ORIG"),
    ("", "_ORIG"),
];

/// What the launchers set to something other than a path, and the path that they set along with it.
const BY_THE_WAY: [(&str, &str); 6] = [
    ("PYTHONDONTWRITEBYTECODE", "PYTHONHOME"),
    // The hook of AppImages.
    ("GTK_THEME", "GTK_DATA_PREFIX"),
    ("GDK_BACKEND", "GTK_DATA_PREFIX"),
    // The launcher of Snaps.
    ("GDK_BACKEND", "GIO_MODULE_DIR"),
    ("CLUTTER_BACKEND", "GIO_MODULE_DIR"),
    ("QT_QPA_PLATFORM", "GIO_MODULE_DIR"),
];

/// What has to change in an environment so that it is the system's. Nothing outside of a bundle.
fn changes(variables: &Variables<OsString>) -> Variables<Option<OsString>> {
    let roots = roots(variables);
    if roots.is_empty() {
        return Variables::new();
    }
    let names_bundle = |name: &str| {
        let value = variables.get(OsStr::new(name));
        value.is_some_and(|value| without(value, &roots).as_ref() != Some(value))
    };
    let mut changes: Variables<Option<OsString>> = variables
        .iter()
        .filter(|(name, _)| !is_kept(name))
        .map(|(name, value)| (name, without(value, &roots)))
        .filter(|(name, kept)| kept.as_ref() != variables.get(*name))
        .map(|(name, kept)| (name.clone(), kept))
        .collect();
    for (name, set_with) in BY_THE_WAY {
        if variables.contains_key(OsStr::new(name)) && names_bundle(set_with) {
            changes.insert(name.into(), None);
        }
    }
    for (saved, value) in variables {
        // What the launcher left alone is the person's, and so is what only looks like a saved value.
        if let Some(name) = saved_name(saved).filter(|name| names_bundle(name)) {
            let value = without(value, &roots).filter(|value| !value.is_empty());
            changes.insert(name.into(), value);
            changes.insert(saved.clone(), None);
        }
    }
    for name in variables.keys() {
        let text = name.to_string_lossy();
        if MARKS.contains(&&*text) || text == "SNAP" || text.starts_with("SNAP_") {
            changes.insert(name.clone(), None);
        }
    }
    changes.extend(moved_by_snapd(variables));
    changes
}

/// The folders of the bundle, as far as there is one.
fn roots(variables: &Variables<OsString>) -> Vec<PathBuf> {
    let folder = |name: &str| variables.get(OsStr::new(name)).map(PathBuf::from);
    let is_bundle = |path: &PathBuf| path.is_absolute() && path.parent().is_some();
    let mut roots: Vec<_> = ["APPDIR", "SNAP"]
        .into_iter()
        .filter_map(folder)
        .filter(is_bundle)
        .collect();
    if folder("SNAP").as_ref().is_some_and(is_bundle) {
        roots.extend(
            ["SNAP_USER_DATA", "SNAP_USER_COMMON"]
                .into_iter()
                .filter_map(folder),
        );
        let libraries = variables.get(OsStr::new("SNAP_LIBRARY_PATH"));
        roots.extend(libraries.into_iter().flat_map(std::env::split_paths));
    }
    roots.retain(is_bundle);
    roots
}

fn is_below(path: &Path, roots: &[PathBuf]) -> bool {
    roots.iter().any(|root| path.starts_with(root))
}

/// A list of paths without those of the bundle; nothing if none is left. A list that does not name the bundle stays as it is.
fn without(list: &OsStr, roots: &[PathBuf]) -> Option<OsString> {
    let (ours, others): (Vec<_>, Vec<_>) =
        std::env::split_paths(list).partition(|path| is_below(path, roots));
    if ours.is_empty() {
        return Some(list.to_owned());
    }
    // A launcher leaves an empty entry where nothing was before; to the loader that is whatever folder it is in.
    let others = others.iter().filter(|path| !path.as_os_str().is_empty());
    std::env::join_paths(others)
        .ok()
        .filter(|list| !list.is_empty())
}

/// The variable whose value before the bundle this one keeps.
fn saved_name(saved: &OsStr) -> Option<&str> {
    let saved = saved.to_str()?;
    SAVED.iter().find_map(|(before, behind)| {
        let name = saved.strip_prefix(before)?.strip_suffix(behind)?;
        (!name.is_empty()).then_some(name)
    })
}

/// What no program can do without has a rule of its own.
fn is_kept(name: &OsStr) -> bool {
    name == "HOME" || name == "XDG_RUNTIME_DIR"
}

/// The person's own home and runtime folder, where snapd has given the bundle others.
fn moved_by_snapd(variables: &Variables<OsString>) -> Variables<Option<OsString>> {
    let get = |name: &str| variables.get(OsStr::new(name));
    let mut moved = Variables::new();
    if get("SNAP").is_none() {
        return moved;
    }
    if let Some(home) = get("SNAP_REAL_HOME") {
        moved.insert("HOME".into(), Some(home.clone()));
    }
    if let (Some(folder), Some(name)) = (get("XDG_RUNTIME_DIR"), get("SNAP_INSTANCE_NAME")) {
        let folder = Path::new(folder);
        let mut own = OsString::from("snap.");
        own.push(name);
        if let (true, Some(parent)) = (folder.file_name() == Some(&own), folder.parent()) {
            moved.insert("XDG_RUNTIME_DIR".into(), Some(parent.into()));
        }
    }
    moved
}

/// Where the person has started the bundle, or else their home.
fn outside(variables: &Variables<OsString>) -> PathBuf {
    let folders = ["OWD", "SNAP_REAL_HOME", "HOME"].into_iter();
    folders
        .filter_map(|name| variables.get(OsStr::new(name)).map(PathBuf::from))
        .find(|folder| folder.is_dir() && !is_below(folder, &roots(variables)))
        .unwrap_or_else(|| PathBuf::from("/"))
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    fn variables(pairs: &[(&str, &str)]) -> Variables<OsString> {
        let pairs = pairs.iter();
        pairs
            .map(|(name, value)| (name.into(), value.into()))
            .collect()
    }

    /// What a program of the system gets.
    fn host(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        let mut variables = variables(pairs);
        for (name, value) in changes(&variables) {
            match value {
                Some(value) => variables.insert(name, value),
                None => variables.remove(&name),
            };
        }
        let text = |text: OsString| text.into_string().expect("text");
        let variables = variables.into_iter();
        variables
            .map(|(name, value)| (text(name), text(value)))
            .collect()
    }

    fn same(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        let mut pairs: Vec<_> = pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        pairs.sort();
        pairs
    }

    #[test]
    fn outside_of_a_bundle_everything_stays() {
        let session = [
            ("HOME", "/home/ada"),
            ("LD_LIBRARY_PATH", "/opt/lib:"),
            ("PATH_ORIG", "/bin"),
            ("GTK_THEME", "Adwaita:dark"),
            ("GTK_DATA_PREFIX", "/opt/gtk"),
            ("OWD", "/somewhere"),
            ("SNAP_REAL_HOME", "/home/other"),
        ];
        assert_eq!(host(&session), same(&session));
        for root in ["", "/", "relative"] {
            let odd = [&session[..], &[("APPDIR", root), ("SNAP", root)]].concat();
            assert_eq!(host(&odd), same(&odd), "{root:?}");
        }
    }

    #[test]
    fn what_the_launchers_of_an_appimage_set_is_gone() {
        let bundle = "/tmp/.mount_DoorkeAbCdEf";
        let at = |path: &str| format!("{bundle}{path}");
        let path = format!("{0}/usr/bin/:{0}/usr/sbin/:/home/ada/bin:/usr/bin", bundle);
        let libraries = format!("{0}/usr/lib/:{0}/usr/lib/x86_64-linux-gnu/:", bundle);
        let data = format!("{bundle}/usr/share:/usr/share:/usr/local/share/:/usr/share/");
        let modules = format!("{bundle}//usr/lib/gtk-3.0:/usr/lib64/gtk-3.0");
        let (home, python, schemas) = (at(""), at("/usr/"), at("//usr/share/glib-2.0/schemas"));
        let environment = [
            ("APPDIR", &*home),
            ("APPIMAGE", "/home/ada/Doorkey.AppImage"),
            ("ARGV0", "./Doorkey.AppImage"),
            ("OWD", "/home/ada"),
            ("PATH", &path),
            ("LD_LIBRARY_PATH", &libraries),
            ("XDG_DATA_DIRS", &data),
            ("PYTHONHOME", &python),
            ("PYTHONDONTWRITEBYTECODE", "1"),
            ("PERLLIB", &libraries),
            ("QT_PLUGIN_PATH", &libraries),
            ("GSETTINGS_SCHEMA_DIR", &schemas),
            ("GTK_DATA_PREFIX", &home),
            ("GTK_THEME", "Adwaita:light"),
            ("GDK_BACKEND", "x11"),
            ("GTK_PATH", &modules),
            ("GTK_EXE_PREFIX", &python),
            ("GDK_PIXBUF_MODULE_FILE", &schemas),
            ("GIO_EXTRA_MODULES", &schemas),
            ("HOME", "/home/ada"),
            ("LANG", "de_AT.UTF-8"),
        ];
        assert_eq!(
            host(&environment),
            same(&[
                ("PATH", "/home/ada/bin:/usr/bin"),
                ("XDG_DATA_DIRS", "/usr/share:/usr/local/share/:/usr/share/"),
                ("GTK_PATH", "/usr/lib64/gtk-3.0"),
                ("HOME", "/home/ada"),
                ("LANG", "de_AT.UTF-8"),
            ])
        );
    }

    #[test]
    fn what_the_person_has_set_stays() {
        let environment = [
            ("APPDIR", "/tmp/.mount_a"),
            ("LD_LIBRARY_PATH", "/opt/oracle/lib"),
            ("GTK_THEME", "Adwaita:dark"),
            ("GDK_BACKEND", "wayland"),
            ("PYTHONDONTWRITEBYTECODE", "1"),
            // Begins with the same letters, and is another folder.
            ("XDG_DATA_DIRS", "/tmp/.mount_another/share:/usr/share"),
            ("BROWSER", "firefox --private-window %s:chromium"),
            ("EMPTY", ""),
        ];
        assert_eq!(host(&environment), same(&environment[1..]));
    }

    #[test]
    fn a_saved_value_comes_back_where_the_launcher_has_changed_one() {
        let environment = [
            ("APPDIR", "/tmp/.mount_a"),
            (
                "LD_LIBRARY_PATH",
                "/tmp/.mount_a/lib:/added/by/the/launcher",
            ),
            ("APPRUN_ORIGINAL_LD_LIBRARY_PATH", "/opt/lib"),
            ("PATH", "/tmp/.mount_a/bin:/usr/bin"),
            ("APPIMAGE_ORIGINAL_PATH", "/tmp/.mount_a/bin:/home/ada/bin"),
            ("QT_PLUGIN_PATH", "/tmp/.mount_a/qt:/usr/qt"),
            ("QT_PLUGIN_PATH_ORIG", ""),
            ("XDG_CONFIG_DIRS", "/etc/xdg"),
            ("XDG_CONFIG_DIRS_ORIG", "/gone"),
        ];
        assert_eq!(
            host(&environment),
            same(&[
                ("LD_LIBRARY_PATH", "/opt/lib"),
                ("PATH", "/home/ada/bin"),
                ("XDG_CONFIG_DIRS", "/etc/xdg"),
                ("XDG_CONFIG_DIRS_ORIG", "/gone"),
            ])
        );
    }

    #[test]
    fn what_snapd_and_its_launchers_set_is_gone() {
        let environment = [
            ("SNAP", "/snap/doorkey/7"),
            ("SNAP_NAME", "doorkey"),
            ("SNAP_INSTANCE_NAME", "doorkey"),
            ("SNAP_REAL_HOME", "/home/ada"),
            ("SNAP_USER_DATA", "/home/ada/snap/doorkey/7"),
            ("SNAP_USER_COMMON", "/home/ada/snap/doorkey/common"),
            (
                "SNAP_LIBRARY_PATH",
                "/var/lib/snapd/lib/gl:/var/lib/snapd/void",
            ),
            ("HOME", "/home/ada/snap/doorkey/7"),
            ("XDG_RUNTIME_DIR", "/run/user/1000/snap.doorkey"),
            ("XDG_CONFIG_HOME", "/home/ada/snap/doorkey/7/.config"),
            ("XDG_DATA_DIRS", "/snap/doorkey/7/usr/share:/usr/share"),
            (
                "XDG_DATA_DIRS_VSCODE_SNAP_ORIG",
                "/usr/local/share:/usr/share",
            ),
            (
                "LD_LIBRARY_PATH",
                "/var/lib/snapd/lib/gl:/snap/doorkey/7/lib",
            ),
            (
                "GIO_MODULE_DIR",
                "/home/ada/snap/doorkey/common/.cache/gio-modules",
            ),
            ("GTK_PATH", "/snap/doorkey/7/usr/lib/gtk-3.0"),
            ("GDK_BACKEND", "wayland"),
            ("PATH", "/snap/doorkey/7/usr/bin:/usr/bin:/snap/bin"),
        ];
        assert_eq!(
            host(&environment),
            same(&[
                ("HOME", "/home/ada"),
                ("XDG_RUNTIME_DIR", "/run/user/1000"),
                ("XDG_DATA_DIRS", "/usr/local/share:/usr/share"),
                ("PATH", "/usr/bin:/snap/bin"),
            ])
        );
    }

    #[test]
    fn a_program_stands_where_the_person_does() {
        let (home, bundle) = (tempfile::tempdir(), tempfile::tempdir());
        let (home, bundle) = (home.expect("a folder"), bundle.expect("a folder"));
        let text = |folder: &tempfile::TempDir| folder.path().display().to_string();
        let (home, bundle) = (text(&home), text(&bundle));
        let folder = |owd: &str| {
            outside(&variables(&[
                ("APPDIR", &bundle),
                ("OWD", owd),
                ("HOME", &home),
            ]))
        };
        assert_eq!(folder("/"), Path::new("/"));
        assert_eq!(folder(&bundle), Path::new(&home));
        assert_eq!(folder("/no/such/folder"), Path::new(&home));
    }
}
