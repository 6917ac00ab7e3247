//! Desktop entries that take `https:` addresses
//! ([Desktop Entry Specification](https://specifications.freedesktop.org/desktop-entry-spec/latest/),
//! [MIME Applications](https://specifications.freedesktop.org/mime-apps-spec/latest/)).

use std::collections::HashSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use freedesktop_desktop_entry::{DesktopEntry, GenericEntry, Iter, get_languages_from_env};

use super::InstalledBrowser;
use crate::browser::program::is_there;
use crate::browser::{BrowserCommand, host_variable};
use crate::text::clean;

/// How many characters of a name are told.
const LONGEST_NAME: usize = 80;
const HTTPS: &str = "x-scheme-handler/https";

/// What Doorkey's own entries begin with; it must never open its own sign-ins.
const OWN: [&str; 2] = ["doorkey", "dev.doorkey"];

pub(super) fn installed() -> Vec<InstalledBrowser> {
    find(&Places::of_environment())
}

/// Where to look, the most important first.
struct Places {
    /// `applications` in each of these holds entries.
    data: Vec<PathBuf>,
    /// Each of these may say what is the default.
    config: Vec<PathBuf>,
    /// The desktops that this session calls itself, in lower case.
    desktops: Vec<String>,
    locales: Vec<String>,
    /// Where programs are looked up.
    path: OsString,
}

impl Places {
    fn of_environment() -> Self {
        let listed = |name: &str, default: &str| {
            let list = host_variable(name).filter(|list| !list.is_empty());
            std::env::split_paths(&list.unwrap_or_else(|| default.into()))
                .filter(|path| path.is_absolute())
                .collect::<Vec<_>>()
        };
        let desktops = std::env::var("XDG_CURRENT_DESKTOP").unwrap_or_default();
        Self {
            data: dirs::data_dir()
                .into_iter()
                .chain(listed("XDG_DATA_DIRS", "/usr/local/share:/usr/share"))
                .collect(),
            config: dirs::config_dir()
                .into_iter()
                .chain(listed("XDG_CONFIG_DIRS", "/etc/xdg"))
                .collect(),
            desktops: desktops
                .split(':')
                .filter(|name| !name.is_empty())
                .map(str::to_lowercase)
                .collect(),
            locales: get_languages_from_env(),
            path: host_variable("PATH").unwrap_or_default(),
        }
    }
}

/// An entry's id, such as `chromium.desktop`, and what it starts.
struct Found {
    id: String,
    browser: InstalledBrowser,
}

fn find(places: &Places) -> Vec<InstalledBrowser> {
    let mut seen = HashSet::new();
    let mut found: Vec<Found> = Vec::new();
    for folder in &places.data {
        let folder = folder.join("applications");
        let folder = folder.canonicalize().unwrap_or(folder);
        for path in Iter::new(std::iter::once(folder.clone())) {
            let id = id(&folder, &path);
            // The first of an id hides those that come later, also if it only says that they are gone.
            if seen.insert(id.clone())
                && let Some(browser) = browser(places, &id, &path)
            {
                found.push(Found { id, browser });
            }
        }
    }
    let default = default(places, &found);
    found
        .into_iter()
        .map(|Found { id, browser }| InstalledBrowser {
            is_default: default.as_ref() == Some(&id),
            ..browser
        })
        .collect()
}

/// The path below the folder with dashes for slashes.
fn id(folder: &Path, path: &Path) -> String {
    let below = path.strip_prefix(folder).unwrap_or(path);
    below.to_string_lossy().replace('/', "-")
}

fn browser(places: &Places, id: &str, path: &Path) -> Option<InstalledBrowser> {
    if OWN.iter().any(|own| id.starts_with(own)) {
        return None;
    }
    let entry = DesktopEntry::from_path(path, Some(&places.locales)).ok()?;
    offered(&entry, &places.locales, |program| {
        is_there(program, &places.path)
    })
}

