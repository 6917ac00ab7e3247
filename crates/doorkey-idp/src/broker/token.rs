//! The token endpoint ([RFC 6749 3.2]).
//!
//! [RFC 6749 3.2]: https://www.rfc-editor.org/rfc/rfc6749#section-3.2

use std::sync::Arc;

use axum::{body::Bytes, extract::State, http::HeaderMap, response::Response};

use crate::{
    broker::{
        Broker,
        code::Code,
        device,
        form::{self, Endpoint},
        issue::{Wants, tokens},
        refused::Refused,
        reply::Reply,
    },
    counts::Tally,
    parameters::Parameters,
    personality::{Proof, Resource},
    random,
    store::{NewGrant, Redemption, Rotation},
};

/// `POST /token`.
pub(super) async fn token(
    State(broker): State<Arc<Broker>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let reply = Reply::to(&broker, &headers);
    let parameters = match form::read(&broker, &headers, &body, Endpoint::Token) {
        Ok(parameters) => parameters,
        Err(refused) => {
            Tally::add(&broker.tally.token_requests_refused);
            return reply.refused(refused);
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
            return reply.refused(Refused::UnsupportedGrantType);
        }
        None => {
            Tally::add(&broker.tally.token_requests_refused);
            return reply.refused(Refused::InvalidRequest("grant_type is missing."));
        }
    };
    match result {
        Ok(body) => {
            Tally::add(done);
            reply.granted(&body)
        }
        Err(refusal) => {
            Tally::add(refused);
            reply.refused(refusal)
        }
    }
}

async fn redeem(broker: &Broker, parameters: &Parameters) -> Result<String, Refused> {
    let client_id = required(parameters, "client_id", "client_id is missing.")?;
    let sealed = required(parameters, "code", "code is missing.")?;
    let verifier = parameters.value("code_verifier");
    if verifier.is_none() && broker.personality.authorization.proof != Proof::Optional {
        return Err(Refused::InvalidRequest("code_verifier is missing."));
    }
    let redirect_uri = required(parameters, "redirect_uri", "redirect_uri is missing.")?;
    check_resource(broker, parameters)?;
    let code = Code::open(broker, sealed).map_err(|_| {
        Refused::InvalidCode("The code is not one of this provider, or is too old.")
    })?;
    if code.client_id != client_id {
        return Err(match broker.store.client(client_id).await? {
            Some(_) => Refused::InvalidCode("The code was issued to another client."),
            None => Refused::InvalidClient("client_id is not registered."),
        });
    }
    if code.redirect_uri != redirect_uri {
        return Err(Refused::InvalidCode(
            "redirect_uri is not the one of the authorization request.",
        ));
    }
    // A verifier without a challenge is refused as well: somebody has taken the challenge away (RFC 9700 2.1.1).
    let is_proven = match (&code.challenge, verifier) {
        (Some(challenge), Some(verifier)) => challenge.is_met_by(verifier),
        (None, None) => true,
        _ => false,
    };
    if !is_proven {
        return Err(Refused::InvalidCode(
            "code_verifier does not match code_challenge.",
        ));
    }
    if code.has_expired() {
        return Err(Refused::InvalidCode("The code has expired."));
    }

    let refresh_token = code.gives_refresh_token.then(random::secret).transpose()?;
    let new_grant = NewGrant {
        id: random::identifier()?,
        client_id: code.client_id,
        user_id: code.user_id,
        scopes: code.scopes,
        api_access: code.api_access,
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
            let wants = Wants {
                refresh_token,
                nonce: code.nonce,
                id_token: true,
            };
            Ok(tokens(broker, &grant, &scopes, wants)?)
        }
        Redemption::Reused => {
            Tally::add(&broker.tally.reuses_detected);
            tracing::warn!(
                client = client_id,
                "a code came twice; its grant has been ended"
            );
            Err(Refused::InvalidCode(
                "The code was used before; what came of it has been revoked.",
            ))
        }
        Redemption::UserMissing => Err(Refused::InvalidCode("The person's record is gone.")),
    }
}

async fn refresh(broker: &Broker, parameters: &Parameters) -> Result<String, Refused> {
    let client_id = required(parameters, "client_id", "client_id is missing.")?;
    let old = required(parameters, "refresh_token", "refresh_token is missing.")?;
    check_resource(broker, parameters)?;
    let asked = parameters
        .value("scope")
        .map(|text| broker.personality.scopes.asked(text))
        .transpose()
        .map_err(Refused::InvalidScope)?;
    let rule = &broker.personality.refresh;
    let new = rule.rotates.then(random::secret).transpose()?;
    let rotation = match &new {
        Some(new) => {
            broker
                .store
                .rotate_refresh_token(
                    old,
                    new.clone(),
                    client_id,
                    asked.clone(),
                    broker.refresh_token_lifetime,
                    broker.refresh_reuse_grace,
                )
                .await?
        }
        None => {
            broker
                .store
                .use_refresh_token(old, client_id, asked.clone())
                .await?
        }
    };
    match rotation {
        Rotation::Accepted(grant) => {
            let scopes = asked.unwrap_or_else(|| grant.scopes.clone());
            let wants = Wants {
                refresh_token: new,
                nonce: None,
                id_token: rule.brings_id_token,
            };
            Ok(tokens(broker, &grant, &scopes, wants)?)
        }
        Rotation::Reused => {
            Tally::add(&broker.tally.reuses_detected);
            tracing::warn!(
                client = client_id,
                "a refresh token came twice; its grant has been ended"
            );
            Err(Refused::InvalidRefreshToken(
                "The refresh token was used before; the whole grant has been revoked.",
            ))
        }
        Rotation::Refused => Err(Refused::InvalidRefreshToken(
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
    if broker.personality.authorization.resource != Resource::Indicator {
        return Ok(());
    }
    match parameters.value("resource") {
        Some(resource) if resource.trim_end_matches('/') != broker.audience => {
            Err(Refused::InvalidTarget("The only resource is the demo API."))
        }
        _ => Ok(()),
    }
}
