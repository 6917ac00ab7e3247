//! Whether two processes could keep out of each other's way: the locks hold here, and nobody else can meddle with the folder.

use std::path::Path;

use super::{Check, Topic};
use crate::engine::Engine;
use crate::error::Result;
use crate::profile::Profile;
use crate::session::{FileLock, Keep};

/// What is wrong with locks or folder; none where nothing is kept that would need them.
pub(super) fn check(engine: &Engine, profile: &Profile) -> Option<Check> {
    let keep = engine.keep(profile.name())?;
    Some(match found(&keep) {
        Err(error) => Topic::LOCKS.failed(&error),
        Ok(Found::DoNotHold) => Topic::LOCKS.broken(
            format!("Locks do not hold in {}", keep.folder().display()),
            "Two programs could renew the same session and lose it. Use a folder on a local disk: DOORKEY_CONFIG_DIR names it.",
        ),
        Ok(Found::Open(mode)) => Topic::LOCKS.warning(
            format!(
                "Others on this computer can enter {} (mode {mode:o})",
                keep.folder().display()
            ),
            format!("Close it: chmod 700 {}", keep.folder().display()),
        ),
        Ok(Found::InUse) => Topic::LOCKS.ok(format!(
            "Locks hold in {}; another program is renewing this session just now",
            keep.folder().display()
        )),
        Ok(Found::Hold) => {
            Topic::LOCKS.ok(format!("Locks hold in {}", keep.folder().display()))
        }
    })
}

enum Found {
    Hold,
    /// Somebody has one of them, so they hold.
    InUse,
    DoNotHold,
    /// The folder is open to others.
    Open(u32),
}

fn found(keep: &Keep) -> Result<Found> {
    // A file of its own, which no profile can have: the locks of one that is not saved yet are nobody's.
    let probe = keep.folder().join(".probe.lock");
    if let Some(_held) = FileLock::try_take(&probe)?
        // On some network disks everybody gets the lock.
        && FileLock::try_take(&probe)?.is_some()
    {
        return Ok(Found::DoNotHold);
    }
    for file in keep.lock_files().iter().filter(|file| file.exists()) {
        if FileLock::try_take(file)?.is_none() {
            return Ok(Found::InUse);
        }
    }
    Ok(open_to_others(keep.folder()).map_or(Found::Hold, Found::Open))
}

/// The permissions of a folder that others than its owner have some of.
#[cfg(unix)]
fn open_to_others(folder: &Path) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = std::fs::metadata(folder).ok()?.permissions().mode() & 0o777;
    (mode & 0o077 != 0).then_some(mode)
}

/// Elsewhere a person's folder is theirs unless they share it.
#[cfg(not(unix))]
fn open_to_others(_folder: &Path) -> Option<u32> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::CheckOutcome;
    use crate::engine::Doorkey;
    use crate::vault::MemoryStore;

    fn profile() -> Profile {
        Profile::for_issuer(&"work".parse().expect("a name"), "https://a.example", "b")
            .expect("a profile")
    }

    fn outcome(config: &Path) -> Check {
        let doorkey = Doorkey::builder(config)
            .store(MemoryStore::default())
            .build();
        check(doorkey.engine(), &profile()).expect("a check")
    }

    #[test]
    fn locks_hold_also_while_somebody_has_them() {
        let folder = tempfile::tempdir().expect("a folder");
        assert_eq!(outcome(folder.path()).outcome, CheckOutcome::Ok);
        let file = folder.path().join("sessions/work.refresh.lock");
        assert!(!file.exists(), "the profile may not be saved yet");
        let held = FileLock::try_take(&file)
            .expect("to lock")
            .expect("the lock");
        let check = outcome(folder.path());
        assert_eq!(check.outcome, CheckOutcome::Ok);
        assert!(check.seen.contains("another program"), "{check:?}");
        drop(held);
        assert!(!outcome(folder.path()).seen.contains("another program"));
    }

    #[test]
    fn without_a_place_for_them_it_fails() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("sessions"), b"").expect("to write");
        assert_eq!(outcome(folder.path()).outcome, CheckOutcome::Failed);
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_that_others_can_enter_is_told_with_the_fix() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().expect("a folder");
        outcome(folder.path());
        let sessions = folder.path().join("sessions");
        let open = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(&sessions, open).expect("to open");
        let check = outcome(folder.path());
        assert_eq!(check.outcome, CheckOutcome::Warning, "{check:?}");
        assert!(check.seen.contains("755"), "{check:?}");
        assert!(check.remedy.contains("chmod 700"), "{check:?}");
    }
}
