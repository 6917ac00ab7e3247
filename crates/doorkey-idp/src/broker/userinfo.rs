//! The userinfo endpoint ([OpenID Connect 5.3]).
//!
//! [OpenID Connect 5.3]: https://openid.net/specs/openid-connect-core-1_0.html#UserInfo

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use serde_json::json;

use crate::{
    bearer::{self, Challenge},
    broker::{Broker, access, picture},
    scope::{Scope, Scopes},
    store::User,
    token::PersonClaims,
};

/// `GET` and `POST /userinfo`.
pub(super) async fn userinfo(State(broker): State<Arc<Broker>>, headers: HeaderMap) -> Response {
    let token = match bearer::token(&headers, "authorization") {
        Ok(token) => token,
        Err(challenge) => return challenge.into_response(),
    };
    match access::living(&broker, token).await {
        Ok(Some((claims, grant))) => {
            let scopes = Scopes::from(claims.scope);
            let vocabulary = &broker.personality.scopes;
            if !vocabulary.allow(&scopes, Scope::OpenId) {
                let name = vocabulary.name_of(Scope::OpenId);
                return Challenge::insufficient_scope(name).into_response();
            }
            let person = person_claims(&broker, &grant.user, &scopes);
            let mut answer = json!(person);
            answer["sub"] = json!(grant.user.id);
            Json(answer).into_response()
        }
        Ok(None) => {
            Challenge::invalid_token("The token is expired, revoked or not of this provider.")
                .into_response()
        }
        Err(error) => crate::fault::Fault::from(error).into_response(),
    }
}

/// What these scopes let an app know.
pub(super) fn person_claims(broker: &Broker, user: &User, scopes: &Scopes) -> PersonClaims {
    let vocabulary = &broker.personality.scopes;
    let mut claims = PersonClaims::default();
    if vocabulary.allow(scopes, Scope::Profile) {
        claims.name = Some(user.name.clone());
        claims.given_name = Some(user.given_name.clone());
        claims.family_name = Some(user.family_name.clone());
        claims.preferred_username = Some(user.username.clone());
        claims.picture =
            picture::path_of(&user.username).map(|path| format!("{}{path}", broker.origin));
        claims.updated_at = Some(user.updated_at / 1000);
    }
    if vocabulary.allow(scopes, Scope::Email) {
        claims.email = Some(user.email.clone());
        claims.email_verified = Some(true);
    }
    claims
}
