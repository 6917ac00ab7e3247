//! Metadata on disk, so that a restart does not depend on the network. It holds nothing secret, and
//! what is read is checked as if it came from the provider just now.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::clock::{from_unix_seconds, unix_seconds};
use crate::profile::{Issuer, write_quickly};

/// The folder of cached metadata, if there is one.
#[derive(Clone, Debug)]
pub(crate) struct Cache {
    folder: Option<PathBuf>,
}

#[derive(Serialize, Deserialize)]
struct Entry {
    issuer: String,
    fetched_at: u64,
    metadata: Box<serde_json::value::RawValue>,
}

impl Cache {
    /// Below the config folder; without one, nothing is cached.
    pub(crate) fn new(config: Option<&Path>) -> Self {
        Self {
            folder: config.map(|config| config.join("cache")),
        }
    }

    /// When the metadata was fetched, and its bytes. Anything unreadable counts as absent.
    pub(crate) fn read(&self, issuer: &Issuer) -> Option<(SystemTime, Vec<u8>)> {
        let entry: Entry = serde_json::from_slice(&std::fs::read(self.path(issuer)?).ok()?).ok()?;
        (entry.issuer == issuer.as_str()).then(|| {
            (
                from_unix_seconds(entry.fetched_at),
                entry.metadata.get().as_bytes().to_vec(),
            )
        })
    }

    /// Keeps metadata. A cache that cannot be written costs a request at the next start, nothing more.
    pub(crate) fn write(&self, issuer: &Issuer, fetched_at: SystemTime, body: &[u8]) {
        let Some(path) = self.path(issuer) else {
            return;
        };
        let Ok(metadata) = serde_json::from_slice(body) else {
            return;
        };
        let entry = Entry {
            issuer: issuer.as_str().to_owned(),
            fetched_at: unix_seconds(fetched_at),
            metadata,
        };
        if let Ok(bytes) = serde_json::to_vec(&entry)
            && let Err(error) = write_quickly(&path, &bytes)
        {
            tracing::warn!(error = error.message(), "metadata could not be cached");
        }
    }

    fn path(&self, issuer: &Issuer) -> Option<PathBuf> {
        let digest = Sha256::digest(issuer.as_str());
        let name: String = digest
            .iter()
            .take(16)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        self.folder
            .as_ref()
            .map(|folder| folder.join(format!("{name}.json")))
    }
}
