//! What a server says of the client that a profile is, where the profile leaves that to it.
//!
//! The document is not trusted: each member must be what a profile could say itself, endpoints are none of its business,
//! and what the profile says counts more.

use reqwest::header::{AUTHORIZATION, HeaderName};
use serde::{Deserialize, Serialize};
use url::Url;

use super::client::is_client_id;
use super::scope::is_scope;
use super::{Profile, RedirectUri, authorization_header};

/// The document, as Flyte's admin service serves it. A member given twice is refused by the parser, unknown ones are ignored.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub(crate) struct ClientSettings {
    client_id: Option<String>,
    redirect_uri: Option<String>,
    scopes: Option<Vec<String>>,
    audience: Option<String>,
    authorization_metadata_key: Option<String>,
    service_http_endpoint: Option<String>,
}

/// Which client the tokens of a session are for, and the header under which the API takes them: what was settled when it began.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SettledClient {
    client_id: String,
    authorization_header: String,
}

/// What is wrong with the document: which member, and what about it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct SettingsFault {
    pub(crate) member: &'static str,
    pub(crate) what: &'static str,
    /// The field of the profile that counts in its place.
    pub(crate) field: &'static str,
}

const LONGEST: usize = 1024;
const MOST_SCOPES: usize = 64;

impl ClientSettings {
    /// Where the cluster says its API is. It is told and not followed: tokens go where the profile says.
    pub(crate) fn service_http_endpoint(&self) -> Option<&str> {
        self.service_http_endpoint
            .as_deref()
            .filter(|text| !text.is_empty())
    }
}

impl Profile {
    /// The profile with what the document says, where it says nothing itself.
    pub(crate) fn settled(&self, settings: &ClientSettings) -> Result<Self, SettingsFault> {
        let mut settled = self.clone();
        if self.client_id.is_empty() {
            settled.client_id = member(
                &settings.client_id,
                "client_id",
                is_client_id,
                "is not a client id",
            )?
            .ok_or(SettingsFault {
                member: "client_id",
                what: "is missing",
                field: "client_id",
            })?;
        }
        if self.file.redirect_uri.is_none()
            && let Some(text) = filled(&settings.redirect_uri)
        {
            settled.redirect_uri = self.redirect_uri_of(text)?;
        }
        if self.file.scopes.is_none() {
            settled.scopes = scopes(settings)?;
        }
        let audience = "audience";
        if !self.authorization_parameters.contains_key(audience)
            && let Some(value) =
                member(&settings.audience, audience, is_text, "is not an audience")?
        {
            if !self.may_name(&value) {
                return Err(SettingsFault {
                    member: audience,
                    what: "is another server than the profile's APIs",
                    field: "authorization_parameters.audience",
                });
            }
            settled
                .authorization_parameters
                .insert(audience.to_owned(), value);
        }
        if self.file.authorization_header.is_none()
            && let Some(text) = filled(&settings.authorization_metadata_key)
        {
            settled.authorization_header =
                authorization_header::parse(text).map_err(|what| SettingsFault {
                    member: "authorization_metadata_key",
                    what,
                    field: "authorization_header",
                })?;
        }
        Ok(settled)
    }

    /// What a session that begins with this profile must remember, if a document had a say in it.
    pub(crate) fn settled_client(&self) -> Option<SettledClient> {
        self.client_settings.is_some().then(|| SettledClient {
            client_id: self.client_id.clone(),
            authorization_header: self.authorization_header.as_str().to_owned(),
        })
    }

    /// The profile as it was settled when a session began. What its file says by now counts more.
    pub(crate) fn of_client(&self, client: &SettledClient) -> Self {
        let mut settled = self.clone();
        if self.client_settings.is_none() {
            return settled;
        }
        if self.file.client_id.is_none() {
            settled.client_id.clone_from(&client.client_id);
        }
        if self.file.authorization_header.is_none()
            && let Ok(header) = authorization_header::parse(&client.authorization_header)
        {
            settled.authorization_header = header;
        }
        settled
    }

    /// Whether it is settled like that already.
    pub(crate) fn is_client(&self, client: &SettledClient) -> bool {
        self.client_id == client.client_id
            && self.authorization_header.as_str() == client.authorization_header
    }

    /// The header under which its APIs take the token.
    pub(crate) fn authorization_header_name(&self) -> &HeaderName {
        &self.authorization_header
    }

    /// The header under which the token is taken at an address: that of the APIs, or the usual one elsewhere.
    pub(crate) fn token_header_at(&self, url: &Url) -> &HeaderName {
        if self.api.iter().any(|api| api.origin() == url.origin()) {
            &self.authorization_header
        } else {
            &AUTHORIZATION
        }
    }

    /// A redirect URI that nobody here has chosen may only be one that this program can listen on by itself.
    fn redirect_uri_of(&self, text: &str) -> Result<RedirectUri, SettingsFault> {
        let fault = |what| SettingsFault {
            member: "redirect_uri",
            what,
            field: "redirect_uri",
        };
        if text.len() > LONGEST {
            return Err(fault("is too long"));
        }
        match RedirectUri::parse(text, &self.file.redirect_ports) {
            Ok(uri @ RedirectUri::Loopback(_)) => Ok(uri),
            Ok(RedirectUri::PrivateUse(_)) | Err(_) => Err(fault("is not a loopback address")),
        }
    }

    /// Whether a document may ask for tokens for this audience. One that is an address must be that of an API which the token may
    /// go to: else a server could collect tokens that are good elsewhere.
    fn may_name(&self, audience: &str) -> bool {
        match Url::parse(audience) {
            Ok(url) if matches!(url.scheme(), "http" | "https") => {
                self.api.iter().any(|api| api.origin() == url.origin())
            }
            _ => true,
        }
    }
}

fn scopes(settings: &ClientSettings) -> Result<Vec<String>, SettingsFault> {
    let listed = settings.scopes.as_deref().unwrap_or_default();
    let is_usable = |scope: &String| is_scope(scope) && scope.len() <= LONGEST;
    if listed.len() > MOST_SCOPES || !listed.iter().all(is_usable) {
        return Err(SettingsFault {
            member: "scopes",
            what: "is not a list of scopes",
            field: "scopes",
        });
    }
    let mut scopes: Vec<String> = Vec::with_capacity(listed.len());
    for scope in listed {
        if !scopes.contains(scope) {
            scopes.push(scope.clone());
        }
    }
    Ok(scopes)
}

/// The text of a member that is there and not empty, if it is what it must be.
fn member(
    text: &Option<String>,
    name: &'static str,
    is_good: fn(&str) -> bool,
    what: &'static str,
) -> Result<Option<String>, SettingsFault> {
    match filled(text) {
        Some(text) if text.len() <= LONGEST && is_good(text) => Ok(Some(text.to_owned())),
        Some(_) => Err(SettingsFault {
            member: name,
            what,
            field: name,
        }),
        None => Ok(None),
    }
}

/// Servers that write every member write empty ones for those that are not set.
fn filled(text: &Option<String>) -> Option<&str> {
    text.as_deref().filter(|text| !text.is_empty())
}

fn is_text(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b'!'..=b'~'))
}
