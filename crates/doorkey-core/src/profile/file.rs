//! The profile file: TOML in, [`Profile`] out, with line and fix for whatever is wrong.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use reqwest::header::{AUTHORIZATION, HeaderName};
use serde::{Deserialize, Serialize};
use toml::Spanned;
use url::Url;

use super::address::{Issuer, secure_url};
use super::authorization_header;
use super::client::Client;
use super::fault::FileFault;
use super::quirks::QuirksTable;
use super::scope;
use super::template::{self, RequestTemplate};
use super::{
    ExplicitEndpoints, Profile, ProfileName, RedirectUri, ResponseMode, Server,
    TokenEndpointAuthMethod, WhoAmI,
};
use crate::browser::BrowserCommand;
use crate::error::Result;
use crate::preset::Preset;

const DEFAULT_TIMEOUT: u64 = 300;

/// Parameters that belong to the sign-in itself and cannot be configured.
const RESERVED_PARAMETERS: [&str; 11] = [
    "response_type",
    "response_mode",
    "client_id",
    "client_secret",
    "redirect_uri",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
    "request_uri",
];

/// The fields of a profile file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProfileFile {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) issuer: Option<Spanned<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) client_id: Option<Spanned<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) token_endpoint_auth_method: Option<TokenEndpointAuthMethod>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) client_settings: Option<Spanned<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) preset: Option<Spanned<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) scopes: Option<Vec<Spanned<String>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) redirect_uri: Option<Spanned<String>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) redirect_ports: Vec<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) response_mode: Option<ResponseMode>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) additional_audiences: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) api: Vec<Spanned<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) authorization_header: Option<Spanned<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) ca_file: Option<PathBuf>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) allow_private_endpoints: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) timeout_seconds: Option<Spanned<u64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) browser: Option<Spanned<String>>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) authorization_parameters: BTreeMap<String, Spanned<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) endpoints: Option<EndpointsTable>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) who_am_i: Option<WhoAmITable>,
    #[serde(default, skip_serializing_if = "QuirksTable::is_empty")]
    pub(super) quirks: QuirksTable,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) templates: Vec<Spanned<RequestTemplate>>,
}

/// `[endpoints]`: for servers without metadata.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EndpointsTable {
    authorization: Spanned<String>,
    token: Spanned<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    device_authorization: Option<Spanned<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    revocation: Option<Spanned<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    userinfo: Option<Spanned<String>>,
}

/// `[who_am_i]`: where a server without ID tokens says who the token belongs to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WhoAmITable {
    url: Spanned<String>,
    #[serde(default = "default_subject")]
    subject: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
}

fn default_subject() -> String {
    "/id".to_owned()
}

/// Parses the text of a profile file; `origin` says where it stands, for errors.
pub(super) fn parse(name: &ProfileName, text: &str, origin: &str) -> Result<Profile> {
    read(name, text).map_err(|fault| fault.at(text, origin))
}

/// Parses the text of a profile file, with what is wrong by itself.
pub(super) fn read(name: &ProfileName, text: &str) -> Result<Profile, FileFault> {
    let file: ProfileFile = toml::from_str(text).map_err(|error| {
        FileFault::whole(
            error.span().map_or(0, |span| span.start),
            error.message().lines().collect::<Vec<_>>().join("; "),
            "Correct this line; docs/profiles.md lists every field.",
        )
    })?;
    check(name, file)
}

