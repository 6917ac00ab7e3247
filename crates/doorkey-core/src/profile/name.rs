//! The name of a profile.

use std::fmt;
use std::str::FromStr;

use crate::error::{Code, Error};

/// The name of a profile: 1 to 64 of `a-z`, `0-9`, `-`, `_` and `.`, beginning with a letter or digit.
///
/// It is a file name on every system, so upper case is not part of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ProfileName(String);

impl ProfileName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ProfileName {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        let valid = (1..=64).contains(&text.len())
            && text.as_bytes().first().copied().is_some_and(plain)
            && text
                .bytes()
                .all(|byte| plain(byte) || b"-_.".contains(&byte))
            && !text.ends_with('.')
            && !is_device(text);
        if valid {
            Ok(Self(text.to_owned()))
        } else {
            Err(Error::new(Code::ProfileInvalid, format!("{text:?} cannot be the name of a profile"))
                .with_hint("Use 1 to 64 lower-case letters, digits, `-`, `_` or `.`, beginning with a letter or digit."))
        }
    }
}

/// Whether Windows takes it for a device, whatever the extension.
fn is_device(text: &str) -> bool {
    let stem = text.split('.').next().unwrap_or(text);
    matches!(stem, "con" | "prn" | "aux" | "nul")
        || ["com", "lpt"].iter().any(|device| {
            stem.strip_prefix(device).is_some_and(|rest| {
                rest.len() == 1 && rest.bytes().all(|byte| byte.is_ascii_digit())
            })
        })
}

impl fmt::Display for ProfileName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_file_names_everywhere() {
        for good in ["demo", "demo-passport", "a", "0", "work.example_2"] {
            assert!(good.parse::<ProfileName>().is_ok(), "{good}");
        }
        for bad in [
            "",
            "Demo",
            "../x",
            "a/b",
            ".hidden",
            "nul",
            "com1",
            "nul.x",
            "x.",
            "a b",
            "ä",
            &"a".repeat(65),
        ] {
            assert!(bad.parse::<ProfileName>().is_err(), "{bad}");
        }
    }
}
