//! Making the tokens of a grant.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::{
    broker::{Broker, userinfo::person_claims},
    clock::now_seconds,
    fault::Fault,
    personality::AccessToken,
    random,
    scope::{Scope, Scopes},
    store::Grant,
    token::{AccessClaims, ID_TOKEN_TYPE, IdClaims},
};

#[derive(Serialize)]
struct TokenResponse {
    access_token: String,
    token_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_in: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_token: Option<String>,
}

/// What an answer brings besides the access token.
pub(super) struct Wants {
    pub(super) refresh_token: Option<String>,
    pub(super) nonce: Option<String>,
    /// Whether there is an ID token, if the scopes allow one.
    pub(super) id_token: bool,
}

/// How long a token is good that does not expire.
const FOREVER: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);

/// Signs what a grant allows. No lock is held here.
pub(super) fn tokens(
    broker: &Broker,
    grant: &Grant,
    scopes: &Scopes,
    wants: Wants,
) -> Result<String, Fault> {
    let rule = &broker.personality.tokens;
    let now = now_seconds();
    let auth_time = grant.authenticated_at / 1000;
    let lifetime = if rule.expire {
        broker.access_token_lifetime
    } else {
        FOREVER
    };
    let looks = if grant.api_access {
        rule.access_token
    } else {
        rule.userinfo_token
    };
    let claims = AccessClaims {
        iss: broker.access_tokens.issuer().to_owned(),
        aud: audience(broker, looks, grant),
        sub: grant.user.id.clone(),
        client_id: grant.client_id.clone(),
        scope: scopes.to_string(),
        iat: now,
        exp: now.saturating_add_unsigned(lifetime.as_secs()),
        jti: random::identifier()?,
        auth_time,
        grant_id: grant.id.clone(),
    };
    let access_token = broker.access_tokens.write(looks, &claims, lifetime)?;
    let vocabulary = &broker.personality.scopes;
    let has_id_token = rule.id_token && wants.id_token && vocabulary.allow(scopes, Scope::OpenId);
    let id_token = if has_id_token {
        let claims = IdClaims {
            iss: broker.issuer.clone(),
            aud: grant.client_id.clone(),
            sub: grant.user.id.clone(),
            iat: now,
            exp: now.saturating_add_unsigned(broker.id_token_lifetime.as_secs()),
            auth_time,
            nonce: wants.nonce,
            at_hash: Some(at_hash(&access_token)),
            identity_provider: Some(identity_provider(broker, grant)),
            tid: broker
                .personality
                .addresses
                .tenants
                .map(|tenants| tenants.own.to_owned()),
            person: person_claims(broker, &grant.user, scopes),
        };
        Some(broker.keys.sign(ID_TOKEN_TYPE, &claims)?)
    } else {
        None
    };
    Ok(serde_json::to_string(&TokenResponse {
        access_token,
        token_type: rule.token_type,
        expires_in: rule.expire.then_some(lifetime.as_secs()),
        scope: rule.tells_scope.then(|| vocabulary.written(scopes)),
        refresh_token: wants.refresh_token,
        id_token,
    })?)
}

/// Whom an access token is for. The API refuses those that are not for it.
fn audience(broker: &Broker, looks: AccessToken, grant: &Grant) -> String {
    match looks {
        AccessToken::SignedFor(audience) => audience.to_owned(),
        AccessToken::Signed | AccessToken::Opaque(_) if grant.api_access => broker.audience.clone(),
        AccessToken::Signed | AccessToken::Opaque(_) => broker.issuer.clone(),
    }
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