/// Turns the fields into a profile, or says where and why not.
pub(super) fn check(name: &ProfileName, file: ProfileFile) -> Result<Profile, FileFault> {
    let server = match (&file.issuer, &file.endpoints) {
        (Some(issuer), None) => Server::Discovered(
            Issuer::parse(issuer.get_ref())
                .map_err(|fault| FileFault::address(issuer, "issuer", fault))?,
        ),
        (None, Some(endpoints)) => Server::Explicit(Box::new(ExplicitEndpoints {
            authorization: address(&endpoints.authorization, "endpoints.authorization")?,
            token: address(&endpoints.token, "endpoints.token")?,
            device_authorization: optional(
                endpoints.device_authorization.as_ref(),
                "endpoints.device_authorization",
            )?,
            revocation: optional(endpoints.revocation.as_ref(), "endpoints.revocation")?,
            userinfo: optional(endpoints.userinfo.as_ref(), "endpoints.userinfo")?,
        })),
        (None, None) => {
            return Err(FileFault::whole(
                0,
                "neither `issuer` nor `[endpoints]` is set",
                "Add a line such as: issuer = \"https://login.example.com\"",
            ));
        }
        (Some(issuer), Some(_)) => {
            return Err(FileFault::whole(
                issuer.span().start,
                "both `issuer` and `[endpoints]` are set",
                "Keep `issuer` if the provider has metadata, else `[endpoints]`.",
            ));
        }
    };
    let redirect_uri = match &file.redirect_uri {
        Some(text) => RedirectUri::parse(text.get_ref(), &file.redirect_ports)
            .map_err(|fault| FileFault::address(text, "redirect_uri", fault))?,
        None => RedirectUri::parse("http://127.0.0.1/callback", &file.redirect_ports)
            .map_err(|fault| FileFault::field(0, "redirect_ports", fault.what, fault.fix))?,
    };
    if let (Some(text), Some(_), Some(ResponseMode::FormPost)) = (
        &file.redirect_uri,
        redirect_uri.scheme(),
        file.response_mode,
    ) {
        return Err(FileFault::field(
            text.span().start,
            "redirect_uri",
            "is a link, and a link cannot carry the body that `response_mode = \"form_post\"` asks for",
            "Remove `response_mode`, or use a loopback address such as http://127.0.0.1/callback.",
        ));
    }
    let timeout = match &file.timeout_seconds {
        Some(seconds) if !(10..=3600).contains(seconds.get_ref()) => {
            return Err(FileFault::field(
                seconds.span().start,
                "timeout_seconds",
                "is out of range",
                "Use 10 to 3600 seconds.",
            ));
        }
        Some(seconds) => *seconds.get_ref(),
        None => DEFAULT_TIMEOUT,
    };
    let issuer = match &server {
        Server::Discovered(issuer) => Some(issuer),
        Server::Explicit(_) => None,
    };
    let quirks = file.quirks.check(issuer)?;
    let api = file.api.iter().map(api).collect::<Result<Vec<_>, _>>()?;
    let client = Client::check(&file, &server, &api)?;
    Ok(Profile {
        name: name.clone(),
        preset: preset(&file)?,
        quirks,
        templates: template::check(&file.templates)?,
        client_id: client.id,
        token_endpoint_auth_method: client.auth_method,
        client_settings: client.settings,
        scopes: scope::check(&file, &server)?,
        redirect_uri,
        response_mode: file.response_mode.unwrap_or_default(),
        authorization_parameters: authorization_parameters(&file)?,
        additional_audiences: additional_audiences(&file)?,
        api,
        authorization_header: authorization_header(&file)?,
        who_am_i: file.who_am_i.as_ref().map(who_am_i).transpose()?,
        browser: file.browser.as_ref().map(browser).transpose()?,
        ca_file: ca_file(&file)?,
        allow_private_endpoints: file.allow_private_endpoints.unwrap_or(false),
        timeout: Duration::from_secs(timeout),
        server,
        file,
    })
}

fn preset(file: &ProfileFile) -> Result<Option<Preset>, FileFault> {
    let Some(id) = &file.preset else {
        return Ok(None);
    };
    match Preset::named(id.get_ref()) {
        Some(preset) => Ok(Some(preset)),
        None => Err(FileFault::value(
            id,
            "preset",
            "is not a preset",
            "Remove the line; `doorkey profile list --presets` lists those there are.",
        )),
    }
}

fn authorization_parameters(file: &ProfileFile) -> Result<BTreeMap<String, String>, FileFault> {
    for (name, value) in &file.authorization_parameters {
        let fault = |what, fix| {
            let path = format!("authorization_parameters.{name}");
            Err(FileFault::field(value.span().start, path, what, fix))
        };
        if RESERVED_PARAMETERS.contains(&name.as_str()) {
            return fault("is set by Doorkey itself", "Remove this line.");
        }
        let is_name = |character: char| character.is_ascii_graphic() && character != '=';
        if name.is_empty() || !name.chars().all(is_name) {
            return fault(
                "is not the name of a parameter",
                "A name has no spaces and no `=`.",
            );
        }
    }
    Ok(file
        .authorization_parameters
        .iter()
        .map(|(name, value)| (name.clone(), value.get_ref().clone()))
        .collect())
}

