//! The apps that the broker knows, and where their answers may go.

use crate::personality::{Redirects, Registration};

/// Client id of the app that is registered from the start.
pub const DEMO_CLIENT_ID: &str = "doorkey-desktop";

/// Path of that app's redirect URI: `http://127.0.0.1:<any port>/callback`.
pub const DEMO_REDIRECT_PATH: &str = "/callback";

/// Path where a browser may land after signing out:
/// `http://127.0.0.1:<any port>/signed-out`.
pub const DEMO_SIGNED_OUT_PATH: &str = "/signed-out";

/// A public native client: an app without a secret, held by PKCE instead
/// ([RFC 8252]).
///
/// A redirect URI is compared byte for byte, with one exception: if the
/// registered one is `http://` on `127.0.0.1`, `[::1]` or `localhost`, the port
/// may be any ([RFC 8252 7.3]). Register such a URI without a port. A
/// [`Personality`](crate::Personality) may have other rules.
///
/// [RFC 8252]: https://www.rfc-editor.org/rfc/rfc8252
/// [RFC 8252 7.3]: https://www.rfc-editor.org/rfc/rfc8252#section-7.3
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// What the app sends as `client_id`.
    pub id: String,
    /// What a person reads on the consent page.
    pub name: String,
    /// Where the answer to an authorization request may go.
    pub redirect_uris: Vec<String>,
    /// Where a browser may go after signing out.
    pub post_logout_redirect_uris: Vec<String>,
}

impl Client {
    /// The app that is registered from the start.
    pub(crate) fn registered(registration: &Registration) -> Self {
        let owned = |uris: &[&str]| uris.iter().map(|uri| (*uri).to_owned()).collect();
        Self {
            id: registration.client_id.to_owned(),
            name: "Doorkey".to_owned(),
            redirect_uris: owned(registration.redirect_uris),
            post_logout_redirect_uris: owned(registration.post_logout_redirect_uris),
        }
    }

    /// The first registered address that no answer should ever go to.
    ///
    /// Good are `https:` addresses, `http:` on the loopback interface, and
    /// schemes that are reversed domain names ([RFC 8252 7.1]); never with a
    /// fragment.
    ///
    /// [RFC 8252 7.1]: https://www.rfc-editor.org/rfc/rfc8252#section-7.1
    pub(crate) fn unusable_uri(&self) -> Option<&str> {
        let mut all = self
            .redirect_uris
            .iter()
            .chain(&self.post_logout_redirect_uris);
        all.find(|uri| !is_usable(uri)).map(String::as_str)
    }

    pub(crate) fn may_redirect_to(&self, uri: &str, rule: &Redirects) -> bool {
        let mut registered = self.redirect_uris.iter();
        registered.any(|registered| rule.are_the_same(registered, uri))
    }

    pub(crate) fn may_sign_out_to(&self, uri: &str, rule: &Redirects) -> bool {
        let mut registered = self.post_logout_redirect_uris.iter();
        registered.any(|registered| rule.are_the_same(registered, uri))
    }
}

fn is_usable(uri: &str) -> bool {
    let Ok(url) = url::Url::parse(uri) else {
        return false;
    };
    let target_is_good = match url.scheme() {
        "https" => url.has_host(),
        "http" => LOOPBACK.iter().any(|host| {
            uri.strip_prefix(host)
                .is_some_and(|rest| without_port(rest).is_some())
        }),
        scheme => scheme.contains('.'),
    };
    target_is_good
        && url.fragment().is_none()
        && uri.is_ascii()
        && !uri.contains(char::is_whitespace)
}

const LOOPBACK: [&str; 3] = ["http://127.0.0.1", "http://[::1]", "http://localhost"];

impl Redirects {
    /// Compares text, never parsed URLs: a parser forgives what a rule must not.
    fn are_the_same(&self, registered: &str, asked: &str) -> bool {
        if registered == asked {
            return true;
        }
        self.any_port.iter().any(|host| {
            let (Some(registered), Some(asked)) =
                (registered.strip_prefix(host), asked.strip_prefix(host))
            else {
                return false;
            };
            let (Some(registered_path), Some(asked_path)) =
                (without_port(registered), without_port(asked))
            else {
                return false;
            };
            registered_path == asked_path || (self.any_path && !asked_path.contains('#'))
        })
    }
}