/// The browser that an entry offers, if its program is here.
pub(super) fn offered(
    entry: &DesktopEntry,
    locales: &[String],
    is_here: impl Fn(&str) -> bool,
) -> Option<InstalledBrowser> {
    let takes_https = entry.mime_type()?.contains(&HTTPS);
    let is_offered = takes_https && !entry.hidden() && !entry.no_display() && !entry.terminal();
    if !is_offered || entry.type_() != Some("Application") {
        return None;
    }
    if !entry.try_exec().is_none_or(&is_here) {
        return None;
    }
    let words = entry.parse_exec_with_uris(&["%s"], locales).ok()?;
    let command = BrowserCommand::of_words(words.iter().map(|word| expanded(word)).collect())?;
    if !is_here(command.program()) {
        return None;
    }
    let name = clean(&entry.name(locales)?, LONGEST_NAME);
    (!name.is_empty()).then_some(InstalledBrowser {
        name,
        command,
        is_default: false,
    })
}

/// Field codes in the middle of a word, which not every reader of entries takes.
fn expanded(word: &str) -> String {
    let mut text = String::with_capacity(word.len());
    let mut characters = word.chars();
    while let Some(character) = characters.next() {
        match (character, characters.clone().next()) {
            ('%', Some('u' | 'U' | 'f' | 'F')) => {
                text.push_str("%s");
                characters.next();
            }
            ('%', Some('%')) => {
                text.push('%');
                characters.next();
            }
            _ => text.push(character),
        }
    }
    text
}

