//! The token endpoint ([RFC 6749 3.2]).
//!
//! [RFC 6749 3.2]: https://www.rfc-editor.org/rfc/rfc6749#section-3.2

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};

use crate::{
    broker::{
        Broker,
        code::Code,
        device,
        issue::tokens,
        refused::{Refused, form_of_public_client, json_response},
    },
    counts::Tally,
    parameters::Parameters,
    proof, random,
    scope::{Scope, Scopes},
    store::{NewGrant, Redemption, Rotation},
};

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
        Some("urn:ietf:params:oauth:grant-type:device_code") => (
            device::redeem(&broker, &parameters).await,
            &broker.tally.device_codes_redeemed,
            &broker.tally.device_codes_refused,
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

async fn redeem(broker: &Broker, parameters: &Parameters) -> Result<String, Refused> {
    let client_id = required(parameters, "client_id", "client_id is missing.")?;
    let sealed = required(parameters, "code", "code is missing.")?;
    let verifier = required(parameters, "code_verifier", "code_verifier is missing.")?;
    let redirect_uri = required(parameters, "redirect_uri", "redirect_uri is missing.")?;
    check_resource(broker, parameters)?;
    let code = Code::open(broker, sealed).map_err(|_| {
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
    if code.has_expired() {
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
