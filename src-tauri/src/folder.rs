//! What other programs change in Doorkey's folder: the command line signs in, refreshes or signs out, a person edits a
//! profile. The system tells; nobody has to look again and again.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use doorkey_core::ProfileName;
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};
use tokio::sync::Notify;

/// What has changed since the last look.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Changes {
    /// The profiles whose kept sessions are others than before.
    pub(crate) sessions: BTreeSet<ProfileName>,
    /// Whether profiles were added, changed or removed.
    pub(crate) profiles: bool,
}

/// Watches the folder for as long as it lives.
#[derive(Debug)]
pub(crate) struct Folder {
    seen: Arc<Seen>,
    watcher: Option<RecommendedWatcher>,
}

#[derive(Debug, Default)]
struct Seen {
    changes: Mutex<Changes>,
    news: Notify,
}

impl Folder {
    /// Watches Doorkey's folder. Where the system cannot do that, nothing is ever told.
    pub(crate) fn watch(config: &Path) -> Self {
        let seen = Arc::new(Seen::default());
        let watcher = watcher(config, Arc::clone(&seen))
            .inspect_err(|error| tracing::warn!(%error, "the config folder cannot be watched"))
            .ok();
        Self { seen, watcher }
    }

    /// Whether changes are told.
    pub(crate) fn is_watched(&self) -> bool {
        self.watcher.is_some()
    }

    /// Waits until something has changed, and tells all that has. Dropping the future loses nothing.
    pub(crate) async fn changes(&self) -> Changes {
        loop {
            let changes = std::mem::take(&mut *self.seen.changes());
            if changes != Changes::default() {
                return changes;
            }
            self.seen.news.notified().await;
        }
    }
}

impl Seen {
    fn changes(&self) -> MutexGuard<'_, Changes> {
        self.changes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take_note(&self, path: &Path) {
        let (Some(folder), Some(stem), Some(kind)) = (
            path.parent().and_then(Path::file_name),
            path.file_stem().and_then(|stem| stem.to_str()),
            path.extension().and_then(|kind| kind.to_str()),
        ) else {
            return;
        };
        match (folder.to_str(), kind) {
            (Some("sessions"), "stamp") => {
                let Ok(name) = stem.parse() else { return };
                self.changes().sessions.insert(name);
            }
            (Some("profiles"), "toml") => self.changes().profiles = true,
            _ => return,
        }
        self.news.notify_one();
    }
}

fn watcher(config: &Path, seen: Arc<Seen>) -> notify::Result<RecommendedWatcher> {
    let told = move |event: notify::Result<Event>| match event {
        // Reading changes nothing.
        Ok(event) if matches!(event.kind, EventKind::Access(_)) => {}
        Ok(event) => event.paths.iter().for_each(|path| seen.take_note(path)),
        Err(error) => tracing::warn!(%error, "a change of the config folder was missed"),
    };
    let mut watcher = notify::recommended_watcher(told)?;
    for folder in folders(config) {
        std::fs::create_dir_all(&folder)?;
        watcher.watch(&folder, RecursiveMode::NonRecursive)?;
    }
    Ok(watcher)
}

fn folders(config: &Path) -> [PathBuf; 2] {
    [config.join("sessions"), config.join("profiles")]
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    async fn changes(folder: &Folder) -> Changes {
        tokio::time::timeout(Duration::from_secs(20), folder.changes())
            .await
            .unwrap()
    }

    #[tokio::test]
    async fn stamps_and_profiles_are_told_and_nothing_else() {
        let config = tempfile::tempdir().unwrap();
        let folder = Folder::watch(config.path());
        assert!(folder.is_watched());
        let sessions = config.path().join("sessions");
        std::fs::write(sessions.join("work.refresh.lock"), "").unwrap();
        std::fs::write(sessions.join("no name.stamp"), "").unwrap();
        // As it is really done: a new file takes the old one's place.
        std::fs::write(sessions.join("new"), "").unwrap();
        std::fs::rename(sessions.join("new"), sessions.join("work.stamp")).unwrap();
        let told = changes(&folder).await;
        assert_eq!(told.sessions.first().unwrap().as_str(), "work");
        assert_eq!((told.sessions.len(), told.profiles), (1, false));

        std::fs::write(config.path().join("profiles/home.toml"), "").unwrap();
        let mut told = changes(&folder).await;
        // The system may tell one change as several.
        while !told.profiles {
            told = changes(&folder).await;
        }
        assert!(told.sessions.is_empty());
    }
}
