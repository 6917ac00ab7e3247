//! Flyte's config file, as `flytectl` and `pyflyte` read it from `~/.flyte/config.yaml`. Of it only the section `admin`
//! matters: where the cluster is, and how people sign in to it. Everything else is read over.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_saphyr::{Options, Spanned};
use url::Url;

use super::{Imported, LeftOut, NAMELESS, secrets};
use crate::error::{Code, Error, Result};
use crate::preset::{FormFault, Preset};
use crate::profile::is_loopback;

/// The keys of `admin` that stay behind, and why.
const NOT_TAKEN: [(&str, &str); 11] = [
    ("insecureSkipVerify", "Doorkey verifies every certificate."),
    (
        "caCertFilePath",
        "Whoever has the key of a certificate in there could pose as any server. Set `ca_file` in the profile if you trust them.",
    ),
    ("command", NO_COMMAND),
    ("proxyCommand", NO_COMMAND),
    (
        "httpProxyURL",
        "Doorkey goes through the proxy that HTTPS_PROXY or the system's settings name.",
    ),
    ("authorizationHeader", ASKED),
    ("authorizationServerUrl", ASKED),
    ("tokenUrl", ASKED),
    ("useAuth", ASKED),
    ("clientSecretLocation", NO_SECRET),
    ("clientSecretEnvVar", NO_SECRET),
];

const NO_COMMAND: &str = "Doorkey runs no command from a file of somebody else's. It signs in through the browser and is itself a command that prints a token: doorkey token.";
const NO_SECRET: &str = "Doorkey takes no secret from where a file points.";
const ASKED: &str = "The cluster itself is asked for it.";
const DEVICE: &str = "The way is chosen at each sign-in: doorkey login --device.";

