//! The addresses of a profile that requests go to: issuer, endpoints, API origins.

use std::fmt;
use std::net::IpAddr;

use url::{Host, Url};

/// An issuer identifier, kept byte for byte as configured
/// ([RFC 8414 §2](https://www.rfc-editor.org/rfc/rfc8414#section-2)).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Issuer {
    text: String,
    url: Url,
}

impl Issuer {
    pub(super) fn parse(text: &str) -> Result<Self, AddressFault> {
        let url = secure_url(text)?;
        if url.query().is_some() {
            return Err(AddressFault::new(
                "has a query",
                "An issuer is scheme, host and path only.",
            ));
        }
        if text.contains(['{', '}']) {
            return Err(AddressFault::new(
                "is a template",
                "Write what belongs to you in place of what stands between { and }.",
            ));
        }
        Ok(Self {
            text: text.to_owned(),
            url,
        })
    }

    /// The issuer as configured. Comparison is byte by byte.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The issuer as a URL, for building others from.
    pub fn url(&self) -> &Url {
        &self.url
    }
}

impl fmt::Display for Issuer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

/// What is wrong with an address, and the fix.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct AddressFault {
    pub(crate) what: String,
    pub(crate) fix: String,
    pub(crate) insecure: bool,
}

impl AddressFault {
    pub(super) fn new(what: impl Into<String>, fix: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            fix: fix.into(),
            insecure: false,
        }
    }
}

/// Parses an address that credentials may be sent to: `https:`, or `http:` on a loopback address.
pub(crate) fn secure_url(text: &str) -> Result<Url, AddressFault> {
    let url = Url::parse(text).map_err(|error| {
        AddressFault::new(
            format!("is not a URL ({error})"),
            "Write it whole, such as https://login.example.com.",
        )
    })?;
    if !matches!(url.scheme(), "https" | "http") || url.host_str().is_none_or(str::is_empty) {
        return Err(AddressFault::new(
            "is not an https: address",
            "Write it whole, such as https://login.example.com.",
        ));
    }
    if url.scheme() == "http" && !is_loopback(&url) {
        return Err(AddressFault {
            what: "is not encrypted".to_owned(),
            fix: "Use https:. Plain http: is allowed on loopback addresses only.".to_owned(),
            insecure: true,
        });
    }
    if url.fragment().is_some() || has_userinfo(&url) {
        return Err(AddressFault::new(
            "has a fragment or a user name",
            "Remove what follows `#` or stands before `@`.",
        ));
    }
    Ok(url)
}

pub(super) fn has_userinfo(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
}

/// Whether the host is this computer.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(domain)) => domain == "localhost" || domain.ends_with(".localhost"),
        None => false,
    }
}

/// Whether the host is an address of this computer or of a private network, where no public provider lives.
pub(crate) fn is_private(url: &Url) -> bool {
    let address: IpAddr = match url.host() {
        Some(Host::Ipv4(address)) => address.into(),
        Some(Host::Ipv6(address)) => address
            .to_ipv4_mapped()
            .map_or(address.into(), IpAddr::from),
        Some(Host::Domain(_)) => return is_loopback(url),
        None => return true,
    };
    match address {
        IpAddr::V4(address) => {
            address.is_loopback()
                || address.is_private()
                || address.is_link_local()
                || address.is_unspecified()
                || address.is_broadcast()
                || address.octets()[0] == 0
                || (address.octets()[0] == 100 && (address.octets()[1] & 0xc0) == 64)
        }
        IpAddr::V6(address) => {
            address.is_loopback()
                || address.is_unspecified()
                || address.is_unique_local()
                || address.is_unicast_link_local()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issuer_keeps_its_bytes() -> Result<(), AddressFault> {
        for text in [
            "https://login.example.com",
            "https://login.example.com/",
            "https://LOGIN.example.com:443/a",
        ] {
            assert_eq!(Issuer::parse(text)?.as_str(), text);
        }
        Ok(())
    }

    #[test]
    fn plain_http_is_for_loopback_only() {
        assert!(secure_url("http://login.example.com").is_err_and(|fault| fault.insecure));
        assert!(secure_url("http://127.0.0.1.example.com").is_err());
        for good in [
            "http://127.0.0.1:4180",
            "http://[::1]/x",
            "http://localhost:1",
            "https://example.com",
        ] {
            assert!(secure_url(good).is_ok(), "{good}");
        }
        for bad in [
            "javascript:alert(1)",
            "file:///etc/passwd",
            "https://",
            "https://a@b",
            "ftp://x",
            "x",
            "https://x/#y",
        ] {
            assert!(secure_url(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn private_addresses_are_known() -> Result<(), url::ParseError> {
        for private in [
            "https://127.0.0.1",
            "https://10.1.2.3",
            "https://169.254.169.254",
            "https://[::]",
            "https://[::1]",
            "https://[::ffff:10.0.0.1]",
            "https://192.168.1.1",
            "https://localhost",
            "https://[fd00::1]",
            "https://0.0.0.0",
            "https://100.64.0.1",
        ] {
            assert!(is_private(&Url::parse(private)?), "{private}");
        }
        for public in [
            "https://example.com",
            "https://93.184.216.34",
            "https://[2606:4700::1111]",
        ] {
            assert!(!is_private(&Url::parse(public)?), "{public}");
        }
        Ok(())
    }
}
