//! Secrets of any size in items of limited size.
//!
//! Windows keeps 2,560 bytes in an item. A secret that fits is its item: `S` and the bytes. A larger one is
//! cut: its parts are items of their own under a fresh tag, and the item itself says `P`, the tag, how
//! many parts there are, and the digest of the whole. The parts are written first and the old ones removed last, so
//! that a crash at any point leaves the old secret or the new one, never half of one.

use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::SecretStore;
use crate::error::{Code, Error, Result};

/// The most that any system's keychain surely keeps in one item.
const ITEM_LIMIT: usize = 2_560;
/// The most a secret may take, in parts. Sixty kilobytes of tokens are a provider's mistake.
const MOST_PARTS: usize = 24;
/// How many random bytes tell the parts of one secret from those of another.
const TAG: usize = 8;
const WHOLE: u8 = b'S';
const IN_PARTS: u8 = b'P';

/// What the item of a secret in parts says.
struct Manifest {
    tag: String,
    parts: usize,
    digest: [u8; 32],
}

pub(super) fn read(store: &dyn SecretStore, item: &str) -> Result<Option<Zeroizing<Vec<u8>>>> {
    let Some(mut head) = store.read(item)? else {
        return Ok(None);
    };
    match head.first() {
        Some(&WHOLE) => {
            head.remove(0);
            Ok(Some(head))
        }
        Some(&IN_PARTS) => {
            let manifest = Manifest::parse(&head).ok_or_else(corrupt)?;
            let mut secret = Zeroizing::new(Vec::with_capacity(manifest.parts * ITEM_LIMIT));
            for index in 0..manifest.parts {
                let part = store
                    .read(&part_name(item, &manifest.tag, index))?
                    .ok_or_else(corrupt)?;
                secret.extend_from_slice(&part);
            }
            if <[u8; 32]>::from(Sha256::digest(secret.as_slice())) == manifest.digest {
                Ok(Some(secret))
            } else {
                Err(corrupt())
            }
        }
        _ => Err(corrupt()),
    }
}

pub(super) fn write(store: &dyn SecretStore, item: &str, secret: &[u8]) -> Result<()> {
    let former = store.read(item)?.and_then(|head| Manifest::parse(&head));
    if secret.len() < ITEM_LIMIT {
        let mut head = Zeroizing::new(Vec::with_capacity(secret.len() + 1));
        head.push(WHOLE);
        head.extend_from_slice(secret);
        store.write(item, &head)?;
    } else {
        let parts = secret.chunks(ITEM_LIMIT);
        if parts.len() > MOST_PARTS {
            return Err(Error::new(
                Code::KeychainTooLarge,
                format!(
                    "The session takes {} bytes, more than a keychain should hold",
                    secret.len()
                ),
            ));
        }
        let digest: [u8; 32] = Sha256::digest(secret).into();
        let mut tag = [0_u8; TAG];
        getrandom::fill(&mut tag).map_err(|error| {
            Error::new(
                Code::Internal,
                format!("The system gave no random bytes: {error}"),
            )
        })?;
        let manifest = Manifest {
            tag: hex(&tag),
            parts: parts.len(),
            digest,
        };
        for (index, part) in parts.enumerate() {
            if let Err(error) = store.write(&part_name(item, &manifest.tag, index), part) {
                remove_parts(store, item, &manifest);
                return Err(error);
            }
        }
        if let Err(error) = store.write(item, manifest.text().as_bytes()) {
            remove_parts(store, item, &manifest);
            return Err(error);
        }
    }
    if let Some(former) = former {
        remove_parts(store, item, &former);
    }
    Ok(())
}

pub(super) fn delete(store: &dyn SecretStore, item: &str) -> Result<()> {
    let manifest = store.read(item)?.and_then(|head| Manifest::parse(&head));
    store.delete(item)?;
    if let Some(manifest) = manifest {
        remove_parts(store, item, &manifest);
    }
    Ok(())
}

pub(super) fn set_aside(store: &dyn SecretStore, item: &str) -> Result<()> {
    if let Some(head) = store.read(item)? {
        store.write(&aside(item), &head)?;
        store.delete(item)?;
    }
    Ok(())
}

/// The item for what was set aside.
pub(super) fn aside(item: &str) -> String {
    format!("{item}/unreadable")
}

