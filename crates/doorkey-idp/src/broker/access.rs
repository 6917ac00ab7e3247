//! Bearer tokens at the broker's own endpoints.

use crate::{
    broker::Broker,
    store::{Grant, StoreError},
    token::AccessClaims,
};

/// The claims of a living access token of this broker, and its grant.
pub(super) async fn living(
    broker: &Broker,
    token: &str,
) -> Result<Option<(AccessClaims, Grant)>, StoreError> {
    let looks = broker.personality.tokens;
    let read = |looks| broker.access_tokens.read(looks, token);
    let Some(claims) = read(looks.access_token).or_else(|| read(looks.userinfo_token)) else {
        return Ok(None);
    };
    Ok(broker
        .store
        .active_grant(&claims.grant_id)
        .await?
        .map(|grant| (claims, grant)))
}
