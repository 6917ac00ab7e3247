//! The addresses of a profile: issuer, redirect URI, API origins.

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

/// Which loopback host the redirect URI names ([RFC 8252 §7.3](https://www.rfc-editor.org/rfc/rfc8252#section-7.3)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RedirectHost {
    /// `127.0.0.1`
    Ipv4,
    /// `[::1]`
    Ipv6,
    /// `localhost`, which browsers take for either family: both are listened on, with one port.
    Localhost,
}

/// A loopback redirect URI: host, ports that may be used, and path.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RedirectUri {
    host: RedirectHost,
    ports: Vec<u16>,
    path: String,
}

impl Default for RedirectUri {
    fn default() -> Self {
        Self {
            host: RedirectHost::Ipv4,
            ports: Vec::new(),
            path: "/callback".to_owned(),
        }
    }
}

impl RedirectUri {
    /// Parses `http://127.0.0.1/callback` and its like; ports given beside it are tried in order.
    pub(super) fn parse(text: &str, further_ports: &[u16]) -> Result<Self, AddressFault> {
        let url = Url::parse(text)
            .map_err(|error| AddressFault::new(format!("is not a URL ({error})"), REDIRECT_FORM))?;
        if url.scheme() != "http" {
            return Err(AddressFault::new(
                "is not a loopback address",
                REDIRECT_FORM,
            ));
        }
        let host = match url.host() {
            Some(Host::Ipv4(address)) if address.octets() == [127, 0, 0, 1] => RedirectHost::Ipv4,
            Some(Host::Ipv6(address)) if address.is_loopback() => RedirectHost::Ipv6,
            Some(Host::Domain("localhost")) => RedirectHost::Localhost,
            _ => {
                return Err(AddressFault::new(
                    "is not a loopback address",
                    REDIRECT_FORM,
                ));
            }
        };
        if url.query().is_some() || url.fragment().is_some() || has_userinfo(&url) {
            return Err(AddressFault::new(
                "has more than host, port and path",
                REDIRECT_FORM,
            ));
        }
        if further_ports.contains(&0) || url.port() == Some(0) {
            return Err(AddressFault::new(
                "names port 0",
                "Leave the port out for a free one.",
            ));
        }
        let mut ports: Vec<u16> = Vec::new();
        for port in explicit_port(text, &url)
            .into_iter()
            .chain(further_ports.iter().copied())
        {
            if !ports.contains(&port) {
                ports.push(port);
            }
        }
        Ok(Self {
            host,
            ports,
            path: url.path().to_owned(),
        })
    }

    /// The host that the browser is sent to.
    pub fn host(&self) -> RedirectHost {
        self.host
    }

    /// The ports to try, in order. Empty means: any free one.
    pub fn ports(&self) -> &[u16] {
        &self.ports
    }

    /// The path, beginning with a slash.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The whole URI once a port is known, byte for byte as it is sent to the provider twice.
    pub fn with_port(&self, port: u16) -> String {
        format!("http://{}:{port}{}", self.host_text(), self.path)
    }

    fn host_text(&self) -> &'static str {
        match self.host {
            RedirectHost::Ipv4 => "127.0.0.1",
            RedirectHost::Ipv6 => "[::1]",
            RedirectHost::Localhost => "localhost",
        }
    }
}

impl fmt::Display for RedirectUri {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.ports.first() {
            Some(port) => formatter.write_str(&self.with_port(*port)),
            None => write!(formatter, "http://{}{}", self.host_text(), self.path),
        }
    }
}

const REDIRECT_FORM: &str = "Use http://127.0.0.1/callback (or [::1], or localhost), with a port only if the provider insists.";

/// `url` drops the default port, which is a fixed port all the same.
fn explicit_port(text: &str, url: &Url) -> Option<u16> {
    let authority = text.split("//").nth(1)?.split('/').next()?;
    url.port()
        .or_else(|| authority.ends_with(":80").then_some(80))
}

/// What is wrong with an address, and the fix.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct AddressFault {
    pub(crate) what: String,
    pub(crate) fix: String,
    pub(crate) insecure: bool,
}

impl AddressFault {
    fn new(what: impl Into<String>, fix: impl Into<String>) -> Self {
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

fn has_userinfo(url: &Url) -> bool {
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
    fn redirect_uris_are_loopback_addresses() -> Result<(), AddressFault> {
        assert_eq!(
            RedirectUri::parse("http://127.0.0.1/callback", &[])?,
            RedirectUri::default()
        );
        assert_eq!(
            RedirectUri::parse("http://localhost:53593/callback", &[8400])?.ports(),
            [53593, 8400]
        );
        assert_eq!(
            RedirectUri::parse("http://127.0.0.1:80/", &[])?.ports(),
            [80]
        );
        assert_eq!(
            RedirectUri::parse("http://[::1]", &[])?.with_port(7),
            "http://[::1]:7/"
        );
        for bad in [
            "https://127.0.0.1/callback",
            "http://0.0.0.0/callback",
            "http://example.com/",
            "http://127.0.0.1/?a=b",
            "http://127.0.0.1:0/",
            "http://127.0.0.2/",
            "http://localhost.evil/",
            "x:/y",
        ] {
            assert!(RedirectUri::parse(bad, &[]).is_err(), "{bad}");
        }
        Ok(())
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