/// Keeps something as large as an item may be, reads it back and removes it.
pub(super) fn probe(store: &(impl SecretStore + ?Sized), item: &str) -> Result<()> {
    let bytes = [0x5a_u8; ITEM_LIMIT];
    store.write(item, &bytes)?;
    let read = store.read(item);
    store.delete(item)?;
    if read?.is_some_and(|read| read.as_slice() == bytes) {
        Ok(())
    } else {
        Err(Error::new(
            Code::KeychainUnavailable,
            "The keychain does not give back what it was given",
        ))
    }
}

impl Manifest {
    fn text(&self) -> String {
        format!("P {} {} {}", self.tag, self.parts, hex(&self.digest))
    }

    fn parse(head: &[u8]) -> Option<Self> {
        let mut words = std::str::from_utf8(head).ok()?.split(' ');
        if words.next()? != "P" {
            return None;
        }
        let tag = words.next()?.to_owned();
        // Another tag could name parts of another item, which would then be removed with these.
        if tag.len() != 2 * TAG || !is_hex(&tag) {
            return None;
        }
        let parts = words
            .next()?
            .parse()
            .ok()
            .filter(|parts| (1..=MOST_PARTS).contains(parts))?;
        let text = words.next().filter(|text| is_hex(text))?;
        let mut digest = [0_u8; 32];
        for (index, byte) in digest.iter_mut().enumerate() {
            *byte = u8::from_str_radix(text.get(index * 2..index * 2 + 2)?, 16).ok()?;
        }
        (text.len() == 64 && words.next().is_none()).then_some(Self { tag, parts, digest })
    }
}

/// Parts that stay behind are unreachable and hold a superseded session; they are removed if they can be.
fn remove_parts(store: &dyn SecretStore, item: &str, manifest: &Manifest) {
    for index in 0..manifest.parts {
        if let Err(error) = store.delete(&part_name(item, &manifest.tag, index)) {
            tracing::warn!(
                code = error.code().as_str(),
                "a superseded keychain item could not be removed"
            );
        }
    }
}

