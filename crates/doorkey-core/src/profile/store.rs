//! Where profiles are kept: one TOML file each, in a folder that app and command line share.

use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use toml::Spanned;

use super::file::{self, ProfileFile};
use super::{Profile, ProfileName};
use crate::error::{Code, Error, Result};

/// The name of the built-in profile for the embedded provider.
pub const DEMO: &str = "demo";

/// The built-in profile: the embedded provider at its usual ports.
const DEMO_FILE: &str = r#"issuer = "http://127.0.0.1:4180"
client_id = "doorkey-desktop"
scopes = ["openid", "profile", "email", "offline_access", "projects:read", "workflows:read", "executions:write"]
api = ["http://127.0.0.1:4181"]
"#;

/// The profiles of a config folder.
#[derive(Clone, Debug)]
pub struct Profiles {
    folder: PathBuf,
}

impl Profiles {
    /// The profiles below this config folder. Nothing is created before something is saved.
    pub fn new(config: &Path) -> Self {
        Self {
            folder: config.join("profiles"),
        }
    }

    /// The names of all profiles, sorted; `demo` is always among them.
    ///
    /// # Errors
    /// [`Code::FileError`] when the folder cannot be read.
    pub fn names(&self) -> Result<Vec<ProfileName>> {
        let mut names: Vec<ProfileName> = DEMO.parse().into_iter().collect();
        match std::fs::read_dir(&self.folder) {
            Ok(entries) => {
                for entry in entries {
                    let file = entry
                        .map_err(|error| self.unreadable(&self.folder, error))?
                        .file_name();
                    let name = file
                        .to_str()
                        .and_then(|file| file.strip_suffix(".toml"))
                        .and_then(|stem| stem.parse().ok());
                    names.extend(name);
                }
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(self.unreadable(&self.folder, error)),
        }
        names.sort();
        names.dedup();
        Ok(names)
    }

    /// Reads a profile.
    ///
    /// # Errors
    /// [`Code::ProfileNotFound`], [`Code::ProfileInvalid`] or [`Code::InsecureEndpoint`] with file, line and fix,
    /// or [`Code::FileError`].
    pub fn load(&self, name: &ProfileName) -> Result<Profile> {
        let path = self.path(name);
        match std::fs::read_to_string(&path) {
            Ok(text) => file::parse(name, &text, &path.display().to_string()),
            Err(error) if error.kind() == ErrorKind::NotFound && name.as_str() == DEMO => {
                Profile::parse(name, DEMO_FILE)
            }
            Err(error) if error.kind() == ErrorKind::NotFound => Err(Error::new(
                Code::ProfileNotFound,
                format!("There is no profile `{name}`"),
            )),
            Err(error) => Err(self.unreadable(&path, error)),
        }
    }

    /// Writes a profile, whole or not at all.
    ///
    /// # Errors
    /// [`Code::FileError`]; what was there before is then still there.
    pub fn save(&self, profile: &Profile) -> Result<()> {
        write_atomically(&self.path(&profile.name), profile.to_toml().as_bytes())
    }

    /// Writes a new profile.
    ///
    /// # Errors
    /// [`Code::ProfileExists`] when there is one of its name, or [`Code::FileError`].
    pub fn add(&self, profile: &Profile) -> Result<()> {
        self.vacant(&profile.name)?;
        let path = self.path(&profile.name);
        match create_atomically(&path, profile.to_toml().as_bytes())? {
            true => Ok(()),
            false => Err(exists(&profile.name)),
        }
    }

    /// Makes a copy of a profile under another name. Its session is not copied: it is one sign-in's.
    ///
    /// # Errors
    /// [`Code::ProfileExists`] when there is a profile of the other name, or as [`Profiles::load`].
    pub fn duplicate(&self, name: &ProfileName, copy: &ProfileName) -> Result<Profile> {
        let profile = self.load(name)?.named(copy);
        self.add(&profile)?;
        Ok(profile)
    }

    /// Whether a new profile can have this name.
    ///
    /// # Errors
    /// [`Code::ProfileExists`] when it cannot. The built-in profile's name is always taken.
    pub fn vacant(&self, name: &ProfileName) -> Result<()> {
        if name.as_str() == DEMO || self.path(name).exists() {
            return Err(exists(name));
        }
        Ok(())
    }

    /// A name like this one that no profile has, such as `work-2`.
    ///
    /// # Errors
    /// [`Code::FileError`] when the folder cannot be read.
    pub fn vacant_name(&self, like: &ProfileName) -> Result<ProfileName> {
        let taken = self.names()?;
        let stem = like.as_str();
        // A copy of a copy is the third, not the second's second.
        let stem = match stem.rsplit_once('-') {
            Some((stem, number)) if number.parse::<u16>().is_ok() => stem,
            _ => stem,
        };
        (2_u32..)
            .filter_map(|number| {
                let suffix = format!("-{number}");
                let stem = stem.get(..stem.len().min(64 - suffix.len()))?;
                format!("{stem}{suffix}").parse().ok()
            })
            .find(|name| !taken.contains(name))
            .ok_or_else(|| Error::new(Code::Internal, "There is no name left"))
    }

    /// Removes a profile's file. The built-in profile returns to what it was.
    ///
    /// # Errors
    /// [`Code::ProfileNotFound`], or [`Code::FileError`].
    pub fn remove(&self, name: &ProfileName) -> Result<()> {
        let path = self.path(name);
        match std::fs::remove_file(&path) {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == ErrorKind::NotFound => Err(Error::new(
                Code::ProfileNotFound,
                format!("There is no profile `{name}` to remove"),
            )),
            Err(error) => Err(Error::new(
                Code::FileError,
                format!("Cannot remove {}", path.display()),
            )
            .with_source(error)),
        }
    }

    /// The file of a profile, whether it exists or not.
    pub fn path(&self, name: &ProfileName) -> PathBuf {
        self.folder.join(format!("{name}.toml"))
    }

    fn unreadable(&self, path: &Path, error: std::io::Error) -> Error {
        Error::new(Code::FileError, format!("Cannot read {}", path.display())).with_source(error)
    }
}

fn exists(name: &ProfileName) -> Error {
    Error::new(
        Code::ProfileExists,
        format!("There is a profile `{name}` already"),
    )
}

/// What a profile is made of when it is not read from a file.
#[derive(Clone, Debug)]
pub struct ProfileSource {
    file: ProfileFile,
}

impl ProfileSource {
    /// Begins with an issuer and a client id.
    pub fn new(issuer: &str, client_id: &str) -> Self {
        let file = ProfileFile {
            issuer: Some(plain(issuer)),
            client_id: Some(plain(client_id)),
            ..ProfileFile::default()
        };
        Self { file }
    }

