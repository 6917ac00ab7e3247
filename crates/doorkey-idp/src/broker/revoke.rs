//! Revocation ([RFC 7009]): the grant ends, and every token of it with it.
//!
//! [RFC 7009]: https://www.rfc-editor.org/rfc/rfc7009

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};

use crate::{
    broker::{
        Broker, access,
        form::{self, Endpoint},
        refused::Refused,
    },
    counts::Tally,
};

/// `POST /revoke`.
pub(super) async fn revoke(
    State(broker): State<Arc<Broker>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    match end(&broker, &headers, &body).await {
        Ok(()) => {
            Tally::add(&broker.tally.revocations);
            StatusCode::OK.into_response()
        }
        Err(refused) => refused.into_response(),
    }
}

/// A token that is unknown or dead already is as good as revoked.
async fn end(broker: &Broker, headers: &HeaderMap, body: &[u8]) -> Result<(), Refused> {
    let parameters = form::read(broker, headers, body, Endpoint::Other)?;
    let is_public = parameters.value("client_secret").is_none();
    if is_public
        && broker
            .personality
            .sign_out
            .revocation_refuses_public_clients
    {
        return Err(Refused::InvalidClient(
            "Revocation is for clients with a secret.",
        ));
    }
    let client_id = parameters
        .value("client_id")
        .ok_or(Refused::InvalidRequest("client_id is missing."))?;
    if broker.store.client(client_id).await?.is_none() {
        return Err(Refused::InvalidClient("client_id is not registered."));
    }
    let token = parameters
        .value("token")
        .ok_or(Refused::InvalidRequest("token is missing."))?;
    // `token_type_hint` only says where to look first; the two kinds cannot be
    // taken for each other.
    let grant = match broker.store.grant_of_refresh_token(token).await? {
        Some(grant) => Some(grant),
        None => access::living(broker, token).await?.map(|(_, grant)| grant),
    };
    match grant {
        Some(grant) if grant.client_id != client_id => Err(Refused::InvalidRequest(
            "The token was issued to another client.",
        )),
        Some(grant) => Ok(broker.store.end_grant(&grant.id).await?),
        None => Ok(()),
    }
}
