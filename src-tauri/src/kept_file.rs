//! A small file of a profile: JSON, readable by its owner only, written whole or not at all.
//!
//! What is in it is wanted but not needed. One that cannot be read is set aside, and one that cannot be written is
//! only missed at the next start.

use std::fs::File;
use std::io::{ErrorKind, Read as _, Result, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use doorkey_core::ProfileName;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// No file is larger, neither when read nor when written.
const LARGEST: usize = 1024 * 1024;

/// The file of a profile. All clones are the same file.
#[derive(Clone, Debug)]
pub(crate) struct KeptFile {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    /// What is to be written next. Never held while the disk works.
    next: Mutex<Option<Vec<u8>>>,
    /// Where to; none once it is removed. Held while the disk works.
    path: Mutex<Option<PathBuf>>,
}

/// Something to do to the file that may take its time: for a thread that may wait.
///
/// The order does not matter in which several of them run: each writes what is newest, and nothing after a removal.
#[derive(Debug)]
#[must_use = "nothing is written before it runs"]
pub(crate) struct Writing {
    file: KeptFile,
    what: What,
}

#[derive(Debug)]
enum What {
    Write,
    Move(PathBuf),
    Remove,
}

#[derive(Serialize)]
struct Outgoing<'a, T> {
    version: u32,
    #[serde(flatten)]
    content: &'a T,
}

#[derive(Deserialize)]
struct Stamp {
    version: u32,
}

impl KeptFile {
    /// The file of a profile in a folder below the config folder. Nothing is created before something is written.
    pub(crate) fn new(config: &Path, folder: &str, profile: &ProfileName) -> Self {
        Self {
            shared: Arc::new(Shared {
                next: Mutex::new(None),
                path: Mutex::new(Some(path(config, folder, profile))),
            }),
        }
    }

    /// What is kept, if `parse` takes it. Anything else is set aside and counts as nothing.
    pub(crate) fn read<T: DeserializeOwned, U>(
        &self,
        version: u32,
        parse: impl FnOnce(T) -> Option<U>,
    ) -> Option<U> {
        let path = lock(&self.shared.path);
        let path = path.as_deref()?;
        let bytes = match bytes(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => return None,
            Err(error) => {
                tracing::warn!(%error, file = %path.display(), "a file cannot be read");
                return None;
            }
        };
        let content = bytes
            .filter(|bytes| {
                serde_json::from_slice(bytes).is_ok_and(|stamp: Stamp| stamp.version == version)
            })
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .and_then(parse);
        if content.is_none() {
            tracing::warn!(file = %path.display(), "a file is damaged or not ours, and is set aside");
            if let Err(error) = std::fs::rename(path, aside(path)) {
                tracing::warn!(%error, "it cannot be set aside");
            }
        }
        content
    }

    /// Puts content into the file as soon as the result is run. False if it is too large.
    pub(crate) fn put<T: Serialize>(&self, version: u32, content: &T) -> bool {
        match serde_json::to_vec(&Outgoing { version, content }) {
            Ok(bytes) if bytes.len() <= LARGEST => {
                *lock(&self.shared.next) = Some(bytes);
                true
            }
            _ => false,
        }
    }

    /// Writes what was put last.
    pub(crate) fn write(&self) -> Writing {
        self.does(What::Write)
    }

    /// Gives the file the name that it has for another profile.
    pub(crate) fn rename(&self, config: &Path, folder: &str, profile: &ProfileName) -> Writing {
        self.does(What::Move(path(config, folder, profile)))
    }

    /// Removes the file, and with it what was set aside. Nothing is written to it any more.
    pub(crate) fn remove(&self) -> Writing {
        self.does(What::Remove)
    }

    fn does(&self, what: What) -> Writing {
        Writing {
            file: self.clone(),
            what,
        }
    }
}

impl Writing {
    /// Does it. What goes wrong is logged.
    pub(crate) fn run(self) {
        let shared = &self.file.shared;
        let mut path = lock(&shared.path);
        let Some(current) = path.as_mut() else { return };
        let result = match self.what {
            What::Write => Ok(()),
            What::Move(to) => {
                let moved = moved(current, &to);
                *current = to;
                moved
            }
            What::Remove => {
                *lock(&shared.next) = None;
                let removed = removed(&aside(current)).and(removed(current));
                *path = None;
                return told(removed);
            }
        };
        let next = lock(&shared.next).take();
        told(result.and(next.map_or(Ok(()), |bytes| replace(current, &bytes))));
    }
}

fn told(result: Result<()>) {
    if let Err(error) = result {
        tracing::warn!(%error, "what happened cannot be remembered");
    }
}

fn path(config: &Path, folder: &str, profile: &ProfileName) -> PathBuf {
    config.join(folder).join(format!("{profile}.json"))
}

/// Beside the file, and no profile's own: those end in `.json`.
fn aside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".aside");
    name.into()
}

/// The bytes of an ordinary file; none if it is too large, or no file.
fn bytes(path: &Path) -> Result<Option<Vec<u8>>> {
    // A pipe would be waited for.
    if !std::fs::metadata(path)?.is_file() {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    let limit = u64::try_from(LARGEST).unwrap_or(u64::MAX);
    File::open(path)?
        .take(limit.saturating_add(1))
        .read_to_end(&mut bytes)?;
    Ok((bytes.len() <= LARGEST).then_some(bytes))
}

fn replace(path: &Path, bytes: &[u8]) -> Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    create_private_folder(folder)?;
    // On Unix it is made for its owner only; elsewhere it inherits the rights of the person's own folder.
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    file.persist(path)?;
    Ok(())
}

