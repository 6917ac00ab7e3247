//! Requests as a browser makes them: cookies, redirects one by one, and the headers that tell how
//! a page was reached.

use std::{sync::Arc, time::Duration};

use reqwest::{
    Method, RequestBuilder, StatusCode,
    cookie::Jar,
    header::{
        ACCEPT, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, LOCATION, ORIGIN, USER_AGENT,
    },
    redirect::Policy,
};
use url::{Origin, Url};

use super::page::Step;
use crate::{Error, Result};

const MOST_REDIRECTS: usize = 20;

/// A callback is answered only when the sign-in is decided.
const TIMEOUT: Duration = Duration::from_secs(30);

/// What a step led to.
pub(super) enum Answer {
    /// A page.
    Page { url: Url, status: u16, body: String },
    /// A redirect to a scheme that belongs to another program.
    OtherProgram(Url),
}

/// One browser window with its cookies.
pub(super) struct Client {
    jar: Arc<Jar>,
    plain: Option<reqwest::Client>,
    secure: Option<reqwest::Client>,
    /// The origin of the page that is shown.
    shown: Option<Origin>,
}

impl Client {
    pub(super) fn new() -> Self {
        Self {
            jar: Arc::default(),
            plain: None,
            secure: None,
            shown: None,
        }
    }

    /// Takes a step and follows where it leads.
    pub(super) async fn take(&mut self, step: Step) -> Result<Answer> {
        let Step { mut url, mut form } = step;
        for _ in 0..MOST_REDIRECTS {
            let response = self.request(&url, form.as_deref())?.send().await?;
            let status = response.status();
            let Some(target) = redirect(response.headers(), status) else {
                self.shown = Some(url.origin());
                return Ok(Answer::Page {
                    url,
                    status: status.as_u16(),
                    body: response.text().await?,
                });
            };
            url = url
                .join(target)
                .map_err(|error| Error::unexpected("agent", format!("bad redirect: {error}")))?;
            if !matches!(url.scheme(), "http" | "https") {
                return Ok(Answer::OtherProgram(url));
            }
            if !matches!(
                status,
                StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT
            ) {
                form = None;
            }
        }
        Err(Error::unexpected(
            "agent",
            format!("more than {MOST_REDIRECTS} redirects"),
        ))
    }

    fn request(&mut self, url: &Url, form: Option<&str>) -> Result<RequestBuilder> {
        let method = if form.is_some() {
            Method::POST
        } else {
            Method::GET
        };
        let shown = self.shown.clone();
        let mut request = self.client(url)?.request(method, url.clone());
        if let (Some(form), Some(shown)) = (form, &shown) {
            request = request
                .header(ORIGIN, shown.ascii_serialization())
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(form.to_owned());
        }
        Ok(request.header("sec-fetch-site", site(shown.as_ref(), &url.origin())))
    }

    /// The client for a URL. The trust store takes longer to read than a whole sign-in on the
    /// loopback interface, so it is read only for `https`.
    fn client(&mut self, url: &Url) -> Result<&reqwest::Client> {
        let secure = url.scheme() == "https";
        let slot = if secure {
            &mut self.secure
        } else {
            &mut self.plain
        };
        if slot.is_none() {
            let mut builder = reqwest::Client::builder()
                .cookie_provider(Arc::clone(&self.jar))
                .default_headers(headers())
                .redirect(Policy::none())
                .timeout(TIMEOUT);
            if !secure {
                builder = builder.tls_certs_only([]).no_proxy();
            }
            *slot = Some(builder.build()?);
        }
        slot.as_ref()
            .ok_or_else(|| Error::unexpected("agent", "no client"))
    }
}

/// What a browser says with each page that it opens in a tab.
fn headers() -> HeaderMap {
    [
        (USER_AGENT, "doorkey-agent"),
        (ACCEPT, "text/html,application/xhtml+xml,*/*;q=0.8"),
        (HeaderName::from_static("sec-fetch-mode"), "navigate"),
        (HeaderName::from_static("sec-fetch-dest"), "document"),
        (HeaderName::from_static("sec-fetch-user"), "?1"),
    ]
    .into_iter()
    .map(|(name, value)| (name, HeaderValue::from_static(value)))
    .collect()
}

fn redirect(headers: &HeaderMap, status: StatusCode) -> Option<&str> {
    status
        .is_redirection()
        .then(|| headers.get(LOCATION)?.to_str().ok())
        .flatten()
}

/// How the origin of the page that was left relates to the next one. Ports make another origin, but
/// not another site.
///
/// <https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header>
fn site(from: Option<&Origin>, to: &Origin) -> &'static str {
    match (from, to) {
        (None, _) => "none",
        (Some(from), to) if from == to => "same-origin",
        (Some(Origin::Tuple(scheme, host, _)), Origin::Tuple(to_scheme, to_host, _))
            if scheme == to_scheme && host == to_host =>
        {
            "same-site"
        }
        _ => "cross-site",
    }
}
