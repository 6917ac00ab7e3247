//! The broker as a client: its own confidential code flow with the upstream.
//!
//! The upstream's tokens tell the broker who the person is and are dropped
//! right after. The app never sees them.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    body::Bytes,
    extract::{RawQuery, State},
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use crate::{
    broker::{
        Broker,
        answer::{see_other, with_query},
        interaction::{self, Returned},
        login,
        sign_in::{self, Identity},
    },
    clock::now_millis,
    fault::Fault,
    pages::{self, Party},
    parameters::Parameters,
    proof, random,
    store::User,
    token::{Expected, ID_TOKEN_TYPE, IdClaims},
};

/// How the broker is registered at the upstream.
#[derive(Clone)]
pub(crate) struct UpstreamRegistration {
    pub(crate) issuer: String,
    pub(crate) client_id: String,
    pub(crate) client_secret: String,
    pub(crate) redirect_uri: String,
}

/// Sign-ins that are at the upstream just now, by `state`.
#[derive(Default)]
pub(crate) struct PendingSignIns(Mutex<HashMap<String, Pending>>);

struct Pending {
    /// The browser that went there and must come back.
    browser: String,
    interaction: String,
    verifier: String,
    nonce: String,
    expires_at: i64,
}

/// How long a person may stay at the upstream, in milliseconds.
const PATIENCE: i64 = 15 * 60 * 1000;

/// More than this at once is no person.
const MOST_PENDING: usize = 10_000;

impl PendingSignIns {
    fn put(&self, state: String, pending: Pending) {
        let mut map = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if map.len() >= MOST_PENDING {
            let now = now_millis();
            map.retain(|_, pending| pending.expires_at > now);
        }
        if map.len() < MOST_PENDING {
            map.insert(state, pending);
        }
    }

    /// Takes it out: a state is good once.
    fn take(&self, state: &str) -> Option<Pending> {
        let mut map = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        map.remove(state)
            .filter(|pending| pending.expires_at > now_millis())
    }
}

/// `POST /login/upstream`.
pub(super) async fn begin(
    State(broker): State<Arc<Broker>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let parameters = Parameters::from_form(&headers, &body).unwrap_or_default();
    match interaction::open(&broker, &headers, &parameters) {
        Ok(returned) => hand_over(&broker, returned)
            .await
            .unwrap_or_else(IntoResponse::into_response),
        Err(response) => response,
    }
}

async fn hand_over(broker: &Broker, returned: Returned) -> Result<Response, Fault> {
    let (state, nonce, verifier) = (random::secret()?, random::secret()?, random::secret()?);
    let registration = &broker.upstream;
    let request = &returned.interaction.request;
    let mut query = vec![
        ("response_type", "code".to_owned()),
        ("client_id", registration.client_id.clone()),
        ("redirect_uri", registration.redirect_uri.clone()),
        ("scope", "openid profile email".to_owned()),
        ("state", state.clone()),
        ("nonce", nonce.clone()),
        ("code_challenge", proof::challenge_of(&verifier)),
        ("code_challenge_method", "S256".to_owned()),
    ];
    if let Some(hint) = &request.login_hint {
        query.push(("login_hint", hint.clone()));
    }
    let session = broker
        .cookies
        .session(&broker.store, &returned.browser)
        .await?;
    // Somebody who is signed in and still came here wants to be somebody
    // else, and who must have signed in lately has to do so now.
    if session.is_some() || request.prompt.login || request.max_age.is_some() {
        query.push(("prompt", "login".to_owned()));
    }
    broker.pending.put(
        state,
        Pending {
            browser: returned.browser.name,
            interaction: returned.sealed,
            verifier,
            nonce,
            expires_at: now_millis() + PATIENCE,
        },
    );
    Ok(see_other(&with_query(
        &format!("{}/authorize", registration.issuer),
        &query,
    )))
}

