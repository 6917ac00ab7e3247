//! Who is asked for newer versions, and whose signature these must carry. The build script has this file too, so that a
//! build with a wrong key or address fails.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use minisign_verify::PublicKey;
use url::{Host, Url};

/// The variable with the maintainer's public key, as `tauri signer generate` writes it.
pub(crate) const KEY: &str = "DOORKEY_UPDATE_KEY";

/// The variable with the address that announces the newest version.
pub(crate) const ADDRESS: &str = "DOORKEY_UPDATE_ADDRESS";

/// The places in an address, and all that it can tell of this computer.
const PLACES: [&str; 3] = ["{{current_version}}", "{{target}}", "{{arch}}"];

/// A key, and the address to ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Source {
    key: String,
    address: String,
}

impl Source {
    /// Reads what a maintainer has given; none if that is nothing. Plain `http:` is for tests, on this computer only.
    ///
    /// # Errors
    /// What is wrong with it, in a sentence.
    pub(crate) fn parse(
        key: Option<&str>,
        address: Option<&str>,
        plain_loopback: bool,
    ) -> Result<Option<Self>, String> {
        let given = |text: Option<&str>| {
            text.map(str::trim)
                .filter(|text| !text.is_empty())
                .map(str::to_owned)
        };
        let source = match (given(key), given(address)) {
            (None, None) => return Ok(None),
            (Some(key), Some(address)) => Self { key, address },
            (Some(_), None) => return Err(alone(KEY, ADDRESS)),
            (None, Some(_)) => return Err(alone(ADDRESS, KEY)),
        };
        let file = STANDARD.decode(&source.key).ok();
        file.and_then(|file| String::from_utf8(file).ok())
            .and_then(|file| PublicKey::decode(&file).ok())
            .ok_or_else(|| format!("{KEY} is no public key: give the text of the file `.pub` that `tauri signer generate` wrote."))?;
        let address = source.url("0.0.0", "linux", "x86_64")?;
        if !is_secure(&address, plain_loopback) {
            return Err(format!("{ADDRESS} must be an https: address."));
        }
        if !address.username().is_empty()
            || address.password().is_some()
            || address.fragment().is_some()
        {
            return Err(format!(
                "{ADDRESS} must have neither a name or password nor a fragment."
            ));
        }
        Ok(Some(source))
    }

    /// The public key, as the plugin takes it.
    pub(crate) fn key(&self) -> &str {
        &self.key
    }

    /// The address as it is asked, with what the maintainer has made places for.
    ///
    /// # Errors
    /// That it is no address, in a sentence.
    pub(crate) fn url(&self, version: &str, target: &str, arch: &str) -> Result<Url, String> {
        // In a query, a bare plus is a space.
        let version = version.replace('+', "%2B");
        let filled = PLACES
            .iter()
            .zip([version.as_str(), target, arch])
            .fold(self.address.clone(), |address, (place, value)| {
                address.replace(place, value)
            });
        filled
            .parse()
            .map_err(|_| format!("{ADDRESS} is not an address."))
    }
}

fn alone(given: &str, missing: &str) -> String {
    format!(
        "{given} is given, and {missing} is not. Give both for a build that looks for updates, or neither for one that never does."
    )
}

/// Whether an address may be asked: by `https:` or, for tests, on this computer.
pub(crate) fn is_secure(url: &Url, plain_loopback: bool) -> bool {
    match url.scheme() {
        "https" => true,
        "http" => plain_loopback && is_loopback(url),
        _ => false,
    }
}

/// Whether an address is on this computer. A name may lead elsewhere, so only numbers count.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(host)) => host.is_loopback(),
        Some(Host::Ipv6(host)) => host.is_loopback(),
        _ => false,
    }
}

/// Host and port of an address, as people are told.
pub(crate) fn authority(url: &Url) -> String {
    match (url.host_str(), url.port()) {
        (Some(host), Some(port)) => format!("{host}:{port}"),
        (Some(host), None) => host.to_owned(),
        (None, _) => "the server".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The public key of minisign's own manual.
    const PUBLIC: &str = "dW50cnVzdGVkIGNvbW1lbnQ6IG1pbmlzaWduIHB1YmxpYyBrZXk6IEU3NjIwRjE4NDJCNEU4MUYKUldRZjZMUkNHQTlpNTNtbFllY080SXpUNTFUR1Bwdld1Y05TQ2gxQ0JNMFFUYUxuNzNZN0dGTzMK";
    const HERE: &str = "https://updates.example.com/latest.json";

    fn refused(key: Option<&str>, address: Option<&str>) -> String {
        Source::parse(key, address, false).unwrap_err()
    }

    #[test]
    fn a_build_without_key_and_address_asks_nobody() {
        for nothing in [None, Some(""), Some(" \n")] {
            assert_eq!(Source::parse(nothing, nothing, true), Ok(None));
        }
    }

    #[test]
    fn one_of_the_two_alone_fails_and_says_which_is_missing() {
        let missing = refused(Some(PUBLIC), None);
        assert!(
            missing.starts_with("DOORKEY_UPDATE_KEY is given, and DOORKEY_UPDATE_ADDRESS is not."),
            "{missing}"
        );
        let missing = refused(Some(""), Some(HERE));
        assert!(
            missing.starts_with("DOORKEY_UPDATE_ADDRESS is given, and DOORKEY_UPDATE_KEY is not."),
            "{missing}"
        );
    }

    #[test]
    fn the_address_is_https_and_the_key_is_a_key() {
        assert!(
            Source::parse(Some(PUBLIC), Some(HERE), false)
                .unwrap()
                .is_some()
        );
        for address in [
            "http://updates.example.com/latest.json",
            "http://127.0.0.1:8080/latest.json",
            "ftp://updates.example.com/latest.json",
            "https://ada:pw@updates.example.com/latest.json",
            "https://updates.example.com/latest.json#top",
            "updates.example.com",
        ] {
            assert!(
                refused(Some(PUBLIC), Some(address)).starts_with(ADDRESS),
                "{address}"
            );
        }
        for key in ["x", "dW50cnVzdGVk", &PUBLIC[..80]] {
            assert!(refused(Some(key), Some(HERE)).starts_with(KEY), "{key}");
        }
    }

    #[test]
    fn plain_http_is_for_tests_and_for_this_computer_only() {
        let parse = |address| Source::parse(Some(PUBLIC), Some(address), true);
        assert!(
            parse("http://127.0.0.1:8080/latest.json")
                .unwrap()
                .is_some()
        );
        assert!(parse("http://[::1]:8080/latest.json").unwrap().is_some());
        for elsewhere in [
            "http://localhost.example.com/",
            "http://localhost/",
            "http://10.0.0.1/",
        ] {
            assert!(parse(elsewhere).is_err(), "{elsewhere}");
        }
    }

    #[test]
    fn an_address_tells_only_what_it_has_a_place_for() {
        let url = |address| {
            let source = Source::parse(Some(PUBLIC), Some(address), false)
                .unwrap()
                .unwrap();
            source
                .url("1.2.3+4", "linux", "x86_64")
                .unwrap()
                .to_string()
        };
        assert_eq!(url(HERE), HERE);
        assert_eq!(
            url("https://a.example/{{target}}/{{arch}}?version={{current_version}}&id={{id}}"),
            "https://a.example/linux/x86_64?version=1.2.3%2B4&id={{id}}"
        );
    }
}