fn additional_audiences(file: &ProfileFile) -> Result<Vec<String>, FileFault> {
    if file.additional_audiences.iter().any(String::is_empty) {
        return Err(FileFault::field(
            0,
            "additional_audiences",
            "has an empty audience",
            "Write an audience as the provider puts it into the ID token, or remove it.",
        ));
    }
    Ok(file.additional_audiences.clone())
}

fn ca_file(file: &ProfileFile) -> Result<Option<PathBuf>, FileFault> {
    match &file.ca_file {
        Some(path) if path.to_str().is_some_and(|path| path.trim().is_empty()) => {
            Err(FileFault::field(
                0,
                "ca_file",
                "is empty",
                "Name a PEM file, or remove the line.",
            ))
        }
        path => Ok(path.clone()),
    }
}

fn browser(text: &Spanned<String>) -> Result<BrowserCommand, FileFault> {
    BrowserCommand::read(text.get_ref())
        .map_err(|fault| FileFault::value(text, "browser", fault.what, fault.fix))
}

fn api(text: &Spanned<String>) -> Result<Url, FileFault> {
    let mut url = address(text, "api")?;
    if url.query().is_some() {
        return Err(FileFault::field(
            text.span().start,
            "api",
            "has a query",
            "Use scheme, host and an optional base path.",
        ));
    }
    // A base path ends with a slash, so that joining cannot cut its last segment.
    if !url.path().ends_with('/') {
        let path = format!("{}/", url.path());
        url.set_path(&path);
    }
    Ok(url)
}

fn authorization_header(file: &ProfileFile) -> Result<HeaderName, FileFault> {
    match &file.authorization_header {
        None => Ok(AUTHORIZATION),
        Some(text) => authorization_header::parse(text.get_ref()).map_err(|what| {
            FileFault::value(
                text,
                "authorization_header",
                what,
                "Name the header under which the API takes the token, such as flyte-authorization.",
            )
        }),
    }
}

fn who_am_i(table: &WhoAmITable) -> Result<WhoAmI, FileFault> {
    for (path, pointer) in [
        ("who_am_i.subject", Some(&table.subject)),
        ("who_am_i.name", table.name.as_ref()),
        ("who_am_i.email", table.email.as_ref()),
    ] {
        if let Some(pointer) = pointer.filter(|pointer| !pointer.starts_with('/')) {
            return Err(FileFault::value(
                &Spanned::new(table.url.span(), pointer.clone()),
                path,
                "is not a JSON pointer",
                "Begin with a slash: /login reads the member `login`.",
            ));
        }
    }
    Ok(WhoAmI {
        url: address(&table.url, "who_am_i.url")?,
        subject: table.subject.clone(),
        name: table.name.clone(),
        email: table.email.clone(),
    })
}

pub(super) fn address(text: &Spanned<String>, path: &str) -> Result<Url, FileFault> {
    secure_url(text.get_ref()).map_err(|fault| FileFault::address(text, path, fault))
}

