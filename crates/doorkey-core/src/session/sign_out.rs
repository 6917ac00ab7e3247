//! The end of a session: forgotten here first, then revoked, then ended at the provider.

use url::Url;

use super::handoff::Handoff;
use super::{Session, Shared};
use crate::browser::Browser;
use crate::error::{Error, Result};
use crate::provider::Provider;
use crate::token::{IdToken, Revocable, TokenEndpoint};
use crate::trace::{Flow, StepKind, Value, shown};

/// What a sign-out did. Whatever it says, nobody is signed in here any more.
#[derive(Debug)]
pub struct SignOutReport {
    /// Whether the session is gone from this computer.
    pub local: SignOutStep,
    /// Whether the provider revoked the tokens ([RFC 7009](https://www.rfc-editor.org/rfc/rfc7009)).
    pub revoked: SignOutStep,
    /// Whether the browser was sent to end the provider's own session
    /// ([OpenID Connect RP-Initiated Logout 1.0](https://openid.net/specs/openid-connect-rpinitiated-1_0.html)).
    pub session_ended: SignOutStep,
}

/// What became of one of the three.
#[derive(Debug)]
pub enum SignOutStep {
    /// It was done.
    Done,
    /// It was left out, and why.
    Skipped(&'static str),
    /// It was tried in vain.
    Failed(Error),
}

impl SignOutStep {
    fn of(result: Result<()>) -> Self {
        match result {
            Ok(()) => Self::Done,
            Err(error) => Self::Failed(error),
        }
    }

    /// Whether it was done.
    pub fn is_done(&self) -> bool {
        matches!(self, Self::Done)
    }
}

impl Session {
    /// Whether the provider has a session of its own that a sign-out can end in the browser. The provider is asked for its
    /// metadata only where that is not at hand. No step is told of it.
    pub async fn can_end_provider_session(&self) -> bool {
        let trace = self.shared().trace(Flow::SignOut).silent();
        let provider = self
            .shared()
            .engine
            .discovery()
            .cached(self.profile(), &self.shared().http, &trace)
            .await;
        provider.is_ok_and(|provider| provider.end_session_endpoint.is_some())
    }

    /// Signs out. With a browser, the provider's own session is ended in it as well, if the provider can.
    ///
    /// The session is unusable from the first moment on, and calls that are under way find it ended.
    pub async fn sign_out(&self, browser: Option<&dyn Browser>) -> SignOutReport {
        self.shared().sign_out(browser).await
    }
}

impl Shared {
    async fn sign_out(&self, browser: Option<&dyn Browser>) -> SignOutReport {
        let trace = self.trace(Flow::SignOut);
        self.end();
        let mut record = std::sync::Arc::clone(&self.live().record);
        let local = match &self.keep {
            None => Ok(()),
            Some(keep) => match keep.store_lock().await {
                Ok(lock) => {
                    // Another process may have renewed it since: those are the tokens to revoke.
                    if let Ok(Some(kept)) = keep.read(&self.profile.binding()).await {
                        record = std::sync::Arc::new(kept);
                    }
                    keep.erase(&lock).await
                }
                Err(error) => keep.erase_later().and(Err(error)),
            },
        };
        match &local {
            Ok(()) => trace.step(StepKind::WipedLocally, Vec::new),
            Err(error) => trace.failed(StepKind::WipedLocally, error),
        }
        let provider = self
            .engine
            .discovery()
            .cached(&self.profile, &self.http, &trace)
            .await;
        let (revoked, session_ended) = match provider {
            Ok(provider) => {
                let revoked = self.revoke(&provider, &record, &trace).await;
                let session_ended = match browser {
                    Some(browser) => {
                        self.end_provider_session(&provider, &record, browser, &trace)
                            .await
                    }
                    None => SignOutStep::Skipped("it was not asked for"),
                };
                (revoked, session_ended)
            }
            Err(error) => (
                SignOutStep::Failed(error),
                SignOutStep::Skipped("the provider could not be asked how"),
            ),
        };
        SignOutReport {
            local: SignOutStep::of(local),
            revoked,
            session_ended,
        }
    }

    async fn revoke(
        &self,
        provider: &Provider,
        record: &super::Record,
        trace: &crate::trace::Trace,
    ) -> SignOutStep {
        let Some(endpoint) = &provider.revocation_endpoint else {
            return SignOutStep::Skipped("the provider has no revocation endpoint");
        };
        let (token, kind) = match &record.refresh_token {
            Some(token) => (Revocable::Refresh(token), "refresh_token"),
            None => (Revocable::Access(&record.access_token), "access_token"),
        };
        let profile = self.profile_of(record);
        let credentials = match self.engine.session_credentials(&profile).await {
            Ok(credentials) => credentials,
            Err(error) => {
                trace.failed(StepKind::RevocationRequest, &error);
                return SignOutStep::Failed(error);
            }
        };
        trace.step(StepKind::RevocationRequest, || {
            let length = record
                .refresh_token
                .as_ref()
                .map_or(record.access_token.len(), crate::token::RefreshToken::len);
            let mut fields = vec![
                ("token", Value::Hidden(length)),
                ("token_type_hint", shown(kind)),
            ];
            fields.extend(credentials.field());
            fields
        });
        let result = TokenEndpoint::new(&self.http, provider, &profile, &credentials)
            .revoke(endpoint, token)
            .await;
        match &result {
            Ok(()) => trace.step(StepKind::RevocationResponse, Vec::new),
            Err(error) => trace.failed(StepKind::RevocationResponse, error),
        }
        SignOutStep::of(result)
    }

    async fn end_provider_session(
        &self,
        provider: &Provider,
        record: &super::Record,
        browser: &dyn Browser,
        trace: &crate::trace::Trace,
    ) -> SignOutStep {
        let Some(endpoint) = &provider.end_session_endpoint else {
            return SignOutStep::Skipped("the provider cannot do that");
        };
        trace.step(StepKind::EndSessionRequest, || {
            vec![("end_session_endpoint", shown(endpoint))]
        });
        let profile = self.profile_of(record);
        let url = end_session_url(endpoint, profile.client_id(), record.id_token.as_ref());
        // The ID token must not appear among the browser's arguments, so the browser is given a local
        // address that sends it on.
        let sent = match Handoff::open(url).await {
            Ok(handoff) => match browser.open(handoff.url()) {
                Ok(()) => handoff.taken().await,
                Err(error) => Err(error),
            },
            Err(error) => Err(error),
        };
        if let Err(error) = &sent {
            trace.failed(StepKind::EndSessionRequest, error);
        }
        SignOutStep::of(sent)
    }
}

fn end_session_url(endpoint: &Url, client_id: &str, id_token: Option<&IdToken>) -> Url {
    let mut url = endpoint.clone();
    {
        let mut query = url.query_pairs_mut();
        query.append_pair("client_id", client_id);
        if let Some(id_token) = id_token {
            query.append_pair("id_token_hint", id_token.expose());
        }
    }
    url
}
