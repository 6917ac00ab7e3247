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
    personality::AccessToken,
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
        let token = bearer::token(headers, self.shape.header).map_err(Refused::Challenged)?;
        let claims = self.claims(token).await.map_err(|refused| match refused {
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
            && !self
                .vocabulary
                .allow(&Scopes::from(claims.scope.as_str()), scope)
        {
            let name = self.vocabulary.name_of(scope);
            return Err(Refused::Challenged(Challenge::insufficient_scope(name)));
        }
        Ok(Caller {
            user: grant.user,
            claims,
        })
    }
}

impl Api {
    /// Checks a token by its signature where the issuer publishes keys, and asks the issuer otherwise.
    async fn claims(&self, token: &str) -> Result<AccessClaims, TokenRefused> {
        match (&self.keys, self.looks) {
            (Some(keys), AccessToken::Signed | AccessToken::SignedFor(_)) => {
                let expected = Expected {
                    issuer: &self.issuer,
                    audience: &self.audience,
                    token_type: ACCESS_TOKEN_TYPE,
                };
                keys.verify(token, &expected).await
            }
            (None, _) | (_, AccessToken::Opaque(_)) => self
                .tokens
                .read(self.looks, token)
                .filter(|claims| claims.aud == self.audience)
                .ok_or(TokenRefused::Invalid(
                    "The token is unknown, expired or meant for another audience.",
                )),
        }
    }
}

enum Refused {
    Challenged(Challenge),
    KeysUnavailable,
    Fault(Fault),
}
