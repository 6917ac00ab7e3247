//! Who calls, and may they?

use axum::{
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};

use crate::{
    api::{Api, answers},
    bearer::{self, Challenge},
    counts::Tally,
    fault::Fault,
    scope::{Scope, Scopes},
    store::User,
    token::{ACCESS_TOKEN_TYPE, AccessClaims, Expected, TokenRefused},
};

/// The person on whose behalf an app calls.
pub(super) struct Caller {
    pub(super) user: User,
    pub(super) claims: AccessClaims,
}

impl Api {
    /// Checks the token of a request, and that it has the scope.
    ///
    /// The signature comes first. The grant is looked up last: a revoked token
    /// is refused before it expires, because this API shares a process with
    /// its issuer. One that does not would ask it.
    pub(super) async fn caller(
        &self,
        headers: &HeaderMap,
        scope: Option<Scope>,
    ) -> Result<Caller, Response> {
        let result = self.check(headers, scope).await;
        Tally::add(match result {
            Ok(_) => &self.tally.api_calls,
            Err(_) => &self.tally.api_refusals,
        });
        result.map_err(|refused| match refused {
            Refused::Challenged(challenge) => {
                let metadata = format!("{}/.well-known/oauth-protected-resource", self.origin);
                challenge.with_metadata(metadata).into_response()
            }
            Refused::KeysUnavailable => answers::problem(
                StatusCode::SERVICE_UNAVAILABLE,
                "keys_unavailable",
                "The issuer's keys could not be fetched.",
            ),
            Refused::Fault(fault) => fault.into_response(),
        })
    }

    async fn check(&self, headers: &HeaderMap, scope: Option<Scope>) -> Result<Caller, Refused> {
        let token = bearer::token(headers).map_err(Refused::Challenged)?;
        let expected = Expected {
            issuer: &self.issuer,
            audience: &self.origin,
            token_type: ACCESS_TOKEN_TYPE,
        };
        let claims: AccessClaims = self
            .keys
            .verify(token, &expected)
            .await
            .map_err(|refused| match refused {
                TokenRefused::Invalid(text) => Refused::Challenged(Challenge::invalid_token(text)),
                TokenRefused::KeysUnavailable => Refused::KeysUnavailable,
            })?;
        let grant = self
            .store
            .active_grant(&claims.grant_id)
            .await
            .map_err(|error| Refused::Fault(error.into()))?
            .ok_or_else(|| {
                Refused::Challenged(Challenge::invalid_token("The token has been revoked."))
            })?;
        if let Some(scope) = scope
            && !Scopes::parse(&claims.scope).contains(scope)
        {
            return Err(Refused::Challenged(Challenge::insufficient_scope(scope)));
        }
        Ok(Caller {
            user: grant.user,
            claims,
        })
    }
}

enum Refused {
    Challenged(Challenge),
    KeysUnavailable,
    Fault(Fault),
}