    /// Asks for these scopes instead of `openid profile email offline_access`.
    pub fn scopes<S: AsRef<str>>(mut self, scopes: impl IntoIterator<Item = S>) -> Self {
        self.file.scopes = Some(
            scopes
                .into_iter()
                .map(|scope| plain(scope.as_ref()))
                .collect(),
        );
        self
    }

    /// Uses this redirect URI instead of `http://127.0.0.1/callback` with a free port.
    pub fn redirect_uri(mut self, uri: &str) -> Self {
        self.file.redirect_uri = Some(plain(uri));
        self
    }

    /// Lets the access token go to this origin, below its path.
    pub fn api(mut self, origin: &str) -> Self {
        self.file.api.push(plain(origin));
        self
    }

    /// Checks everything and makes the profile.
    ///
    /// # Errors
    /// As [`Profile::parse`].
    pub fn build(self, name: &ProfileName) -> Result<Profile> {
        file::check(name, self.file).map_err(|fault| fault.at("", &format!("profile `{name}`")))
    }
}

fn plain(text: &str) -> Spanned<String> {
    Spanned::new(0..0, text.to_owned())
}

/// Replaces a file in one step and for good; readable by its owner only, in a folder of the same kind.
pub(crate) fn write_atomically(path: &Path, bytes: &[u8]) -> Result<()> {
    replace(path, bytes, true)
}

/// As [`write_atomically`], for what may be lost in a power failure and is wanted quickly.
pub(crate) fn write_quickly(path: &Path, bytes: &[u8]) -> Result<()> {
    replace(path, bytes, false)
}

/// As [`write_atomically`], for a new file; says whether there was none.
fn create_atomically(path: &Path, bytes: &[u8]) -> Result<bool> {
    let failed = |error| unwritable(path, error);
    let file = written_beside(path, bytes, true).map_err(failed)?;
    match file.persist_noclobber(path) {
        Ok(_) => Ok(true),
        Err(error) if error.error.kind() == ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(failed(error.error)),
    }
}

fn replace(path: &Path, bytes: &[u8], durable: bool) -> Result<()> {
    let failed = |error| unwritable(path, error);
    let file = written_beside(path, bytes, durable).map_err(failed)?;
    put_in_place(file, path).map_err(failed)
}

/// Gives a file the name of another, which is gone then.
fn put_in_place(file: tempfile::NamedTempFile, path: &Path) -> std::io::Result<()> {
    match file.persist(path) {
        // Somebody looks at the old one just now, be it another Doorkey or what searches for viruses. Unlike what was tried
        // first, the standard library then replaces it in the manner of Unix.
        Err(refused) if cfg!(windows) && refused.error.kind() == ErrorKind::PermissionDenied => {
            std::fs::rename(refused.file.into_temp_path(), path)
        }
        placed => Ok(placed.map(drop)?),
    }
}

/// A file in the same folder with this content, yet without its name.
fn written_beside(
    path: &Path,
    bytes: &[u8],
    durable: bool,
) -> std::io::Result<tempfile::NamedTempFile> {
    let folder = path.parent().unwrap_or(Path::new("."));
    create_private_folder(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    if durable {
        file.as_file().sync_all()?;
    }
    Ok(file)
}

fn unwritable(path: &Path, error: std::io::Error) -> Error {
    Error::new(Code::FileError, format!("Cannot write {}", path.display())).with_source(error)
}

/// Creates a folder that only its owner can enter, with its parents.
pub(crate) fn create_private_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> ProfileName {
        text.parse().expect("a name")
    }

    #[test]
    fn demo_is_built_in_and_can_be_overridden() {
        let folder = tempfile::tempdir().expect("a folder");
        let profiles = Profiles::new(folder.path());
        assert_eq!(profiles.names().expect("names"), [name("demo")]);
        let built_in = profiles.load(&name("demo")).expect("the built-in profile");
        assert_eq!(built_in.provider_host(), "127.0.0.1:4180");

        let other = ProfileSource::new("http://127.0.0.1:9", "doorkey-desktop")
            .build(&name("demo"))
            .expect("a profile");
        profiles.save(&other).expect("to save");
        assert_eq!(
            profiles
                .load(&name("demo"))
                .expect("the saved profile")
                .provider_host(),
            "127.0.0.1:9"
        );
        profiles.remove(&name("demo")).expect("to remove");
        assert_eq!(
            profiles.load(&name("demo")).expect("the built-in profile"),
            built_in
        );
    }

    #[test]
    fn saving_replaces_whole_files_and_leaves_no_others() {
        let folder = tempfile::tempdir().expect("a folder");
        let profiles = Profiles::new(folder.path());
        for client in ["one", "two"] {
            let profile = Profile::for_issuer(&name("work"), "https://login.example.com", client)
                .expect("a profile");
            profiles.save(&profile).expect("to save");
            assert_eq!(profiles.load(&name("work")).expect("the profile"), profile);
        }
        assert_eq!(
            std::fs::read_dir(folder.path().join("profiles"))
                .expect("the folder")
                .count(),
            1
        );
        assert_eq!(
            profiles.names().expect("names"),
            [name("demo"), name("work")]
        );
    }

    #[test]
    fn a_new_profile_takes_no_other_ones_place() {
        let folder = tempfile::tempdir().expect("a folder");
        let profiles = Profiles::new(folder.path());
        let work = Profile::for_issuer(&name("work"), "https://login.example.com", "one")
            .expect("a profile");
        profiles.add(&work).expect("to add");
        let other = Profile::for_issuer(&name("work"), "https://login.example.com", "two")
            .expect("a profile");
        for taken in [&other, &other.clone().named(&name("demo"))] {
            let error = profiles.add(taken).expect_err("taken");
            assert_eq!(error.code(), Code::ProfileExists);
        }
        assert_eq!(profiles.load(&name("work")).expect("the first"), work);

        let copy = profiles
            .vacant_name(&name("work"))
            .expect("a name that is free");
        assert_eq!(copy, name("work-2"));
        let copied = profiles
            .duplicate(&name("work"), &copy)
            .expect("to duplicate");
        assert_eq!(copied, work.named(&copy));
        assert_eq!(profiles.load(&copy).expect("the copy"), copied);
        assert_eq!(
            profiles.vacant_name(&copy).expect("a name that is free"),
            name("work-3")
        );
        let long = name(&"a".repeat(64));
        let like = profiles.vacant_name(&long).expect("a name that is free");
        assert_eq!(like.as_str(), format!("{}-2", "a".repeat(62)));
        assert_eq!(
            profiles
                .duplicate(&name("absent"), &name("x"))
                .expect_err("nothing to copy")
                .code(),
            Code::ProfileNotFound
        );
    }

    #[test]
    fn a_file_that_cannot_be_used_is_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let profiles = Profiles::new(folder.path());
        std::fs::create_dir(folder.path().join("profiles")).expect("the folder");
        std::fs::write(profiles.path(&name("work")), "issuer = 3\n").expect("to write");
        let error = profiles.load(&name("work")).expect_err("no profile");
        assert!(
            error.message().contains("work.toml, line 1: invalid type"),
            "{}",
            error.message()
        );
        assert_eq!(
            profiles
                .load(&name("absent"))
                .expect_err("no profile")
                .code(),
            Code::ProfileNotFound
        );
    }
}
