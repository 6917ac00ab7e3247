//! The doubles of `doorkey-double` as the engine takes them: thin, since they know nothing of its traits.

use std::ops::Deref;
use std::time::SystemTime;

use doorkey_core::{Clock, Code, Error, Result, SecretStore};
use doorkey_double::{Fault, HandClock, Keychain};
use zeroize::Zeroizing;

/// The [`Keychain`] double. Clones are the same one.
#[derive(Clone, Debug, Default)]
pub struct Store(pub Keychain);

/// A [`HandClock`]. Clones are the same one.
#[derive(Clone, Debug)]
pub struct Time(pub HandClock);

impl Time {
    /// Stands at the present until it is moved.
    pub fn still() -> Self {
        Self(HandClock::still())
    }

    /// Goes as the computer's clock until it is moved.
    pub fn running() -> Self {
        Self(HandClock::running())
    }
}

impl SecretStore for Store {
    fn read(&self, item: &str) -> Result<Option<Zeroizing<Vec<u8>>>> {
        let bytes = self.0.read(item).map_err(error)?;
        Ok(bytes.map(Zeroizing::new))
    }

    fn write(&self, item: &str, secret: &[u8]) -> Result<()> {
        self.0.write(item, secret).map_err(error)
    }

    fn delete(&self, item: &str) -> Result<()> {
        self.0.delete(item).map_err(error)
    }
}

impl Clock for Time {
    fn now(&self) -> SystemTime {
        self.0.now()
    }
}

/// A fault in the words and with the code that the system's own keychain would have.
fn error(fault: Fault) -> Error {
    let code = match fault {
        Fault::Locked => Code::KeychainLocked,
        Fault::Denied | Fault::Absent | Fault::Full => Code::KeychainUnavailable,
        Fault::TooLong(_) => Code::KeychainTooLarge,
        Fault::Corrupt => Code::KeychainCorrupt,
    };
    Error::new(code, fault.to_string())
}

impl Deref for Store {
    type Target = Keychain;

    fn deref(&self) -> &Keychain {
        &self.0
    }
}

impl Deref for Time {
    type Target = HandClock;

    fn deref(&self) -> &HandClock {
        &self.0
    }
}
