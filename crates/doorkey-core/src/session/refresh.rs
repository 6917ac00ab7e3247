//! Renewing the access token: once for everybody who waits, in this process and in all others.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use tokio::sync::watch;

use super::keep::{Keep, StoreLock};
use super::{Reason, Record, Shared, ended};
use crate::error::{Code, Error, Result};
use crate::identity::{self, Occasion};
use crate::provider::Provider;
use crate::random;
use crate::token::{Revocable, TokenEndpoint, TokenResponse};
use crate::trace::{Flow, StepKind, Trace, Value, shown};

/// After a refresh that failed for reasons that pass, the next one waits so long, unless a person asks for it.
const PAUSE: Duration = Duration::from_secs(1);

type Outcome = Result<Arc<Record>, Arc<Error>>;

/// The refresh that is under way, if there is one.
#[derive(Default)]
pub(super) struct Flight {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Filled when the refresh has ended; closed without if it died.
    waiting: Option<watch::Receiver<Option<Outcome>>>,
    failed: Option<(SystemTime, Arc<Error>)>,
}

impl Shared {
    /// A newer session than the generation that the caller has seen.
    ///
    /// The refresh runs in a task of its own: a caller that is cancelled does not cancel it, and its result
    /// is stored even if nobody waits for it any more.
    pub(super) async fn renew(
        shared: &Arc<Self>,
        seen: String,
        reason: Reason,
    ) -> Result<Arc<Record>> {
        let mut waiting = match shared.join(&seen, reason)? {
            Joined::Newer(record) => return Ok(record),
            Joined::Waiting(waiting) => waiting,
        };
        match waiting.wait_for(Option::is_some).await {
            Ok(outcome) => match outcome.as_ref() {
                Some(Ok(record)) => Ok(Arc::clone(record)),
                Some(Err(error)) => Err(error.shared()),
                None => Err(died()),
            },
            Err(_) => Err(died()),
        }
    }

    /// Refreshes after the API has refused the token of a generation, unless a newer one is there already.
    pub(crate) async fn renew_refused(shared: &Arc<Self>, seen: &Record) -> Result<Arc<Record>> {
        Self::renew(shared, seen.generation.clone(), Reason::Refused).await
    }

    fn join(self: &Arc<Self>, seen: &str, reason: Reason) -> Result<Joined> {
        let mut state = self
            .flight
            .state
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let record = self.current()?;
        if record.generation != seen {
            return Ok(Joined::Newer(record));
        }
        if let Some(waiting) = &state.waiting
            && waiting.borrow().is_none()
            && waiting.has_changed().is_ok()
        {
            return Ok(Joined::Waiting(waiting.clone()));
        }
        if let Some((at, error)) = &state.failed
            && reason != Reason::Forced
            && self
                .clock()
                .now()
                .duration_since(*at)
                .is_ok_and(|elapsed| elapsed < PAUSE)
        {
            return Err(error.shared());
        }
        let (sender, receiver) = watch::channel(None);
        state.waiting = Some(receiver.clone());
        let shared = Arc::clone(self);
        let seen = seen.to_owned();
        tokio::spawn(async move {
            let outcome = shared.refresh_once(&seen, reason).await.map_err(Arc::new);
            let failed = outcome
                .as_ref()
                .err()
                .map(|error| (shared.clock().now(), Arc::clone(error)));
            shared
                .flight
                .state
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .failed = failed;
            sender.send_replace(Some(outcome));
        });
        Ok(Joined::Waiting(receiver))
    }

    async fn refresh_once(&self, seen: &str, reason: Reason) -> Result<Arc<Record>> {
        let trace = self.trace(Flow::Refresh);
        let result = self.refresh_locked(seen, reason, &trace).await;
        if let Err(error) = &result {
            trace.failed(StepKind::RefreshFailed, error);
        }
        result
    }

