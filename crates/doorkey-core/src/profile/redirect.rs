//! Where the provider sends the browser back to: a loopback address, or a link with a scheme of this program's own.

use std::fmt;

use url::{Host, Url};

use super::address::{AddressFault, has_userinfo};

/// Where the provider sends the browser back to
/// ([RFC 8252 §7](https://www.rfc-editor.org/rfc/rfc8252#section-7)).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum RedirectUri {
    /// An address on this computer, where this program listens.
    Loopback(LoopbackUri),
    /// A link that the system hands to this program.
    PrivateUse(PrivateUseUri),
}

/// A loopback redirect URI ([RFC 8252 §7.3](https://www.rfc-editor.org/rfc/rfc8252#section-7.3)): host, ports that may
/// be used, and path.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LoopbackUri {
    host: RedirectHost,
    ports: Vec<u16>,
    path: String,
}

/// Which loopback host a redirect URI names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RedirectHost {
    /// `127.0.0.1`
    Ipv4,
    /// `[::1]`
    Ipv6,
    /// `localhost`, which browsers take for either family: both are listened on, with one port.
    Localhost,
}

/// A redirect URI with a private-use scheme ([RFC 8252 §7.1](https://www.rfc-editor.org/rfc/rfc8252#section-7.1)), such
/// as `dev.doorkey.app:/callback`: a scheme that is a domain name in reverse order, one slash, and a path.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PrivateUseUri {
    text: String,
    scheme_length: usize,
}

impl RedirectUri {
    /// Parses a redirect URI. Ports given beside a loopback address are tried in order.
    pub(super) fn parse(text: &str, further_ports: &[u16]) -> Result<Self, AddressFault> {
        let url = Url::parse(text)
            .map_err(|error| AddressFault::new(format!("is not a URL ({error})"), REDIRECT_FORM))?;
        match url.scheme() {
            "http" => LoopbackUri::parse(text, &url, further_ports).map(Self::Loopback),
            "https" => Err(AddressFault::new(
                "is not a loopback address",
                REDIRECT_FORM,
            )),
            _ if !further_ports.is_empty() => Err(AddressFault::new(
                "has no port, so `redirect_ports` cannot apply",
                "Remove `redirect_ports`, or use a loopback address.",
            )),
            _ => PrivateUseUri::parse(text, &url).map(Self::PrivateUse),
        }
    }

    /// What to register at the provider: one URI for each port, or one without a port where any will do.
    pub fn to_register(&self) -> Vec<String> {
        match self {
            Self::Loopback(uri) if !uri.ports.is_empty() => {
                uri.ports.iter().map(|port| uri.with_port(*port)).collect()
            }
            _ => vec![self.to_string()],
        }
    }

    /// The scheme of this program's own that a link must have, unless the answer comes to a loopback address.
    pub fn scheme(&self) -> Option<&str> {
        match self {
            Self::Loopback(_) => None,
            Self::PrivateUse(uri) => Some(uri.scheme()),
        }
    }
}

impl Default for RedirectUri {
    fn default() -> Self {
        Self::Loopback(LoopbackUri::default())
    }
}

impl fmt::Display for RedirectUri {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Loopback(uri) => uri.fmt(formatter),
            Self::PrivateUse(uri) => uri.fmt(formatter),
        }
    }
}

impl Default for LoopbackUri {
    fn default() -> Self {
        Self {
            host: RedirectHost::Ipv4,
            ports: Vec::new(),
            path: "/callback".to_owned(),
        }
    }
}

