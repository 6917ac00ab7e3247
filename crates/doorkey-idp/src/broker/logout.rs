//! [RP-initiated logout 1.0]: an app sends the browser here after it has
//! signed out itself.
//!
//! [RP-initiated logout 1.0]: https://openid.net/specs/openid-connect-rpinitiated-1_0.html

use std::{sync::Arc, time::Duration};

use axum::{
    body::Bytes,
    extract::{RawQuery, State},
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};

use crate::{
    broker::{
        Broker,
        answer::{see_other, with_query},
        interaction::with_cookie,
    },
    browser::Browser,
    fault::Fault,
    pages::{self, Party},
    parameters::Parameters,
    seal::Purpose,
    token::{ID_TOKEN_TYPE, IdClaims},
};

/// How long "sign out here too?" waits for an answer.
const PATIENCE: Duration = Duration::from_secs(30 * 60);

/// Where the browser goes in the end; `None` is our own page.
#[derive(Debug, Serialize, Deserialize)]
struct Onward(Option<String>);

pub(super) async fn by_get(
    State(broker): State<Arc<Broker>>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let parameters = Parameters::parse(query.unwrap_or_default().as_bytes());
    logout(&broker, &headers, &parameters)
        .await
        .unwrap_or_else(IntoResponse::into_response)
}

pub(super) async fn by_post(
    State(broker): State<Arc<Broker>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let parameters = Parameters::from_form(&headers, &body).unwrap_or_default();
    logout(&broker, &headers, &parameters)
        .await
        .unwrap_or_else(IntoResponse::into_response)
}

async fn logout(
    broker: &Broker,
    headers: &HeaderMap,
    parameters: &Parameters,
) -> Result<Response, Fault> {
    let refused = |sentence, words| {
        Ok(pages::sign_out_refused(Party::Broker, sentence, words).into_response())
    };
    if parameters.repeated().is_some() {
        return refused("The request says something twice.", "invalid_request");
    }
    let hint = parameters
        .value("id_token_hint")
        .and_then(|hint| broker.keys.claims_of_own::<IdClaims>(ID_TOKEN_TYPE, hint))
        .filter(|claims| claims.iss == broker.issuer);
    let client_id = parameters.value("client_id");
    if let (Some(hint), Some(client_id)) = (&hint, client_id)
        && hint.aud != client_id
    {
        return refused(
            "The request names two apps.",
            "invalid_request, id_token_hint, client_id",
        );
    }
    let onward = match parameters.value("post_logout_redirect_uri") {
        None => Onward(None),
        Some(uri) => {
            let client_id = hint
                .as_ref()
                .map(|claims| claims.aud.as_str())
                .or(client_id);
            let client = match client_id {
                Some(client_id) => broker.store.client(client_id).await?,
                None => None,
            };
            if !client
                .is_some_and(|client| client.may_sign_out_to(uri, &broker.personality.redirects))
            {
                return refused(
                    "The return address is not registered for this app.",
                    "invalid_request, post_logout_redirect_uri",
                );
            }
            let state = parameters
                .value("state")
                .map(|state| ("state", state.to_owned()));
            Onward(Some(match state {
                Some(state) => with_query(uri, &[state]),
                None => uri.to_owned(),
            }))
        }
    };

    let browser = broker.cookies.browser(headers)?;
    let Some(session) = broker.cookies.session(&broker.store, &browser).await? else {
        return Ok(onward.leave());
    };
    if hint.is_some_and(|claims| claims.sub == session.user_id) {
        return sign_out(broker, &browser, onward).await;
    }
    let user = broker
        .store
        .user(&session.user_id)
        .await?
        .ok_or(Fault::UserMissing)?;
    let question = broker
        .seal
        .seal(Purpose::SignOut, &browser.name, PATIENCE, &onward)?;
    let page = pages::ask_sign_out(Party::Broker, &user.name, &question);
    let page = match &onward.0 {
        Some(uri) => page.leading_to(pages::source_of(uri)),
        None => page,
    };
    Ok(with_cookie(
        page.into_response(),
        broker.cookies.remember(&browser),
    ))
}

/// `POST /logout/confirm`.
pub(super) async fn confirm(
    State(broker): State<Arc<Broker>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let parameters = Parameters::from_form(&headers, &body).unwrap_or_default();
    decide(&broker, &headers, &parameters)
        .await
        .unwrap_or_else(IntoResponse::into_response)
}

async fn decide(
    broker: &Broker,
    headers: &HeaderMap,
    parameters: &Parameters,
) -> Result<Response, Fault> {
    let browser = broker.cookies.browser(headers)?;
    let question = parameters.value("question").unwrap_or_default();
    let Ok(onward) = broker
        .seal
        .open::<Onward>(Purpose::SignOut, &browser.name, question)
    else {
        return Ok(pages::too_old(Party::Broker).into_response());
    };
    match parameters.value("decision") {
        Some("sign-out") => sign_out(broker, &browser, onward).await,
        _ => Ok(pages::still_signed_in(Party::Broker).into_response()),
    }
}

async fn sign_out(broker: &Broker, browser: &Browser, onward: Onward) -> Result<Response, Fault> {
    let session = broker.cookies.session(&broker.store, browser).await?;
    if let Some(session) = session.filter(|_| broker.personality.sign_out.ends_grants) {
        broker.store.end_grants_of(&session.user_id).await?;
    }
    let cookie = broker.cookies.sign_out(&broker.store, browser).await?;
    Ok(with_cookie(onward.leave(), cookie))
}

impl Onward {
    fn leave(&self) -> Response {
        see_other(self.0.as_deref().unwrap_or("/signed-out"))
    }
}

/// `GET /signed-out`.
pub(super) async fn signed_out(State(broker): State<Arc<Broker>>) -> Response {
    pages::signed_out(Party::Broker, Some(&broker.upstream.issuer)).into_response()
}