    /// Lock, read again, ask, store, and only then let anybody see the new token.
    async fn refresh_locked(
        &self,
        seen: &str,
        reason: Reason,
        trace: &Trace,
    ) -> Result<Arc<Record>> {
        let _lock = match &self.keep {
            Some(keep) => Some(keep.refresh_lock().await?),
            None => None,
        };
        let unsaved = self.live().unsaved.is_some();
        if let (Some(keep), false) = (&self.keep, unsaved) {
            let stamp = keep.stamp();
            let Some(kept) = keep.read(&self.profile.binding()).await? else {
                self.end();
                return Err(ended());
            };
            if kept.generation != seen {
                trace.step(StepKind::RefreshAdopted, Vec::new);
                self.adopt(kept, stamp);
                let record = self.current()?;
                if reason != Reason::Expired || self.is_fresh(&record, Duration::ZERO) {
                    return Ok(record);
                }
            }
        }
        let old = self.current()?;
        let provider = self
            .engine
            .discovery()
            .cached(&self.profile, &self.http, trace)
            .await?;
        match self.ask(&old, &provider, trace).await {
            Ok(response) => {
                let record = self.renewed(&old, &provider, response, trace).await?;
                self.settle(&old, record, &provider, trace).await
            }
            Err(error) if error.code() == Code::InvalidGrant => self.refused(&old, error).await,
            Err(error) => Err(error),
        }
    }

    /// One request, and one more when its answer was lost: the provider may have rotated the token, and
    /// those that allow a second use of the old one allow it for a short while only.
    async fn ask(&self, old: &Record, provider: &Provider, trace: &Trace) -> Result<TokenResponse> {
        let Some(refresh_token) = &old.refresh_token else {
            return Err(Error::new(
                Code::NotRefreshable,
                "The access token has expired, and the provider gave no refresh token",
            ));
        };
        let profile = self.profile_of(old);
        let credentials = self.engine.session_credentials(&profile).await?;
        let endpoint = TokenEndpoint::new(&self.http, provider, &profile, &credentials);
        trace.step(StepKind::RefreshRequest, || {
            let mut fields = vec![
                ("grant_type", shown("refresh_token")),
                ("refresh_token", Value::Hidden(refresh_token.len())),
                ("client_id", shown(profile.client_id())),
            ];
            fields.extend(credentials.field());
            fields
        });
        let response = match endpoint.refresh(refresh_token).await {
            Err(error) if matches!(error.code(), Code::NetworkLost | Code::NetworkTimeout) => {
                endpoint.refresh(refresh_token).await
            }
            other => other,
        }?;
        trace.step(StepKind::RefreshResponse, || response.fields());
        Ok(response)
    }

    /// The session that follows from a response. An ID token in it must be of the same person
    /// ([OpenID Connect Core §12.2](https://openid.net/specs/openid-connect-core-1_0.html#RefreshTokenResponse)).
    async fn renewed(
        &self,
        old: &Record,
        provider: &Provider,
        response: TokenResponse,
        trace: &Trace,
    ) -> Result<Record> {
        let mut account = old.account.clone();
        let mut verified_id_token = old.id_token.clone();
        // One that cannot be verified, since nobody knows whose it should be, is not kept either.
        if let (Some(id_token), Some(issuer), Some(subject)) =
            (response.id_token, &provider.issuer, old.account.subject())
        {
            let keys = self.engine.keys(&self.http, provider)?;
            let profile = self.profile_of(old);
            let expected = identity::Expected {
                issuer,
                client_id: profile.client_id(),
                additional_audiences: &self.profile.additional_audiences,
                algorithms: &provider.id_token_algorithms,
                access_token: Some(&response.access_token),
                occasion: Occasion::Refresh {
                    subject,
                    nonce: old.nonce.as_deref(),
                },
                now: self.clock().now(),
            };
            let verified = identity::verify(&id_token, &expected, &keys, trace).await?;
            account = verified.account.completed_by(account);
            verified_id_token = Some(id_token);
        }
        Ok(Record {
            generation: random::token(self.engine.random())?.to_string(),
            binding: old.binding.clone(),
            expires_at: response
                .expires_in
                .and_then(|lifetime| self.clock().now().checked_add(lifetime)),
            access_token: response.access_token,
            refresh_token: response.refresh_token.or_else(|| old.refresh_token.clone()),
            scopes: response.scopes.unwrap_or_else(|| old.scopes.clone()),
            account,
            nonce: old.nonce.clone(),
            client: old.client.clone(),
            id_token: verified_id_token,
        })
    }

