//! Laws of a session that a keychain gives back: whatever is in there, it is a session that can be shown, or none.

use super::record::Record;
use crate::error::Code;
use crate::fuzzing::{Verdict, assert_inert, assert_tellable};

/// How long what is told of a person may be, in characters.
const LONGEST_TOLD: usize = 256;

/// The bytes of a record.
pub(crate) fn session_record(bytes: &[u8]) -> Verdict {
    let record = match Record::decode(bytes) {
        Ok(record) => record,
        Err(error) => {
            assert_tellable(&error);
            // A sentence of ours: the bytes may be a session's, and damaged.
            assert_eq!(error.code(), Code::KeychainCorrupt);
            assert!(error.message().is_ascii() && error.message().len() < 100);
            return Verdict::Refused;
        }
    };
    assert!(record.access_token.len() > 0);
    assert!(
        record
            .refresh_token
            .as_ref()
            .is_none_or(|token| token.len() > 0)
    );
    assert!(record.id_token.as_ref().is_none_or(|token| token.len() > 0));
    for scope in &record.scopes {
        assert!(
            !scope.is_empty() && crate::text::is_clean(scope),
            "{scope:?}"
        );
    }
    let account = &record.account;
    let told = [
        account.subject(),
        account.name(),
        account.username(),
        account.email(),
    ];
    for text in told.into_iter().flatten() {
        assert_inert(text, LONGEST_TOLD);
        assert!(!text.is_empty());
    }
    // Written again it is the same session, for every process that reads it.
    let written = record.encode().expect("bytes");
    let again = Record::decode(&written).expect("its own bytes");
    assert_eq!(again, record);
    assert_eq!(again.encode().expect("bytes"), written);
    Verdict::Accepted
}