/// The id of the default browser: the first that a `mimeapps.list` names and that is there, or else the only one there is.
fn default(places: &Places, found: &[Found]) -> Option<String> {
    let below_data = places.data.iter().map(|folder| folder.join("applications"));
    let lists = places.config.iter().cloned().chain(below_data);
    let named = lists
        .flat_map(|folder| {
            let for_desktops = places
                .desktops
                .iter()
                .map(|desktop| format!("{desktop}-mimeapps.list"));
            for_desktops
                .chain(["mimeapps.list".to_owned()])
                .map(|name| folder.join(name))
                .collect::<Vec<_>>()
        })
        .filter_map(|path| GenericEntry::from_path(path).ok())
        .find_map(|list| {
            let ids = list.group("Default Applications")?.entry(HTTPS)?;
            ids.split(';')
                .find(|id| found.iter().any(|found| found.id == *id))
                .map(str::to_owned)
        });
    named.or_else(|| match found {
        [only] => Some(only.id.clone()),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    struct Computer {
        folder: tempfile::TempDir,
    }

    impl Computer {
        /// A computer with these programs.
        fn with(programs: &[&str]) -> Self {
            let folder = tempfile::tempdir().expect("a folder");
            let computer = Self { folder };
            for program in programs {
                let path = computer.write(&format!("bin/{program}"), "#!/bin/sh\n");
                let mode = std::fs::Permissions::from_mode(0o755);
                std::fs::set_permissions(path, mode).expect("to make it a program");
            }
            computer
        }

        fn write(&self, path: &str, text: &str) -> PathBuf {
            let path = self.folder.path().join(path);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            std::fs::write(&path, text).expect("to write");
            path
        }

        /// Writes an entry for `https:` with these further lines.
        fn entry(&self, path: &str, lines: &str) {
            let text = format!(
                "[Desktop Entry]\nType=Application\nMimeType=text/html;x-scheme-handler/https;\n{lines}\n\
                 [Desktop Action private]\nName=Private\nExec=nothing %u\n"
            );
            self.write(path, &text);
        }

        fn found(&self) -> Vec<(String, String, bool)> {
            let at = |name: &str| self.folder.path().join(name);
            let mut found: Vec<_> = find(&Places {
                data: vec![at("home/share"), at("share")],
                config: vec![at("home/config"), at("etc")],
                desktops: vec!["gnome".to_owned()],
                locales: vec!["de_AT".to_owned()],
                path: at("bin").into(),
            })
            .into_iter()
            .map(|browser| {
                let command = browser.command.as_str().to_owned();
                (browser.name, command, browser.is_default)
            })
            .collect();
            found.sort();
            found
        }
    }

    fn row(name: &str, command: &str, is_default: bool) -> (String, String, bool) {
        (name.to_owned(), command.to_owned(), is_default)
    }

    #[test]
    fn entries_that_take_https_are_browsers_with_the_address_in_its_place() {
        let computer = Computer::with(&["firefox", "fl", "my browser"]);
        let spaced = computer.folder.path().join("bin/my browser");
        let spaced = spaced.display();
        computer.entry(
            "share/applications/firefox.desktop",
            "Name=Firefox\nName[de]=Feuerfuchs\nExec=firefox --new %u",
        );
        computer.entry(
            "share/applications/kde/flat.desktop",
            "Name=Flat\nExec=fl run @@u %U @@",
        );
        computer.entry(
            "share/applications/app.desktop",
            &format!("Name=App\nIcon=app\nExec=\"{spaced}\" --app=%u %i %% 100%%"),
        );
        computer.entry(
            "share/applications/bare.desktop",
            "Name=Bare\nExec=firefox -P \"at work\"",
        );
        let app = format!("'{spaced}' --app=%s app 100%");
        assert_eq!(
            computer.found(),
            [
                row("App", &app, false),
                row("Bare", "firefox -P 'at work'", false),
                row("Feuerfuchs", "firefox --new %s", false),
                row("Flat", "fl run @@u %s @@", false),
            ]
        );
        let url = url::Url::parse("https://a.example/?a=b&c").expect("a URL");
        let command = BrowserCommand::parse(&app).expect("a command");
        assert_eq!(
            command.arguments(&url)[1..],
            ["--app=https://a.example/?a=b&c", "app", "100%"]
        );
    }

    #[test]
    fn what_is_hidden_gone_or_doorkey_itself_is_no_browser() {
        let computer = Computer::with(&["firefox", "doorkey-desktop", "w3m"]);
        for (path, lines) in [
            (
                "share/applications/a.desktop",
                "Name=A\nExec=firefox\nNoDisplay=true",
            ),
            (
                "share/applications/b.desktop",
                "Name=B\nExec=firefox\nHidden=true",
            ),
            (
                "share/applications/c.desktop",
                "Name=C\nExec=firefox\nTryExec=gone",
            ),
            ("share/applications/d.desktop", "Name=D\nExec=gone %u"),
            (
                "share/applications/e.desktop",
                "Name=E\nExec=w3m %u\nTerminal=true",
            ),
            ("share/applications/f.desktop", "Name=F\nExec=firefox \"%u"),
            ("share/applications/g.desktop", "Name=G"),
            (
                "share/applications/doorkey-desktop.desktop",
                "Name=H\nExec=doorkey-desktop %u",
            ),
            (
                "share/applications/dev.doorkey.app.desktop",
                "Name=I\nExec=firefox %u",
            ),
            // The person's own entry of the same id hides the system's.
            (
                "home/share/applications/j.desktop",
                "Name=J\nExec=firefox\nHidden=true",
            ),
            ("share/applications/j.desktop", "Name=J\nExec=firefox"),
        ] {
            computer.entry(path, lines);
        }
        computer.write(
            "share/applications/editor.desktop",
            "[Desktop Entry]\nType=Application\nName=Editor\nMimeType=text/html;\nExec=firefox %u\n",
        );
        computer.write("share/applications/broken.desktop", "\u{0}[[[\n=\n");
        assert_eq!(computer.found(), []);
    }

    #[test]
    fn the_default_is_the_first_that_is_named_and_there() {
        let computer = Computer::with(&["firefox", "chromium"]);
        computer.entry("share/applications/firefox.desktop", "Name=F\nExec=firefox");
        assert_eq!(computer.found(), [row("F", "firefox", true)]);
        computer.entry(
            "share/applications/chromium.desktop",
            "Name=C\nExec=chromium",
        );
        let found =
            |chromium, firefox| [row("C", "chromium", chromium), row("F", "firefox", firefox)];
        assert_eq!(computer.found(), found(false, false));
        let list = |ids: &str| format!("[Default Applications]\nx-scheme-handler/https={ids}\n");
        computer.write(
            "share/applications/mimeapps.list",
            &list("gone.desktop;firefox.desktop"),
        );
        assert_eq!(computer.found(), found(false, true));
        computer.write(
            "home/config/gnome-mimeapps.list",
            &list("chromium.desktop;"),
        );
        assert_eq!(computer.found(), found(true, false));
    }
}
