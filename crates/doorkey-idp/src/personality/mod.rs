//! How the broker and its API behave, as data: which provider they play.
//!
//! Adding a personality is adding a file with its values, and its line in [`ALL`]. The ids are those of the presets
//! that such a server is reached with.

mod addresses;
mod api;
mod authorization;
mod definition;
mod registration;
mod tokens;

mod adfs;
mod auth0;
mod entra;
mod flyte;
mod github;
mod google;
mod google_cloud;
mod keycloak;
mod oauth2;
mod oidc;
mod okta;
mod passport;

pub(crate) use addresses::with_tenant;
pub use addresses::{Addresses, Tenants};
pub use api::{Answer, Api};
pub use authorization::{Authorization, Proof, Resource};
pub use definition::{Device, Metadata, Personality, SignOut};
pub use registration::{Redirects, Registration};
pub use tokens::{AccessToken, Encoding, Refresh, RefreshGiven, Secret, Tokens};

/// Every personality, in the order of the presets.
const ALL: [&Personality; 12] = [
    &oidc::PERSONALITY,
    &auth0::PERSONALITY,
    &google::PERSONALITY,
    &google_cloud::PERSONALITY,
    &okta::PERSONALITY,
    &entra::PERSONALITY,
    &adfs::PERSONALITY,
    &keycloak::PERSONALITY,
    &passport::PERSONALITY,
    &flyte::PERSONALITY,
    &github::PERSONALITY,
    &oauth2::PERSONALITY,
];

impl Personality {
    /// Every personality there is, the most usual first.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        ALL.into_iter()
    }

    /// The personality with this id.
    pub fn named(id: &str) -> Option<&'static Self> {
        ALL.into_iter().find(|personality| personality.id == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::Client;

    #[test]
    fn ids_are_told_apart_and_what_is_registered_is_usable() {
        for personality in Personality::all() {
            let named = Personality::named(personality.id).unwrap();
            assert_eq!(named.title, personality.title);
            let client = Client::registered(&personality.client);
            assert_eq!(client.unusable_uri(), None, "{}", personality.id);
        }
        assert!(Personality::named("Auth0").is_none());
    }

    #[test]
    fn a_secret_is_demanded_only_of_whoever_has_one() {
        for personality in Personality::all() {
            let demanded = personality.tokens.secret != Secret::Never;
            let has_one = personality.client.client_secret.is_some();
            assert_eq!(demanded, has_one, "{}", personality.id);
        }
    }
}
