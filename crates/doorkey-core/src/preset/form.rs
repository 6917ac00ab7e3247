//! From what was filled in to a profile, and back.

use toml::{Table, Value};

use super::fault::FormFault;
use super::field::{Field, FieldKind};
use super::{Preset, oauth2, oidc};
use crate::profile::{Profile, ProfileName};

impl Preset {
    /// Makes a profile of what a form holds. A field that is left empty is not set.
    ///
    /// # Errors
    /// When a field is unknown, missing, or holds what it cannot.
    pub fn fill(
        self,
        name: &ProfileName,
        values: &[(String, String)],
    ) -> Result<Profile, FormFault> {
        let filled: Vec<_> = values
            .iter()
            .filter(|(_, text)| !text.trim().is_empty())
            .cloned()
            .collect();
        self.build(name, &filled)
    }

    /// Makes a profile of what was set, field by field. Lists grow when they are set again, and
    /// `authorization_parameters.NAME` sets one parameter.
    ///
    /// # Errors
    /// As [`Preset::fill`].
    pub fn build(self, name: &ProfileName, set: &[(String, String)]) -> Result<Profile, FormFault> {
        let mut table = Table::new();
        for (field, text) in set {
            self.set(&mut table, field, text)?;
        }
        let is_set = |field: &Field| set.iter().any(|(name, _)| name == field.name);
        for field in self.fields() {
            if field.required && !is_set(field) {
                return Err(FormFault::missing(self, field));
            }
            let needed = field.needs.and_then(|needed| self.field(needed));
            if let Some(needed) = needed.filter(|needed| is_set(field) && !is_set(needed)) {
                return Err(FormFault::needed(needed, field));
            }
        }
        let text = toml::to_string(&table).map_err(|error| FormFault::internal(&error))?;
        Profile::read(name, &text).map_err(|fault| {
            let named = fault.at(&text, &format!("profile `{name}`"));
            FormFault::of_file(self, fault, named)
        })
    }

    /// What a form shows for a profile: the preset that has its fields, and the text of each field that is set.
    ///
    /// [`Preset::fill`] makes the same profile of it.
    pub fn values(profile: &Profile) -> (Self, Vec<(&'static str, String)>) {
        let preset = Self(if profile.issuer().is_some() {
            &oidc::PRESET
        } else {
            &oauth2::PRESET
        });
        let table: Table = profile.to_toml().parse().unwrap_or_default();
        let values = preset
            .fields()
            .filter_map(|field| Some((field.name, field.kind.text(find(&table, field.path)?))));
        (preset, values.collect())
    }

    fn set(self, table: &mut Table, name: &str, text: &str) -> Result<(), FormFault> {
        let (field, part) = self
            .fields()
            .find_map(|field| Some((field, field.part_of(name)?)))
            .ok_or_else(|| FormFault::unknown(self, name))?;
        let value = match part {
            Some(part) => {
                let parameter = (part.to_owned(), Value::String(text.to_owned()));
                Value::Table(Table::from_iter([parameter]))
            }
            None => field
                .kind
                .parse(text)
                .map_err(|wanted| FormFault::wrong(field, text, &wanted))?,
        };
        if insert(table, field.path, value) {
            Ok(())
        } else {
            Err(FormFault::twice(field, name))
        }
    }

    /// The field for a place in the profile file, such as `endpoints.token`.
    pub(super) fn field_at(self, path: &str) -> Option<&'static Field> {
        self.fields()
            .find(|field| field.path.join(".") == path || field.part(path).is_some())
    }
}

impl Field {
    /// Its name in a list of what can be set.
    pub(super) fn settable(&self) -> String {
        match self.kind {
            FieldKind::Pairs => format!("{}.NAME", self.name),
            _ => self.name.to_owned(),
        }
    }

    /// The pair that a place in the profile file is, if this field holds pairs and it is one of them.
    pub(super) fn part<'a>(&self, path: &'a str) -> Option<&'a str> {
        let rest = path.strip_prefix(&self.path.join("."))?.strip_prefix('.')?;
        (self.kind == FieldKind::Pairs && !rest.is_empty()).then_some(rest)
    }

    /// Whether the name is this field's, or that of one of its pairs.
    fn part_of<'a>(&self, name: &'a str) -> Option<Option<&'a str>> {
        if name == self.name {
            return Some(None);
        }
        let rest = name.strip_prefix(self.name)?.strip_prefix('.')?;
        (self.kind == FieldKind::Pairs && !rest.is_empty()).then_some(Some(rest))
    }
}

fn find<'a>(table: &'a Table, path: &[&str]) -> Option<&'a Value> {
    match path {
        [] => None,
        [last] => table.get(*last),
        [first, rest @ ..] => find(table.get(*first)?.as_table()?, rest),
    }
}

/// Puts a value where it goes; lists and pairs grow. Says no to what is set already.
fn insert(table: &mut Table, path: &[&str], value: Value) -> bool {
    match path {
        [] => false,
        [last] => match (table.get_mut(*last), value) {
            (Some(Value::Array(former)), Value::Array(more)) => {
                former.extend(more);
                true
            }
            (Some(Value::Table(former)), Value::Table(more)) => {
                let is_new = more.keys().all(|name| !former.contains_key(name));
                former.extend(more);
                is_new
            }
            (Some(_), _) => false,
            (None, value) => {
                table.insert((*last).to_owned(), value);
                true
            }
        },
        [first, rest @ ..] => match table
            .entry((*first).to_owned())
            .or_insert_with(|| Value::Table(Table::new()))
        {
            Value::Table(table) => insert(table, rest, value),
            _ => false,
        },
    }
}
