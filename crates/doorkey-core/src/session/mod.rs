//! A living sign-in: fresh tokens for whoever may use them, and its end.

#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod fuzzing;
mod granted;
mod handoff;
mod keep;
mod lock;
mod record;
mod refresh;
mod sign_out;
mod stamp;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use tokio::sync::watch;

pub(crate) use keep::Keep;
pub(crate) use lock::FileLock;
pub(crate) use record::Record;
pub use sign_out::{SignOutReport, SignOutStep};

use crate::clock::Clock;
use crate::engine::Engine;
use crate::error::{Code, Error, Result};
use crate::http::Http;
use crate::identity::{self, Account, Picture, TokenFacts};
use crate::profile::{Profile, is_private};
use crate::token::{AccessToken, IdToken};
use crate::trace::{Flow, Trace};
pub(crate) use stamp::Stamp;

/// A token is renewed this long before it expires, so that it does not expire on its way.
const LEEWAY: Duration = Duration::from_secs(30);

/// A living sign-in. Cheap to clone; all clones are the same session.
#[derive(Clone)]
pub struct Session {
    shared: Arc<Shared>,
}

/// Where a session is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Storage {
    /// In the system keychain.
    Keychain,
    /// In memory, until the program ends.
    Memory {
        /// Why, in one sentence with what to do; none if it was asked for.
        reason: Option<String>,
    },
}

/// What may be known about a session without asking anybody.
#[derive(Clone, Debug, PartialEq)]
pub struct SessionInfo {
    /// Who is signed in.
    pub account: Account,
    /// When the access token expires, if the provider said so.
    pub expires_at: Option<SystemTime>,
    /// Whether it can be renewed without the browser.
    pub refreshable: bool,
    /// The scopes that were granted.
    pub scopes: Vec<String>,
    /// The scopes that were asked for and not granted. What needs them will be refused.
    pub not_granted: Vec<String>,
    /// Where it is kept.
    pub storage: Storage,
    /// Whether it has ended: signed out, or no longer accepted by the provider.
    pub ended: bool,
}

pub(crate) struct Shared {
    pub(crate) engine: Engine,
    pub(crate) profile: Arc<Profile>,
    pub(crate) http: Http,
    /// None for a session in memory.
    keep: Option<Keep>,
    /// Why there is no keep, if that was not the wish.
    memory_reason: Option<String>,
    live: Mutex<Live>,
    flight: refresh::Flight,
    changed: watch::Sender<u64>,
}

/// The session as this process knows it.
struct Live {
    record: Arc<Record>,
    /// The stamp of the kept session when the record was read or written.
    stamp: Option<Stamp>,
    /// Set when a renewed session could not be stored; it is then newer than the kept one.
    unsaved: Option<String>,
    ended: bool,
}

/// Why a token is asked for anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    /// It has expired, or will before it is used.
    Expired,
    /// The API refused it.
    Refused,
    /// The person asked.
    Forced,
}

impl Session {
    /// A session that has just begun; it is stored by [`Session::establish`].
    pub(crate) fn new(
        engine: Engine,
        profile: Arc<Profile>,
        http: Http,
        keep: Option<Keep>,
        memory_reason: Option<String>,
        record: Record,
        stamp: Option<Stamp>,
    ) -> Self {
        let live = Live {
            record: Arc::new(record),
            stamp,
            unsaved: None,
            ended: false,
        };
        let shared = Shared {
            engine,
            profile,
            http,
            keep,
            memory_reason,
            live: Mutex::new(live),
            flight: refresh::Flight::default(),
            changed: watch::Sender::new(0),
        };
        Self {
            shared: Arc::new(shared),
        }
    }

    /// Stores a session that has just begun.
    pub(crate) async fn establish(&self) -> Result<()> {
        let Some(keep) = &self.shared.keep else {
            return Ok(());
        };
        let record = Arc::clone(&self.shared.live().record);
        let lock = keep.store_lock().await?;
        keep.write(&lock, &record).await?;
        self.shared.live().stamp = Some(keep.stamp());
        Ok(())
    }

    /// The profile that it belongs to.
    pub fn profile(&self) -> &Profile {
        &self.shared.profile
    }

    /// What is known without asking anybody.
    pub fn info(&self) -> SessionInfo {
        let live = self.shared.live();
        let storage = match (&self.shared.keep, &live.unsaved) {
            (Some(_), None) => Storage::Keychain,
            (_, reason) => Storage::Memory {
                reason: reason.clone().or_else(|| self.shared.memory_reason.clone()),
            },
        };
        SessionInfo {
            account: live.record.account.clone(),
            expires_at: live.record.expires_at,
            refreshable: live.record.refresh_token.is_some(),
            scopes: live.record.scopes.clone(),
            not_granted: granted::not_granted(self.shared.profile.scopes(), &live.record.scopes),
            storage,
            ended: live.ended,
        }
    }

