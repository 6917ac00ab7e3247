//! Laws of what lies in a keychain: read whole or not at all, and nothing of another item's is ever touched.

use sha2::{Digest as _, Sha256};

use super::{MemoryStore, SecretStore, parts};
use crate::error::Code;
use crate::fuzzing::{Verdict, assert_tellable};

const ITEM: &str = "work";
const SECRET: &[u8] = b"canary";
/// What lies beside it: items that are named like parts of its own, and those of other profiles.
const OTHERS: [&str; 6] = [
    "work/client_secret",
    "work/client_secret/0123456789abcdef/0",
    "work/unreadable",
    "other",
    "other/0123456789abcdef/0",
    "work.",
];
/// Stands for the digest of the parts, which nobody hits by chance.
const DIGEST: &str = "DIGEST";

/// An item, one line, and lines that are its parts if it says that it has some.
pub(crate) fn keychain_item(bytes: &[u8]) -> Verdict {
    let mut lines = bytes.split(|byte| *byte == b'\n');
    let head = lines.next().unwrap_or_default();
    let pieces: Vec<&[u8]> = lines.collect();
    let whole = pieces.concat();
    let head = with_digest(head, &whole);

    let store = store(&head, &pieces);
    let verdict = match parts::read(&store, ITEM) {
        Ok(secret) => {
            let secret = secret.expect("the item is there");
            match head.split_first() {
                Some((b'S', rest)) => assert_eq!(secret.as_slice(), rest),
                _ => {
                    assert!(whole.starts_with(&secret), "its parts, from the first on");
                    let text = std::str::from_utf8(&head).expect("words");
                    let found: [u8; 32] = Sha256::digest(secret.as_slice()).into();
                    assert!(text.ends_with(&hex(&found)), "whole");
                }
            }
            Verdict::Accepted
        }
        Err(error) => {
            assert_tellable(&error);
            assert_eq!(error.code(), Code::KeychainCorrupt);
            Verdict::Refused
        }
    };
    assert_others(&store);

    // Whatever was there, the next session is kept, and the end of it leaves nothing of its own.
    parts::write(&store, ITEM, SECRET).expect("to write");
    let kept = parts::read(&store, ITEM).expect("to read");
    assert_eq!(kept.expect("a secret").as_slice(), SECRET);
    assert_others(&store);
    for end in [parts::delete, parts::set_aside] {
        let store = self::store(&head, &pieces);
        end(&store, ITEM).expect("to remove");
        assert_eq!(parts::read(&store, ITEM).expect("to read"), None);
        assert_others(&store);
    }
    verdict
}

/// The item with its parts, where it says that they are, and the others.
fn store(head: &[u8], pieces: &[&[u8]]) -> MemoryStore {
    let store = MemoryStore::default();
    let keep = |item: &str, bytes: &[u8]| store.write(item, bytes).expect("to write");
    let tag = String::from_utf8_lossy(head);
    if let Some(tag) = tag.split(' ').nth(1) {
        for (index, piece) in pieces.iter().enumerate() {
            keep(&format!("{ITEM}/{tag}/{index}"), piece);
        }
    }
    keep(ITEM, head);
    for other in OTHERS {
        keep(other, other.as_bytes());
    }
    store
}

fn assert_others(store: &MemoryStore) {
    for other in OTHERS {
        let kept = store.read(other).expect("to read");
        let is_aside = other.ends_with("/unreadable");
        assert!(
            kept.is_some_and(|kept| is_aside || kept.as_slice() == other.as_bytes()),
            "{other}"
        );
    }
}

fn with_digest(head: &[u8], whole: &[u8]) -> Vec<u8> {
    let digest: [u8; 32] = Sha256::digest(whole).into();
    match std::str::from_utf8(head) {
        Ok(text) => text.replace(DIGEST, &hex(&digest)).into_bytes(),
        Err(_) => head.to_vec(),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
