//! Which requests may carry an answer at all: right host, path and method, and a person's navigation rather than
//! something that a page does behind their back.

use std::time::Duration;

use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode, header};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use hyper::body::Body;
use tokio::time::timeout;
use url::form_urlencoded;
use zeroize::Zeroize as _;

use crate::profile::{LoopbackUri, ResponseMode};

use super::pages::Page;

/// How large the head of a request may be: codes of several kilobytes, and the cookies of every other program on
/// this host, since cookies do not know ports.
pub(super) const HEAD_LIMIT: usize = 64 * 1024;
/// How large the body of a posted answer may be.
pub(super) const BODY_LIMIT: usize = 64 * 1024;
/// How long the body of a posted answer may take.
const BODY_DEADLINE: Duration = Duration::from_secs(10);
const FORM: &str = "application/x-www-form-urlencoded";
/// What browsers send with a request that nobody has decided to make yet.
const SPECULATION: [&str; 4] = ["sec-purpose", "purpose", "x-purpose", "x-moz"];

/// Lets through what may be an answer.
#[derive(Debug)]
pub(super) struct Gate {
    pub(super) authorities: Vec<String>,
    pub(super) path: String,
    pub(super) mode: ResponseMode,
}

/// Why a request is turned away, and with what.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TurnedAway {
    pub(super) status: StatusCode,
    /// A word for the trace. Nothing of the request is ever repeated.
    pub(super) reason: &'static str,
    pub(super) page: Page,
    /// The method that would have been right.
    pub(super) allow: Option<Method>,
}

/// Decoded parameters, duplicates and order as they came; wiped when dropped.
#[derive(Default)]
pub(super) struct Parameters(pub(super) Vec<(String, String)>);

impl Gate {
    pub(super) fn new(redirect: &LoopbackUri, port: u16, mode: ResponseMode) -> Self {
        let uri = redirect.with_port(port);
        let authority = uri
            .strip_prefix("http://")
            .and_then(|rest| rest.strip_suffix(redirect.path()))
            .unwrap_or_default();
        let mut authorities = vec![authority.to_owned()];
        // Browsers leave the default port out.
        authorities.extend(authority.strip_suffix(":80").map(str::to_owned));
        Self {
            authorities,
            path: redirect.path().to_owned(),
            mode,
        }
    }

