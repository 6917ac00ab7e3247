//! The operating system's keychain: Secret Service, Windows Credential Manager, macOS Keychain.

use keyring::Entry;
use zeroize::Zeroizing;

use super::SecretStore;
use super::state::locked;
use crate::edition::EDITION;
use crate::error::{Code, Error, Result};

/// The keychain of the person who runs the program.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct SystemKeychain;

impl SecretStore for SystemKeychain {
    fn read(&self, item: &str) -> Result<Option<Zeroizing<Vec<u8>>>> {
        match entry(item)?.get_secret() {
            Ok(secret) => Ok(Some(Zeroizing::new(secret))),
            Err(keyring::Error::NoEntry) => Ok(None),
            Err(error) => Err(failure(error)),
        }
    }

    fn write(&self, item: &str, secret: &[u8]) -> Result<()> {
        // Not `set_password`: it stores UTF-16 on Windows, which halves what an item can hold.
        entry(item)?.set_secret(secret).map_err(failure)
    }

    /// The Secret Service says whether it is locked; asking takes a hundredth of the time of a write.
    #[cfg(all(unix, not(target_os = "macos")))]
    fn ready(&self, _item: &str) -> Result<()> {
        super::secret_service::ready()
    }

    fn delete(&self, item: &str) -> Result<()> {
        match entry(item)?.delete_credential() {
            Ok(()) | Err(keyring::Error::NoEntry) => Ok(()),
            Err(error) => Err(failure(error)),
        }
    }
}

fn entry(item: &str) -> Result<Entry> {
    named(item).map_err(|error| match (&error, Entry::store_status()) {
        (keyring::Error::NoDefaultStore, Err(reason)) => unavailable(reason.to_string()),
        _ => failure(error),
    })
}

#[cfg(not(windows))]
fn named(item: &str) -> keyring::Result<Entry> {
    Entry::new(EDITION.keychain_service, item)
}

/// An item that stays on this computer. What the library makes by itself travels with the person to other computers of
/// their company, where nobody would know of the refresh that replaced a token here.
#[cfg(windows)]
fn named(item: &str) -> keyring::Result<Entry> {
    const STAYS: [(&str, &str); 1] = [("persistence", "Local")];
    // The library opens its store when it is first asked about it.
    if Entry::store_status().is_err() {
        return Err(keyring::Error::NoDefaultStore);
    }
    let service = EDITION.keychain_service;
    let inner = keyring_core::Entry::new_with_modifiers(service, item, &STAYS.into())?;
    Ok(Entry { inner })
}

/// Maps what the keychain says. Two of its errors carry the item's bytes; those are dropped unseen.
fn failure(error: keyring::Error) -> Error {
    match error {
        keyring::Error::PlatformFailure(reason) => unavailable(reason.to_string()),
        keyring::Error::NoDefaultStore => unavailable("no store".to_owned()),
        keyring::Error::NoStorageAccess(reason) => {
            // The library's words are about its own calls; what they mean for a person is always the same.
            tracing::debug!(%reason, "the keychain refused access");
            locked()
        }
        keyring::Error::TooLong(_, limit) => Error::new(
            Code::KeychainTooLarge,
            format!("The keychain takes at most {limit} bytes in an item"),
        ),
        keyring::Error::BadEncoding(_)
        | keyring::Error::BadDataFormat(..)
        | keyring::Error::BadStoreFormat(_) => Error::new(
            Code::KeychainCorrupt,
            "What the keychain holds for this profile cannot be read",
        ),
        keyring::Error::Ambiguous(entries) => Error::new(
            Code::KeychainCorrupt,
            format!(
                "The keychain holds {} items of the same name",
                entries.len()
            ),
        )
        .with_hint(
            "Remove the items named `doorkey` in your keychain's own program, then sign in again.",
        ),
        _ => unavailable("it refused the call".to_owned()),
    }
}

fn unavailable(reason: String) -> Error {
    Error::new(
        Code::KeychainUnavailable,
        format!("The system keychain cannot be used: {reason}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Elsewhere the keychain belongs to the person who runs the tests, or there is none: `tests/keychain.rs` brings one.
    #[cfg(windows)]
    #[test]
    fn d32_an_item_holds_2560_bytes_on_windows_and_stays_on_its_computer() {
        let item = format!("test {}", std::process::id());
        let largest = [0xFF_u8; 2560];
        SystemKeychain.write(&item, &largest).expect("to write");
        let read = SystemKeychain.read(&item).expect("to read");
        assert_eq!(read.expect("the item")[..], largest);
        let attributes = entry(&item).expect("the item").inner.get_attributes();
        assert_eq!(attributes.expect("its attributes")["persistence"], "Local");
        let error = SystemKeychain
            .write(&item, &[0; 2561])
            .expect_err("too large");
        assert_eq!(error.code(), Code::KeychainTooLarge);
        SystemKeychain.delete(&item).expect("to remove");
        assert!(SystemKeychain.read(&item).expect("to look").is_none());
        SystemKeychain.delete(&item).expect("nothing to remove");
    }

    #[test]
    fn each_failure_has_its_code_and_no_byte_of_the_item() {
        let refused = || Box::<dyn std::error::Error + Send + Sync>::from("the call was refused");
        for (error, code, says) in [
            (
                keyring::Error::PlatformFailure(refused()),
                Code::KeychainUnavailable,
                "the call was refused",
            ),
            (
                keyring::Error::NoDefaultStore,
                Code::KeychainUnavailable,
                "no store",
            ),
            (
                keyring::Error::NoStorageAccess(refused()),
                Code::KeychainLocked,
                "locked",
            ),
            (
                keyring::Error::TooLong("secret".to_owned(), 2560),
                Code::KeychainTooLarge,
                "at most 2560 bytes",
            ),
            (
                keyring::Error::BadEncoding(b"canary".to_vec()),
                Code::KeychainCorrupt,
                "cannot be read",
            ),
            (
                keyring::Error::Ambiguous(Vec::new()),
                Code::KeychainCorrupt,
                "0 items of the same name",
            ),
            (
                keyring::Error::Invalid("name".to_owned(), "empty".to_owned()),
                Code::KeychainUnavailable,
                "refused the call",
            ),
        ] {
            let error = failure(error);
            assert_eq!(error.code(), code, "{error:?}");
            assert!(error.message().contains(says), "{error:?}");
            assert!(!format!("{error:?} {error}").contains("canary"));
        }
    }
}
