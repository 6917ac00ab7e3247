//! Laws of forms: what is filled in becomes a profile, and the profile opens as the same form.

use super::{FieldKind, Preset, words};
use crate::fuzzing::{Verdict, assert_inert};
use crate::profile::{Profile, ProfileName};

/// Kinds of fields whose text is a small language.
const LANGUAGES: [FieldKind; 5] = [
    FieldKind::Words,
    FieldKind::Pairs,
    FieldKind::Ports,
    FieldKind::Requests,
    FieldKind::Segment,
];

/// A form: the id of a preset in the first line, then lines of `FIELD=TEXT`.
pub(crate) fn form(bytes: &[u8]) -> Verdict {
    let text = String::from_utf8_lossy(bytes);
    let (id, rest) = text.split_once('\n').unwrap_or((&text, ""));
    let Some(preset) = Preset::named(id) else {
        return Verdict::Refused;
    };
    let set: Vec<_> = rest
        .lines()
        .filter_map(|line| line.split_once('='))
        .map(|(field, text)| (field.to_owned(), text.to_owned()))
        .collect();
    let name: ProfileName = "work".parse().expect("a name");
    match preset.build(&name, &set) {
        Ok(profile) => {
            assert_eq!(again(&profile).to_toml(), profile.to_toml());
            Verdict::Accepted
        }
        Err(fault) => {
            // What was filled in is quoted whole, so only what it could do to a terminal counts.
            for error in [&fault.error.message(), fault.error.hint()] {
                assert_inert(error, usize::MAX);
            }
            assert!(
                fault
                    .field
                    .is_none_or(|field| preset.field(field).is_some())
            );
            assert_inert(&fault.into_named().message(), usize::MAX);
            Verdict::Refused
        }
    }
}

/// The text of one field, read as each kind of field would.
pub(crate) fn text(bytes: &[u8]) -> Verdict {
    let text = String::from_utf8_lossy(bytes);
    let mut is_accepted = false;
    for kind in LANGUAGES {
        match kind.parse(&text) {
            Ok(value) => {
                let written = kind.text(&value);
                assert_eq!(kind.parse(&written), Ok(value), "{kind:?}: {written:?}");
                is_accepted = true;
            }
            Err(wanted) => assert_inert(&wanted, 200),
        }
    }
    // Any words at all, empty ones and quotes among them.
    let list: Vec<&str> = text.split('\n').collect();
    if list != [""] {
        let joined = words::join(list.iter().copied());
        assert_eq!(words::split(&joined).expect("our own words"), list);
    }
    Verdict::of(is_accepted)
}

fn again(profile: &Profile) -> Profile {
    let (preset, values) = Preset::values(profile);
    let values: Vec<_> = values
        .into_iter()
        .map(|(field, text)| (field.to_owned(), text))
        .collect();
    preset.fill(profile.name(), &values).expect("the same form")
}