fn create_private_folder(folder: &Path) -> Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn moved(from: &Path, to: &Path) -> Result<()> {
    removed(&aside(from))?;
    absent_is_fine(std::fs::rename(from, to))
}

fn removed(path: &Path) -> Result<()> {
    absent_is_fine(std::fs::remove_file(path))
}

fn absent_is_fine(result: Result<()>) -> Result<()> {
    match result {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Content {
        text: String,
    }

    struct Place {
        config: tempfile::TempDir,
    }

    impl Place {
        fn new() -> Self {
            Self {
                config: tempfile::tempdir().unwrap(),
            }
        }

        fn file(&self, profile: &str) -> KeptFile {
            KeptFile::new(self.config.path(), "things", &profile.parse().unwrap())
        }

        fn text(&self, profile: &str) -> Option<String> {
            self.file(profile)
                .read(1, |content: Content| Some(content.text))
        }

        fn path(&self, profile: &str) -> PathBuf {
            self.config
                .path()
                .join("things")
                .join(format!("{profile}.json"))
        }
    }

    fn put(file: &KeptFile, text: &str) -> bool {
        file.put(
            1,
            &Content {
                text: text.to_owned(),
            },
        )
    }

    #[test]
    fn what_was_put_last_is_read_whatever_order_the_jobs_run_in() {
        let place = Place::new();
        let file = place.file("work");
        assert!(put(&file, "first"));
        let first = file.write();
        assert!(put(&file, "second"));
        let second = file.write();
        second.run();
        first.run();
        assert_eq!(place.text("work").as_deref(), Some("second"));
        assert_eq!(place.text("home"), None);
    }

    #[cfg(unix)]
    #[test]
    fn file_and_folder_are_the_owners_only() {
        use std::os::unix::fs::PermissionsExt as _;
        let place = Place::new();
        let file = place.file("work");
        put(&file, "mine");
        file.write().run();
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&place.path("work")), 0o600);
        assert_eq!(mode(place.path("work").parent().unwrap()), 0o700);
    }

    #[test]
    fn what_cannot_be_understood_is_set_aside() {
        let place = Place::new();
        let path = place.path("work");
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        let damaged = [
            &b""[..],
            b"\xFF\x00",
            b"{\"version\":1",
            b"{\"version\":1,\"text\":7}",
            b"{\"version\":2,\"text\":\"from the future\"}",
            b"{\"text\":\"from elsewhere\"}",
            &vec![b'['; 100_000],
        ];
        for bytes in damaged {
            std::fs::write(&path, bytes).unwrap();
            assert_eq!(place.text("work"), None);
            assert_eq!(std::fs::read(aside(&path)).unwrap(), bytes);
            assert!(!path.exists());
        }
        std::fs::write(&path, b"{\"version\":1,\"text\":\"refused\"}").unwrap();
        let refused = place.file("work").read(1, |_: Content| None::<()>);
        assert_eq!((refused, path.exists()), (None, false));
    }

    #[test]
    fn a_file_that_is_too_large_is_neither_read_nor_written() {
        let place = Place::new();
        let file = place.file("work");
        assert!(!put(&file, &"x".repeat(LARGEST)));
        file.write().run();
        assert!(!place.path("work").exists());
        put(&file, "small");
        file.write().run();
        let mut bytes = std::fs::read(place.path("work")).unwrap();
        bytes.resize(LARGEST, b' ');
        std::fs::write(place.path("work"), &bytes).unwrap();
        assert_eq!(place.text("work").as_deref(), Some("small"));
        bytes.push(b' ');
        std::fs::write(place.path("work"), &bytes).unwrap();
        assert_eq!(place.text("work"), None);
    }

    #[test]
    fn a_folder_in_its_place_is_no_file() {
        let place = Place::new();
        std::fs::create_dir_all(place.path("work")).unwrap();
        assert_eq!(place.text("work"), None);
    }

    #[test]
    fn a_renamed_file_takes_what_is_still_to_be_written_along() {
        let place = Place::new();
        let file = place.file("work");
        put(&file, "before");
        file.write().run();
        put(&file, "under way");
        let late = file.write();
        file.rename(place.config.path(), "things", &"office".parse().unwrap())
            .run();
        late.run();
        assert_eq!(place.text("office").as_deref(), Some("under way"));
        assert!(!place.path("work").exists());
        put(&file, "after");
        file.write().run();
        assert_eq!(place.text("office").as_deref(), Some("after"));
    }

    #[test]
    fn nothing_is_written_after_a_removal() {
        let place = Place::new();
        let file = place.file("work");
        put(&file, "kept");
        file.write().run();
        std::fs::write(aside(&place.path("work")), "old").unwrap();
        put(&file, "late");
        let late = file.write();
        file.remove().run();
        late.run();
        put(&file, "later");
        file.write().run();
        let left = std::fs::read_dir(place.path("work").parent().unwrap()).unwrap();
        assert_eq!(left.count(), 0);
        file.remove().run();
    }
}