/// `:4180/callback` and `/callback` give `/callback`; a host that goes on
/// (`.example.com`) or a port that is none gives nothing.
fn without_port(rest: &str) -> Option<&str> {
    let Some(after_colon) = rest.strip_prefix(':') else {
        return (rest.is_empty() || rest.starts_with(['/', '?'])).then_some(rest);
    };
    let end = after_colon.find(|character: char| !character.is_ascii_digit());
    let (digits, path) = after_colon.split_at(end.unwrap_or(after_colon.len()));
    let is_port = digits.parse::<u16>().is_ok_and(|port| port > 0) && !digits.starts_with('0');
    (is_port && (path.is_empty() || path.starts_with(['/', '?']))).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn demo() -> Client {
        Client::registered(&Registration::STANDARD)
    }

    #[test]
    fn any_port_on_loopback_and_everything_else_exact() {
        let client = demo();
        let rule = Redirects::STANDARD;
        for good in [
            "http://127.0.0.1:53412/callback",
            "http://127.0.0.1/callback",
            "http://[::1]:1/callback",
            "http://localhost:65535/callback",
            "dev.doorkey.app:/callback",
        ] {
            assert!(client.may_redirect_to(good, &rule), "{good}");
        }
        for bad in [
            "https://127.0.0.1:53412/callback",
            "http://127.0.0.1:53412/callback/",
            "http://127.0.0.1:53412/Callback",
            "http://127.0.0.1:53412/callback?a=1",
            "http://127.0.0.1:53412/callback#a",
            "http://127.0.0.1:53412/x/../callback",
            "http://127.0.0.1.example.com/callback",
            "http://127.0.0.1:80.example.com/callback",
            "http://127.0.0.1:@example.com/callback",
            "http://user@127.0.0.1:53412/callback",
            "http://127.0.0.1:0/callback",
            "http://127.0.0.1:080/callback",
            "http://127.0.0.1:65536/callback",
            "http://127.0.0.1:/callback",
            "http://127.0.0.2:53412/callback",
            "http://LOCALHOST:53412/callback",
            "http://127.1:53412/callback",
            "dev.doorkey.app://callback",
            "dev.doorkey.app:/callback?x",
            "DEV.DOORKEY.APP:/callback",
            "",
        ] {
            assert!(!client.may_redirect_to(bad, &rule), "{bad}");
        }
    }

    #[test]
    fn addresses_that_no_answer_may_go_to_cannot_be_registered() {
        let unusable = |uri: &str| {
            Client {
                redirect_uris: vec![uri.to_owned()],
                ..demo()
            }
            .unusable_uri()
            .is_some()
        };
        assert_eq!(demo().unusable_uri(), None);
        assert!(!unusable("https://app.example.com/callback?tenant=a"));
        for bad in [
            "javascript:alert(1)",
            "data:text/html,x",
            "myapp:/callback",
            "http://app.example.com/callback",
            "http://127.0.0.1.example.com/callback",
            "https://app.example.com/callback#x",
            "https://app.example.com/a b",
            "/callback",
            "",
        ] {
            assert!(unusable(bad), "{bad}");
        }
    }

    #[test]
    fn other_hosts_keep_their_port() {
        let client = Client {
            redirect_uris: vec!["https://app.example.com/callback".to_owned()],
            ..demo()
        };
        let may = |uri| client.may_redirect_to(uri, &Redirects::STANDARD);
        assert!(may("https://app.example.com/callback"));
        assert!(!may("https://app.example.com:8443/callback"));
    }

    #[test]
    fn the_port_counts_where_the_rule_does_not_say_otherwise() {
        let client = Client {
            redirect_uris: vec![
                "http://127.0.0.1/callback".to_owned(),
                "http://localhost:8714/callback".to_owned(),
            ],
            ..demo()
        };
        let rule = Redirects {
            any_port: &["http://127.0.0.1"],
            ..Redirects::STANDARD
        };
        for (uri, only_some, exact) in [
            ("http://127.0.0.1:49152/callback", true, false),
            ("http://127.0.0.1/callback", true, true),
            ("http://localhost:8714/callback", true, true),
            ("http://localhost:49152/callback", false, false),
            ("http://127.0.0.1:49152/other", false, false),
        ] {
            assert_eq!(client.may_redirect_to(uri, &rule), only_some, "{uri}");
            assert_eq!(
                client.may_redirect_to(uri, &Redirects::EXACT),
                exact,
                "{uri}"
            );
        }
        let any_path = Redirects {
            any_path: true,
            ..rule
        };
        assert!(client.may_redirect_to("http://127.0.0.1:49152/other", &any_path));
        assert!(!client.may_redirect_to("http://localhost:8714/other", &any_path));
        assert!(!client.may_redirect_to("http://127.0.0.1.example.com/other", &any_path));
    }
}
