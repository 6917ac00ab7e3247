//! The provider itself: whether it answers, as whom, and what a sign-in needs of it.

use tokio::time::Instant;

use super::authorization::{self, Verdict};
use super::{Check, Topic, interception, keys, metadata, redirect_uri};
use crate::engine::Engine;
use crate::error::{Code, Error, Fault};
use crate::http::{Http, PROXY_REMEDY, certificate_failure, proxy_for};
use crate::profile::{Profile, Server, is_loopback};
use crate::trace::Flow;

/// What was found by asking the provider, each where a sign-in needs it.
pub(super) struct Asked {
    pub(super) metadata: Vec<Check>,
    pub(super) authorization: Option<Check>,
    pub(super) redirect_uri: Check,
    pub(super) keys: Option<Check>,
    /// Whether it answered at all.
    pub(super) is_reached: bool,
}

/// Asks for the metadata and the keys, and, if it is known which client to be, with an authorization request.
pub(super) async fn checks(engine: &Engine, profile: &Profile, is_client_known: bool) -> Asked {
    let trace = engine.trace(Flow::SignIn).silent();
    let http = engine.http(profile);
    let begun = Instant::now();
    let provider = match engine.discovery().fresh(profile, &http, &trace).await {
        Ok(provider) => provider,
        Err(error) => {
            return Asked {
                metadata: refused(profile, &http, &error).await.into_iter().collect(),
                authorization: None,
                redirect_uri: redirect_uri::check(profile, &Verdict::Unasked),
                keys: None,
                is_reached: error.fault() == Fault::Provider,
            };
        }
    };
    let took = begun.elapsed().as_millis();
    let mut found = Vec::new();
    if let Server::Discovered(issuer) = &profile.server {
        found.push(Topic::PROVIDER.ok(format!(
            "{issuer} answered in {took} ms, and its metadata names the same issuer"
        )));
        found.push(metadata::pkce(&provider));
    }
    found.push(metadata::endpoints(&provider));
    let authorize = async {
        if is_client_known {
            authorization::ask(engine, profile, &http, &provider).await
        } else {
            Verdict::Unasked
        }
    };
    let keys = keys::check(engine, profile, &http, &provider);
    let (verdict, keys) = tokio::join!(authorize, keys);
    Asked {
        metadata: found,
        authorization: authorization::check(profile, &verdict),
        redirect_uri: redirect_uri::check(profile, &verdict),
        keys,
        is_reached: !matches!(verdict, Verdict::Silent(_)),
    }
}

/// Why there is no metadata to go on with; none where another line says it.
async fn refused(profile: &Profile, http: &Http, error: &Error) -> Option<Check> {
    match error.code() {
        // The certificates to trust.
        Code::FileError => None,
        Code::MetadataInvalid => interception::check(profile, http)
            .await
            .or_else(|| Some(unreachable(profile, error))),
        _ => Some(unreachable(profile, error)),
    }
}

/// Why the provider cannot be asked, with what most often helps.
fn unreachable(profile: &Profile, error: &Error) -> Check {
    let remedy = match error.code() {
        Code::TlsUntrusted => certificate_failure(error).and_then(certificate_remedy),
        Code::Offline | Code::NetworkLost | Code::NetworkTimeout => way_remedy(profile),
        _ => None,
    };
    Topic::PROVIDER.broken(
        error.message(),
        remedy.unwrap_or_else(|| error.hint().to_owned()),
    )
}

fn way_remedy(profile: &Profile) -> Option<String> {
    let home = profile.home();
    if is_loopback(home) {
        return None;
    }
    Some(match proxy_for(home) {
        Some(proxy) => format!("Check the proxy {proxy}. {PROXY_REMEDY}"),
        None => "Check the network connection, the VPN and the issuer's spelling. If this network has a proxy, name it with HTTPS_PROXY.".to_owned(),
    })
}

/// What to do about a certificate, by what is wrong with it.
fn certificate_remedy(failure: &rustls::CertificateError) -> Option<String> {
    use rustls::CertificateError as Wrong;
    let remedy = match failure {
        Wrong::UnknownIssuer => {
            "Whoever issued it is not trusted here; most often that is a company's proxy that reads along. Install its certificate in the system's store, or name it with SSL_CERT_FILE or `ca_file` in the profile."
        }
        Wrong::Expired | Wrong::ExpiredContext { .. } => {
            "It has expired. Check this computer's clock; if that is right, tell the provider's administrator."
        }
        Wrong::NotValidYet | Wrong::NotValidYetContext { .. } => {
            "It is not valid yet. Check this computer's clock."
        }
        Wrong::NotValidForName | Wrong::NotValidForNameContext { .. } => {
            "It belongs to another server. Check the issuer; if that is right, something on the way answers instead: in a hotel's or a company's network, open any page in the browser, sign in to the network, and try again."
        }
        Wrong::Revoked => "It has been revoked. Do not go on; tell the provider's administrator.",
        _ => return None,
    };
    Some(remedy.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(issuer: &str) -> Profile {
        Profile::for_issuer(&"work".parse().expect("a name"), issuer, "b").expect("a profile")
    }

    #[test]
    fn what_helps_depends_on_what_is_wrong_with_the_certificate() {
        for (failure, helps) in [
            (rustls::CertificateError::UnknownIssuer, "SSL_CERT_FILE"),
            (rustls::CertificateError::Expired, "clock"),
            (rustls::CertificateError::NotValidYet, "clock"),
            (
                rustls::CertificateError::NotValidForName,
                "sign in to the network",
            ),
            (rustls::CertificateError::Revoked, "Do not go on"),
            // What nobody has words for has the hint of its code.
            (rustls::CertificateError::BadEncoding, "`ca_file`"),
        ] {
            let cause = rustls::Error::InvalidCertificate(failure);
            let error = Error::new(
                Code::TlsUntrusted,
                "The certificate of a.example is not trusted",
            )
            .with_source(std::io::Error::other(cause));
            let check = unreachable(&profile("https://a.example"), &error);
            assert!(check.remedy.contains(helps), "{check:?}");
        }
    }

    #[test]
    fn without_a_way_there_the_proxy_is_worth_a_look() {
        let error = Error::new(Code::Offline, "Cannot reach it");
        let check = unreachable(&profile("https://login.example.com"), &error);
        assert!(check.remedy.contains("HTTPS_PROXY"), "{check:?}");
        let check = unreachable(&profile("http://127.0.0.1:1"), &error);
        assert!(!check.remedy.contains("HTTPS_PROXY"), "{check:?}");
    }
}
