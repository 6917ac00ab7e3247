//! Why what was filled in is no profile, told beside the field or for somebody who sees no form.

use super::Preset;
use super::field::Field;
use crate::error::{Code, Error};
use crate::profile::FileFault;
use crate::text::clean;

/// How much of a name that somebody wrote is repeated, in characters.
const LONGEST_NAME: usize = 120;

/// Why what was filled in is no profile.
#[derive(Debug)]
#[non_exhaustive]
pub struct FormFault {
    /// The field that it belongs to; none if it is nobody's in particular.
    pub field: Option<&'static str>,
    /// What is wrong and the fix, for somebody who sees the field before them.
    pub error: Error,
    /// The same for somebody who does not: it names the field.
    named: Box<Error>,
}

impl FormFault {
    /// The same for somebody who sees no form: it names the field as `doorkey profile add --set` does.
    pub fn into_named(self) -> Error {
        *self.named
    }

    pub(super) fn unknown(preset: Preset, name: &str) -> Self {
        let name = clean(name, LONGEST_NAME);
        let known: Vec<_> = preset.fields().map(Field::settable).collect();
        let error = || {
            Error::new(
                Code::ProfileInvalid,
                format!("Preset {} has no field `{name}`", preset.id()),
            )
            .with_hint(format!("Its fields: {}.", known.join(", ")))
        };
        Self {
            field: None,
            error: error(),
            named: Box::new(error()),
        }
    }

    pub(super) fn missing(preset: Preset, field: &'static Field) -> Self {
        Self::absent(
            field,
            format!("Preset {} needs `{}`", preset.id(), field.name),
        )
    }

    pub(super) fn needed(field: &'static Field, by: &Field) -> Self {
        Self::absent(field, format!("`{}` needs `{}`", by.name, field.name))
    }

    fn absent(field: &'static Field, named: String) -> Self {
        let hint = if field.example.is_empty() {
            format!("{}.", field.about)
        } else {
            format!("{}, such as {}", field.about, field.example)
        };
        Self {
            field: Some(field.name),
            error: Error::new(Code::ProfileInvalid, format!("{} is missing", field.label))
                .with_hint(hint),
            named: Box::new(
                Error::new(Code::ProfileInvalid, named)
                    .with_hint(format!("{}: --set {}=...", field.about, field.name)),
            ),
        }
    }

    /// What was filled in is not what the field takes.
    pub(super) fn wrong(field: &'static Field, text: &str, wanted: &str) -> Self {
        let error = |message| {
            Error::new(Code::ProfileInvalid, message).with_hint("Correct it and try again.")
        };
        Self {
            field: Some(field.name),
            error: error(format!("{text:?} is not {wanted}")),
            named: Box::new(error(format!("`{}` is {wanted}, not {text:?}", field.name))),
        }
    }

    /// What was filled in is a secret, which no profile holds. It is not repeated.
    pub(super) fn apart(field: &'static Field) -> Self {
        let error = || {
            Error::new(
                Code::ProfileInvalid,
                format!("{} is no part of a profile", field.label),
            )
            .with_hint("Keep it with: doorkey profile secret NAME")
        };
        Self {
            field: Some(field.name),
            error: error(),
            named: Box::new(error()),
        }
    }

    /// What was filled in is understood, and cannot be helped.
    pub(super) fn hopeless(field: &'static Field, value: &str, why: &str) -> Self {
        let error = |message| {
            Error::new(Code::UnsupportedProvider, message).with_hint("Use a later version.")
        };
        Self {
            field: Some(field.name),
            error: error(why.to_owned()),
            named: Box::new(error(format!("`{}` {value}: {why}", field.name))),
        }
    }

    pub(super) fn twice(field: &'static Field, name: &str) -> Self {
        let name = clean(name, LONGEST_NAME);
        let error = |message| Error::new(Code::ProfileInvalid, message).with_hint("Set it once.");
        Self {
            field: Some(field.name),
            error: error(format!("{} is set twice", field.label)),
            named: Box::new(error(format!("`{name}` is set twice"))),
        }
    }

    /// What the profile file says about what it would hold.
    pub(super) fn of_file(preset: Preset, fault: FileFault, named: Error) -> Self {
        let field = fault.path.as_deref().and_then(|path| preset.field_at(path));
        let what = &fault.what;
        let message = match (&fault.value, field) {
            (Some(value), _) => format!("{value:?} {what}"),
            (None, Some(field)) => match fault.path.as_deref().and_then(|path| field.part(path)) {
                Some(part) => format!("`{}` {what}", clean(part, LONGEST_NAME)),
                None => format!("{} {what}", field.label),
            },
            (None, None) => named.message(),
        };
        Self {
            field: field.map(|field| field.name),
            error: Error::new(fault.code, message).with_hint(fault.fix),
            named: Box::new(named),
        }
    }

    pub(super) fn internal(what: &dyn std::fmt::Display) -> Self {
        let error = || {
            Error::new(
                Code::Internal,
                format!("The profile cannot be written: {what}"),
            )
        };
        Self {
            field: None,
            error: error(),
            named: Box::new(error()),
        }
    }
}
