//! What a profile can be made from: for each kind of provider the fields that a person fills in, as data.
//!
//! Adding a preset is adding a file with its fields, and its line in [`ALL`].

mod address;
mod adfs;
mod auth0;
mod definition;
mod entra;
mod fault;
mod field;
mod flyte;
mod form;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod fuzzing;
mod github;
mod google;
mod google_cloud;
mod keycloak;
mod oauth2;
mod oidc;
mod okta;
mod outline;
mod passport;
#[cfg(test)]
mod provider_tests;
mod requests;
mod shared;
#[cfg(test)]
mod tests;
mod words;

use std::fmt;

use definition::Definition;
pub use definition::SignOut;
pub use fault::FormFault;
pub use field::{Field, FieldKind};

/// Every preset, the most usual first.
const ALL: [Preset; 12] = [
    Preset(&oidc::PRESET),
    Preset(&auth0::PRESET),
    Preset(&google::PRESET),
    Preset(&google_cloud::PRESET),
    Preset(&okta::PRESET),
    Preset(&entra::PRESET),
    Preset(&adfs::PRESET),
    Preset(&keycloak::PRESET),
    Preset(&passport::PRESET),
    Preset(&flyte::PRESET),
    Preset(&github::PRESET),
    Preset(&oauth2::PRESET),
];

/// What a profile is made from: fields to fill in, and where they go.
#[derive(Clone, Copy)]
pub struct Preset(&'static Definition);

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

    /// How the provider compares redirect URIs.
    pub fn redirect_rule(self) -> &'static str {
        self.0.redirect_rule
    }

    /// What to do in the provider's console, step by step.
    pub fn checklist(self) -> &'static [&'static str] {
        self.0.checklist
    }

    /// What does not work with this provider; empty if there is nothing to say.
    pub fn caution(self) -> &'static str {
        self.0.caution
    }

    /// What signing out can do at the provider, as it is documented there.
    pub fn sign_out(self) -> SignOut {
        self.0.sign_out
    }

    /// What there is to fill in, in the order to show.
    pub fn fields(self) -> impl Iterator<Item = &'static Field> {
        self.0.fields.iter().copied().flatten()
    }

    /// The field for the client secret, if the preset has one. What is typed there is kept by
    /// [`Doorkey::set_client_secret`](crate::Doorkey::set_client_secret), apart from the profile.
    pub fn secret_field(self) -> Option<&'static Field> {
        self.fields().find(|field| field.kind == FieldKind::Secret)
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
