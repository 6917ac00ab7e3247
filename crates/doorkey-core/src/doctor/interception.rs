//! Whether somebody else answers in the provider's place: the sign-in page of a hotel's network, or a proxy's own page.

use reqwest::header::LOCATION;
use reqwest::{Method, Request, StatusCode};
use url::Url;

use super::{Check, Topic};
use crate::http::{Answer, Http, Limits};
use crate::profile::{Profile, Server};

const SIGN_IN_TO_THE_NETWORK: &str = "Check the issuer; a plain OAuth 2 server without metadata needs `[endpoints]` in the profile instead. If it is right, this network may want a sign-in of its own first, as in a hotel: open any page in the browser, sign in to the network, and try again.";

/// How an answer that is no metadata came about.
#[derive(Debug, PartialEq, Eq)]
enum Answered {
    /// The network says so itself ([RFC 6585 §6](https://www.rfc-editor.org/rfc/rfc6585#section-6)).
    Network,
    /// The proxy wants a name and a password.
    Proxy,
    /// The request is sent on to another server.
    SentTo(String),
    /// A page for people.
    Page,
}

/// What answers where the metadata should be, if it looks like somebody else; else there is nothing to say beyond what
/// discovery says itself.
pub(super) async fn check(profile: &Profile, http: &Http) -> Option<Check> {
    let Server::Discovered(issuer) = &profile.server else {
        return None;
    };
    let mut url = issuer.url().clone();
    let path = url.path().trim_end_matches('/');
    url.set_path(&format!("{path}/.well-known/openid-configuration"));
    let answer = http.glance(Request::new(Method::GET, url.clone()), Limits::PROVIDER);
    let host = profile.provider_host();
    let (seen, remedy) = match classify(&url, &answer.await.ok()?)? {
        Answered::Network => (
            "This network wants a sign-in of its own before anything can be asked".to_owned(),
            "Open any page in the browser, sign in to the network, and try again.",
        ),
        Answered::Proxy => (
            "The proxy wants a name and a password".to_owned(),
            "Write them into HTTPS_PROXY: http://NAME:PASSWORD@PROXY.",
        ),
        Answered::SentTo(other) => (
            format!("Instead of its metadata, {host} sends the request on to {other}"),
            SIGN_IN_TO_THE_NETWORK,
        ),
        Answered::Page => (
            format!("Instead of its metadata, {host} answers with a page for people"),
            SIGN_IN_TO_THE_NETWORK,
        ),
    };
    Some(Topic::PROVIDER.broken(seen, remedy))
}

fn classify(asked: &Url, answer: &Answer) -> Option<Answered> {
    match answer.status {
        StatusCode::NETWORK_AUTHENTICATION_REQUIRED => Some(Answered::Network),
        StatusCode::PROXY_AUTHENTICATION_REQUIRED => Some(Answered::Proxy),
        status if status.is_redirection() => {
            let location = answer.headers.get(LOCATION)?.to_str().ok()?;
            let to = asked.join(location).ok()?;
            (to.origin() != asked.origin())
                .then(|| to.host_str().unwrap_or("elsewhere").to_owned())
                .map(Answered::SentTo)
        }
        status if status.is_success() && answer.has_media_type("text/html") => Some(Answered::Page),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
    use zeroize::Zeroizing;

    use super::*;

    fn answer(status: u16, header: Option<(HeaderName, &'static str)>) -> Answer {
        let headers = header.map(|(name, value)| (name, HeaderValue::from_static(value)));
        Answer {
            status: StatusCode::from_u16(status).expect("a status"),
            headers: headers.into_iter().collect::<HeaderMap>(),
            body: Zeroizing::default(),
        }
    }

    #[test]
    fn somebody_elses_answer_is_known_by_its_form() -> Result<(), url::ParseError> {
        let asked = Url::parse("https://login.example.com/.well-known/openid-configuration")?;
        for (status, header, is) in [
            (511, None, Some(Answered::Network)),
            (407, None, Some(Answered::Proxy)),
            (
                302,
                Some((LOCATION, "http://portal.hotel.example/?next=x")),
                Some(Answered::SentTo("portal.hotel.example".to_owned())),
            ),
            (302, Some((LOCATION, "/login")), None),
            (
                200,
                Some((CONTENT_TYPE, "text/html; charset=utf-8")),
                Some(Answered::Page),
            ),
            (200, Some((CONTENT_TYPE, "application/json")), None),
            (404, Some((CONTENT_TYPE, "text/html")), None),
        ] {
            assert_eq!(classify(&asked, &answer(status, header)), is, "{status}");
        }
        Ok(())
    }
}