fn part_name(item: &str, tag: &str, index: usize) -> String {
    format!("{item}/{tag}/{index}")
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether the text is what [`hex`] writes.
fn is_hex(text: &str) -> bool {
    text.bytes()
        .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

fn corrupt() -> Error {
    Error::new(
        Code::KeychainCorrupt,
        "What the keychain holds for this profile cannot be read",
    )
}

#[cfg(test)]
mod tests {
    use doorkey_double::Keychain;

    use super::*;

    /// A keychain with Windows' limit.
    fn small() -> Keychain {
        let keychain = Keychain::new();
        keychain.limit(ITEM_LIMIT);
        keychain
    }

    fn bytes(length: usize, seed: u8) -> Vec<u8> {
        (0..length)
            .map(|index| (index as u8).wrapping_mul(31).wrapping_add(seed))
            .collect()
    }

    #[test]
    fn d32_secrets_of_every_size_come_back_and_nothing_stays_behind() {
        let store = small();
        for length in [
            0, 1, 1_279, 1_280, 1_281, 2_558, 2_559, 2_560, 2_561, 5_120, 5_121, 50_000, 3,
        ] {
            let secret = bytes(length, 7);
            write(&store, "p", &secret).expect("to write");
            assert_eq!(
                read(&store, "p")
                    .expect("to read")
                    .expect("a secret")
                    .as_slice(),
                secret
            );
        }
        assert_eq!(store.names(), ["p"]);
        write(&store, "p", &bytes(9_000, 1)).expect("to write");
        delete(&store, "p").expect("to delete");
        assert!(store.names().is_empty());
        assert_eq!(
            write(&store, "p", &bytes(70_000, 1))
                .expect_err("too large")
                .code(),
            Code::KeychainTooLarge
        );
    }

    #[test]
    fn d13_a_crash_at_any_change_leaves_the_old_secret_or_the_new_one() {
        for (old, new) in [(100, 9_000), (9_000, 100), (9_000, 9_000), (100, 100)] {
            let (old, new) = (bytes(old, 1), bytes(new, 2));
            let mut whole = false;
            for crash in 0..16 {
                let store = small();
                write(&store, "p", &old).expect("to write");
                store.fill_after(crash);
                let result = write(&store, "p", &new);
                store.mend();
                let found = read(&store, "p")
                    .expect("never corrupt")
                    .expect("never gone");
                assert!(
                    found.as_slice() == old || found.as_slice() == new,
                    "half a secret after {crash} changes"
                );
                match result {
                    Ok(()) => assert_eq!(found.as_slice(), new),
                    Err(error) => assert_eq!(error.code(), Code::KeychainUnavailable),
                }
                whole |= found.as_slice() == new;
            }
            assert!(whole, "no crash left the new secret");
        }
    }

    #[test]
    fn an_item_that_names_parts_of_another_removes_none_of_them() {
        let store = small();
        write(&store, "p/client_secret", &bytes(9_000, 1)).expect("to write");
        let part = store
            .names()
            .into_iter()
            .find(|name| name.ends_with("/0"))
            .expect("a part");
        let tag = part
            .strip_prefix("p/")
            .and_then(|rest| rest.strip_suffix("/0"))
            .expect("a tag");
        let digest = hex(&[0; 32]);
        store.put("p", format!("P {tag} 4 {digest}").as_bytes());
        assert_eq!(
            read(&store, "p").expect_err("corrupt").code(),
            Code::KeychainCorrupt
        );
        delete(&store, "p").expect("to delete");
        let other = read(&store, "p/client_secret").expect("to read");
        assert_eq!(other.expect("still there").as_slice(), bytes(9_000, 1));
    }

    #[test]
    fn d34_what_cannot_be_read_is_an_error_and_can_be_set_aside() {
        let store = small();
        for garbage in [
            &b""[..],
            b"\xff\xfe",
            b"P",
            b"P x 0 00",
            b"P tag 2 zz",
            b"{}",
            b"P tag 99 00",
        ] {
            store.put("p", garbage);
            assert_eq!(
                read(&store, "p").expect_err("corrupt").code(),
                Code::KeychainCorrupt
            );
        }
        write(&store, "p", &bytes(9_000, 1)).expect("to write");
        let part = store
            .names()
            .into_iter()
            .find(|name| name != "p")
            .expect("a part");
        store.put(&part, b"other");
        assert_eq!(
            read(&store, "p").expect_err("corrupt").code(),
            Code::KeychainCorrupt
        );
        set_aside(&store, "p").expect("to set aside");
        assert!(read(&store, "p").expect("to read").is_none());
        assert!(store.names().contains(&"p/unreadable".to_owned()));
    }

    #[test]
    fn d32_the_largest_secret_has_24_full_parts() {
        let store = small();
        let largest = bytes(24 * ITEM_LIMIT, 3);
        write(&store, "p", &largest).expect("to write");
        let read = read(&store, "p").expect("to read");
        assert_eq!(read.expect("a secret").as_slice(), largest);
        let error = write(&store, "p", &bytes(24 * ITEM_LIMIT + 1, 3));
        assert_eq!(error.expect_err("too large").code(), Code::KeychainTooLarge);
    }

    #[test]
    fn a_list_of_parts_has_nothing_after_its_digest() {
        let digest = "ab".repeat(32);
        let tag = "cd".repeat(TAG);
        assert!(Manifest::parse(format!("P {tag} 3 {digest}").as_bytes()).is_some());
        for wrong in [
            format!("P {tag} 3 {digest} more"),
            format!("P {tag} 3 {digest}ab"),
            format!("P {tag} 25 {digest}"),
            format!("P {tag} 0 {digest}"),
            format!("P {tag}cd 3 {digest}"),
            format!("P {} 3 {digest}", "zz".repeat(TAG)),
            format!("P {} 3 {digest}", "CD".repeat(TAG)),
            format!("P {tag} 3 {}", "AB".repeat(32)),
        ] {
            assert!(Manifest::parse(wrong.as_bytes()).is_none(), "{wrong}");
        }
    }

    #[test]
    fn a_keychain_is_tried_with_the_largest_item_and_left_as_it_was() {
        let store = small();
        probe(&store, "probe").expect("a good keychain");
        assert_eq!((store.largest(), store.changes()), (ITEM_LIMIT, 2));
        assert!(store.names().is_empty());
        assert_eq!(
            probe(&Forgetful, "probe").expect_err("nothing").code(),
            Code::KeychainUnavailable
        );
    }

    /// Takes everything, and has nothing.
    struct Forgetful;

    impl SecretStore for Forgetful {
        fn read(&self, _item: &str) -> Result<Option<Zeroizing<Vec<u8>>>> {
            Ok(None)
        }

        fn write(&self, _item: &str, _secret: &[u8]) -> Result<()> {
            Ok(())
        }

        fn delete(&self, _item: &str) -> Result<()> {
            Ok(())
        }
    }
}
