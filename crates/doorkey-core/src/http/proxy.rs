//! Which proxy stands between here and a server.

use hyper_util::client::proxy::matcher::Matcher;
use url::Url;

use crate::profile::is_loopback;

/// What to do when the way through a proxy leads nowhere.
pub(crate) const REMEDY: &str = "HTTPS_PROXY names the proxy, or the system's settings do; NO_PROXY lists who is asked without it. If it asks for a password, write it as http://NAME:PASSWORD@PROXY.";

/// The proxy that requests to an address go through, without its password: what `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY`
/// say, or else the system's settings. It is decided by the same code as in the client itself.
pub(crate) fn proxy_for(url: &Url) -> Option<String> {
    // This computer itself is never asked through one.
    if is_loopback(url) {
        return None;
    }
    found(&Matcher::from_system(), url)
}

fn found(matcher: &Matcher, url: &Url) -> Option<String> {
    let intercepted = matcher.intercept(&url.as_str().parse().ok()?)?;
    let proxy = intercepted.uri();
    let (scheme, host) = (proxy.scheme_str()?, proxy.host()?);
    Some(match proxy.port_u16() {
        Some(port) => format!("{scheme}://{host}:{port}"),
        None => format!("{scheme}://{host}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_proxy_is_named_without_its_password() -> Result<(), url::ParseError> {
        let matcher = Matcher::builder()
            .https("http://ada:hunter2@proxy.example:3128")
            .no("intranet.example,10.0.0.0/8")
            .build();
        for (address, proxy) in [
            (
                "https://login.example.com/a",
                Some("http://proxy.example:3128"),
            ),
            ("https://login.intranet.example", None),
            ("https://10.1.2.3", None),
            ("http://login.example.com", None),
        ] {
            assert_eq!(
                found(&matcher, &Url::parse(address)?).as_deref(),
                proxy,
                "{address}"
            );
        }
        assert_eq!(proxy_for(&Url::parse("http://127.0.0.1:4180")?), None);
        Ok(())
    }
}