fn optional(text: Option<&Spanned<String>>, path: &str) -> Result<Option<Url>, FileFault> {
    text.map(|text| address(text, path)).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(text: &str) -> (String, String) {
        let name: ProfileName = "work".parse().expect("a name");
        match parse(&name, text, "work.toml") {
            Ok(_) => panic!("{text:?} should be refused"),
            Err(error) => (error.message(), error.hint().to_owned()),
        }
    }

    #[test]
    fn the_smallest_profile_is_an_issuer_and_a_client_id() {
        let name: ProfileName = "work".parse().expect("a name");
        let profile = parse(
            &name,
            "issuer = \"https://login.example.com\"\nclient_id = \"abc\"\n",
            "x",
        )
        .expect("a profile");
        assert_eq!(
            profile.scopes(),
            ["openid", "profile", "email", "offline_access"]
        );
        assert_eq!(profile.redirect_uri(), &RedirectUri::default());
        assert_eq!(profile.timeout(), Duration::from_secs(300));
        assert_eq!(
            Profile::parse(&name, &profile.to_toml()).expect("its own TOML"),
            profile
        );
    }

    #[test]
    fn what_is_wrong_is_told_with_file_line_and_fix() {
        let (message, _) =
            outcome("issuer = \"https://a.example\"\nclient_id = \"b\"\nscoops = []\n");
        assert!(
            message
                .starts_with("work.toml, line 3: unknown field `scoops`, expected one of `issuer`"),
            "{message}"
        );
        let (message, hint) = outcome("client_id = \"b\"\nissuer = \"http://a.example\"\n");
        assert_eq!(
            message,
            "work.toml, line 2: `issuer` \"http://a.example\" is not encrypted"
        );
        assert!(hint.contains("https:"), "{hint}");
        let (message, hint) = outcome(
            "issuer = \"https://a.example\"\nclient_id = \"b\"\nscopes = [\n  \"openid\",\n  \"profile email\",\n]\n",
        );
        assert_eq!(
            message,
            "work.toml, line 5: `scopes` \"profile email\" is not a scope"
        );
        assert!(hint.contains("by itself"), "{hint}");
        let (message, _) = outcome(
            "issuer = \"https://a.example\"\nclient_id = \"b\"\n[authorization_parameters]\nstate = \"x\"\n",
        );
        assert_eq!(
            message,
            "work.toml, line 4: `authorization_parameters.state` is set by Doorkey itself"
        );
        let (message, _) = outcome(
            "issuer = \"https://a.example\"\nclient_id = \"b\"\napi = [\"https://api.example\", \"ftp://x\"]\n",
        );
        assert!(
            message.starts_with("work.toml, line 3: `api` \"ftp://x\""),
            "{message}"
        );
        let (message, _) = outcome("issuer = \"https://a.example\"\n");
        assert!(message.contains("`client_id` is missing"), "{message}");
    }

    #[test]
    fn a_link_carries_no_body_and_has_no_ports() {
        let start = "issuer = \"https://a.example\"\nclient_id = \"b\"\nredirect_uri = \"dev.doorkey.app:/callback\"\n";
        let (message, hint) = outcome(&format!("{start}response_mode = \"form_post\"\n"));
        assert!(
            message.starts_with("work.toml, line 3: `redirect_uri` is a link"),
            "{message}"
        );
        assert!(hint.contains("response_mode"), "{hint}");
        let (message, hint) = outcome(&format!("{start}redirect_ports = [8400]\n"));
        assert!(message.contains("`redirect_ports`"), "{message}");
        assert!(hint.contains("Remove `redirect_ports`"), "{hint}");
    }

    #[test]
    fn a_profile_with_a_link_can_go_over_loopback_instead() {
        let name: ProfileName = "work".parse().expect("a name");
        let start = "issuer = \"https://a.example\"\nclient_id = \"b\"\n";
        let link = format!("{start}redirect_uri = \"dev.doorkey.app:/callback\"\n");
        let link = parse(&name, &link, "x").expect("a profile");
        assert_eq!(link.redirect_uri().scheme(), Some("dev.doorkey.app"));
        assert_eq!(
            Profile::parse(&name, &link.to_toml()).expect("its own TOML"),
            link
        );
        let plain = parse(&name, start, "x").expect("a profile");
        assert_eq!(link.over_loopback(), plain);
        let chosen = format!("{start}redirect_uri = \"http://localhost:1/x\"\n");
        let chosen = parse(&name, &chosen, "x").expect("a profile");
        assert_eq!(chosen.clone().over_loopback(), chosen);
    }

    #[test]
    fn a_plain_oauth_server_has_endpoints_instead() {
        let name: ProfileName = "work".parse().expect("a name");
        let text = "client_id = \"b\"\n[endpoints]\nauthorization = \"https://a.example/authorize\"\ntoken = \"https://a.example/token\"\n\
                    [who_am_i]\nurl = \"https://a.example/api/user\"\nname = \"/login\"\n";
        let profile = parse(&name, text, "x").expect("a profile");
        assert!(profile.issuer().is_none());
        assert!(profile.scopes().is_empty());
        assert_eq!(profile.provider_host(), "a.example");
    }
}
