//! The shared keychain and clock as the engine takes them: they know nothing of its traits.

use std::time::SystemTime;

use doorkey_double::{Fault, HandClock, Keychain};
use zeroize::Zeroizing;

use crate::clock::Clock;
use crate::error::{Code, Error, Result};
use crate::vault::SecretStore;

impl SecretStore for Keychain {
    fn read(&self, item: &str) -> Result<Option<Zeroizing<Vec<u8>>>> {
        Ok(Self::read(self, item)?.map(Zeroizing::new))
    }

    fn write(&self, item: &str, secret: &[u8]) -> Result<()> {
        Ok(Self::write(self, item, secret)?)
    }

    fn delete(&self, item: &str) -> Result<()> {
        Ok(Self::delete(self, item)?)
    }
}

impl Clock for HandClock {
    fn now(&self) -> SystemTime {
        Self::now(self)
    }
}

/// A fault in its own words, with the code that the system's keychain gives it.
impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        let code = match fault {
            Fault::Locked => Code::KeychainLocked,
            Fault::Denied | Fault::Absent | Fault::Full => Code::KeychainUnavailable,
            Fault::TooLong(_) => Code::KeychainTooLarge,
            Fault::Corrupt => Code::KeychainCorrupt,
        };
        Self::new(code, fault.to_string())
    }
}
