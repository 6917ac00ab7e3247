//! The token endpoint ([RFC 6749 3.2]).
//!
//! [RFC 6749 3.2]: https://www.rfc-editor.org/rfc/rfc6749#section-3.2

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::{
    broker::{Broker, userinfo::person_claims},
    clock::{now_millis, now_seconds},
    counts::Tally,
    fault::Fault,
    parameters::Parameters,
    proof, random,
    scope::{Scope, Scopes},
    seal::Purpose,
    store::{Grant, NewGrant, Redemption, Rotation},
    token::{ACCESS_TOKEN_TYPE, AccessClaims, ID_TOKEN_TYPE, IdClaims},
};

/// What an authorization code carries, sealed. Nothing of it is kept here: the
/// challenge comes back with the code, and only the id is remembered once used.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Code {
    pub(super) id: String,
    pub(super) client_id: String,
    pub(super) redirect_uri: String,
    pub(super) challenge: String,
    pub(super) user_id: String,
    pub(super) scopes: Scopes,
    pub(super) nonce: Option<String>,
    /// Milliseconds.
    pub(super) authenticated_at: i64,
    /// Milliseconds.
    pub(super) expires_at: i64,
}

/// A refused request at the token or revocation endpoint ([RFC 6749 5.2]).
///
/// [RFC 6749 5.2]: https://www.rfc-editor.org/rfc/rfc6749#section-5.2
#[derive(Debug)]
pub(super) enum Refused {
    InvalidRequest(&'static str),
    InvalidClient(&'static str),
    InvalidGrant(&'static str),
    InvalidScope(&'static str),
    InvalidTarget(&'static str),
    UnsupportedGrantType,
    Fault(Fault),
}

impl<E: Into<Fault>> From<E> for Refused {
    fn from(error: E) -> Self {
        Self::Fault(error.into())
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let (status, error, description) = match self {
            Self::InvalidRequest(text) => (StatusCode::BAD_REQUEST, "invalid_request", text),
            Self::InvalidClient(text) => (StatusCode::UNAUTHORIZED, "invalid_client", text),
            Self::InvalidGrant(text) => (StatusCode::BAD_REQUEST, "invalid_grant", text),
            Self::InvalidScope(text) => (StatusCode::BAD_REQUEST, "invalid_scope", text),
            Self::InvalidTarget(text) => (StatusCode::BAD_REQUEST, "invalid_target", text),
            Self::UnsupportedGrantType => (
                StatusCode::BAD_REQUEST,
                "unsupported_grant_type",
                "grant_type must be authorization_code or refresh_token.",
            ),
            Self::Fault(fault) => return fault.into_response(),
        };
        let mut response = json_response(
            status,
            &json!({ "error": error, "error_description": description }).to_string(),
        );
        if status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(
                header::WWW_AUTHENTICATE,
                header::HeaderValue::from_static("Basic realm=\"Demo provider\""),
            );
        }
        response
    }
}

/// `POST /token`.
pub(super) async fn token(
    State(broker): State<Arc<Broker>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let parameters = match form_of_public_client(&headers, &body) {
        Ok(parameters) => parameters,
        Err(refused) => {
            Tally::add(&broker.tally.token_requests_refused);
            return refused.into_response();
        }
    };
    let (result, done, refused) = match parameters.value("grant_type") {
        Some("authorization_code") => (
            redeem(&broker, &parameters).await,
            &broker.tally.codes_redeemed,
            &broker.tally.codes_refused,
        ),
        Some("refresh_token") => (
            refresh(&broker, &parameters).await,
            &broker.tally.refreshes,
            &broker.tally.refreshes_refused,
        ),
        Some(_) => {
            Tally::add(&broker.tally.token_requests_refused);
            return Refused::UnsupportedGrantType.into_response();
        }
        None => {
            Tally::add(&broker.tally.token_requests_refused);
            return Refused::InvalidRequest("grant_type is missing.").into_response();
        }
    };
    match result {
        Ok(body) => {
            Tally::add(done);
            json_response(StatusCode::OK, &body)
        }
        Err(refusal) => {
            Tally::add(refused);
            refusal.into_response()
        }
    }
}

/// A form, sent by a client that does not try to authenticate: here are only
/// public clients, and a secret that is sent anyway is a mistake to point out.
pub(super) fn form_of_public_client(
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Parameters, Refused> {
    let parameters = Parameters::from_form(headers, body).ok_or(Refused::InvalidRequest(
        "The body must be application/x-www-form-urlencoded.",
    ))?;
    if parameters.repeated().is_some() {
        return Err(Refused::InvalidRequest("A parameter comes more than once."));
    }
    if headers.contains_key(header::AUTHORIZATION) || parameters.value("client_secret").is_some() {
        return Err(Refused::InvalidClient(
            "This is a public client: it has no secret to send.",
        ));
    }
    Ok(parameters)
}

async fn redeem(broker: &Broker, parameters: &Parameters) -> Result<String, Refused> {
    let client_id = required(parameters, "client_id", "client_id is missing.")?;
    let sealed = required(parameters, "code", "code is missing.")?;
    let verifier = required(parameters, "code_verifier", "code_verifier is missing.")?;
    let redirect_uri = required(parameters, "redirect_uri", "redirect_uri is missing.")?;
    check_resource(broker, parameters)?;
    let code: Code = broker
        .seal
        .open(Purpose::Code, &broker.issuer, sealed)
        .map_err(|_| {
            Refused::InvalidGrant("The code is not one of this provider, or is too old.")
        })?;
    if code.client_id != client_id {
        return Err(match broker.store.client(client_id).await? {
            Some(_) => Refused::InvalidGrant("The code was issued to another client."),
            None => Refused::InvalidClient("client_id is not registered."),
        });
    }
    if code.redirect_uri != redirect_uri {
        return Err(Refused::InvalidGrant(
            "redirect_uri is not the one of the authorization request.",
        ));
    }
    if !proof::matches(verifier, &code.challenge) {
        return Err(Refused::InvalidGrant(
            "code_verifier does not match code_challenge.",
        ));
    }
    if code.expires_at <= now_millis() {
        return Err(Refused::InvalidGrant("The code has expired."));
    }

    let refresh_token = code
        .scopes
        .contains(Scope::OfflineAccess)
        .then(random::secret)
        .transpose()?;
    let new_grant = NewGrant {
        id: random::identifier()?,
        client_id: code.client_id,
        user_id: code.user_id,
        scopes: code.scopes,
        authenticated_at: code.authenticated_at,
        refresh_token: refresh_token.clone(),
    };
    let redemption = broker
        .store
        .redeem_code(
            code.id,
            code.expires_at,
            new_grant,
            broker.refresh_token_lifetime,
        )
        .await?;
    match redemption {
        Redemption::Granted(grant) => {
            let scopes = grant.scopes.clone();
            Ok(tokens(broker, &grant, &scopes, refresh_token, code.nonce)?)
        }
        Redemption::Reused => {
            Tally::add(&broker.tally.reuses_detected);
            tracing::warn!(
                client = client_id,
                "a code came twice; its grant has been ended"
            );
            Err(Refused::InvalidGrant(
                "The code was used before; what came of it has been revoked.",
            ))
        }
        Redemption::UserMissing => Err(Refused::InvalidGrant("The person's record is gone.")),
    }
}

async fn refresh(broker: &Broker, parameters: &Parameters) -> Result<String, Refused> {
    let client_id = required(parameters, "client_id", "client_id is missing.")?;
    let old = required(parameters, "refresh_token", "refresh_token is missing.")?;
    check_resource(broker, parameters)?;
    let asked = parameters.value("scope").map(Scopes::parse);
    if asked.as_ref().is_some_and(Scopes::is_empty) {
        return Err(Refused::InvalidScope(
            "No scope that exists here was asked for.",
        ));
    }
    let new = random::secret()?;
    let rotation = broker
        .store
        .rotate_refresh_token(
            old,
            new.clone(),
            client_id,
            asked.clone(),
            broker.refresh_token_lifetime,
            broker.refresh_reuse_grace,
        )
        .await?;
    match rotation {
        Rotation::Rotated(grant) => {
            let scopes = asked.unwrap_or_else(|| grant.scopes.clone());
            Ok(tokens(broker, &grant, &scopes, Some(new), None)?)
        }
        Rotation::Reused => {
            Tally::add(&broker.tally.reuses_detected);
            tracing::warn!(
                client = client_id,
                "a refresh token came twice; its grant has been ended"
            );
            Err(Refused::InvalidGrant(
                "The refresh token was used before; the whole grant has been revoked.",
            ))
        }
        Rotation::Refused => Err(Refused::InvalidGrant(
            "The refresh token is unknown, expired, revoked or of another client.",
        )),
        Rotation::TooWide => Err(Refused::InvalidScope(
            "scope goes beyond what the person allowed.",
        )),
    }
}

#[derive(Serialize)]
struct TokenResponse<'a> {
    access_token: String,
    token_type: &'static str,
    expires_in: u64,
    scope: &'a Scopes,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_token: Option<String>,
}

/// Signs what a grant allows. No lock is held here.
fn tokens(
    broker: &Broker,
    grant: &Grant,
    scopes: &Scopes,
    refresh_token: Option<String>,
    nonce: Option<String>,
) -> Result<String, Fault> {
    let now = now_seconds();
    let auth_time = grant.authenticated_at / 1000;
    let expires_in = broker.access_token_lifetime.as_secs();
    let access_token = broker.keys.sign(
        ACCESS_TOKEN_TYPE,
        &AccessClaims {
            iss: broker.issuer.clone(),
            aud: broker.api.clone(),
            sub: grant.user.id.clone(),
            client_id: grant.client_id.clone(),
            scope: scopes.to_string(),
            iat: now,
            exp: now.saturating_add_unsigned(expires_in),
            jti: random::identifier()?,
            auth_time,
            grant_id: grant.id.clone(),
        },
    )?;
    let id_token = if scopes.contains(Scope::OpenId) {
        let claims = IdClaims {
            iss: broker.issuer.clone(),
            aud: grant.client_id.clone(),
            sub: grant.user.id.clone(),
            iat: now,
            exp: now.saturating_add_unsigned(broker.id_token_lifetime.as_secs()),
            auth_time,
            nonce,
            at_hash: Some(at_hash(&access_token)),
            person: person_claims(&broker.issuer, &grant.user, scopes),
        };
        Some(broker.keys.sign(ID_TOKEN_TYPE, &claims)?)
    } else {
        None
    };
    Ok(serde_json::to_string(&TokenResponse {
        access_token,
        token_type: "Bearer",
        expires_in,
        scope: scopes,
        refresh_token,
        id_token,
    })?)
}

/// The left half of the hash ([OpenID Connect 3.1.3.6]).
///
/// [OpenID Connect 3.1.3.6]: https://openid.net/specs/openid-connect-core-1_0.html#CodeIDToken
fn at_hash(access_token: &str) -> String {
    let digest = Sha256::digest(access_token.as_bytes());
    URL_SAFE_NO_PAD.encode(&digest[..16])
}

fn required<'a>(
    parameters: &'a Parameters,
    name: &str,
    missing: &'static str,
) -> Result<&'a str, Refused> {
    parameters
        .value(name)
        .ok_or(Refused::InvalidRequest(missing))
}

fn check_resource(broker: &Broker, parameters: &Parameters) -> Result<(), Refused> {
    match parameters.value("resource") {
        Some(resource) if resource.trim_end_matches('/') != broker.api => {
            Err(Refused::InvalidTarget("The only resource is the demo API."))
        }
        _ => Ok(()),
    }
}

fn json_response(status: StatusCode, body: &str) -> Response {
    (
        status,
        [
            (header::CONTENT_TYPE, "application/json"),
            (header::CACHE_CONTROL, "no-store"),
            (header::PRAGMA, "no-cache"),
        ],
        body.to_owned(),
    )
        .into_response()
}
