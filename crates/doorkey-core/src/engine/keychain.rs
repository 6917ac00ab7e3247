//! How the keychain is, whether it works, and its unlocking.

use super::Doorkey;
use crate::error::{Code, Error, Result};
use crate::vault::KeychainState;

impl Doorkey {
    /// How the keychain is. Nobody is asked for a password, and the answer takes 5 seconds at most.
    pub async fn keychain(&self) -> KeychainState {
        match self.engine.vault() {
            Some(vault) => vault.state().await,
            None => KeychainState::Absent {
                reason: in_memory().message(),
            },
        }
    }

    /// Finds out whether the keychain works: keeps an item of the largest size, reads it back and removes it.
    ///
    /// # Errors
    /// Those of the fault [`Fault::Keychain`](crate::Fault::Keychain). A locked keychain is told and not asked to open.
    pub async fn test_keychain(&self) -> Result<()> {
        self.engine.vault().ok_or_else(in_memory)?.test().await
    }

    /// Has the system ask the person to unlock the keychain, and waits for them, 60 seconds at most. Nothing to do is no
    /// error. Dropping the future ends the waiting; the system's question stays until it is answered.
    ///
    /// # Errors
    /// [`Code::KeychainLocked`] when the person does not unlock it or it was never set up, [`Code::KeychainTimeout`], or
    /// [`Code::KeychainUnavailable`].
    pub async fn unlock_keychain(&self) -> Result<()> {
        self.engine.vault().ok_or_else(in_memory)?.unlock().await
    }
}

fn in_memory() -> Error {
    Error::new(
        Code::KeychainUnavailable,
        "Sessions are kept in memory only, so no keychain is used",
    )
}
