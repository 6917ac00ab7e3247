//! `[quirks]`: where a provider differs from the specifications, as switches.

use serde::{Deserialize, Serialize};
use toml::Spanned;
use url::Url;

use super::Issuer;
use super::address::secure_url;
use super::fault::FileFault;

/// What stands for the tenant in the template of an issuer.
pub(crate) const TENANT: &str = "{tenantid}";

/// How a provider differs. Everything is off unless the profile says otherwise.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Quirks {
    /// Granted scopes come back with commas between them.
    pub(crate) comma_separated_scopes: bool,
    /// The device flow takes the client id alone, although a sign-in through the browser takes a secret with it.
    pub(crate) public_device_flow: bool,
    /// Tokens may come back form-encoded although JSON was asked for.
    pub(crate) form_encoded_tokens: bool,
    /// The issuer that the metadata of a server for several tenants names, with [`TENANT`] in its path. The `iss` of an ID token
    /// is then this with the token's own `tid`.
    pub(crate) issuer_template: Option<String>,
}

/// The table in the file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct QuirksTable {
    #[serde(skip_serializing_if = "Option::is_none")]
    comma_separated_scopes: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    public_device_flow: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    form_encoded_tokens: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    issuer_template: Option<Spanned<String>>,
}

impl QuirksTable {
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    pub(super) fn check(&self, issuer: Option<&Issuer>) -> Result<Quirks, FileFault> {
        if let Some(template) = &self.issuer_template {
            check_template(template, issuer)?;
        }
        Ok(Quirks {
            comma_separated_scopes: self.comma_separated_scopes.unwrap_or(false),
            public_device_flow: self.public_device_flow.unwrap_or(false),
            form_encoded_tokens: self.form_encoded_tokens.unwrap_or(false),
            issuer_template: self
                .issuer_template
                .as_ref()
                .map(|template| template.get_ref().clone()),
        })
    }
}

/// A template may leave open which tenant it is, and nothing else: least of all whose server.
fn check_template(template: &Spanned<String>, issuer: Option<&Issuer>) -> Result<(), FileFault> {
    let path = "quirks.issuer_template";
    let Some(issuer) = issuer else {
        return Err(FileFault::field(
            template.span().start,
            path,
            "needs `issuer`",
            "Remove this line: a server without metadata names no issuer.",
        ));
    };
    let with = |tenant: &str| -> Result<Url, FileFault> {
        secure_url(&template.get_ref().replace(TENANT, tenant))
            .map_err(|fault| FileFault::address(template, path, fault))
    };
    let (one, another) = (with("a")?, with("b")?);
    let is_template = template.get_ref().matches(TENANT).count() == 1
        && one.path() != another.path()
        && one.origin() == another.origin();
    if !is_template || one.origin() != issuer.url().origin() {
        return Err(FileFault::value(
            template,
            path,
            "is not the issuer with `{tenantid}` in its path",
            "Write it as the metadata does, such as https://login.microsoftonline.com/{tenantid}/v2.0.",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::profile::Profile;

    fn read(template: &str) -> Result<Profile, String> {
        let text = format!(
            "issuer = \"https://login.example/common/v2.0\"\nclient_id = \"b\"\n[quirks]\nissuer_template = \"{template}\"\n"
        );
        Profile::read(&"work".parse().expect("a name"), &text)
            .map_err(|fault| fault.path.unwrap_or_default())
    }

    #[test]
    fn a_template_leaves_open_the_tenant_and_nothing_else() {
        let good = "https://login.example/{tenantid}/v2.0";
        let profile = read(good).expect("a profile");
        assert_eq!(profile.quirks.issuer_template.as_deref(), Some(good));
        for bad in [
            "https://login.example/v2.0",
            "https://{tenantid}/v2.0",
            "https://{tenantid}.example/v2.0",
            "https://login.example.{tenantid}/v2.0",
            "https://evil.example/{tenantid}/v2.0",
            "https://login.example/{tenantid}/{tenantid}",
            "https://login.example/?a={tenantid}",
            "http://login.example/{tenantid}",
        ] {
            assert_eq!(read(bad).expect_err(bad), "quirks.issuer_template", "{bad}");
        }
    }
}
