//! The way to the provider: through which proxy, and trusting whose certificates.

use std::path::{Path, PathBuf};

use super::{Check, Topic};
use crate::http::proxy_for;
use crate::profile::{Profile, is_loopback};

/// Which way requests to the provider go; none to speak of on this computer.
pub(super) fn proxy(profile: &Profile) -> Option<Check> {
    if is_loopback(profile.home()) {
        return None;
    }
    let host = profile.provider_host();
    Some(Topic::PROXY.ok(match proxy_for(profile.home()) {
        Some(proxy) => format!("{host} is asked through the proxy {proxy}"),
        None => format!("{host} is asked directly, without a proxy"),
    }))
}

/// Whose certificates are trusted, and whether they can be read. Plain requests to this computer need none.
pub(super) async fn certificates(profile: &Profile) -> Option<Check> {
    if is_loopback(profile.home()) && profile.home().scheme() == "http" {
        return None;
    }
    let named = std::env::var_os("SSL_CERT_FILE").filter(|file| !file.is_empty());
    // Elsewhere the system itself verifies, and asks no variable.
    let named = named.filter(|_| cfg!(not(any(target_os = "macos", windows))));
    Some(trust(named.map(PathBuf::from), profile.ca_file.as_deref()).await)
}

async fn trust(named: Option<PathBuf>, ca_file: Option<&Path>) -> Check {
    let mut trusted = match &named {
        Some(file) => format!("those in {}, which SSL_CERT_FILE names", file.display()),
        None => "those of the system".to_owned(),
    };
    if let Some(file) = ca_file {
        trusted = format!("{trusted}, and those in {}", file.display());
    }
    for (setting, file) in [("SSL_CERT_FILE", named.as_deref()), ("ca_file", ca_file)] {
        let Some(file) = file else { continue };
        let fault = match tokio::fs::read(file).await {
            Err(error) => format!("cannot be read: {error}"),
            Ok(pem) => match reqwest::Certificate::from_pem_bundle(&pem) {
                Ok(certificates) if !certificates.is_empty() => continue,
                _ => "holds no certificate".to_owned(),
            },
        };
        return Topic::CERTIFICATES.broken(
            format!("`{setting}` names {}, which {fault}", file.display()),
            format!("Name a PEM file with one or more certificates, or remove `{setting}`."),
        );
    }
    Topic::CERTIFICATES.ok(format!("Trusted certificates are {trusted}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::CheckOutcome;

    fn profile(issuer: &str) -> Profile {
        Profile::for_issuer(&"work".parse().expect("a name"), issuer, "b").expect("a profile")
    }

    #[test]
    fn this_computer_is_asked_without_a_proxy_and_nothing_is_said() {
        assert_eq!(proxy(&profile("http://127.0.0.1:4180")), None);
        let check = proxy(&profile("https://login.example.com")).expect("a check");
        assert_eq!(check.outcome, CheckOutcome::Ok);
        assert!(check.seen.contains("login.example.com"), "{check:?}");
    }

    #[tokio::test]
    async fn files_of_certificates_must_be_there_and_hold_some() {
        let folder = tempfile::tempdir().expect("a folder");
        let (missing, empty) = (folder.path().join("a.pem"), folder.path().join("b.pem"));
        std::fs::write(&empty, "no certificate\n").expect("to write");
        for (named, ca_file, says) in [
            (Some(missing.clone()), None, "`SSL_CERT_FILE` names "),
            (None, Some(missing.as_path()), "`ca_file` names "),
            (None, Some(empty.as_path()), "holds no certificate"),
        ] {
            let check = trust(named, ca_file).await;
            assert_eq!(check.outcome, CheckOutcome::Failed, "{check:?}");
            assert!(check.seen.contains(says), "{check:?}");
        }
        let check = trust(None, None).await;
        assert_eq!(check.outcome, CheckOutcome::Ok, "{check:?}");
    }
}