    /// The parameters of a request that may be an answer.
    pub(super) async fn parameters<B>(&self, request: Request<B>) -> Result<Parameters, TurnedAway>
    where
        B: Body,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let (parts, body) = request.into_parts();
        self.admit(&parts)?;
        match self.mode {
            ResponseMode::Query => Ok(Parameters::parse(
                parts.uri.query().unwrap_or_default().as_bytes(),
            )),
            ResponseMode::FormPost => posted(body).await,
        }
    }

    /// Judges everything but the parameters.
    fn admit(&self, parts: &Parts) -> Result<(), TurnedAway> {
        check_size(parts)?;
        // A name that an attacker's DNS points here is not ours.
        match only(&parts.headers, "host") {
            Some(host) if self.authorities.iter().any(|authority| authority == host) => {}
            Some(_) => return Err(TurnedAway::new(StatusCode::MISDIRECTED_REQUEST, "host")),
            None => return Err(TurnedAway::new(StatusCode::BAD_REQUEST, "host")),
        }
        // Only a proxy is sent whole URLs, and this is none.
        if parts.uri.authority().is_some() {
            return Err(TurnedAway::new(StatusCode::BAD_REQUEST, "target"));
        }
        if parts.uri.path() != self.path {
            return Err(TurnedAway::new(StatusCode::NOT_FOUND, "path"));
        }
        let method = match self.mode {
            ResponseMode::Query => Method::GET,
            ResponseMode::FormPost => Method::POST,
        };
        if parts.method != method {
            let allow = Some(method);
            return Err(TurnedAway {
                allow,
                ..TurnedAway::new(StatusCode::METHOD_NOT_ALLOWED, "method")
            });
        }
        // Told that it cannot be had in advance, the browser asks again when the person really goes there.
        if SPECULATION
            .iter()
            .any(|name| parts.headers.contains_key(*name))
        {
            return Err(TurnedAway::new(StatusCode::SERVICE_UNAVAILABLE, "prefetch"));
        }
        self.check_navigation(&parts.headers)?;
        if self.mode == ResponseMode::FormPost
            && !only(&parts.headers, "content-type").is_some_and(is_form)
        {
            return Err(TurnedAway::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "type"));
        }
        Ok(())
    }

    /// Only a tab that goes here may bring an answer ([Fetch Metadata](https://www.w3.org/TR/fetch-metadata/)): no image, no
    /// frame, no script. Browsers that say nothing about it are believed.
    fn check_navigation(&self, headers: &HeaderMap) -> Result<(), TurnedAway> {
        let all =
            |name: &str, right: &str| headers.get_all(name).iter().all(|value| value == right);
        if !all("sec-fetch-mode", "navigate") || !all("sec-fetch-dest", "document") {
            return Err(TurnedAway::new(StatusCode::FORBIDDEN, "fetch"));
        }
        // A posted form names the provider's origin, or none. A GET that names one was made by a script, unless the
        // browser vouches for it: pages cannot set these headers.
        let vouched =
            headers.contains_key("sec-fetch-mode") && headers.contains_key("sec-fetch-dest");
        let own = |origin: &HeaderValue| {
            origin
                .to_str()
                .ok()
                .and_then(|origin| origin.strip_prefix("http://"))
                .is_some_and(|authority| self.authorities.iter().any(|own| own == authority))
        };
        if self.mode == ResponseMode::Query
            && !vouched
            && !headers.get_all(header::ORIGIN).iter().all(own)
        {
            return Err(TurnedAway::new(StatusCode::FORBIDDEN, "origin"));
        }
        Ok(())
    }
}

impl TurnedAway {
    fn new(status: StatusCode, reason: &'static str) -> Self {
        Self {
            status,
            reason,
            page: Page::Stray,
            allow: None,
        }
    }

    /// A callback, but not for what is waiting.
    pub(super) fn callback(reason: &'static str) -> Self {
        Self {
            page: Page::Over,
            ..Self::new(StatusCode::BAD_REQUEST, reason)
        }
    }

    /// A callback for what waited once.
    pub(super) fn over() -> Self {
        Self {
            page: Page::Over,
            ..Self::new(StatusCode::GONE, "over")
        }
    }
}

impl Parameters {
    /// Decodes `application/x-www-form-urlencoded`. Bytes that are not UTF-8 become replacement characters, which
    /// nothing that matters may contain.
    pub(super) fn parse(encoded: &[u8]) -> Self {
        Self(form_urlencoded::parse(encoded).into_owned().collect())
    }
}

impl Drop for Parameters {
    fn drop(&mut self) {
        for (_, value) in &mut self.0 {
            value.zeroize();
        }
    }
}

fn check_size(parts: &Parts) -> Result<(), TurnedAway> {
    // As it was on the wire, but for white space.
    let target = parts
        .uri
        .path_and_query()
        .map_or(0, |target| target.as_str().len());
    let headers: usize = parts
        .headers
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len() + ": \r\n".len())
        .sum();
    match target + headers {
        size if size <= HEAD_LIMIT => Ok(()),
        _ if target > headers => Err(TurnedAway::new(StatusCode::URI_TOO_LONG, "size")),
        _ => Err(TurnedAway::new(
            StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            "size",
        )),
    }
}

