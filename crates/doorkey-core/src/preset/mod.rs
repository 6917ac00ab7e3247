//! What a profile can be made from: for each kind of provider the fields that a person fills in, as data.
//!
//! Adding a preset is adding a file with its fields, and its line in [`ALL`].

mod fault;
mod field;
mod form;
mod oauth2;
mod oidc;
mod shared;
#[cfg(test)]
mod tests;
mod words;

use std::fmt;

pub use fault::FormFault;
pub use field::{Field, FieldKind};

/// Every preset, the most usual first.
const ALL: [Preset; 2] = [Preset(&oidc::PRESET), Preset(&oauth2::PRESET)];

/// What a profile is made from: fields to fill in, and where they go.
#[derive(Clone, Copy)]
pub struct Preset(&'static Definition);

/// A preset as data.
struct Definition {
    id: &'static str,
    title: &'static str,
    about: &'static str,
    /// The fields in the order of the form, in groups that presets share.
    fields: &'static [&'static [Field]],
}

impl Preset {
    /// Every preset there is, the most usual first.
    pub fn all() -> &'static [Self] {
        &ALL
    }

    /// The preset with this id.
    pub fn named(id: &str) -> Option<Self> {
        ALL.into_iter().find(|preset| preset.id() == id)
    }

    /// Its id, such as `oidc`.
    pub fn id(self) -> &'static str {
        self.0.id
    }

    /// Its name as people read it, such as `OpenID Connect`.
    pub fn title(self) -> &'static str {
        self.0.title
    }

    /// What it is for, in one sentence without a full stop.
    pub fn about(self) -> &'static str {
        self.0.about
    }

    /// What there is to fill in, in the order to show.
    pub fn fields(self) -> impl Iterator<Item = &'static Field> {
        self.0.fields.iter().copied().flatten()
    }

    /// The field of this name.
    pub fn field(self, name: &str) -> Option<&'static Field> {
        self.fields().find(|field| field.name == name)
    }
}

impl PartialEq for Preset {
    fn eq(&self, other: &Self) -> bool {
        self.id() == other.id()
    }
}

impl Eq for Preset {}

impl fmt::Debug for Preset {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Preset").field(&self.id()).finish()
    }
}
