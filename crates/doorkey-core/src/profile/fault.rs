//! What is wrong with a profile: which field, what about it, and the fix. Whoever shows it knows where it stands.

use toml::Spanned;

use super::address::AddressFault;
use crate::error::{Code, Error};
use crate::text::clean;

/// How much of a name that somebody wrote is repeated, in characters.
const LONGEST_NAME: usize = 120;
/// How much of a value that somebody wrote is repeated, in characters.
const LONGEST_VALUE: usize = 200;
/// How long what is wrong may be told, and so the fix, in characters.
const LONGEST_TOLD: usize = 1_000;

/// Why the fields are no profile.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct FileFault {
    /// Where in the text.
    offset: usize,
    /// The field with its tables, such as `endpoints.token`, unless it is not one field's fault.
    pub(crate) path: Option<String>,
    /// What the field holds, where that is what is wrong.
    pub(crate) value: Option<String>,
    /// What is wrong, as the rest of a sentence about field or value; a whole one where neither is known.
    pub(crate) what: String,
    pub(crate) fix: String,
    pub(crate) code: Code,
}

impl FileFault {
    /// What is wrong with no field in particular.
    pub(super) fn whole(offset: usize, what: impl Into<String>, fix: impl Into<String>) -> Self {
        Self {
            offset,
            path: None,
            value: None,
            what: what.into(),
            fix: fix.into(),
            code: Code::ProfileInvalid,
        }
    }

    /// What is wrong with a field.
    pub(super) fn field(
        offset: usize,
        path: impl Into<String>,
        what: impl Into<String>,
        fix: impl Into<String>,
    ) -> Self {
        Self {
            path: Some(path.into()),
            ..Self::whole(offset, what, fix)
        }
    }

    /// What is wrong with what a field holds.
    pub(super) fn value(
        text: &Spanned<String>,
        path: &str,
        what: impl Into<String>,
        fix: impl Into<String>,
    ) -> Self {
        Self {
            value: Some(text.get_ref().clone()),
            ..Self::field(text.span().start, path, what, fix)
        }
    }

    /// What is wrong with an address.
    pub(super) fn address(text: &Spanned<String>, path: &str, fault: AddressFault) -> Self {
        Self {
            code: if fault.insecure {
                Code::InsecureEndpoint
            } else {
                Code::ProfileInvalid
            },
            ..Self::value(text, path, fault.what, fault.fix)
        }
    }

    /// The error for somebody who has the text before them, which may be empty; `origin` says where it stands.
    pub(crate) fn at(&self, text: &str, origin: &str) -> Error {
        let path = self.path.as_ref().map(|path| clean(path, LONGEST_NAME));
        let what = clean(&self.what, LONGEST_TOLD);
        let what = match (path, &self.value) {
            (Some(path), Some(value)) => {
                let value: String = value.chars().take(LONGEST_VALUE).collect();
                format!("`{path}` {value:?} {what}")
            }
            (Some(path), None) => format!("`{path}` {what}"),
            (None, _) => what,
        };
        let message = if text.is_empty() {
            format!("{origin}: {what}")
        } else {
            let line = text
                .get(..self.offset)
                .map_or(1, |before| before.matches('\n').count() + 1);
            format!("{origin}, line {line}: {what}")
        };
        Error::new(self.code, message).with_hint(clean(&self.fix, LONGEST_TOLD))
    }
}