    /// Stores the new session and then shows it. If the session ended or was replaced meanwhile, the new
    /// tokens are given back instead.
    async fn settle(
        &self,
        old: &Record,
        record: Record,
        provider: &Provider,
        trace: &Trace,
    ) -> Result<Arc<Record>> {
        let record = Arc::new(record);
        let mut unsaved = None;
        let mut store_lock = None;
        if let Some(keep) = &self.keep {
            let mut told = |error: Error| {
                trace.failed(StepKind::SessionStored, &error);
                unsaved = Some(format!("{}. {}", error.message(), error.hint()));
            };
            match keep.store_lock().await {
                Ok(lock) => {
                    let stamp = keep.stamp();
                    match self.kept_now(keep, old).await {
                        Kept::Same => match keep.write(&lock, &record).await {
                            Ok(()) => trace.step(StepKind::SessionStored, Vec::new),
                            Err(error) => told(error),
                        },
                        // The tokens are not revoked: at some providers that ends the newer session too.
                        Kept::Newer(newer) => {
                            trace.step(StepKind::RefreshAdopted, Vec::new);
                            self.adopt(*newer, stamp);
                            return self.current();
                        }
                        Kept::Gone => {
                            drop(lock);
                            self.end();
                            self.give_back(&record, provider).await;
                            return Err(ended());
                        }
                    }
                    store_lock = Some(lock);
                }
                // The old token is spent already: what was issued must not be lost for a lock.
                Err(error) => told(error),
            }
        }
        let ended_meanwhile = self.show(&record, unsaved, store_lock);
        if ended_meanwhile {
            self.give_back(&record, provider).await;
            return Err(ended());
        }
        self.tell();
        Ok(record)
    }

    /// Puts the record where callers see it. True if the session has been ended instead.
    fn show(
        &self,
        record: &Arc<Record>,
        unsaved: Option<String>,
        _lock: Option<StoreLock>,
    ) -> bool {
        let stamp = self.keep.as_ref().map(Keep::stamp);
        let mut live = self.live();
        if live.ended {
            return true;
        }
        live.record = Arc::clone(record);
        live.stamp = stamp;
        live.unsaved = unsaved;
        false
    }

    /// What has become of the kept session during the refresh.
    async fn kept_now(&self, keep: &Keep, old: &Record) -> Kept {
        let (is_ended, is_unsaved) = {
            let live = self.live();
            (live.ended, live.unsaved.is_some())
        };
        if is_ended {
            return Kept::Gone;
        }
        if is_unsaved {
            return Kept::Same;
        }
        match keep.read(&self.profile.binding()).await {
            Ok(Some(kept)) if kept.generation == old.generation => Kept::Same,
            Ok(Some(kept)) => Kept::Newer(Box::new(kept)),
            Ok(None) => Kept::Gone,
            // A keychain that cannot be asked right now is no sign that the session has ended.
            Err(_) => Kept::Same,
        }
    }

    /// The provider refused the refresh token. The session has ended only if the keychain still holds that token.
    async fn refused(&self, old: &Record, error: Error) -> Result<Arc<Record>> {
        if let Some(keep) = &self.keep {
            let lock = keep.store_lock().await?;
            let stamp = keep.stamp();
            match keep.read(&self.profile.binding()).await? {
                Some(kept) if kept.refresh_token != old.refresh_token => {
                    self.adopt(kept, stamp);
                    return self.current();
                }
                _ => keep.erase(&lock).await?,
            }
        }
        self.end();
        Err(Error::new(
            Code::SessionEnded,
            "The provider no longer accepts the session",
        )
        .with_source(error))
    }

    /// Revokes tokens that nobody will use. The provider may not know them; nothing depends on it.
    async fn give_back(&self, record: &Record, provider: &Provider) {
        let (Some(endpoint), Some(token)) = (&provider.revocation_endpoint, &record.refresh_token)
        else {
            return;
        };
        let revoke = async {
            let profile = self.profile_of(record);
            let credentials = self.engine.session_credentials(&profile).await?;
            TokenEndpoint::new(&self.http, provider, &profile, &credentials)
                .revoke(endpoint, Revocable::Refresh(token))
                .await
        };
        if let Err(error) = revoke.await {
            tracing::debug!(
                code = error.code().as_str(),
                "unused tokens could not be revoked"
            );
        }
    }
}

/// What is kept, seen from a refresh that is about to store its result.
enum Kept {
    /// What it began with.
    Same,
    /// Somebody signed in anew meanwhile.
    Newer(Box<Record>),
    /// Somebody signed out meanwhile.
    Gone,
}

enum Joined {
    Newer(Arc<Record>),
    Waiting(watch::Receiver<Option<Outcome>>),
}

fn died() -> Error {
    Error::new(Code::Internal, "The refresh ended without a result")
}
