//! Metadata documents: tolerant of what is extra, strict about what safety depends on.

use serde::Deserialize;
use url::Url;

use super::Provider;
use crate::error::{Code, Error, Result};
use crate::profile::{Issuer, Profile, is_private, secure_url};
use crate::text::clean;

/// The members that matter ([RFC 8414 §2](https://www.rfc-editor.org/rfc/rfc8414#section-2),
/// [OpenID Connect Discovery 1.0 §3](https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata)).
/// A member given twice is refused by the parser; unknown ones, mTLS aliases among them, are ignored.
#[derive(Deserialize)]
struct Document {
    issuer: Option<String>,
    authorization_endpoint: Option<String>,
    token_endpoint: Option<String>,
    device_authorization_endpoint: Option<String>,
    jwks_uri: Option<String>,
    revocation_endpoint: Option<String>,
    userinfo_endpoint: Option<String>,
    end_session_endpoint: Option<String>,
    code_challenge_methods_supported: Option<Vec<String>>,
    id_token_signing_alg_values_supported: Option<Vec<String>>,
    scopes_supported: Option<Vec<String>>,
    #[serde(default)]
    authorization_response_iss_parameter_supported: Option<bool>,
    #[serde(default)]
    require_pushed_authorization_requests: Option<bool>,
}

