//! Where a personality is once it listens: its paths put after the origins that it got.

use crate::personality::{Personality, with_tenant};

/// Addresses and names that tokens, metadata and apps use.
#[derive(Debug)]
pub(crate) struct Places {
    /// The issuer that apps use; where there are several tenants, that of all of them.
    pub(crate) issuer: String,
    /// The issuer that ID tokens and answers name.
    pub(crate) id_token_issuer: String,
    /// The issuer that access tokens name.
    pub(crate) access_token_issuer: String,
    /// Where apps find the API.
    pub(crate) api: String,
    /// What tokens for the API name as their audience.
    pub(crate) audience: String,
    /// The keys, where they are published.
    pub(crate) jwks_uri: Option<String>,
}

impl Places {
    pub(crate) fn of(personality: &Personality, broker: &str, api: &str) -> Self {
        let at_broker = |path: &str| format!("{broker}{path}");
        let addresses = &personality.addresses;
        let id_token_issuer = at_broker(&addresses.token_issuer());
        let access_token_issuer = personality.tokens.access_token_issuer;
        let api_origin = if personality.api.is_at_provider {
            broker
        } else {
            api
        };
        Self {
            issuer: at_broker(&addresses.usual_issuer()),
            access_token_issuer: access_token_issuer
                .map_or_else(|| id_token_issuer.clone(), at_broker),
            id_token_issuer,
            api: format!("{api_origin}{}", personality.api.base),
            audience: personality.api.audience.unwrap_or(api_origin).to_owned(),
            jwks_uri: addresses
                .keys
                .map(|path| at_broker(&with_tenant(path, addresses.usual_tenant()))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(id: &str) -> Places {
        let personality = Personality::named(id).unwrap();
        Places::of(personality, "http://broker", "http://api")
    }

    #[test]
    fn what_is_not_said_is_the_same_everywhere() {
        let places = of("oidc");
        assert_eq!(places.issuer, "http://broker");
        assert_eq!(places.id_token_issuer, "http://broker");
        assert_eq!(places.access_token_issuer, "http://broker");
        assert_eq!(places.api, "http://api");
        assert_eq!(places.audience, "http://api");
        assert_eq!(places.jwks_uri.as_deref(), Some("http://broker/jwks"));
    }

    #[test]
    fn what_is_said_differs() {
        assert_eq!(of("auth0").id_token_issuer, "http://broker/");
        let adfs = of("adfs");
        assert_eq!(adfs.id_token_issuer, "http://broker/adfs");
        assert_eq!(
            adfs.access_token_issuer,
            "http://broker/adfs/services/trust"
        );
        assert_eq!(adfs.audience, "api://doorkey-demo");
        let github = of("github");
        assert_eq!(github.api, "http://broker/api/v3");
        assert_eq!(github.audience, "http://broker");
        assert_eq!(github.jwks_uri, None);
        assert_eq!(
            of("entra").jwks_uri.as_deref(),
            Some("http://broker/organizations/discovery/v2.0/keys")
        );
    }
}
