//! The protected-API caller: the only way a token leaves the engine on somebody's behalf.

mod challenge;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod fuzzing;
mod headers;
mod mask;
mod target;
#[cfg(test)]
mod tests;

use std::time::{Duration, Instant};

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, Request, StatusCode};
use url::Url;

pub use challenge::Challenge;

use crate::error::{Code, Error, Result};
use crate::http::{Answer, Limits};
use crate::session::{Record, Session, Shared};
use crate::trace::{Flow, StepKind, shown};

/// How long a call may take, and how large its answer may be.
const LIMITS: Limits = Limits {
    deadline: Duration::from_secs(60),
    cap: 32 * 1024 * 1024,
};
/// How large a body may be that is sent.
const BODY_LIMIT: usize = 32 * 1024 * 1024;

/// A call to the protected API.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ApiRequest {
    /// The HTTP method, such as `GET`.
    pub method: String,
    /// A path relative to the profile's first API, or a whole URL below any of them.
    pub target: String,
    /// Further headers. `Authorization`, `Host`, `Cookie` and those of the connection are refused.
    pub headers: Vec<(String, String)>,
    /// The body, byte for byte.
    pub body: Option<Vec<u8>>,
}

/// What the API answered, whatever its status. The bytes of our tokens are masked.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiResponse {
    /// The status code.
    pub status: u16,
    /// The headers in the order received, without `Set-Cookie`.
    pub headers: Vec<(String, String)>,
    /// The body, byte for byte but for masked tokens.
    pub body: Vec<u8>,
    /// From the first byte sent to the last byte received, the refresh in between included.
    pub elapsed: Duration,
    /// What the API demands, if it refused the token.
    pub challenge: Option<Challenge>,
}

impl ApiRequest {
    /// A request without a body.
    pub fn new(method: impl Into<String>, target: impl Into<String>) -> Self {
        Self {
            method: method.into(),
            target: target.into(),
            ..Self::default()
        }
    }

    /// A `GET` of a path or URL.
    pub fn get(target: impl Into<String>) -> Self {
        Self::new("GET", target)
    }

    /// Adds a header.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// The whole address that it goes to, if [`Session::call`] would send it for this profile.
    ///
    /// # Errors
    /// [`Code::OriginNotAllowed`] and [`Code::RequestInvalid`], as there.
    pub fn address(&self, profile: &crate::Profile) -> Result<Url> {
        Ok(Checked::new(profile, self.clone())?.url)
    }

    /// Sets the body.
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some(body.into());
        self
    }
}

impl ApiResponse {
    /// Whether the status is 2xx.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The body as text, with what is not UTF-8 replaced.
    pub fn text(&self) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(&self.body)
    }
}

