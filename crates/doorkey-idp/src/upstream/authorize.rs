//! The upstream's authorization endpoint. Its one client is the broker, so
//! there is no consent to ask for.

use std::{sync::Arc, time::Duration};

use axum::{
    extract::{RawQuery, State},
    http::{
        HeaderMap, HeaderValue, StatusCode,
        header::{LOCATION, SET_COOKIE},
    },
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};

use crate::{
    browser::Browser,
    fault::Fault,
    pages::{self, Party},
    parameters::Parameters,
    proof::Challenge,
    seal::Purpose,
    store::Session,
    upstream::Upstream,
};

/// How long a person may take over the sign-in page.
const PATIENCE: Duration = Duration::from_secs(15 * 60);

/// A valid request, on its way through the sign-in page, sealed.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Request {
    state: String,
    challenge: Challenge,
    nonce: Option<String>,
    pub(super) login_hint: Option<String>,
}

/// `GET /authorize`.
pub(super) async fn authorize(
    State(upstream): State<Arc<Upstream>>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let parameters = Parameters::parse(query.unwrap_or_default().as_bytes());
    answer(&upstream, &headers, &parameters)
        .await
        .unwrap_or_else(IntoResponse::into_response)
}

async fn answer(
    upstream: &Upstream,
    headers: &HeaderMap,
    parameters: &Parameters,
) -> Result<Response, Fault> {
    let client = &upstream.client;
    if parameters.value("client_id") != Some(&client.client_id)
        || parameters.value("redirect_uri") != Some(&client.redirect_uri)
    {
        let sentence = "The app that sent you here, or its return address, is not registered.";
        return Ok(
            pages::sign_in_refused(Party::Upstream, sentence, "invalid_client").into_response(),
        );
    }
    let challenge = parameters.value("code_challenge");
    let (Some(state), Some(challenge)) = (parameters.value("state"), challenge) else {
        return Ok(upstream.fail(parameters.value("state"), "invalid_request"));
    };
    let is_code_with_s256 = parameters.repeated().is_none()
        && parameters.value("response_type") == Some("code")
        && parameters.value("code_challenge_method") == Some("S256");
    let challenge = Challenge::s256(challenge).filter(|_| is_code_with_s256);
    let Some(challenge) = challenge else {
        return Ok(upstream.fail(Some(state), "invalid_request"));
    };
    let request = Request {
        state: state.to_owned(),
        challenge,
        nonce: parameters.value("nonce").map(str::to_owned),
        login_hint: parameters.value("login_hint").map(str::to_owned),
    };
    let browser = upstream.cookies.browser(headers)?;
    let session = upstream.cookies.session(&upstream.store, &browser).await?;
    let prompt = parameters.value("prompt");
    match session {
        Some(session) if prompt != Some("login") => upstream.succeed(&request, &session),
        _ if prompt == Some("none") => Ok(upstream.fail(Some(state), "login_required")),
        _ => {
            let sealed = request.seal(upstream, &browser)?;
            let query = url::form_urlencoded::Serializer::new(String::new())
                .append_pair("interaction", &sealed)
                .finish();
            let mut response = see_other(&format!("/login?{query}"));
            if let Some(cookie) = upstream.cookies.remember(&browser) {
                response.headers_mut().append(SET_COOKIE, cookie);
            }
            Ok(response)
        }
    }
}

impl Request {
    fn seal(&self, upstream: &Upstream, browser: &Browser) -> Result<String, Fault> {
        upstream
            .seal
            .seal(Purpose::UpstreamInteraction, &browser.name, PATIENCE, self)
    }

    pub(super) fn open(upstream: &Upstream, browser: &Browser, sealed: &str) -> Option<Self> {
        upstream
            .seal
            .open(Purpose::UpstreamInteraction, &browser.name, sealed)
            .ok()
    }
}

impl Upstream {
    /// Sends a code to the broker.
    pub(super) fn succeed(&self, request: &Request, session: &Session) -> Result<Response, Fault> {
        let code = self.codes.issue(
            session.user_id.clone(),
            request.challenge.clone(),
            request.nonce.clone(),
            session.authenticated_at,
        )?;
        Ok(self.send(&[("code", &code), ("state", &request.state)]))
    }

    fn fail(&self, state: Option<&str>, error: &str) -> Response {
        self.send(&[("error", error), ("state", state.unwrap_or_default())])
    }

    fn send(&self, answer: &[(&str, &str)]) -> Response {
        let query = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(answer)
            .append_pair("iss", &self.issuer)
            .finish();
        see_other(&format!("{}?{query}", self.client.redirect_uri))
    }
}

pub(super) fn see_other(location: &str) -> Response {
    match HeaderValue::from_str(location) {
        Ok(location) => (StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
