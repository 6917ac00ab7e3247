//! The default desktop entry for a scheme
//! ([MIME Applications](https://specifications.freedesktop.org/mime-apps-spec/latest/)).

use std::path::{Path, PathBuf};

use freedesktop_desktop_entry::{DesktopEntry, get_languages_from_env};

use super::{Receiver, is_ours};
use crate::browser::{host_command, host_variable};

pub(super) fn receiver(scheme: &str) -> Receiver {
    let asked = host_command("xdg-mime")
        .args(["query", "default", &format!("x-scheme-handler/{scheme}")])
        .output();
    let Ok(output) = asked else {
        return Receiver::Unknown("xdg-mime is not installed");
    };
    let id = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    if id.is_empty() {
        return Receiver::Nobody;
    }
    let data = dirs::data_dir().into_iter().chain(system_data());
    let entry = data.map(|folder| folder.join("applications").join(&id));
    described(
        &id,
        entry.into_iter().find(|path| path.is_file()).as_deref(),
    )
}

fn system_data() -> Vec<PathBuf> {
    let listed = host_variable("XDG_DATA_DIRS").filter(|listed| !listed.is_empty());
    let listed = listed.unwrap_or_else(|| "/usr/local/share:/usr/share".into());
    std::env::split_paths(&listed).collect()
}

/// What a desktop entry starts. One that is gone has its id left.
fn described(id: &str, file: Option<&Path>) -> Receiver {
    let locales = get_languages_from_env();
    let entry = file.and_then(|file| DesktopEntry::from_path(file, Some(&locales)).ok());
    let Some(entry) = entry else {
        return Receiver::Other(id.to_owned());
    };
    let program = entry
        .parse_exec()
        .ok()
        .and_then(|words| words.into_iter().next());
    if program.is_some_and(|program| is_ours(&program)) {
        return Receiver::Doorkey;
    }
    let name = entry.name(&locales);
    Receiver::Other(name.map_or_else(|| id.to_owned(), |name| crate::text::clean(&name, 80)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_ours_by_what_it_starts() {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, exec, is) in [
            ("Doorkey", "/usr/bin/doorkey-desktop %u", Receiver::Doorkey),
            (
                "Doorkey",
                "\"/opt/x y/doorkey-desktop\" %u",
                Receiver::Doorkey,
            ),
            (
                "Doorkey",
                "/usr/bin/impostor %u",
                Receiver::Other("Doorkey".to_owned()),
            ),
            (
                "Mail",
                "/usr/bin/mail doorkey-desktop %u",
                Receiver::Other("Mail".to_owned()),
            ),
        ] {
            let file = folder.path().join("a.desktop");
            let text = format!("[Desktop Entry]\nType=Application\nName={name}\nExec={exec}\n");
            std::fs::write(&file, text).expect("to write");
            assert_eq!(described("a.desktop", Some(&file)), is, "{exec}");
        }
        let gone = Receiver::Other("gone.desktop".to_owned());
        assert_eq!(described("gone.desktop", None), gone);
    }
}