/// `GET /upstream/callback`.
pub(super) async fn callback(
    State(broker): State<Arc<Broker>>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let answer = Parameters::parse(query.unwrap_or_default().as_bytes());
    come_back(&broker, &headers, &answer)
        .await
        .unwrap_or_else(IntoResponse::into_response)
}

async fn come_back(
    broker: &Broker,
    headers: &HeaderMap,
    answer: &Parameters,
) -> Result<Response, Fault> {
    let browser = broker.cookies.browser(headers)?;
    let pending = answer
        .value("state")
        .and_then(|state| broker.pending.take(state))
        .filter(|pending| pending.browser == browser.name);
    let Some(pending) = pending else {
        return Ok(pages::too_old(Party::Broker).into_response());
    };
    let returned = match interaction::open_in(broker, browser, pending.interaction.clone()) {
        Ok(returned) => returned,
        Err(response) => return Ok(response),
    };
    match identity(
        broker,
        answer,
        &pending,
        returned.interaction.request.received_at,
    )
    .await
    {
        Ok(identity) => sign_in::finish(broker, returned, identity).await,
        Err(problem) => {
            tracing::warn!(%problem, "the upstream did not vouch for anybody");
            let sentence = format!("{} did not sign you in. {problem}", Party::Upstream.name());
            Ok(login::choices(broker, &returned, Some(&sentence)))
        }
    }
}

/// Why nobody came back; the sentences are shown to the person.
#[derive(Debug, thiserror::Error)]
enum Problem {
    #[error("The answer came from somebody else.")]
    OtherIssuer,
    #[error("You cancelled there.")]
    Denied,
    #[error("It refused the code that it had sent.")]
    CodeRefused,
    #[error("It did not answer.")]
    Unreachable(#[source] reqwest::Error),
    #[error("What it says about you could not be verified.")]
    NotVerified,
}

#[derive(Deserialize)]
struct TokenResponse {
    id_token: String,
}

async fn identity(
    broker: &Broker,
    answer: &Parameters,
    pending: &Pending,
    received_at: i64,
) -> Result<Identity, Problem> {
    let registration = &broker.upstream;
    if answer.value("iss") != Some(&registration.issuer) {
        return Err(Problem::OtherIssuer);
    }
    let code = answer.value("code").ok_or(Problem::Denied)?;
    let response = broker
        .http
        .post(format!("{}/token", registration.issuer))
        .basic_auth(&registration.client_id, Some(&registration.client_secret))
        .form(&[
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", &registration.redirect_uri),
            ("code_verifier", &pending.verifier),
        ])
        .send()
        .await
        .map_err(Problem::Unreachable)?;
    if !response.status().is_success() {
        return Err(Problem::CodeRefused);
    }
    let body = response.bytes().await.map_err(Problem::Unreachable)?;
    let tokens: TokenResponse = serde_json::from_slice(&body).map_err(|_| Problem::NotVerified)?;
    let expected = Expected {
        issuer: &registration.issuer,
        audience: &registration.client_id,
        token_type: ID_TOKEN_TYPE,
    };
    let claims: IdClaims = broker
        .upstream_keys
        .verify(&tokens.id_token, &expected)
        .await
        .map_err(|_| Problem::NotVerified)?;
    if claims.nonce.as_deref() != Some(&pending.nonce) {
        return Err(Problem::NotVerified);
    }
    // The upstream speaks in whole seconds: one that began after this request
    // was received counts as now, an older one as what it is.
    let fresh = claims.auth_time >= received_at / 1000;
    let person = claims.person;
    Ok(Identity {
        user_id: User::id_from_upstream(&claims.sub),
        username: person
            .preferred_username
            .unwrap_or_else(|| claims.sub.clone()),
        name: person.name.unwrap_or(claims.sub),
        given_name: person.given_name.unwrap_or_default(),
        family_name: person.family_name.unwrap_or_default(),
        email: person.email.unwrap_or_default(),
        authenticated_at: if fresh {
            now_millis()
        } else {
            claims.auth_time * 1000
        },
    })
}
