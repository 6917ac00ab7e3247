//! Masks the bytes of our tokens in what comes back: an API that echoes them must not hand them on.

use std::sync::Arc;

use memchr::memmem::Finder;

use crate::session::Record;
use crate::token::{IdToken, RefreshToken};

/// What stands where a token was.
const MASK: &[u8] = b"[token]";
/// Shorter values are no tokens worth masking, and would tear holes into innocent text.
const SHORTEST: usize = 8;

/// The tokens to look for.
pub(super) struct Tokens<'a> {
    finders: Vec<Finder<'a>>,
}

impl<'a> Tokens<'a> {
    /// The tokens of these records.
    pub(super) fn of(records: &'a [Arc<Record>]) -> Self {
        let mut values: Vec<&str> = Vec::new();
        for record in records {
            let refresh_token = record.refresh_token.as_ref().map(RefreshToken::expose);
            let id_token = record.id_token.as_ref().map(IdToken::expose);
            let access_token = Some(record.access_token.expose());
            for value in [access_token, refresh_token, id_token]
                .into_iter()
                .flatten()
            {
                if value.len() >= SHORTEST && !values.contains(&value) {
                    values.push(value);
                }
            }
        }
        // A token that contains another goes first, so that nothing of it stays behind.
        values.sort_by_key(|value| std::cmp::Reverse(value.len()));
        Self {
            finders: values
                .into_iter()
                .map(|value| Finder::new(value.as_bytes()))
                .collect(),
        }
    }

    /// The bytes with each token replaced. Untouched bytes are not copied.
    pub(super) fn mask(&self, mut bytes: Vec<u8>) -> Vec<u8> {
        for finder in &self.finders {
            let Some(first) = finder.find(&bytes) else {
                continue;
            };
            let mut masked = Vec::with_capacity(bytes.len());
            let (mut from, mut at) = (0, Some(first));
            while let Some(start) = at {
                masked.extend_from_slice(&bytes[from..start]);
                masked.extend_from_slice(MASK);
                from = start + finder.needle().len();
                at = finder.find(&bytes[from..]).map(|offset| from + offset);
            }
            masked.extend_from_slice(&bytes[from..]);
            zeroize::Zeroize::zeroize(&mut bytes);
            bytes = masked;
        }
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::Account;
    use crate::token::AccessToken;

    #[test]
    fn e37_each_token_is_masked_wherever_it_stands() {
        let record = Arc::new(Record {
            generation: String::new(),
            binding: String::new(),
            access_token: AccessToken::new("canary-access"),
            expires_at: None,
            refresh_token: Some(RefreshToken::new("canary-access-and-refresh")),
            id_token: None,
            scopes: Vec::new(),
            account: Account::default(),
            nonce: None,
            client: None,
        });
        let records = [record];
        let tokens = Tokens::of(&records);
        let masked =
            tokens.mask(b"canary-access, Bearer canary-access-and-refreshcanary-access.".to_vec());
        assert_eq!(masked, b"[token], Bearer [token][token].");
        assert_eq!(tokens.mask(b"\xff\x00canary".to_vec()), b"\xff\x00canary");

        // What is as short as a word would be found in words.
        let short = Record {
            access_token: AccessToken::new("canary"),
            ..Record::clone(&records[0])
        };
        let short = [Arc::new(short)];
        assert_eq!(Tokens::of(&short).mask(b"canary".to_vec()), b"canary");
    }
}
