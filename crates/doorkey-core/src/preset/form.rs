//! From what was filled in to a profile, and back.

use std::collections::BTreeMap;

use toml::{Table, Value};

use super::fault::FormFault;
use super::field::{Field, FieldKind};
use super::outline::{self, Parts};
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
        let (mut table, mut parts) = (Table::new(), Parts::new());
        for (field, text) in set {
            self.set(&mut table, &mut parts, field, text)?;
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
        outline::merge(&mut table, self.outline(&parts)?);
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
        let table: Table = profile.to_toml().parse().unwrap_or_default();
        let recorded = profile
            .preset()
            .and_then(|preset| Some((preset, preset.read(profile, &table)?)));
        if let Some(recorded) = recorded {
            return recorded;
        }
        let preset = Self(if profile.issuer().is_some() {
            &oidc::PRESET
        } else {
            &oauth2::PRESET
        });
        (preset, preset.shown(&Parts::new(), table, &Table::new()))
    }

    /// What its form shows for a profile that it has made, if it can have: what makes the same profile again.
    fn read(self, profile: &Profile, table: &Table) -> Option<Values> {
        let variants = || self.0.server.iter().rev();
        let strict = variants().map(|variant| (variant, true));
        let lenient = variants().map(|variant| (variant, false));
        strict.chain(lenient).find_map(|(variant, is_strict)| {
            let parts = self.recognise(variant, table, is_strict)?;
            let outline = self.outline(&parts).ok()?;
            let values = self.shown(&parts, table.clone(), &outline);
            let filled: Vec<_> = values
                .iter()
                .map(|(name, text)| ((*name).to_owned(), text.clone()))
                .collect();
            let again = self.fill(profile.name(), &filled).ok()?;
            (again.to_toml() == profile.to_toml()).then_some(values)
        })
    }

    /// The parts, and whatever the table holds that the outline does not.
    fn shown(self, parts: &Parts, mut table: Table, outline: &Table) -> Values {
        let mut texts = BTreeMap::new();
        // The deepest first: `authorization_parameters` shows what no field of its own has.
        let mut fields: Vec<_> = self.fields().collect();
        fields.sort_by_key(|field| std::cmp::Reverse(field.path.len()));
        for field in fields {
            let value = if field.path.is_empty() {
                let part = parts.get(field.name).map(String::as_str);
                part.filter(|part| *part != field.fallback)
                    .map(|part| Value::String(part.to_owned()))
            } else {
                let usual = find(outline, field.path);
                told(&mut table, field.path, usual).and_then(|value| beyond(value, usual))
            };
            texts.extend(value.map(|value| (field.name, field.kind.text(&value))));
        }
        self.fields()
            .filter_map(|field| Some((field.name, texts.remove(field.name)?)))
            .collect()
    }

    fn set(
        self,
        table: &mut Table,
        parts: &mut Parts,
        name: &str,
        text: &str,
    ) -> Result<(), FormFault> {
        let (field, part) = self
            .fields()
            .find_map(|field| Some((field, field.part_of(name)?)))
            .ok_or_else(|| FormFault::unknown(self, name))?;
        if field.kind == FieldKind::Secret {
            return Err(FormFault::apart(field));
        }
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
        if let Some((refused, why)) = field.refused.filter(|(refused, _)| *refused == text.trim()) {
            return Err(FormFault::hopeless(field, refused, why));
        }
        let is_new = match (field.path, &value) {
            ([], Value::String(part)) => parts.insert(field.name, part.clone()).is_none(),
            _ => insert(table, field.path, value),
        };
        if is_new {
            Ok(())
        } else {
            Err(FormFault::twice(field, name))
        }
    }

    /// The field for a place in the profile file, such as `endpoints.token`.
    pub(super) fn field_at(self, path: &str) -> Option<&'static Field> {
        self.fields()
            .find(|field| !field.path.is_empty() && field.path.join(".") == path)
            .or_else(|| self.field_behind(path))
            .or_else(|| self.fields().find(|field| field.part(path).is_some()))
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

/// What a form shows of a profile: each field that is set, with its text.
type Values = Vec<(&'static str, String)>;

/// Takes out of a table what a field tells of it. The file does not write an empty list, so where one is usual, none is told
/// as empty. An empty text stays: as a field it would not be set, among pairs it is.
fn told(table: &mut Table, path: &[&str], usual: Option<&Value>) -> Option<Value> {
    match find(table, path) {
        Some(Value::String(text)) if text.is_empty() => None,
        Some(_) => take(table, path),
        None => usual
            .is_some_and(Value::is_array)
            .then(|| Value::Array(Vec::new())),
    }
}

/// Takes a value out of a table.
fn take(table: &mut Table, path: &[&str]) -> Option<Value> {
    match path {
        [] => None,
        [last] => table.remove(*last),
        [first, rest @ ..] => take(table.get_mut(*first)?.as_table_mut()?, rest),
    }
}

/// What of a value goes beyond the usual one. Of pairs, those that differ.
fn beyond(value: Value, usual: Option<&Value>) -> Option<Value> {
    match (value, usual) {
        (Value::Table(mut table), usual) => {
            table.retain(|name, value| usual.and_then(|usual| usual.get(name)) != Some(value));
            (!table.is_empty()).then_some(Value::Table(table))
        }
        (value, usual) => (usual != Some(&value)).then_some(value),
    }
}

pub(super) fn find<'a>(table: &'a Table, path: &[&str]) -> Option<&'a Value> {
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
