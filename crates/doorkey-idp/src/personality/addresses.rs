//! Where a personality has its endpoints.

/// Where everything is, as paths at the broker's origin. In each, `{tenant}` stands for a tenant's name.
#[derive(Clone, Copy, Debug)]
pub struct Addresses {
    /// What follows the origin in the issuer: nothing, a slash, or a path.
    pub issuer: &'static str,
    /// Where discovery finds the metadata; empty for a server without any.
    pub metadata: &'static [&'static str],
    /// The authorization endpoint.
    pub authorization: &'static str,
    /// The token endpoint.
    pub token: &'static str,
    /// Where a device asks for its code.
    pub device_authorization: Option<&'static str>,
    /// The public keys.
    pub keys: Option<&'static str>,
    /// The userinfo endpoint.
    pub userinfo: Option<&'static str>,
    /// The revocation endpoint.
    pub revocation: Option<&'static str>,
    /// Where the browser's session ends.
    pub end_session: Option<&'static str>,
    /// Where an app learns how it is registered, without a token.
    pub client_settings: Option<&'static str>,
    /// Who `{tenant}` may be.
    pub tenants: Option<Tenants>,
    /// Whether an address below `/.well-known` where nothing is shows a page to sign in, with status 200.
    pub unknown_well_known_is_a_page: bool,
}

/// The tenants of a server for several organizations.
#[derive(Clone, Copy, Debug)]
pub struct Tenants {
    /// The names that stand for every tenant. Metadata found under one names an issuer in which `{tenantid}` is left open.
    pub several: &'static [&'static str],
    /// The one tenant there is, which everybody here belongs to. ID tokens name it as `tid`.
    pub own: &'static str,
}

impl Addresses {
    /// Short paths, and metadata in both forms.
    pub const STANDARD: Self = Self {
        issuer: "",
        metadata: &[
            "/.well-known/openid-configuration",
            "/.well-known/oauth-authorization-server",
        ],
        authorization: "/authorize",
        token: "/token",
        device_authorization: Some("/device_authorization"),
        keys: Some("/jwks"),
        userinfo: Some("/userinfo"),
        revocation: Some("/revoke"),
        end_session: Some("/logout"),
        client_settings: None,
        tenants: None,
        unknown_well_known_is_a_page: false,
    };

    /// A server that tells nothing about itself.
    pub const UNTOLD: Self = Self {
        metadata: &[],
        keys: None,
        userinfo: None,
        revocation: None,
        end_session: None,
        ..Self::STANDARD
    };

    /// What apps use as issuer: with several tenants, that of all of them.
    pub(crate) fn usual_issuer(&self) -> String {
        with_tenant(self.issuer, self.usual_tenant())
    }

    /// The name of all tenants, where there are several.
    pub(crate) fn usual_tenant(&self) -> &'static str {
        let several = self.tenants.map_or(&[][..], |tenants| tenants.several);
        several.first().copied().unwrap_or_default()
    }

    /// The issuer that tokens name.
    pub(crate) fn token_issuer(&self) -> String {
        with_tenant(self.issuer, self.tenants.map_or("", |tenants| tenants.own))
    }

    /// The issuer that the metadata of this tenant names.
    pub(crate) fn named_issuer(&self, tenant: &str) -> String {
        let is_open = self
            .tenants
            .is_some_and(|tenants| tenants.several.contains(&tenant));
        with_tenant(self.issuer, if is_open { "{tenantid}" } else { tenant })
    }
}

impl Tenants {
    pub(crate) fn knows(self, name: &str) -> bool {
        name == self.own || self.several.contains(&name)
    }
}

/// The path with its tenant filled in.
pub(crate) fn with_tenant(path: &str, tenant: &str) -> String {
    path.replace("{tenant}", tenant)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn with_several_tenants_the_issuer_stays_open_until_a_token_names_one() {
        let addresses = Addresses {
            issuer: "/{tenant}/v2.0",
            tenants: Some(Tenants {
                several: &["organizations", "common"],
                own: "42",
            }),
            ..Addresses::STANDARD
        };
        assert_eq!(addresses.usual_issuer(), "/organizations/v2.0");
        assert_eq!(addresses.token_issuer(), "/42/v2.0");
        assert_eq!(addresses.named_issuer("common"), "/{tenantid}/v2.0");
        assert_eq!(addresses.named_issuer("42"), "/42/v2.0");
        assert_eq!(Addresses::STANDARD.usual_issuer(), "");
    }
}
