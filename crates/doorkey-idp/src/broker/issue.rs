//! Making the tokens of a grant.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::{
    broker::{Broker, userinfo::person_claims},
    clock::now_seconds,
    fault::Fault,
    random,
    scope::{Scope, Scopes},
    store::Grant,
    token::{ACCESS_TOKEN_TYPE, AccessClaims, ID_TOKEN_TYPE, IdClaims},
};

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
pub(super) fn tokens(
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
            identity_provider: Some(identity_provider(broker, grant)),
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

/// The upstream for those who came through it, and the broker for those whose
/// password it asked for itself.
fn identity_provider(broker: &Broker, grant: &Grant) -> String {
    if grant.user.is_from_upstream() {
        broker.upstream.issuer.clone()
    } else {
        broker.issuer.clone()
    }
}

/// The left half of the hash ([OpenID Connect 3.1.3.6]).
///
/// [OpenID Connect 3.1.3.6]: https://openid.net/specs/openid-connect-core-1_0.html#CodeIDToken
fn at_hash(access_token: &str) -> String {
    let digest = Sha256::digest(access_token.as_bytes());
    URL_SAFE_NO_PAD.encode(&digest[..16])
}
