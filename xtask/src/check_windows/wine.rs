//! Wine with a Windows of its own, which is made anew for each check.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    check_toolchain::Toolchain,
    command::{Failure, command, execute, failed, say},
};

/// The compiler for the small programs in C.
const COMPILER: &str = "x86_64-w64-mingw32-gcc";

/// What wine lacks, and a program of ours needs.
const RANDOM: &str = "bcryptprimitives.dll";

pub(super) struct Wine {
    prefix: PathBuf,
    folder: PathBuf,
}

/// All values of a person's registry, by key and name.
pub(super) type Registry = BTreeMap<String, String>;

impl Wine {
    /// Makes a new Windows, and what it lacks.
    pub(super) fn new(toolchain: &Toolchain) -> Result<Self, Failure> {
        say("Wine makes a new Windows");
        let folder = toolchain.folder().join("wine");
        let wine = Self {
            prefix: folder.join("prefix"),
            folder,
        };
        if wine.prefix.exists() {
            fs::remove_dir_all(&wine.prefix).map_err(failed("remove", &wine.prefix))?;
        }
        fs::create_dir_all(&wine.prefix).map_err(failed("make", &wine.prefix))?;
        execute(wine.command("wineboot", &["--init"]))?;
        wine.wait()?;
        let programs = toolchain.programs();
        // Tests lie in a folder of their own.
        for folder in [programs.join("deps"), programs] {
            fs::create_dir_all(&folder).map_err(failed("make", &folder))?;
            wine.give_random(&folder)?;
        }
        Ok(wine)
    }

    /// Puts beside programs what wine lacks.
    pub(super) fn give_random(&self, folder: &Path) -> Result<(), Failure> {
        let source = include_str!("stand_ins/bcryptprimitives.c");
        self.compile(source, &folder.join(RANDOM), &["-shared", "-ladvapi32"])
    }

    /// Compiles a small program in C.
    pub(super) fn compile(&self, source: &str, to: &Path, more: &[&str]) -> Result<(), Failure> {
        let file = self.folder.join("source.c");
        fs::write(&file, source).map_err(failed("write", &file))?;
        let mut compiler = command(COMPILER, &["-O", "-o"]);
        compiler.arg(to).arg(file).args(more);
        execute(compiler)
    }

    /// A command that runs in this Windows.
    pub(super) fn command(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = command("wine", &[program]);
        command.args(arguments);
        self.dress(&mut command);
        command
    }

    /// Has cargo run the tests that it builds in this Windows.
    pub(super) fn runs_for(&self, cargo: &mut Command) {
        cargo.env("CARGO_TARGET_X86_64_PC_WINDOWS_GNU_RUNNER", "wine");
        self.dress(cargo);
    }

    fn dress(&self, command: &mut Command) {
        command
            .env("WINEPREFIX", &self.prefix)
            .env("WINEDEBUG", "-all")
            // Neither of Microsoft's runtimes is needed, nor their absence asked about, and what is installed there is put
            // into no menu here.
            .env("WINEDLLOVERRIDES", "mscoree,mshtml=;winemenubuilder.exe=d")
            .env("HOME", &self.folder)
            .env_remove("DISPLAY");
    }

    /// Returns when all programs have ended and the registry is on the disk.
    pub(super) fn wait(&self) -> Result<(), Failure> {
        let mut server = command("wineserver", &["--wait"]);
        server.env("WINEPREFIX", &self.prefix);
        execute(server)
    }

    /// The person's registry as it is now.
    pub(super) fn registry(&self) -> Result<Registry, Failure> {
        self.wait()?;
        let file = self.prefix.join("user.reg");
        let text = fs::read(&file).map_err(failed("read", &file))?;
        Ok(parse(&String::from_utf8_lossy(&text)))
    }

    /// All files of the person, by their path behind the home.
    pub(super) fn files(&self) -> Result<Vec<String>, Failure> {
        let mut files = Vec::new();
        let home = self.home()?;
        let mut folders = vec![home.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).map_err(failed("read", &folder))? {
                let path = entry.map_err(failed("read", &folder))?.path();
                // Wine links some folders to those of whoever runs it.
                if path.is_symlink() {
                    continue;
                }
                if path.is_dir() {
                    folders.push(path);
                } else if let Ok(path) = path.strip_prefix(&home) {
                    files.push(path.to_string_lossy().into_owned());
                }
            }
        }
        files.sort();
        Ok(files)
    }

    /// The person's home.
    pub(super) fn home(&self) -> Result<PathBuf, Failure> {
        let users = self.prefix.join("drive_c/users");
        fs::read_dir(&users)
            .map_err(failed("read", &users))?
            .filter_map(|entry| Some(entry.ok()?.path()))
            .find(|path| !path.ends_with("Public"))
            .ok_or_else(|| Failure::new("wine made no home"))
    }
}

/// Reads wine's own form of a registry.
fn parse(text: &str) -> Registry {
    let mut registry = Registry::new();
    let mut key = "";
    for line in text.lines() {
        if let Some((name, _)) = line
            .strip_prefix('[')
            .and_then(|line| line.rsplit_once(']'))
        {
            key = name;
            registry.insert(key.to_owned(), String::new());
        } else if (line.starts_with('"') || line.starts_with('@'))
            && let Some((name, value)) = line.split_once('=')
        {
            registry.insert(format!("{key} {name}"), value.to_owned());
        }
    }
    registry
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_registry_is_read_without_its_times() {
        let text = "WINE REGISTRY Version 2\n\n[Software\\\\A [1]] 17\n#time=1db\n@=\"x=y\"\n\"Path\"=str(2):\"a;b\"\n\n[B] 18\n";
        let expected = [
            ("Software\\\\A [1]", ""),
            ("Software\\\\A [1] @", "\"x=y\""),
            ("Software\\\\A [1] \"Path\"", "str(2):\"a;b\""),
            ("B", ""),
        ];
        let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(parse(text), Registry::from(expected));
    }
}