async fn posted<B>(body: B) -> Result<Parameters, TurnedAway>
where
    B: Body,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let too_large = || TurnedAway::new(StatusCode::PAYLOAD_TOO_LARGE, "size");
    if body.size_hint().lower() > BODY_LIMIT as u64 {
        return Err(too_large());
    }
    match timeout(BODY_DEADLINE, Limited::new(body, BODY_LIMIT).collect()).await {
        Ok(Ok(body)) => Ok(Parameters::parse(&body.to_bytes())),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(too_large()),
        Ok(Err(_)) => Err(TurnedAway::new(StatusCode::BAD_REQUEST, "body")),
        Err(_) => Err(TurnedAway::new(StatusCode::REQUEST_TIMEOUT, "body")),
    }
}

/// The value of a header that must be there once.
fn only<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => value.to_str().ok(),
        _ => None,
    }
}

fn is_form(content_type: &str) -> bool {
    content_type
        .split(';')
        .next()
        .is_some_and(|essence| essence.trim().eq_ignore_ascii_case(FORM))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::receiver::tests::redirect;

    fn judge(gate: &Gate, host: &str, origin: Option<&str>) -> Option<&'static str> {
        let mut request = Request::get("/callback").header("host", host);
        if let Some(origin) = origin {
            request = request.header("origin", origin);
        }
        let (parts, ()) = request.body(()).expect("a request").into_parts();
        gate.admit(&parts)
            .err()
            .map(|turned_away| turned_away.reason)
    }

    #[test]
    fn a52_a_head_of_64_kib_is_the_largest() {
        let sized = |target: usize, header: usize| {
            let request = Request::get(format!("/{}", "a".repeat(target - 1)))
                .header("x", "b".repeat(header - "x: \r\n".len()));
            let (parts, ()) = request.body(()).expect("a request").into_parts();
            check_size(&parts).err().map(|away| away.status.as_u16())
        };
        assert_eq!(sized(35_536, 30_000), None);
        assert_eq!(sized(35_537, 30_000), Some(414));
        assert_eq!(sized(30_000, 35_537), Some(431));
        assert_eq!(sized(32_769, 32_769), Some(431));
    }

    #[test]
    fn browsers_leave_the_default_port_out() {
        let redirect = redirect("redirect_uri = \"http://127.0.0.1:80/callback\"");
        let gate = Gate::new(&redirect, 80, ResponseMode::Query);
        for host in ["127.0.0.1", "127.0.0.1:80"] {
            assert_eq!(judge(&gate, host, None), None);
            assert_eq!(judge(&gate, host, Some("http://127.0.0.1")), None);
        }
        for host in ["127.0.0.1:", "127.0.0.1:8080", "127.0.0.1:080"] {
            assert_eq!(judge(&gate, host, None), Some("host"));
        }
        let gate = Gate::new(&redirect, 8080, ResponseMode::Query);
        assert_eq!(judge(&gate, "127.0.0.1:8080", None), None);
        assert_eq!(judge(&gate, "127.0.0.1:80", None), Some("host"));
        assert_eq!(judge(&gate, "127.0.0.1", None), Some("host"));
    }

    #[test]
    fn every_redirect_host_has_its_own_authority() {
        for (uri, right) in [
            ("http://127.0.0.1/callback", "127.0.0.1:4000"),
            ("http://[::1]/callback", "[::1]:4000"),
            ("http://localhost/callback", "localhost:4000"),
        ] {
            let redirect = redirect(&format!("redirect_uri = \"{uri}\""));
            let gate = Gate::new(&redirect, 4000, ResponseMode::Query);
            for host in ["127.0.0.1:4000", "[::1]:4000", "localhost:4000", "::1:4000"] {
                let expected = if host == right { None } else { Some("host") };
                assert_eq!(judge(&gate, host, None), expected, "{uri} {host}");
                let origin = format!("http://{host}");
                let expected = if host == right { None } else { Some("origin") };
                assert_eq!(
                    judge(&gate, right, Some(&origin)),
                    expected,
                    "{uri} {origin}"
                );
            }
            assert_eq!(
                judge(&gate, right, Some(&format!("https://{right}"))),
                Some("origin")
            );
        }
    }
}
