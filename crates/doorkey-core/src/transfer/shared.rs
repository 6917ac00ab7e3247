//! The profile file as people hand it to each other.

use toml::de::{DeTable, DeValue};
use toml::{Spanned, Table};

use super::{Exported, Imported, LeftOut, NAMELESS, secrets};
use crate::error::{Code, Error, Result};
use crate::profile::Profile;

/// What a file of somebody else's cannot decide, and why.
const NOT_TAKEN: [(&[&str], &str); 6] = [
    (
        &["browser"],
        "It is a command, and Doorkey runs none from a file of somebody else's. Set your own in the profile if it needs one.",
    ),
    (
        &["ca_file"],
        "It names a file on another computer, and whoever has its key could pose as any server. Set it in the profile if you trust the certificates in yours.",
    ),
    (
        &["allow_private_endpoints"],
        "It lets a public issuer name addresses in your network. Set it in the profile if the provider's administrator says that it is needed.",
    ),
    (&["authorization_parameters", "login_hint"], PERSONAL),
    (&["authorization_parameters", "login"], PERSONAL),
    (&["authorization_parameters", "id_token_hint"], PERSONAL),
];

const PERSONAL: &str = "It says who somebody else is at the provider.";

/// What is nobody else's business, or of no use to them, and why.
const NOT_GIVEN: [(&[&str], &str); 5] = [
    (&["browser"], "It is this computer's."),
    (&["ca_file"], "It is a path on this computer."),
    (&["authorization_parameters", "login_hint"], YOURS),
    (&["authorization_parameters", "login"], YOURS),
    (&["authorization_parameters", "id_token_hint"], YOURS),
];

const YOURS: &str = "It says who you are at the provider.";

/// What an exported file begins with.
const HEAD: &str =
    "# A profile for Doorkey, without secrets. To use it: doorkey profile import FILE\n";

pub(super) fn import(text: &str, origin: &str) -> Result<Imported> {
    if let Ok(table) = DeTable::parse(text) {
        refuse_secrets(table.get_ref(), text, origin)?;
    }
    let name = NAMELESS.parse()?;
    // As it stands first, so that whatever is wrong is told with its line.
    let whole = Profile::read(&name, text).map_err(|fault| fault.at(text, origin))?;
    let mut table: Table = whole
        .to_toml()
        .parse()
        .map_err(|error| unwritable(&error))?;
    let left_out = remove(&mut table, &NOT_TAKEN);
    let rest = toml::to_string(&table).map_err(|error| unwritable(&error))?;
    let profile = Profile::read(&name, &rest).map_err(|fault| fault.at(&rest, origin))?;
    Ok(Imported { profile, left_out })
}

pub(super) fn export(profile: &Profile) -> Exported {
    let mut table: Table = profile.to_toml().parse().unwrap_or_default();
    let left_out = remove(&mut table, &NOT_GIVEN);
    Exported {
        text: format!("{HEAD}{}", toml::to_string(&table).unwrap_or_default()),
        left_out,
    }
}

/// Takes fields out of a profile's table, and says which were there.
fn remove(table: &mut Table, fields: &[(&[&str], &'static str)]) -> Vec<LeftOut> {
    let mut left_out = Vec::new();
    for (path, why) in fields {
        let removed = match path {
            [field] => table.remove(*field),
            [outer, field] => table
                .get_mut(*outer)
                .and_then(toml::Value::as_table_mut)
                .and_then(|inner| inner.remove(*field)),
            _ => None,
        };
        // What is set to its default, or to nothing, is nothing to talk about.
        let says_something = removed
            .is_some_and(|value| value.as_bool() != Some(false) && value.as_str() != Some(""));
        if says_something {
            left_out.push(LeftOut::new(path.join("."), why));
        }
    }
    table.retain(|_, value| value.as_table().is_none_or(|inner| !inner.is_empty()));
    left_out
}

fn refuse_secrets(table: &DeTable<'_>, text: &str, origin: &str) -> Result<()> {
    for (key, value) in table {
        refuse_secret(key.get_ref(), key.span().start, value, text, origin)?;
    }
    Ok(())
}

fn refuse_secret(
    field: &str,
    offset: usize,
    value: &Spanned<DeValue<'_>>,
    text: &str,
    origin: &str,
) -> Result<()> {
    match value.get_ref() {
        DeValue::Table(inner) => refuse_secrets(inner, text, origin),
        DeValue::Array(values) => values
            .iter()
            .try_for_each(|value| refuse_secret(field, offset, value, text, origin)),
        _ if secrets::is_secret(field) => {
            let before = text.get(..offset).unwrap_or_default();
            let line = before.matches('\n').count() as u64 + 1;
            Err(secrets::refused(field, origin, line))
        }
        _ => Ok(()),
    }
}

fn unwritable(error: &dyn std::fmt::Display) -> Error {
    Error::new(
        Code::Internal,
        format!("The profile cannot be written as TOML: {error}"),
    )
}
