//! How a desktop entry names this app: the file that starts it again, as one word of an `Exec` line
//! ([Desktop Entry Specification](https://specifications.freedesktop.org/desktop-entry-spec/latest/exec-variables.html)).

use std::io;
use std::path::PathBuf;

/// The word for this program.
///
/// # Errors
/// When the program cannot find itself, or lies where no entry can name it.
pub(crate) fn program() -> io::Result<String> {
    let variable = |name| std::env::var_os(name).map(PathBuf::from);
    let program = tauri::utils::platform::current_exe()?;
    let file = started_by(program, variable("APPIMAGE"), variable("APPDIR"));
    match file.to_str() {
        Some(path) if !path.contains(char::is_control) => Ok(word(path)),
        _ => Err(io::Error::new(
            io::ErrorKind::InvalidFilename,
            "no desktop entry can name this program's file",
        )),
    }
}

/// What a person starts to start this program. An AppImage is gone from where it is mounted as soon as it ends. A terminal
/// that is an AppImage leaves its variables to all that is started in it.
fn started_by(program: PathBuf, image: Option<PathBuf>, mounted: Option<PathBuf>) -> PathBuf {
    match (image, mounted) {
        (Some(image), Some(mounted))
            if image.is_absolute() && mounted.is_absolute() && program.starts_with(&mounted) =>
        {
            image
        }
        _ => program,
    }
}

/// A path, in quotes where it needs them: not every reader of entries takes quotes. What they leave its meaning has a
/// backslash before it, which the file wants twice.
fn word(path: &str) -> String {
    let is_plain =
        |character: char| character.is_ascii_alphanumeric() || "/._-+".contains(character);
    if path.chars().all(is_plain) {
        return path.to_owned();
    }
    let mut word = String::from('"');
    for character in path.chars() {
        match character {
            '"' | '`' | '$' => word.push_str(r"\\"),
            '\\' => word.push_str(r"\\\"),
            '%' => word.push('%'),
            _ => {}
        }
        word.push(character);
    }
    word.push('"');
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_appimage_is_started_by_its_image_and_by_nobody_elses() {
        let started = |program: &str, image: Option<&str>, mounted: Option<&str>| {
            let path = |path: &str| PathBuf::from(path);
            started_by(path(program), image.map(path), mounted.map(path))
                .display()
                .to_string()
        };
        let (image, mounted) = (Some("/home/ada/Doorkey.AppImage"), Some("/tmp/.mount_a"));
        let within = "/tmp/.mount_a/usr/bin/doorkey-desktop";
        assert_eq!(
            started(within, image, mounted),
            "/home/ada/Doorkey.AppImage"
        );
        // Started in a terminal that is an AppImage, and by hand.
        let installed = "/usr/bin/doorkey-desktop";
        assert_eq!(started(installed, image, mounted), installed);
        assert_eq!(started(installed, None, None), installed);
        for (image, mounted) in [
            (image, None),
            (image, Some("")),
            (Some("relative"), mounted),
        ] {
            assert_eq!(started(within, image, mounted), within);
        }
    }

    #[test]
    fn a_path_is_one_word_whatever_is_in_it() {
        for (path, expected) in [
            ("/opt/doorkey-1.2.3_x", "/opt/doorkey-1.2.3_x"),
            (
                "/home/ada/My Apps/D.AppImage",
                r#""/home/ada/My Apps/D.AppImage""#,
            ),
            ("/a%u", r#""/a%%u""#),
            (r#"/a"b$c`d\e"#, r#""/a\\"b\\$c\\`d\\\\e""#),
        ] {
            assert_eq!(word(path), expected);
        }
    }
}