impl std::fmt::Debug for ApiResponse {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("ApiResponse")
            .field("status", &self.status)
            .field("size", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// A request that has passed every check and needs only a token.
struct Checked {
    method: Method,
    url: Url,
    headers: HeaderMap,
    body: Option<Vec<u8>>,
}

impl Session {
    /// Calls the protected API with a fresh access token, under the header that the profile or its server names.
    ///
    /// The token goes only to the APIs that the profile lists, and redirects are returned, not followed. A
    /// refused token is renewed once and the call repeated once
    /// ([RFC 6750 §3.1](https://www.rfc-editor.org/rfc/rfc6750#section-3.1)). A connection that broke is tried once more
    /// for safe methods only ([RFC 9110 §9.2.1](https://www.rfc-editor.org/rfc/rfc9110#section-9.2.1)).
    ///
    /// # Errors
    /// [`Code::OriginNotAllowed`] and [`Code::RequestInvalid`] before a byte is sent; [`Code::ResponseTooLarge`] above 32 MiB; a
    /// network error; or as [`Session::access_token`]. A status of 4xx or 5xx is no error but an answer.
    pub async fn call(&self, request: ApiRequest) -> Result<ApiResponse> {
        let shared = self.shared();
        let trace = shared.trace(Flow::Call);
        let checked = Checked::new(&shared.profile, request)?;
        let started = Instant::now();
        trace.step(StepKind::ApiRequest, || {
            vec![
                ("method", shown(&checked.method)),
                ("url", shown(origin_and_path(&checked.url))),
            ]
        });
        let result = call(self, &checked).await;
        match result {
            Ok((answer, records)) => {
                trace.step(StepKind::ApiResponse, || {
                    vec![
                        ("status", shown(answer.status.as_u16())),
                        ("size", shown(answer.body.len())),
                    ]
                });
                let tokens = mask::Tokens::of(&records);
                let refused = matches!(
                    answer.status,
                    StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN
                );
                let challenge = refused
                    .then(|| headers::masked(&answer.headers, &tokens))
                    .and_then(|headers| Challenge::of(answer.status, &headers));
                Ok(ApiResponse {
                    status: answer.status.as_u16(),
                    headers: headers::received(&answer.headers, &tokens),
                    body: tokens.mask(std::mem::take(&mut *{ answer.body })),
                    elapsed: started.elapsed(),
                    challenge,
                })
            }
            Err(error) => {
                trace.failed(StepKind::ApiResponse, &error);
                Err(error)
            }
        }
    }
}

/// Sends the request, renews a refused token once, and returns the answer with the records whose tokens were used.
async fn call(
    session: &Session,
    request: &Checked,
) -> Result<(Answer, Vec<std::sync::Arc<Record>>)> {
    let shared = session.shared();
    let record = shared.record(Duration::ZERO).await?;
    let answer = send(shared, request, &record).await?;
    let refused = answer.status == StatusCode::UNAUTHORIZED
        && Challenge::of(answer.status, &answer.headers)
            .is_none_or(|challenge| challenge.calls_for_refresh())
        && record.refresh_token.is_some();
    if !refused {
        return Ok((answer, vec![record]));
    }
    let renewed = match Shared::renew_refused(shared, &record).await {
        Ok(renewed) => renewed,
        // The API's own answer says more than that there is no newer token.
        Err(error) if error.fault() == crate::Fault::NotSignedIn => return Err(error),
        Err(_) => return Ok((answer, vec![record])),
    };
    let answer = send(shared, request, &renewed).await?;
    Ok((answer, vec![record, renewed]))
}

async fn send(shared: &Shared, request: &Checked, record: &Record) -> Result<Answer> {
    let header = shared
        .profile_of(record)
        .authorization_header_name()
        .clone();
    let result = shared
        .http
        .send(request.with(record, &header)?, LIMITS)
        .await;
    match result {
        Err(error) if error.code() == Code::NetworkLost && request.method.is_safe() => {
            shared
                .http
                .send(request.with(record, &header)?, LIMITS)
                .await
        }
        other => other,
    }
}

impl Checked {
    fn new(profile: &crate::Profile, request: ApiRequest) -> Result<Self> {
        let method = Method::from_bytes(request.method.to_ascii_uppercase().as_bytes())
            .ok()
            .filter(|method| *method != Method::CONNECT && *method != Method::TRACE)
            .ok_or_else(|| {
                Error::new(
                    Code::RequestInvalid,
                    format!("{:?} is not a method that can be used", request.method),
                )
            })?;
        if request
            .body
            .as_ref()
            .is_some_and(|body| body.len() > BODY_LIMIT)
        {
            return Err(Error::new(
                Code::RequestInvalid,
                format!("The body is larger than {BODY_LIMIT} bytes"),
            ));
        }
        Ok(Self {
            method,
            url: target::resolve(profile.api(), &request.target)?,
            headers: headers::checked(&request.headers, profile.authorization_header())?,
            body: request.body,
        })
    }

    fn with(&self, record: &Record, header: &HeaderName) -> Result<Request> {
        let mut request = Request::new(self.method.clone(), self.url.clone());
        *request.headers_mut() = self.headers.clone();
        let mut authorization =
            HeaderValue::from_str(&format!("Bearer {}", record.access_token.expose()))
                .map_err(|_| Error::new(Code::Internal, "The access token cannot be a header"))?;
        authorization.set_sensitive(true);
        request.headers_mut().insert(header, authorization);
        *request.body_mut() = self.body.clone().map(Into::into);
        Ok(request)
    }
}

fn origin_and_path(url: &Url) -> String {
    format!("{}{}", url.origin().ascii_serialization(), url.path())
}
