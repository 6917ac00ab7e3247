//! Bearer tokens at the broker's own endpoints.

use crate::{
    broker::Broker,
    clock::now_seconds,
    store::{Grant, StoreError},
    token::{ACCESS_TOKEN_TYPE, AccessClaims},
};

/// The claims of a living access token of this broker, and its grant.
pub(super) async fn living(
    broker: &Broker,
    token: &str,
) -> Result<Option<(AccessClaims, Grant)>, StoreError> {
    let Some(claims) = broker
        .keys
        .claims_of_own::<AccessClaims>(ACCESS_TOKEN_TYPE, token)
    else {
        return Ok(None);
    };
    if claims.iss != broker.issuer || claims.exp <= now_seconds() {
        return Ok(None);
    }
    Ok(broker
        .store
        .active_grant(&claims.grant_id)
        .await?
        .map(|grant| (claims, grant)))
}
