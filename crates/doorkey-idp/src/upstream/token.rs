//! The upstream's token endpoint, for a client with a secret.

use std::sync::Arc;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use axum::{
    Json,
    body::Bytes,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::json;

use crate::{
    clock::now_seconds,
    fault::Fault,
    parameters::Parameters,
    people::Person,
    random,
    token::{ID_TOKEN_TYPE, IdClaims, PersonClaims},
    upstream::Upstream,
};

/// How long an ID token is good for, in seconds: the broker reads it at once.
const LIFETIME: i64 = 60;

/// `POST /token`.
pub(super) async fn token(
    State(upstream): State<Arc<Upstream>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if !upstream.is_the_client(&headers) {
        let mut response = refuse(StatusCode::UNAUTHORIZED, "invalid_client");
        response.headers_mut().insert(
            header::WWW_AUTHENTICATE,
            HeaderValue::from_static("Basic realm=\"Demo Upstream\""),
        );
        return response;
    }
    let parameters = Parameters::from_form(&headers, &body).unwrap_or_default();
    if parameters.value("grant_type") != Some("authorization_code") {
        return refuse(StatusCode::BAD_REQUEST, "unsupported_grant_type");
    }
    redeem(&upstream, &parameters).unwrap_or_else(IntoResponse::into_response)
}

fn redeem(upstream: &Upstream, parameters: &Parameters) -> Result<Response, Fault> {
    let issued = parameters
        .value("code")
        .and_then(|code| upstream.codes.take(code));
    let verifier = parameters.value("code_verifier").unwrap_or_default();
    let same_redirect_uri = parameters.value("redirect_uri") == Some(&upstream.client.redirect_uri);
    let Some((issued, person)) = issued
        .filter(|issued| same_redirect_uri && issued.challenge.is_met_by(verifier))
        .and_then(|issued| Person::named(&issued.username).map(|person| (issued, person)))
    else {
        return Ok(refuse(StatusCode::BAD_REQUEST, "invalid_grant"));
    };
    let now = now_seconds();
    let id_token = upstream.keys.sign(
        ID_TOKEN_TYPE,
        &IdClaims {
            iss: upstream.issuer.clone(),
            aud: upstream.client.client_id.clone(),
            sub: person.username.to_owned(),
            iat: now,
            exp: now + LIFETIME,
            auth_time: issued.authenticated_at / 1000,
            nonce: issued.nonce,
            at_hash: None,
            identity_provider: None,
            tid: None,
            person: PersonClaims {
                name: Some(person.name()),
                given_name: Some(person.given_name.to_owned()),
                family_name: Some(person.family_name.to_owned()),
                preferred_username: Some(person.username.to_owned()),
                email: Some(person.email()),
                email_verified: Some(true),
                ..PersonClaims::default()
            },
        },
    )?;
    // An access token belongs in every token response. There is nothing here
    // that this one would open.
    Ok(Json(json!({
        "access_token": random::secret()?,
        "token_type": "Bearer",
        "expires_in": LIFETIME,
        "id_token": id_token,
    }))
    .into_response())
}

impl Upstream {
    fn is_the_client(&self, headers: &HeaderMap) -> bool {
        let sent = headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.strip_prefix("Basic "))
            .and_then(|value| STANDARD.decode(value).ok());
        let right = format!("{}:{}", self.client.client_id, self.client.client_secret);
        sent.is_some_and(|sent| verify_slices_are_equal(&sent, right.as_bytes()).is_ok())
    }
}

fn refuse(status: StatusCode, error: &str) -> Response {
    (status, Json(json!({ "error": error }))).into_response()
}