/// Whether the bytes are a JSON object at all. A server without metadata often answers with a page.
pub(super) fn is_object(body: &[u8]) -> bool {
    body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{')
        && serde_json::from_slice::<serde::de::IgnoredAny>(body).is_ok()
}

/// Turns a metadata document into a snapshot, or says which member is wrong.
pub(super) fn parse(profile: &Profile, issuer: &Issuer, body: &[u8]) -> Result<Provider> {
    let invalid = |what: String| {
        Error::new(
            Code::MetadataInvalid,
            format!(
                "The metadata of {} cannot be used: {what}",
                profile.provider_host()
            ),
        )
    };
    if !is_object(body) {
        return Err(invalid("it is not a JSON object".to_owned()));
    }
    let document: Document =
        serde_json::from_slice(body).map_err(|error| invalid(clean(&error.to_string(), 300)))?;
    let named = document
        .issuer
        .ok_or_else(|| invalid("`issuer` is missing".to_owned()))?;
    let is_template = profile.quirks.issuer_template.as_ref() == Some(&named);
    if named != issuer.as_str() && !is_template {
        return Err(Error::new(
            Code::IssuerMismatch,
            format!("The profile's issuer is {:?}, but its metadata names {:?}", issuer.as_str(), clip(&named)),
        )
        .with_hint("If the second is right, write it into the profile exactly like that, to the last slash."));
    }
    let s256 = document
        .code_challenge_methods_supported
        .map(|methods| methods.iter().any(|method| method == "S256"));
    if s256 == Some(false) {
        return Err(Error::new(
            Code::UnsupportedProvider,
            format!(
                "{} does not offer PKCE with S256, and a sign-in without it is not safe",
                profile.provider_host()
            ),
        ));
    }
    if document.require_pushed_authorization_requests == Some(true) {
        return Err(Error::new(
            Code::UnsupportedProvider,
            format!(
                "{} insists on pushed authorization requests (PAR), which Doorkey does not speak",
                profile.provider_host()
            ),
        )
        .with_hint("Ask the provider's administrator to lift the requirement for this client."));
    }

    // A public provider has no business on this computer or in a private network: such an address
    // would make Doorkey send codes and tokens to whoever listens there.
    let private_allowed = profile.allow_private_endpoints || is_private(issuer.url());
    let endpoint = |name: &str, text: Option<String>| -> Result<Option<Url>> {
        let Some(text) = text else { return Ok(None) };
        let url = secure_url(&text).map_err(|fault| invalid(format!("`{name}` {}", fault.what)))?;
        if is_private(&url) && !private_allowed {
            return Err(
                invalid(format!("`{name}` points into a private network")).with_hint(
                    "If that is meant, set `allow_private_endpoints = true` in the profile.",
                ),
            );
        }
        Ok(Some(url))
    };
    let required =
        |name: &str, url: Option<Url>| url.ok_or_else(|| invalid(format!("`{name}` is missing")));

    let jwks_uri = endpoint("jwks_uri", document.jwks_uri)?;
    if profile.wants_id_token() && jwks_uri.is_none() {
        return Err(invalid("`jwks_uri` is missing".to_owned()));
    }
    Ok(Provider {
        issuer: Some(named),
        authorization_endpoint: required(
            "authorization_endpoint",
            endpoint("authorization_endpoint", document.authorization_endpoint)?,
        )?,
        token_endpoint: required(
            "token_endpoint",
            endpoint("token_endpoint", document.token_endpoint)?,
        )?,
        // A sign-in through the browser does not depend on it.
        device_authorization_endpoint: endpoint(
            "device_authorization_endpoint",
            document.device_authorization_endpoint,
        )
        .unwrap_or(None),
        revocation_endpoint: endpoint("revocation_endpoint", document.revocation_endpoint)
            .unwrap_or(None),
        userinfo_endpoint: endpoint("userinfo_endpoint", document.userinfo_endpoint)?,
        // What only ends a session is left out when it is unsafe; signing in does not depend on it.
        end_session_endpoint: endpoint("end_session_endpoint", document.end_session_endpoint)
            .unwrap_or(None),
        jwks_uri,
        advertises_s256: s256 == Some(true),
        id_token_algorithms: document
            .id_token_signing_alg_values_supported
            .unwrap_or_default(),
        names_issuer_in_responses: document
            .authorization_response_iss_parameter_supported
            .unwrap_or(false),
        scopes: document.scopes_supported,
    })
}

fn clip(text: &str) -> String {
    text.chars().take(200).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn document() -> Value {
        json!({
            "issuer": "https://login.example.com",
            "authorization_endpoint": "https://login.example.com/authorize?tenant=a",
            "token_endpoint": "https://login.example.com/token",
            "jwks_uri": "https://keys.example.com/jwks",
            "code_challenge_methods_supported": ["plain", "S256"],
            "mtls_endpoint_aliases": { "token_endpoint": "https://mtls.example.com/token" },
        })
    }

    fn parsed(body: &[u8]) -> Result<Provider> {
        let profile = Profile::for_issuer(&"work".parse()?, "https://login.example.com", "abc")?;
        let issuer = profile.issuer().expect("an issuer").clone();
        parse(&profile, &issuer, body)
    }

    fn with(member: &str, value: Value) -> Result<Provider> {
        let mut document = document();
        document[member] = value;
        parsed(document.to_string().as_bytes())
    }

    fn code(result: Result<Provider>) -> Code {
        result.expect_err("it must be refused").code()
    }

    #[test]
    fn b01_another_issuer_is_refused_byte_for_byte() {
        for other in [
            "https://evil.example",
            "https://login.example.com/",
            "https://LOGIN.example.com",
            "https://login.example.com:443",
        ] {
            assert_eq!(
                code(with("issuer", json!(other))),
                Code::IssuerMismatch,
                "{other}"
            );
        }
    }

    #[test]
    fn a_template_is_an_issuer_only_where_the_profile_names_it() -> Result<()> {
        let template = "https://login.example.com/{tenantid}/v2.0";
        let mut document = document();
        document["issuer"] = json!(template);
        let body = document.to_string().into_bytes();
        let text = "issuer = \"https://login.example.com\"\nclient_id = \"abc\"\n";
        let quirk = format!("{text}[quirks]\nissuer_template = \"{template}\"\n");
        let other = format!("{text}[quirks]\nissuer_template = \"{template}/\"\n");
        let parsed = |text: &str| {
            let profile = Profile::parse(&"work".parse()?, text)?;
            parse(&profile, profile.issuer().expect("an issuer"), &body)
        };
        assert_eq!(parsed(&quirk)?.issuer.as_deref(), Some(template));
        assert_eq!(code(parsed(text)), Code::IssuerMismatch);
        assert_eq!(code(parsed(&other)), Code::IssuerMismatch);
        Ok(())
    }

    #[test]
    fn b06_missing_or_malformed_endpoints_are_named() {
        for member in ["authorization_endpoint", "token_endpoint", "jwks_uri"] {
            for value in [Value::Null, json!(7), json!(""), json!([])] {
                let error = with(member, value.clone()).expect_err("it must be refused");
                assert_eq!(error.code(), Code::MetadataInvalid, "{member} {value}");
            }
        }
    }

    #[test]
    fn b08_a67_unsafe_endpoints_are_refused() {
        for value in [
            "/authorize",
            "https://login.example.com/a#b",
            "javascript:alert(1)",
            "file:///x",
            "smb://x/y",
            "http://login.example.com/a",
            "-https://x",
            "https://user@login.example.com/",
        ] {
            assert_eq!(
                code(with("authorization_endpoint", json!(value))),
                Code::MetadataInvalid,
                "{value}"
            );
        }
        assert_eq!(
            with("end_session_endpoint", json!("javascript:x"))
                .expect("usable")
                .end_session_endpoint,
            None
        );
        let device = |value: &str| {
            with("device_authorization_endpoint", json!(value))
                .expect("usable")
                .device_authorization_endpoint
        };
        assert_eq!(device("http://login.example.com/device"), None);
        assert_eq!(device("https://127.0.0.1/device"), None);
        assert!(device("https://login.example.com/device").is_some());
    }

    #[test]
    fn b12_a_public_provider_has_no_private_endpoints() {
        for value in [
            "https://127.0.0.1/token",
            "https://169.254.169.254/",
            "https://[::]/",
            "https://10.0.0.1/",
            "http://localhost/token",
        ] {
            assert_eq!(
                code(with("token_endpoint", json!(value))),
                Code::MetadataInvalid,
                "{value}"
            );
        }
    }

    #[test]
    fn b16_b18_b34_documents_that_are_not_one_object_are_refused() {
        let good = document().to_string();
        assert!(parsed(good.as_bytes()).is_ok());
        let twice = good.replacen('{', "{\"issuer\":\"https://login.example.com\",", 1);
        let bodies: [Vec<u8>; 8] = [
            twice.into_bytes(),
            b"null".to_vec(),
            b"[]".to_vec(),
            format!("[{good}]").into_bytes(),
            format!("\u{feff}{good}").into_bytes(),
            format!("{good} x").into_bytes(),
            good.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            b"<html>".to_vec(),
        ];
        for body in bodies {
            assert_eq!(code(parsed(&body)), Code::MetadataInvalid);
        }
    }

    #[test]
    fn b20_s256_is_used_unless_it_is_ruled_out() {
        let mut silent = document();
        silent
            .as_object_mut()
            .expect("an object")
            .remove("code_challenge_methods_supported");
        assert!(parsed(silent.to_string().as_bytes()).is_ok());
        for methods in [json!(["plain"]), json!([]), json!(["s256"])] {
            assert_eq!(
                code(with("code_challenge_methods_supported", methods)),
                Code::UnsupportedProvider
            );
        }
    }

    #[test]
    fn b36_required_par_is_refused_before_the_browser() {
        assert_eq!(
            code(with("require_pushed_authorization_requests", json!(true))),
            Code::UnsupportedProvider
        );
    }
}