#[derive(Deserialize)]
struct File {
    admin: Option<Admin>,
    /// What metadata of OpenID Connect has, which is JSON and so YAML.
    issuer: Option<IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Admin {
    endpoint: Option<Spanned<String>>,
    insecure: Option<Spanned<bool>>,
    auth_type: Option<Spanned<String>>,
    client_id: Option<Spanned<String>>,
    scopes: Option<Spanned<Scopes>>,
    audience: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Scopes {
    List(Vec<String>),
    Text(String),
}

/// The same section once more, with every key that it has.
#[derive(Deserialize)]
struct Keys {
    #[serde(default)]
    admin: BTreeMap<String, Spanned<serde_json::Value>>,
}

pub(super) fn import(text: &str, origin: &str) -> Result<Imported> {
    let fault = Fault { origin };
    let file: File = fault.read(text)?;
    let keys: Keys = fault.read(text)?;
    let Some(admin) = file.admin else {
        return Err(fault.whole(file.issuer.is_some()));
    };
    let mut left_out = Vec::new();
    for (key, value) in &keys.admin {
        if secrets::is_secret(key) {
            let line = value.referenced.line();
            return Err(secrets::refused(&format!("admin.{key}"), origin, line));
        }
        let reason = NOT_TAKEN.iter().find(|(name, _)| name == key);
        if let Some((name, why)) = reason.filter(|_| says_something(&value.value)) {
            left_out.push(LeftOut::new(format!("admin.{name}"), why));
        }
    }
    left_out.extend(way(&fault, admin.auth_type.as_ref())?);

    let mut set = vec![("base_url".to_owned(), address(&fault, &admin)?)];
    let mut add = |field: &str, text: &str| {
        if !text.trim().is_empty() {
            set.push((field.to_owned(), text.to_owned()));
        }
    };
    if let Some(client_id) = &admin.client_id {
        add("client_id", &client_id.value);
    }
    match admin.scopes.as_ref().map(|scopes| &scopes.value) {
        Some(Scopes::List(scopes)) => add("scopes", &scopes.join(" ")),
        Some(Scopes::Text(scopes)) => add("scopes", &scopes.replace(',', " ")),
        None => {}
    }
    if let Some(audience) = &admin.audience {
        add("audience", &audience.value);
    }
    let preset = Preset::named("flyte")
        .ok_or_else(|| Error::new(Code::Internal, "There is no preset for Flyte"))?;
    let profile = preset
        .build(&NAMELESS.parse()?, &set)
        .map_err(|error| fault.of_form(error))?;
    Ok(Imported { profile, left_out })
}

/// Whether a value is set to anything at all.
fn says_something(value: &serde_json::Value) -> bool {
    match value {
        serde_json::Value::Null | serde_json::Value::Bool(false) => false,
        serde_json::Value::String(text) => !text.is_empty(),
        serde_json::Value::Array(values) => !values.is_empty(),
        _ => true,
    }
}

/// How the file says that people sign in. A client secret signs in a program, and nobody in person.
fn way(fault: &Fault<'_>, auth_type: Option<&Spanned<String>>) -> Result<Option<LeftOut>> {
    let Some(auth_type) = auth_type else {
        return Ok(None);
    };
    match auth_type.value.to_ascii_lowercase().as_str() {
        "pkce" | "standard" | "externalcommand" | "external_process" | "external" => Ok(None),
        "deviceflow" => Ok(Some(LeftOut::new("admin.authType", DEVICE))),
        "clientsecret" | "client_credentials" | "basic" => Err(fault.at(
            auth_type,
            "authType",
            "is `ClientSecret`, which signs in a program and not a person",
            "Write `authType: Pkce`, if the cluster knows a client for people. Doorkey never copies a secret.",
        )),
        _ => Err(fault.at(
            auth_type,
            "authType",
            "is none of Flyte's ways to sign in",
            "Write `authType: Pkce`.",
        )),
    }
}

/// Where the cluster is, from the address that gRPC uses.
fn address(fault: &Fault<'_>, admin: &Admin) -> Result<String> {
    let Some(endpoint) = &admin.endpoint else {
        return Err(Error::new(
            Code::ProfileInvalid,
            format!("{}: `admin.endpoint` is missing", fault.origin),
        )
        .with_hint("Add the address of the cluster: endpoint: dns:///flyte.example.com"));
    };
    let is_insecure = admin
        .insecure
        .as_ref()
        .is_some_and(|insecure| insecure.value);
    let (scheme, rest) = match endpoint.value.trim().split_once("://") {
        None if is_insecure => ("http", endpoint.value.trim()),
        None => ("https", endpoint.value.trim()),
        Some((scheme @ ("https" | "http"), rest)) => (scheme, rest),
        // gRPC's names: what stands before the third slash is the name server to ask.
        Some(("dns" | "passthrough", rest)) => {
            let rest = rest.split_once('/').map_or(rest, |(_, rest)| rest);
            (if is_insecure { "http" } else { "https" }, rest)
        }
        Some(_) => {
            return Err(fault.at(
                endpoint,
                "endpoint",
                "is not an address that Doorkey knows",
                "Write it as dns:///flyte.example.com.",
            ));
        }
    };
    let address = format!("{scheme}://{}", rest.trim_end_matches('/'));
    let url = Url::parse(&address).ok().filter(|url| {
        url.host_str().is_some_and(|host| !host.is_empty())
            && url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none()
    });
    let Some(url) = url else {
        return Err(fault.at(
            endpoint,
            "endpoint",
            "is not the address of a server",
            "Write it as dns:///flyte.example.com.",
        ));
    };
    if url.scheme() == "http" && !is_loopback(&url) {
        let error = fault.at(
            endpoint,
            "endpoint",
            "is to be asked without encryption, and a token would travel in the open",
            "Remove `insecure: true`. Plain http: is for this computer only.",
        );
        return Err(Error::new(Code::InsecureEndpoint, error.message()).with_hint(error.hint()));
    }
    Ok(address)
}

/// Says where something is wrong. What stands there is not repeated: it may be a secret in the wrong place.
struct Fault<'a> {
    origin: &'a str,
}

impl Fault<'_> {
    fn read<'text, T: Deserialize<'text>>(&self, text: &'text str) -> Result<T> {
        serde_saphyr::from_str_with_options(text, options()).map_err(|error| {
            let line = error.location().map_or(1, |location| location.line());
            Error::new(
                Code::ProfileInvalid,
                format!(
                    "{}, line {line}: this is no config file of Flyte's",
                    self.origin
                ),
            )
            .with_hint("Correct this line. `admin` has keys such as `endpoint: dns:///flyte.example.com` and `authType: Pkce`.")
        })
    }

    fn whole(&self, is_metadata: bool) -> Error {
        let hint = if is_metadata {
            "This is a provider's metadata: import its address instead of a copy."
        } else {
            "Name a profile file of Doorkey's, a config file of Flyte's, or the https: address of an issuer."
        };
        Error::new(
            Code::ProfileInvalid,
            format!("{}: there is no section `admin`", self.origin),
        )
        .with_hint(hint)
    }

    fn at<T>(&self, value: &Spanned<T>, key: &str, what: &str, fix: &str) -> Error {
        let line = value.referenced.line();
        Error::new(
            Code::ProfileInvalid,
            format!("{}, line {line}: `admin.{key}` {what}", self.origin),
        )
        .with_hint(fix)
    }

    fn of_form(&self, fault: FormFault) -> Error {
        let error = fault.into_named();
        Error::new(
            error.code(),
            format!("{}: {}", self.origin, error.message()),
        )
        .with_hint(error.hint())
    }
}

/// What a config file may cost to read: far more than one needs, and nothing to worry about.
fn options() -> Options {
    serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_events: 20_000,
            max_nodes: 10_000,
            max_aliases: 100,
            max_anchors: 100,
            max_depth: 32,
            max_documents: 1,
            max_total_scalar_bytes: 2 * super::CAP,
        },
    }
}
