//! The authorization endpoint, and the one decision behind every page: what is
//! still missing before a code may be issued?

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::{RawQuery, State},
    http::HeaderMap,
    response::{IntoResponse, Response},
};

use crate::{
    broker::{
        Broker,
        answer::{see_other, with_query},
        code::Code,
        device,
        interaction::{Interaction, with_cookie},
        request::{AuthorizationRequest, Refusal},
    },
    clock::now_millis,
    fault::Fault,
    pages::{self, Party},
    parameters::Parameters,
    random,
    store::Session,
};

pub(super) async fn by_get(
    State(broker): State<Arc<Broker>>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let parameters = Parameters::parse(query.unwrap_or_default().as_bytes());
    authorize(&broker, &headers, &parameters).await
}

pub(super) async fn by_post(
    State(broker): State<Arc<Broker>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let parameters = Parameters::from_form(&headers, &body).unwrap_or_default();
    authorize(&broker, &headers, &parameters).await
}

async fn authorize(broker: &Broker, headers: &HeaderMap, parameters: &Parameters) -> Response {
    let request = match AuthorizationRequest::parse(broker, parameters).await {
        Ok(request) => request,
        Err(Refusal::Page { sentence, words }) => {
            return pages::sign_in_refused(Party::Broker, sentence, words).into_response();
        }
        Err(Refusal::Answer {
            destination,
            error,
            description,
        }) => {
            return destination.fail(broker.issuer_in_answers(), error, &description);
        }
        Err(Refusal::Fault(fault)) => return fault.into_response(),
    };
    begin(broker, headers, request)
        .await
        .unwrap_or_else(IntoResponse::into_response)
}

pub(super) async fn begin(
    broker: &Broker,
    headers: &HeaderMap,
    request: AuthorizationRequest,
) -> Result<Response, Fault> {
    let browser = broker.cookies.browser(headers)?;
    let session = broker.cookies.session(&broker.store, &browser).await?;
    let step = next_step(broker, &request, session.as_ref()).await?;
    if request.prompt.none
        && let Some((error, description)) = step.as_error()
    {
        return Ok(request
            .destination
            .fail(broker.issuer_in_answers(), error, description));
    }
    let page = match step {
        Step::Finish(session) => return issue_code(broker, &request, &session, Asked::Before),
        Step::SignIn { .. } => "/login",
        Step::Consent(_) => "/consent",
    };
    let sealed = Interaction {
        request,
        shown_to: None,
    }
    .seal(broker, &browser)?;
    let response = see_other(&with_query(page, &[("interaction", sealed)]));
    Ok(with_cookie(response, broker.cookies.remember(&browser)))
}

/// What is still missing.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Somebody has to sign in; `again` if a living session does not count.
    SignIn { again: bool },
    /// The person has to agree.
    Consent(Session),
    /// Nothing.
    Finish(Session),
}

impl Step {
    fn as_error(&self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::SignIn { .. } => Some(("login_required", "Nobody suitable is signed in here.")),
            Self::Consent(_) => Some((
                "consent_required",
                "The person has not agreed to this app and these scopes.",
            )),
            Self::Finish(_) => None,
        }
    }
}

pub(super) async fn next_step(
    broker: &Broker,
    request: &AuthorizationRequest,
    session: Option<&Session>,
) -> Result<Step, Fault> {
    let Some(session) = session else {
        return Ok(Step::SignIn { again: false });
    };
    let signed_in_for_this = session.authenticated_at >= request.received_at;
    let age = now_millis() - session.authenticated_at;
    let too_old = request
        .max_age
        .is_some_and(|max_age| age > max_age.saturating_mul(1000));
    if !signed_in_for_this && (request.prompt.login || too_old) {
        return Ok(Step::SignIn { again: true });
    }
    let other_person = request
        .expected_user
        .as_ref()
        .is_some_and(|expected| *expected != session.user_id);
    if other_person || (request.prompt.select_account && !signed_in_for_this) {
        return Ok(Step::SignIn { again: false });
    }
    // A sign-in is confirmed once, so that nobody comes home as the wrong
    // person; RFC 8252 8.6 wants that of a native app anyway.
    let agreed = broker
        .store
        .consent(&session.user_id, &request.client_id)
        .await?;
    let must_ask = request.prompt.consent || broker.personality.authorization.asks_each_time;
    if must_ask || signed_in_for_this || !agreed.covers(&request.scopes) {
        return Ok(Step::Consent(session.clone()));
    }
    Ok(Step::Finish(session.clone()))
}

/// When the person was asked whether to allow it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    JustNow,
    Before,
}

/// Seals everything that the token endpoint will need into the code itself. A device gets no code: it asks.
pub(super) fn issue_code(
    broker: &Broker,
    request: &AuthorizationRequest,
    session: &Session,
    asked: Asked,
) -> Result<Response, Fault> {
    if let Some(code) = &request.device {
        return Ok(device::allow(broker, request, code, session));
    }
    let lifetime = i64::try_from(broker.code_lifetime.as_millis()).unwrap_or(i64::MAX);
    let code = Code {
        id: random::identifier()?,
        client_id: request.client_id.clone(),
        redirect_uri: request.destination.redirect_uri.clone(),
        challenge: request.challenge.clone(),
        gives_refresh_token: request.gives_refresh_token(broker, asked),
        user_id: session.user_id.clone(),
        scopes: request.scopes.clone(),
        api_access: request.api_access,
        nonce: request.nonce.clone(),
        authenticated_at: session.authenticated_at,
        expires_at: now_millis().saturating_add(lifetime),
    };
    let code = code.seal(broker)?;
    tracing::info!(
        client = request.client_id,
        "an authorization code was issued"
    );
    Ok(request
        .destination
        .succeed(broker.issuer_in_answers(), code))
}
