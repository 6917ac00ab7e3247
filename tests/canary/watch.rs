//! Runs commands and keeps all that anybody could see of them.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    sync::Mutex,
};

use doorkey_tests::{
    Error, Result,
    command_line::{CommandLine, Ran},
    program,
};

/// A command line under observation.
pub(crate) struct Watch {
    doorkey: CommandLine,
    samples: PathBuf,
    seen: Mutex<Vec<(String, String)>>,
}

impl Watch {
    /// Turns all diagnostics on. The browser notes the arguments and environments of all processes before it opens a page.
    pub(crate) fn new(doorkey: CommandLine) -> Result<Self> {
        let home = doorkey.session().home().to_owned();
        let (samples, script) = (home.join("samples"), home.join("browser"));
        let agent = program::agent()?;
        let text = format!(
            "#!/bin/sh\nprintf '%s\\n' \"$@\" >>{samples}\n\
             cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null | tr '\\0' '\\n' >>{samples}\n\
             exec {agent} \"$@\"\n",
            samples = samples.display(),
            agent = agent.display()
        );
        fs::write(&script, text)
            .and_then(|()| fs::set_permissions(&script, fs::Permissions::from_mode(0o700)))
            .map_err(Error::io("write a script"))?;
        let doorkey = doorkey
            .with("BROWSER", script.display().to_string())
            .with("RUST_LOG", "trace")
            .with("RUST_BACKTRACE", "1");
        Ok(Self {
            doorkey,
            samples,
            seen: Mutex::default(),
        })
    }

    pub(crate) fn doorkey(&self) -> &CommandLine {
        &self.doorkey
    }

    /// Runs a command whose whole output must be clean.
    pub(crate) async fn run(&self, arguments: &[&str]) -> Result<Ran> {
        let ran = self.watched(arguments).await?;
        self.note(arguments, "standard output", &ran.stdout);
        Ok(ran)
    }

    /// Runs a command that may print a token on standard output, and returns what it printed.
    pub(crate) async fn run_for_token(&self, arguments: &[&str]) -> Result<String> {
        Ok(self.watched(arguments).await?.stdout.trim_end().to_owned())
    }

    async fn watched(&self, arguments: &[&str]) -> Result<Ran> {
        let ran = self.doorkey.run(&[&["-vv"], arguments].concat()).await?;
        let has_diagnostics = ran.stderr.contains("TRACE")
            || !matches!(arguments.first(), Some(&("login" | "api" | "logout")));
        if !has_diagnostics {
            return Err(Error::unexpected(
                "doorkey",
                format!("said nothing with RUST_LOG=trace: {ran:?}"),
            ));
        }
        self.note(arguments, "standard error", &ran.stderr);
        Ok(ran)
    }

    fn note(&self, arguments: &[&str], place: &str, text: &str) {
        if let Ok(mut seen) = self.seen.lock() {
            seen.push((
                format!("{place} of doorkey {}", arguments.join(" ")),
                text.to_owned(),
            ));
        }
    }

    /// Whether a process was seen with this in its arguments.
    pub(crate) fn has_seen_arguments(&self, part: &str) -> bool {
        fs::read_to_string(&self.samples).is_ok_and(|samples| samples.contains(part))
    }

    /// Fails with the place, but not the secret, if one of them is in any output, file, argument or environment.
    pub(crate) fn assert_clean(&self, secrets: &[String]) -> Result<()> {
        let mut places = self
            .seen
            .lock()
            .map(|seen| seen.clone())
            .unwrap_or_default();
        let mut files = Vec::new();
        // The keychain's own files are encrypted, and are where secrets belong.
        walk(
            self.doorkey.session().home(),
            &self.doorkey.session().home().join("data/keyrings"),
            &mut files,
        )?;
        for path in files {
            let bytes = fs::read(&path).map_err(Error::io(format!("read {}", path.display())))?;
            places.push((
                path.display().to_string(),
                String::from_utf8_lossy(&bytes).into_owned(),
            ));
        }
        for secret in secrets {
            if secret.len() < 16 {
                return Err(Error::unexpected(
                    "test",
                    "a secret too short to be looked for",
                ));
            }
            // The end of a signed token is what nobody can make up; its beginning is the same for all.
            let tail = &secret[secret.len() - 16..];
            for (place, text) in &places {
                if text.contains(tail) {
                    let around = text
                        .lines()
                        .find(|line| line.contains(tail))
                        .unwrap_or_default();
                    let line = around
                        .replace(secret.as_str(), "SECRET")
                        .replace(tail, "SECRET");
                    return Err(Error::unexpected(
                        "doorkey",
                        format!("a secret is in {place}: {line}"),
                    ));
                }
            }
        }
        Ok(())
    }
}

fn walk(folder: &Path, without: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder).map_err(Error::io("list a folder"))? {
        let path = entry.map_err(Error::io("list a folder"))?.path();
        let kind = fs::symlink_metadata(&path)
            .map_err(Error::io("look at a file"))?
            .file_type();
        if path == without {
        } else if kind.is_dir() {
            walk(&path, without, files)?;
        } else if kind.is_file() {
            files.push(path);
        }
    }
    Ok(())
}