impl LoopbackUri {
    fn parse(text: &str, url: &Url, further_ports: &[u16]) -> Result<Self, AddressFault> {
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
        if url.query().is_some() || url.fragment().is_some() || has_userinfo(url) {
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
        for port in explicit_port(text, url)
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

impl fmt::Display for LoopbackUri {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.ports.first() {
            Some(port) => formatter.write_str(&self.with_port(*port)),
            None => write!(formatter, "http://{}{}", self.host_text(), self.path),
        }
    }
}

impl PrivateUseUri {
    fn parse(text: &str, url: &Url) -> Result<Self, AddressFault> {
        let scheme = url.scheme();
        if !is_reversed_domain(scheme) {
            return Err(AddressFault::new(
                "has a scheme that any program may claim",
                "Use a scheme that is a domain name in reverse order, such as dev.doorkey.app:/callback, or http://127.0.0.1/callback.",
            ));
        }
        // A browser rewrites what is not in this form, and the link must come back byte for byte.
        if url.as_str() != text {
            return Err(AddressFault::new(
                "is not written as a browser writes it",
                format!("Write it as {url}, if the provider knows it so."),
            ));
        }
        let after_scheme = text.get(scheme.len() + 1..).unwrap_or_default();
        if url.has_authority() || !after_scheme.starts_with('/') || after_scheme.starts_with("//") {
            return Err(AddressFault::new(
                "has other than one slash after the scheme",
                format!("Use one slash and a path: {scheme}:/callback."),
            ));
        }
        if !after_scheme.bytes().all(is_path_byte) {
            return Err(AddressFault::new(
                "has more than scheme and path",
                format!("Use one slash and a path: {scheme}:/callback."),
            ));
        }
        Ok(Self {
            text: text.to_owned(),
            scheme_length: scheme.len(),
        })
    }

    /// The whole URI, byte for byte as it is sent to the provider twice, and as a link must begin.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The scheme, in lower case and without the colon.
    pub fn scheme(&self) -> &str {
        self.text.get(..self.scheme_length).unwrap_or_default()
    }
}

impl fmt::Display for PrivateUseUri {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

/// Whether a scheme is at least two labels of a domain name: whoever owns the domain has a claim to it, and no two
/// programs meet by accident ([RFC 8252 §7.1](https://www.rfc-editor.org/rfc/rfc8252#section-7.1)).
fn is_reversed_domain(scheme: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty()
            && label
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    scheme.contains('.') && scheme.split('.').all(is_label)
}

/// What a path is made of ([RFC 3986 §3.3](https://www.rfc-editor.org/rfc/rfc3986#section-3.3)).
fn is_path_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"/-._~!$&'()*+,;=:@%".contains(&byte)
}

const REDIRECT_FORM: &str = "Use http://127.0.0.1/callback (or [::1], or localhost), with a port only if the provider insists.";

/// `url` drops the default port, which is a fixed port all the same.
fn explicit_port(text: &str, url: &Url) -> Option<u16> {
    let authority = text.split("//").nth(1)?.split('/').next()?;
    url.port()
        .or_else(|| authority.ends_with(":80").then_some(80))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<RedirectUri, AddressFault> {
        RedirectUri::parse(text, &[])
    }

    fn loopback(text: &str, further_ports: &[u16]) -> Result<LoopbackUri, AddressFault> {
        match RedirectUri::parse(text, further_ports)? {
            RedirectUri::Loopback(uri) => Ok(uri),
            RedirectUri::PrivateUse(uri) => panic!("{uri}"),
        }
    }

    #[test]
    fn redirect_uris_are_loopback_addresses() -> Result<(), AddressFault> {
        assert_eq!(parse("http://127.0.0.1/callback")?, RedirectUri::default());
        assert_eq!(
            loopback("http://localhost:53593/callback", &[8400])?.ports(),
            [53593, 8400]
        );
        assert_eq!(loopback("http://127.0.0.1:80/", &[])?.ports(), [80]);
        assert_eq!(
            loopback("http://[::1]", &[])?.with_port(7),
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
            assert!(parse(bad).is_err(), "{bad}");
        }
        Ok(())
    }

    #[test]
    fn f02_a_scheme_is_a_reversed_domain_with_one_slash_and_a_path() -> Result<(), AddressFault> {
        for (good, scheme) in [
            ("dev.doorkey.app:/callback", "dev.doorkey.app"),
            ("com.example.app:/", "com.example.app"),
            (
                "com.googleusercontent.apps.123-abc:/oauth2redirect/a%20b",
                "com.googleusercontent.apps.123-abc",
            ),
        ] {
            let uri = parse(good)?;
            assert_eq!(
                (uri.to_string().as_str(), uri.scheme()),
                (good, Some(scheme))
            );
        }
        assert_eq!(RedirectUri::default().scheme(), None);
        Ok(())
    }

    #[test]
    fn f02_any_other_scheme_is_refused_with_the_fix() {
        for (bad, fix) in [
            ("myapp://x", "reverse order"),
            ("myapp://callback", "reverse order"),
            ("myapp:/x", "reverse order"),
            ("javascript:/x", "reverse order"),
            ("file:///callback", "reverse order"),
            ("dev..doorkey:/callback", "reverse order"),
            ("dev.:/callback", "reverse order"),
            ("dev.door+key:/callback", "reverse order"),
            ("dev.doorkey.app://callback", "dev.doorkey.app:/callback"),
            ("dev.doorkey.app:///callback", "dev.doorkey.app:/callback"),
            ("dev.doorkey.app://", "dev.doorkey.app:/callback"),
            ("dev.doorkey.app:callback", "dev.doorkey.app:/callback"),
            ("dev.doorkey.app:", "dev.doorkey.app:/callback"),
            ("dev.doorkey.app:/callback?a=b", "dev.doorkey.app:/callback"),
            ("dev.doorkey.app:/callback?", "dev.doorkey.app:/callback"),
            ("dev.doorkey.app:/callback#a", "dev.doorkey.app:/callback"),
            ("dev.doorkey.app:/call\\back", "dev.doorkey.app:/callback"),
            ("DEV.doorkey.app:/callback", "dev.doorkey.app:/callback"),
            (
                "dev.doorkey.app:/a/../callback",
                "dev.doorkey.app:/callback",
            ),
            (" dev.doorkey.app:/callback", "dev.doorkey.app:/callback"),
            ("dev.doorkey.app:/call back", "dev.doorkey.app:/call%20back"),
            ("dev.doorkey.app:/caf\u{e9}", "dev.doorkey.app:/caf%C3%A9"),
        ] {
            let fault = parse(bad).expect_err(bad);
            assert!(fault.fix.contains(fix), "{bad}: {fault:?}");
        }
        let fault = RedirectUri::parse("dev.doorkey.app:/callback", &[8400]).expect_err("a port");
        assert!(fault.fix.contains("redirect_ports"), "{fault:?}");
    }
}
