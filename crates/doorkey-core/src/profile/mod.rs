//! What a person configures. Parsing is the only way to get a [`Profile`].

mod address;
mod authorization_header;
mod client;
mod client_settings;
mod fault;
mod file;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod fuzzing;
mod name;
mod quirks;
mod redirect;
mod scope;
mod store;
mod template;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use reqwest::header::HeaderName;
use serde::Serialize;
use url::Url;

pub use address::Issuer;
pub(crate) use address::{is_loopback, is_private, secure_url};
pub(crate) use client_settings::{ClientSettings, SettledClient};
pub(crate) use fault::FileFault;
pub use name::ProfileName;
pub(crate) use quirks::{Quirks, TENANT};
pub use redirect::{LoopbackUri, PrivateUseUri, RedirectHost, RedirectUri};
pub use store::{DEMO, ProfileSource, Profiles};
pub(crate) use store::{create_private_folder, write_atomically, write_quickly};
pub use template::RequestTemplate;

use crate::browser::BrowserCommand;
use crate::error::Result;
use crate::preset::Preset;

/// A provider, a client at that provider, and where its tokens may go.
///
/// Made by [`Profile::parse`] from TOML, by [`Profile::for_issuer`] from an issuer and a client id, or
/// read from the config folder by [`Profiles`].
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    pub(crate) name: ProfileName,
    pub(crate) preset: Option<Preset>,
    pub(crate) server: Server,
    pub(crate) client_id: String,
    pub(crate) token_endpoint_auth_method: TokenEndpointAuthMethod,
    /// Where a server tells what the profile leaves open about its client.
    pub(crate) client_settings: Option<Url>,
    pub(crate) scopes: Vec<String>,
    pub(crate) redirect_uri: RedirectUri,
    pub(crate) response_mode: ResponseMode,
    pub(crate) authorization_parameters: BTreeMap<String, String>,
    pub(crate) additional_audiences: Vec<String>,
    pub(crate) api: Vec<Url>,
    pub(crate) authorization_header: HeaderName,
    pub(crate) who_am_i: Option<WhoAmI>,
    pub(crate) quirks: Quirks,
    pub(crate) templates: Vec<RequestTemplate>,
    pub(crate) browser: Option<BrowserCommand>,
    pub(crate) ca_file: Option<PathBuf>,
    pub(crate) allow_private_endpoints: bool,
    pub(crate) timeout: Duration,
    pub(crate) file: file::ProfileFile,
}

/// How the provider's endpoints are known.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Server {
    /// The issuer's metadata names them.
    Discovered(Issuer),
    /// The profile names them, for plain OAuth 2 servers.
    Explicit(Box<ExplicitEndpoints>),
}

/// The endpoints of a server without metadata.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ExplicitEndpoints {
    pub(crate) authorization: Url,
    pub(crate) token: Url,
    pub(crate) device_authorization: Option<Url>,
    pub(crate) revocation: Option<Url>,
    pub(crate) userinfo: Option<Url>,
}

/// How the authorization response comes back
/// ([OAuth 2.0 Form Post Response Mode](https://openid.net/specs/oauth-v2-form-post-response-mode-1_0.html)).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResponseMode {
    /// In the query of a GET.
    #[default]
    Query,
    /// In the body of a POST.
    FormPost,
}

/// How the client says at the token endpoint who it is
/// ([RFC 7591 §2](https://www.rfc-editor.org/rfc/rfc7591#section-2)).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenEndpointAuthMethod {
    /// By its client id alone, as a public client.
    #[default]
    None,
    /// With its client secret in the body of the request.
    ClientSecretPost,
    /// With its client secret as the password of HTTP Basic.
    ClientSecretBasic,
}

/// A URL that says who the token belongs to, for servers without an ID token.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct WhoAmI {
    pub(crate) url: Url,
    pub(crate) subject: String,
    pub(crate) name: Option<String>,
    pub(crate) email: Option<String>,
}

impl Profile {
    /// Parses a profile file.
    ///
    /// # Errors
    /// [`Code::ProfileInvalid`](crate::Code::ProfileInvalid) or
    /// [`Code::InsecureEndpoint`](crate::Code::InsecureEndpoint) naming the line, what is wrong with it and the fix.
    pub fn parse(name: &ProfileName, text: &str) -> Result<Self> {
        file::parse(name, text, &format!("profile `{name}`"))
    }

    /// As [`Profile::parse`], with what is wrong by itself.
    pub(crate) fn read(name: &ProfileName, text: &str) -> Result<Self, FileFault> {
        file::read(name, text)
    }

    /// Makes a profile of an issuer and a client id, with everything else at its default.
    ///
    /// # Errors
    /// As [`Profile::parse`].
    pub fn for_issuer(name: &ProfileName, issuer: &str, client_id: &str) -> Result<Self> {
        ProfileSource::new(issuer, client_id).build(name)
    }

    /// Its name.
    pub fn name(&self) -> &ProfileName {
        &self.name
    }

    /// The preset that it says it was made from. [`Preset::values`] tells whether it still is what that makes.
    pub fn preset(&self) -> Option<Preset> {
        self.preset
    }