    /// Counts up whenever [`Session::info`] may have changed.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.shared.changed.subscribe()
    }

    /// Looks whether another process has refreshed the session or signed out, and follows it.
    ///
    /// # Errors
    /// [`Code::SessionEnded`] when nobody is signed in any more, or why the keychain cannot be asked.
    pub async fn sync(&self) -> Result<()> {
        self.shared.follow().await
    }

    /// An access token that stays valid for at least so long, if the provider issues any that do.
    ///
    /// However many callers wait on an expired token, one request is made for all of them.
    ///
    /// # Errors
    /// [`Code::SessionEnded`] and [`Code::NotRefreshable`] when the person must sign in again; a network, keychain or
    /// provider error when the session lives but could not be renewed just now.
    pub async fn access_token(&self, valid_for: Duration) -> Result<AccessToken> {
        self.shared
            .record(valid_for)
            .await
            .map(|record| record.access_token.clone())
    }

    /// The ID token that came with the session, as received.
    ///
    /// # Errors
    /// [`Code::IdTokenMissing`] when there is none, or as [`Session::access_token`].
    pub async fn id_token(&self) -> Result<IdToken> {
        self.shared.follow().await?;
        let record = self.shared.current()?;
        record.id_token.clone().ok_or_else(|| {
            Error::new(
                Code::IdTokenMissing,
                "The provider issued no ID token for this session",
            )
        })
    }

    /// What the tokens of the session say, for a person to read. Nobody is asked, and no token can be made of it.
    ///
    /// # Errors
    /// [`Code::SessionEnded`] when nobody is signed in any more; [`Code::IdTokenInvalid`] when what is kept is no longer
    /// the ID token that was verified.
    pub fn token_facts(&self) -> Result<TokenFacts> {
        let record = self.shared.current()?;
        TokenFacts::read(&record)
    }

    /// Renews the access token now, whether or not it has expired.
    ///
    /// # Errors
    /// As [`Session::access_token`].
    pub async fn refresh(&self) -> Result<()> {
        self.shared.follow().await?;
        let seen = self.shared.live().record.generation.clone();
        Shared::renew(&self.shared, seen, Reason::Forced)
            .await
            .map(drop)
    }

    /// The person's picture: at most 64 KiB, only from the provider's own origin or an API of the profile. None if there is
    /// none or it cannot be had.
    pub async fn picture(&self) -> Option<Picture> {
        let url = self.info().account.picture()?.clone();
        let profile = self.profile();
        let home = profile.home();
        let allowed = std::iter::once(home)
            .chain(profile.api())
            .any(|origin| origin.origin() == url.origin());
        if !allowed {
            return None;
        }
        identity::picture(&self.shared.http, &url, is_private(home)).await
    }

    pub(crate) fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }
}

impl Shared {
    /// The session as it is now, with an access token that is fresh.
    pub(crate) async fn record(self: &Arc<Self>, valid_for: Duration) -> Result<Arc<Record>> {
        self.follow().await?;
        let record = self.current()?;
        if self.is_fresh(&record, valid_for) {
            return Ok(record);
        }
        Self::renew(self, record.generation.clone(), Reason::Expired).await
    }

    /// The session as this process knows it, unless it has ended.
    pub(crate) fn current(&self) -> Result<Arc<Record>> {
        let live = self.live();
        if live.ended {
            Err(ended())
        } else {
            Ok(Arc::clone(&live.record))
        }
    }

    /// The profile for the client that the record's tokens belong to: another process may have signed in anew since this one
    /// began, and the server told it of another.
    pub(crate) fn profile_of(&self, record: &Record) -> Cow<'_, Profile> {
        match &record.client {
            Some(client) if !self.profile.is_client(client) => {
                Cow::Owned(self.profile.of_client(client))
            }
            _ => Cow::Borrowed(&self.profile),
        }
    }

    /// Whether the access token outlives the time asked for. One whose lifetime is unknown is used until it is refused.
    fn is_fresh(&self, record: &Record, valid_for: Duration) -> bool {
        let now = self.clock().now();
        record.expires_at.is_none_or(|end| {
            end.duration_since(now)
                .is_ok_and(|left| left > valid_for.max(LEEWAY))
        })
    }

    /// Takes over what another process has done to the kept session since this one looked.
    async fn follow(&self) -> Result<()> {
        let Some(keep) = &self.keep else {
            return self.current().map(drop);
        };
        let stamp = keep.stamp();
        {
            let live = self.live();
            if live.ended {
                return Err(ended());
            }
            if live.stamp == Some(stamp) || live.unsaved.is_some() {
                return Ok(());
            }
        }
        match keep.read(&self.profile.binding()).await? {
            Some(record) => self.adopt(record, stamp),
            None => {
                self.end();
                return Err(ended());
            }
        }
        Ok(())
    }

    fn adopt(&self, record: Record, stamp: Stamp) {
        {
            let mut live = self.live();
            live.record = Arc::new(record);
            live.stamp = Some(stamp);
        }
        self.tell();
    }

    /// Ends the session in this process. Whatever is still under way finds it ended.
    fn end(&self) {
        self.live().ended = true;
        self.tell();
    }

    fn tell(&self) {
        self.changed
            .send_modify(|count| *count = count.wrapping_add(1));
    }

    fn live(&self) -> MutexGuard<'_, Live> {
        self.live.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        self.engine.clock()
    }

    pub(crate) fn trace(&self, flow: Flow) -> Trace {
        self.engine.trace(flow)
    }
}

fn ended() -> Error {
    Error::new(Code::SessionEnded, "The session has ended")
}

impl std::fmt::Debug for Session {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Session")
            .field("profile", &self.shared.profile.name().as_str())
            .finish_non_exhaustive()
    }
}
