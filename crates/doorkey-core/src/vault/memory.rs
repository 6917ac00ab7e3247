//! A store that lasts as long as the program: for tests, and for programs that keep nothing.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use zeroize::Zeroizing;

use super::SecretStore;
use crate::error::Result;

/// Items in memory, wiped when replaced or dropped. Clones share their items.
#[derive(Clone, Default)]
pub struct MemoryStore {
    items: Arc<Mutex<BTreeMap<String, Zeroizing<Vec<u8>>>>>,
}

impl MemoryStore {
    /// The names of all items, sorted.
    pub fn names(&self) -> Vec<String> {
        self.items
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .keys()
            .cloned()
            .collect()
    }
}

impl SecretStore for MemoryStore {
    fn read(&self, item: &str) -> Result<Option<Zeroizing<Vec<u8>>>> {
        Ok(self
            .items
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(item)
            .cloned())
    }

    fn write(&self, item: &str, secret: &[u8]) -> Result<()> {
        let secret = Zeroizing::new(secret.to_vec());
        self.items
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(item.to_owned(), secret);
        Ok(())
    }

    fn delete(&self, item: &str) -> Result<()> {
        self.items
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(item);
        Ok(())
    }
}

impl std::fmt::Debug for MemoryStore {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("MemoryStore")
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_shows_no_secret() {
        let store = MemoryStore::default();
        store.write("work", b"canary").expect("to write");
        let debug = format!("{store:?}");
        assert!(
            debug.contains("MemoryStore") && !debug.contains("canary"),
            "{debug}"
        );
    }
}
