//! The address of an issuer, or of its metadata.

use url::Url;

use super::NAMELESS;
use crate::engine::Engine;
use crate::error::{Code, Error, Result};
use crate::profile::{ProfileName, ProfileSource, secure_url};
use crate::trace::Flow;

const OPENID: &str = "/.well-known/openid-configuration";
const OAUTH: &str = "/.well-known/oauth-authorization-server";

/// A source whose issuer has metadata that names it, byte for byte.
pub(super) async fn source(
    engine: &Engine,
    address: &str,
    client_id: &str,
) -> Result<ProfileSource> {
    let address = address.trim();
    let url = secure_url(address).map_err(|fault| {
        let code = if fault.insecure {
            Code::InsecureEndpoint
        } else {
            Code::ProfileInvalid
        };
        Error::new(code, format!("{address:?} {}", fault.what)).with_hint(fault.fix)
    })?;
    let name: ProfileName = NAMELESS.parse()?;
    let mut first_error = None;
    for issuer in issuers(address, &url) {
        // A server that issues no ID tokens publishes no keys for them either.
        for source in [
            ProfileSource::new(&issuer, client_id),
            ProfileSource::new(&issuer, client_id).scopes::<&str>([]),
        ] {
            let profile = source.clone().build(&name)?;
            let http = engine.http(&profile);
            let trace = engine.trace(Flow::SignIn).silent();
            match engine.discovery().fresh(&profile, &http, &trace).await {
                Ok(_) => return Ok(source),
                Err(error) => {
                    let is_answer =
                        matches!(error.code(), Code::MetadataInvalid | Code::IssuerMismatch);
                    let is_mismatch = error.code() == Code::IssuerMismatch;
                    let error = first_error.get_or_insert(error);
                    if !is_answer {
                        return Err(error.shared());
                    }
                    if is_mismatch {
                        break;
                    }
                }
            }
        }
    }
    Err(first_error.unwrap_or_else(|| {
        Error::new(
            Code::MetadataInvalid,
            format!("{address} is not the address of an issuer"),
        )
    }))
}

/// The issuers that can be meant: metadata stands at an address made of the issuer's, and people forget a last slash.
fn issuers(address: &str, url: &Url) -> Vec<String> {
    let issuer = match url.path().split_once(OAUTH) {
        // RFC 8414 §3.1 puts the issuer's path behind the well-known part.
        Some((before, after)) => at(url, &format!("{before}{after}")),
        None => match url.path().strip_suffix(OPENID) {
            Some(before) => at(url, before),
            None => address.to_owned(),
        },
    };
    let other = match issuer.strip_suffix('/') {
        Some(without) => without.to_owned(),
        None => format!("{issuer}/"),
    };
    vec![issuer, other]
}

fn at(url: &Url, path: &str) -> String {
    format!("{}{path}", url.origin().ascii_serialization())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_stands_at_an_address_made_of_the_issuers() -> Result<(), url::ParseError> {
        for (address, issuer) in [
            (
                "https://a.example/.well-known/openid-configuration",
                "https://a.example",
            ),
            (
                "https://a.example:8443/t/1/.well-known/openid-configuration",
                "https://a.example:8443/t/1",
            ),
            (
                "https://a.example/.well-known/oauth-authorization-server/t/1",
                "https://a.example/t/1",
            ),
            (
                "https://a.example/t/1/.well-known/oauth-authorization-server",
                "https://a.example/t/1",
            ),
            ("https://a.example/t", "https://a.example/t"),
        ] {
            let [first, second] = [issuer.to_owned(), format!("{issuer}/")];
            assert_eq!(issuers(address, &Url::parse(address)?), [first, second]);
        }
        let slash = "https://a.example/";
        assert_eq!(
            issuers(slash, &Url::parse(slash)?),
            ["https://a.example/", "https://a.example"]
        );
        Ok(())
    }
}
