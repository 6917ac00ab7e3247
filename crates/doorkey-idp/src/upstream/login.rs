//! The upstream's sign-in page.

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::{RawQuery, State},
    http::{HeaderMap, header::SET_COOKIE},
    response::{IntoResponse, Response},
};

use crate::{
    browser::Browser,
    clock::now_millis,
    fault::Fault,
    pages::{self, Party, PasswordPage},
    parameters::Parameters,
    people::Person,
    store::Session,
    upstream::{Upstream, authorize::Request},
};

/// `GET /login`.
pub(super) async fn show(
    State(upstream): State<Arc<Upstream>>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let parameters = Parameters::parse(query.unwrap_or_default().as_bytes());
    let browser = match upstream.cookies.browser(&headers) {
        Ok(browser) => browser,
        Err(fault) => return fault.into_response(),
    };
    let sealed = parameters.value("interaction").unwrap_or_default();
    match Request::open(&upstream, &browser, sealed) {
        Some(request) => page(
            &upstream,
            sealed,
            request.login_hint.as_deref().unwrap_or_default(),
            false,
        ),
        None => pages::too_old(Party::Upstream).into_response(),
    }
}

/// `POST /login`.
pub(super) async fn check(
    State(upstream): State<Arc<Upstream>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let parameters = Parameters::from_form(&headers, &body).unwrap_or_default();
    let browser = match upstream.cookies.browser(&headers) {
        Ok(browser) => browser,
        Err(fault) => return fault.into_response(),
    };
    let sealed = parameters.value("interaction").unwrap_or_default();
    let Some(request) = Request::open(&upstream, &browser, sealed) else {
        return pages::too_old(Party::Upstream).into_response();
    };
    let username = parameters.value("username").unwrap_or_default();
    let password = parameters.value("password").unwrap_or_default();
    match Person::checked(username, password) {
        Some(person) => sign_in(&upstream, &browser, &request, person)
            .await
            .unwrap_or_else(IntoResponse::into_response),
        None => page(&upstream, sealed, username, true),
    }
}

async fn sign_in(
    upstream: &Upstream,
    browser: &Browser,
    request: &Request,
    person: &Person,
) -> Result<Response, Fault> {
    let session = Session {
        user_id: person.username.to_owned(),
        authenticated_at: now_millis(),
    };
    let cookie = upstream
        .cookies
        .sign_in(&upstream.store, browser, session.clone())
        .await?;
    let mut response = upstream.succeed(request, &session)?;
    if let Some(cookie) = cookie {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    Ok(response)
}

fn page(upstream: &Upstream, sealed: &str, username: &str, wrong: bool) -> Response {
    pages::password(&PasswordPage {
        party: Party::Upstream,
        continue_to: Party::Broker.name(),
        action: "/login",
        interaction: sealed,
        username,
        wrong,
    })
    .leading_to(upstream.broker.as_str())
    .into_response()
}
