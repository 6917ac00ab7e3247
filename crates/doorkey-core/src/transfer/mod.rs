//! Profiles that come from elsewhere and go elsewhere, and what of them may travel.
//!
//! A file of somebody else's is a proposal. What it could do to this computer stays out of the profile, and so does what
//! belongs to the person who wrote it; each is told as [`LeftOut`].

mod address;
mod flyte;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod fuzzing;
mod secrets;
mod shared;
#[cfg(test)]
mod tests;

use std::path::Path;

use crate::engine::Doorkey;
use crate::error::{Code, Error, Result};
use crate::profile::{Profile, ProfileName, ProfileSource};

/// How large a file to import may be. Profiles and Flyte's config files have a few hundred bytes.
const CAP: usize = 64 * 1024;
/// The name of a profile whose source suggests none.
const NAMELESS: &str = "imported";

/// A profile made of what somebody else wrote. It is not kept yet.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Imported {
    /// The profile, under a name that its source suggests; [`Profile::named`] gives it another one.
    pub profile: Profile,
    /// What the source also says, and the profile does not.
    pub left_out: Vec<LeftOut>,
}

/// A profile to give away.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Exported {
    /// What the file holds, as TOML.
    pub text: String,
    /// What the profile also says, and the file does not.
    pub left_out: Vec<LeftOut>,
}

/// A field that stayed behind.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LeftOut {
    /// The field as its file has it, such as `browser`.
    pub field: String,
    /// Why, and what to do instead, as one or more sentences.
    pub why: &'static str,
}

impl LeftOut {
    fn new(field: impl Into<String>, why: &'static str) -> Self {
        Self {
            field: field.into(),
            why,
        }
    }
}

impl Profile {
    /// Reads what somebody else has written: a profile file of Doorkey's, or a config file of Flyte's. `file` is where it
    /// stands, for errors and for the profile's name.
    ///
    /// # Errors
    /// [`Code::ProfileInvalid`] or [`Code::InsecureEndpoint`] naming file and line, what is wrong there and the fix. A file
    /// with a secret in it is refused, and the secret is repeated nowhere.
    pub fn import(content: &[u8], file: &Path) -> Result<Imported> {
        let origin = file.display().to_string();
        let text = text(content, &origin)?;
        let mut imported = if is_toml(text, file) {
            shared::import(text, &origin)?
        } else {
            flyte::import(text, &origin)?
        };
        // Flyte's file is called `config.yaml` for everybody.
        let stem = file.file_stem().and_then(|stem| stem.to_str());
        let stem = stem.filter(|stem| *stem != "config");
        let name = suggested(stem, &imported.profile)?;
        imported.profile = imported.profile.named(&name);
        Ok(imported)
    }

    /// The profile to give to somebody else, who reads it with [`Profile::import`]. It holds no secret, nothing about its
    /// owner, and nothing that is about this computer.
    pub fn export(&self) -> Exported {
        shared::export(self)
    }
}

impl Doorkey {
    /// Makes a profile of the address of an issuer or of its metadata, which is asked for and has to fit. Scopes and APIs
    /// can be added to the source before it is built.
    ///
    /// # Errors
    /// [`Code::ProfileInvalid`] or [`Code::InsecureEndpoint`] when this is no such address, or as [`Doorkey::begin`].
    pub async fn source_at(&self, address: &str, client_id: &str) -> Result<ProfileSource> {
        address::source(self.engine(), address, client_id).await
    }
}

impl ProfileSource {
    /// A name for the profile that its provider suggests.
    ///
    /// # Errors
    /// As [`ProfileSource::build`].
    pub fn suggested_name(&self) -> Result<ProfileName> {
        let profile = self.clone().build(&NAMELESS.parse()?)?;
        suggested(None, &profile)
    }
}

fn text<'a>(content: &'a [u8], origin: &str) -> Result<&'a str> {
    let refused = |what: String, fix: &str| {
        Err(Error::new(Code::ProfileInvalid, format!("{origin}: {what}")).with_hint(fix))
    };
    if content.len() > CAP {
        return refused(
            format!("the file is larger than {} KiB", CAP / 1024),
            "Name a profile file of Doorkey's or a config file of Flyte's.",
        );
    }
    match std::str::from_utf8(content) {
        Ok(text) => Ok(text.strip_prefix('\u{feff}').unwrap_or(text)),
        Err(error) => {
            let before = content.get(..error.valid_up_to()).unwrap_or_default();
            let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
            refused(
                format!("line {line} is not UTF-8 text"),
                "Save the file as UTF-8.",
            )
        }
    }
}

/// Whether the file is a profile of Doorkey's. Its extension says so, or else its first line of content.
fn is_toml(text: &str, file: &Path) -> bool {
    let extension = file.extension().and_then(|extension| extension.to_str());
    match extension.map(str::to_ascii_lowercase).as_deref() {
        Some("toml") => true,
        Some("yaml" | "yml") => false,
        _ => text
            .lines()
            .map(str::trim)
            .find(|line| !line.is_empty() && !line.starts_with('#'))
            .is_none_or(|line| line.starts_with('[') || is_assignment(line)),
    }
}

/// Whether a line begins as `name = value` does.
fn is_assignment(line: &str) -> bool {
    let name_ends = line.find(|character: char| {
        !character.is_ascii_alphanumeric() && !matches!(character, '_' | '-' | '.' | '"')
    });
    let rest = name_ends
        .and_then(|end| line.get(end..))
        .unwrap_or_default();
    rest.trim_start().starts_with('=')
}

/// The name that the source has, or one made of the provider's host, or one for those that have neither.
fn suggested(source: Option<&str>, profile: &Profile) -> Result<ProfileName> {
    let host: String = profile
        .provider_host()
        .chars()
        .filter(|character| !matches!(character, '[' | ']'))
        .map(|character| if character == ':' { '-' } else { character })
        .collect();
    [source, Some(host.trim_start_matches('-'))]
        .into_iter()
        .flatten()
        .find_map(|name| name.to_ascii_lowercase().parse().ok())
        .map_or_else(|| NAMELESS.parse(), Ok)
}