    /// The issuer, unless the endpoints are given one by one.
    pub fn issuer(&self) -> Option<&Issuer> {
        match &self.server {
            Server::Discovered(issuer) => Some(issuer),
            Server::Explicit(_) => None,
        }
    }

    /// The provider in a few characters: the host that people are sent to.
    pub fn provider_host(&self) -> String {
        let url = self.home();
        match (url.host_str(), url.port()) {
            (Some(host), Some(port)) => format!("{host}:{port}"),
            (host, _) => host.unwrap_or_default().to_owned(),
        }
    }

    /// Where the provider is at home.
    pub(crate) fn home(&self) -> &Url {
        match &self.server {
            Server::Discovered(issuer) => issuer.url(),
            Server::Explicit(endpoints) => &endpoints.authorization,
        }
    }

    /// The client identifier. Empty in a profile whose [`client_settings`](Self::client_settings) tell it at each sign-in; the
    /// profile of a [`Session`](crate::Session) has it.
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// How the client says at the token endpoint who it is.
    pub fn token_endpoint_auth_method(&self) -> TokenEndpointAuthMethod {
        self.token_endpoint_auth_method
    }

    /// Whether a client secret goes along. It is no part of the profile: [`Doorkey::set_client_secret`](crate::Doorkey::set_client_secret)
    /// keeps it.
    pub fn sends_client_secret(&self) -> bool {
        self.token_endpoint_auth_method != TokenEndpointAuthMethod::None
    }

    /// Where a server tells what the profile leaves open about its client: id, redirect URI, scopes, audience, and the header
    /// under which its API takes tokens.
    pub fn client_settings(&self) -> Option<&Url> {
        self.client_settings.as_ref()
    }

    /// The scopes that are asked for, in order.
    pub fn scopes(&self) -> &[String] {
        &self.scopes
    }

    /// Where the provider sends the browser back to.
    pub fn redirect_uri(&self) -> &RedirectUri {
        &self.redirect_uri
    }

    /// What to register at the provider: one URI for each port, or one without a port where any will do. None where the server
    /// tells which one it knows.
    pub fn redirect_uris_to_register(&self) -> Vec<String> {
        if self.client_settings.is_some() && self.file.redirect_uri.is_none() {
            return Vec::new();
        }
        self.redirect_uri.to_register()
    }

    /// How the answer of a sign-in is sent.
    pub fn response_mode(&self) -> ResponseMode {
        self.response_mode
    }

    /// Where the access token may go: origins, each with the base path that requests stay below.
    pub fn api(&self) -> &[Url] {
        &self.api
    }

    /// The header under which its APIs take the token, as `Bearer TOKEN`; in lower case. That of a
    /// [`Session`](crate::Session)'s profile is as its server told it.
    pub fn authorization_header(&self) -> &str {
        self.authorization_header.as_str()
    }

    /// Requests to start from.
    pub fn templates(&self) -> &[RequestTemplate] {
        &self.templates
    }

    /// The browser that sign-ins of this profile open in, if it names one.
    pub fn browser(&self) -> Option<&BrowserCommand> {
        self.browser.as_ref()
    }

    /// How long a sign-in may wait for the browser.
    pub fn timeout(&self) -> Duration {
        self.timeout
    }

    /// The same profile with another time to wait.
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The same profile with its answer coming to the default loopback address: for when the scheme of its redirect URI
    /// belongs to another program. One that uses a loopback address already stays as it is.
    pub fn over_loopback(mut self) -> Self {
        if self.redirect_uri.scheme().is_some() {
            self.redirect_uri = RedirectUri::default();
            self.file.redirect_uri = None;
        }
        self
    }

    /// The same profile under another name.
    pub fn named(mut self, name: &ProfileName) -> Self {
        self.name = name.clone();
        self
    }

    /// The profile as TOML, as [`Profiles`] writes it.
    pub fn to_toml(&self) -> String {
        toml::to_string(&self.file).unwrap_or_default()
    }

    /// Whether nobody chose the scopes by hand.
    pub(crate) fn scopes_are_default(&self) -> bool {
        self.file.scopes.is_none() && self.client_settings.is_none()
    }

    pub(crate) fn wants_id_token(&self) -> bool {
        self.scopes.iter().any(|scope| scope == "openid")
    }

    /// Whether a session of the other profile can go on with this one: both are the same client of the same provider.
    pub fn continues(&self, other: &Self) -> bool {
        self.binding() == other.binding()
    }

    /// What a stored session must have been made for; anything else must never be sent its tokens.
    pub(crate) fn binding(&self) -> String {
        let server = match &self.server {
            Server::Discovered(issuer) => issuer.as_str().to_owned(),
            Server::Explicit(endpoints) => endpoints.token.as_str().to_owned(),
        };
        // Not what the settings say today: sessions outlive that.
        let client = match (&self.file.client_id, &self.client_settings) {
            (None, Some(settings)) => settings.as_str(),
            _ => self.client_id.as_str(),
        };
        format!("{server} {client}")
    }
}
