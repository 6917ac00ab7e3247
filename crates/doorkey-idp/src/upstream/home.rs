//! The upstream's own page, and signing out of it.

use std::{sync::Arc, time::Duration};

use axum::{
    body::Bytes,
    extract::State,
    http::{HeaderMap, header::SET_COOKIE},
    response::{IntoResponse, Response},
};

use crate::{
    fault::Fault,
    pages::{self, Party},
    parameters::Parameters,
    people::Person,
    seal::Purpose,
    upstream::Upstream,
};

const PATIENCE: Duration = Duration::from_secs(30 * 60);

/// `GET /`.
pub(super) async fn home(State(upstream): State<Arc<Upstream>>, headers: HeaderMap) -> Response {
    page(&upstream, &headers)
        .await
        .unwrap_or_else(IntoResponse::into_response)
}

async fn page(upstream: &Upstream, headers: &HeaderMap) -> Result<Response, Fault> {
    let browser = upstream.cookies.browser(headers)?;
    let session = upstream.cookies.session(&upstream.store, &browser).await?;
    let name = session
        .and_then(|session| Person::named(&session.user_id))
        .map(Person::name);
    let question = upstream
        .seal
        .seal(Purpose::SignOut, &browser.name, PATIENCE, &())?;
    Ok(pages::upstream_home(name.as_deref(), &question).into_response())
}

/// `POST /logout`, from that page only.
pub(super) async fn sign_out(
    State(upstream): State<Arc<Upstream>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let parameters = Parameters::from_form(&headers, &body).unwrap_or_default();
    end(&upstream, &headers, &parameters)
        .await
        .unwrap_or_else(IntoResponse::into_response)
}

async fn end(
    upstream: &Upstream,
    headers: &HeaderMap,
    parameters: &Parameters,
) -> Result<Response, Fault> {
    let browser = upstream.cookies.browser(headers)?;
    let question = parameters.value("question").unwrap_or_default();
    if upstream
        .seal
        .open::<()>(Purpose::SignOut, &browser.name, question)
        .is_err()
    {
        return Ok(pages::too_old(Party::Upstream).into_response());
    }
    let cookie = upstream.cookies.sign_out(&upstream.store, &browser).await?;
    let mut response = pages::signed_out(Party::Upstream, None).into_response();
    if let Some(cookie) = cookie {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    Ok(response)
}
