//! The part of a profile file that a preset knows: made of what a form holds, and recognised in a file.

use std::collections::BTreeMap;

use toml::{Table, Value};

use super::Preset;
use super::fault::FormFault;
use super::field::Field;

/// What is filled in for the fields that are parts of something else, as the file has it.
pub(super) type Parts = BTreeMap<&'static str, String>;

/// Where the provider is, depending on what is filled in.
#[derive(Clone, Copy)]
pub(super) struct Variant {
    /// Applies only while this field has one of these values.
    pub(super) only: Option<(&'static str, &'static [&'static str])>,
    /// A piece of a profile file. Applies only if every `{name}` in it is filled in.
    pub(super) file: &'static str,
}

/// A place in a text with a field's name in braces: what is before, the field, and what is after.
type Hole<'a> = (&'a str, &'static Field, &'a str);

impl Variant {
    pub(super) const fn of(file: &'static str) -> Self {
        Self { only: None, file }
    }

    pub(super) const fn only(
        mut self,
        field: &'static str,
        values: &'static [&'static str],
    ) -> Self {
        self.only = Some((field, values));
        self
    }
}

impl Preset {
    /// What a profile of these parts holds when no other field is filled in.
    pub(super) fn outline(self, parts: &Parts) -> Result<Table, FormFault> {
        let mut outline = Table::new();
        if let Some(variant) = self.variant(parts)? {
            outline.extend(variant);
            outline.insert("preset".to_owned(), self.id().into());
            merge(&mut outline, self.parse(self.0.defaults)?);
        }
        fill_table(&mut outline, &|text| self.filled(text, parts));
        Ok(outline)
    }

    fn variant(self, parts: &Parts) -> Result<Option<Table>, FormFault> {
        for variant in self.0.server {
            let applies = variant
                .only
                .is_none_or(|(field, values)| values.contains(&self.part(field, parts)));
            if applies && self.filled(variant.file, parts).is_some() {
                return self.parse(variant.file).map(Some);
            }
        }
        Ok(None)
    }

    /// The parts of a profile file, if this variant can have made it. When strict, every piece must agree; else only
    /// those that no field of the form could have set.
    pub(super) fn recognise(self, variant: &Variant, file: &Table, strict: bool) -> Option<Parts> {
        let mut parts = Parts::new();
        let outline = self.parse(variant.file).ok()?;
        let defaults = self.parse(self.0.defaults).ok()?;
        let agree = |outline: &Table, parts: &mut Parts, whole: bool| {
            let mut leaves = Vec::new();
            texts("", outline, &mut leaves);
            leaves.into_iter().all(|(path, text)| {
                let by_field = self.fields().any(|field| field.path.join(".") == path);
                let skipped = self.hole(text).is_none() && (by_field || !whole);
                let names: Vec<_> = path.split('.').collect();
                let there = super::form::find(file, &names).and_then(first_text);
                skipped
                    || there.is_some_and(|there| self.unify(text, there, parts))
                    || (by_field && !strict)
            })
        };
        (agree(&outline, &mut parts, true) && agree(&defaults, &mut parts, false)).then_some(parts)
    }

    /// The first field that a place in the file is made of.
    pub(super) fn field_behind(self, path: &str) -> Option<&'static Field> {
        self.0.server.iter().find_map(|variant| {
            let outline = self.parse(variant.file).ok()?;
            let mut leaves = Vec::new();
            texts("", &outline, &mut leaves);
            let (_, text) = leaves.into_iter().find(|(place, _)| place == path)?;
            self.hole(text).map(|(_, field, _)| field)
        })
    }

    fn parse(self, text: &str) -> Result<Table, FormFault> {
        text.parse().map_err(|error| FormFault::internal(&error))
    }

    fn part<'a>(self, name: &str, parts: &'a Parts) -> &'a str {
        let fallback = || self.field(name).map_or("", |field| field.fallback);
        parts.get(name).map_or_else(fallback, String::as_str)
    }

    /// The text with its holes filled, if every one of them can be.
    fn filled(self, text: &str, parts: &Parts) -> Option<String> {
        let Some((before, field, after)) = self.hole(text) else {
            return Some(text.to_owned());
        };
        let part = self.part(field.name, parts);
        let rest = self.filled(after, parts)?;
        (!part.is_empty()).then(|| format!("{before}{part}{rest}"))
    }

    /// Whether the text with its holes filled can be this one, and with what. What is known already must be the same.
    fn unify(self, text: &str, filled: &str, parts: &mut Parts) -> bool {
        let Some((before, field, after)) = self.hole(text) else {
            return text == filled;
        };
        let Some(rest) = filled.strip_prefix(before) else {
            return false;
        };
        if let Some(known) = parts.get(field.name).cloned() {
            return rest
                .strip_prefix(known.as_str())
                .is_some_and(|rest| self.unify(after, rest, parts));
        }
        let ends = (1..=rest.len()).rev();
        ends.filter_map(|end| rest.split_at_checked(end))
            .any(|(part, rest)| {
                let is_part = field
                    .kind
                    .parse(part)
                    .is_ok_and(|value| value.as_str() == Some(part));
                let mut found = parts.clone();
                found.insert(field.name, part.to_owned());
                let fits = is_part && self.unify(after, rest, &mut found);
                if fits {
                    *parts = found;
                }
                fits
            })
    }

    /// The first hole of a text. Braces around anything but the name of a part are text like any other.
    fn hole(self, text: &str) -> Option<Hole<'_>> {
        text.match_indices('{').find_map(|(start, _)| {
            let (before, rest) = text.split_at_checked(start)?;
            let (name, after) = rest.strip_prefix('{')?.split_once('}')?;
            let field = self.field(name).filter(|field| field.path.is_empty())?;
            Some((before, field, after))
        })
    }
}

/// Adds what is not there yet; tables grow.
pub(super) fn merge(table: &mut Table, more: Table) {
    for (name, value) in more {
        match (table.get_mut(&name), value) {
            (Some(Value::Table(former)), Value::Table(more)) => merge(former, more),
            (Some(_), _) => {}
            (None, value) => {
                table.insert(name, value);
            }
        }
    }
}

/// Fills every text of a table. One that cannot be filled is left out.
fn fill_table(table: &mut Table, fill: &dyn Fn(&str) -> Option<String>) {
    table.retain(|_, value| fill_value(value, fill));
}

fn fill_value(value: &mut Value, fill: &dyn Fn(&str) -> Option<String>) -> bool {
    match value {
        Value::String(text) => match fill(text) {
            Some(filled) => *text = filled,
            None => return false,
        },
        Value::Array(values) => values.retain_mut(|value| fill_value(value, fill)),
        Value::Table(table) => fill_table(table, fill),
        _ => {}
    }
    true
}

/// The texts of a table by where they are, the first of a list standing for it.
fn texts<'a>(prefix: &str, table: &'a Table, into: &mut Vec<(String, &'a str)>) {
    for (name, value) in table {
        match value {
            Value::Table(inner) => texts(&format!("{prefix}{name}."), inner, into),
            _ => into.extend(first_text(value).map(|text| (format!("{prefix}{name}"), text))),
        }
    }
}

fn first_text(value: &Value) -> Option<&str> {
    match value {
        Value::Array(values) => values.first().and_then(Value::as_str),
        value => value.as_str(),
    }
}
