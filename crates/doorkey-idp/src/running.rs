//! A started provider.

use std::{sync::Arc, time::Duration};

use tokio_util::{
    sync::{CancellationToken, DropGuard},
    task::TaskTracker,
};

use crate::{
    client::Client,
    counts::{Counts, Tally},
    fault::Fault,
    places::Places,
    store::{Store, StoreError},
    token::SigningKeys,
};

/// How long `shutdown` waits for answers that are under way.
const PATIENCE: Duration = Duration::from_secs(2);

/// Where one role listens.
#[derive(Debug)]
pub(crate) struct Address {
    pub(crate) authority: String,
    pub(crate) origin: String,
    pub(crate) port: u16,
}

/// Broker, API and upstream, listening. Dropping it stops them;
/// [`Running::shutdown`] also waits until they have.
pub struct Running {
    broker: Address,
    upstream: Address,
    places: Places,
    store: Store,
    keys: Arc<SigningKeys>,
    tally: Arc<Tally>,
    tasks: TaskTracker,
    stop: CancellationToken,
    _stop_on_drop: DropGuard,
}

/// Why a running provider did not do what was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RunningError {
    /// The database refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A key could not be made.
    #[error("{0}")]
    Key(String),
    /// No answer should ever go to this address.
    #[error(
        "{uri} cannot be registered: use https, http on 127.0.0.1, [::1] or localhost, or a scheme that is a reversed domain name"
    )]
    UnusableUri {
        /// The address.
        uri: String,
    },
}

impl Running {
    #[expect(
        clippy::too_many_arguments,
        reason = "called once, by start, which makes each part"
    )]
    pub(crate) fn new(
        broker: Address,
        upstream: Address,
        places: Places,
        store: Store,
        keys: Arc<SigningKeys>,
        tally: Arc<Tally>,
        stop: CancellationToken,
        tasks: TaskTracker,
    ) -> Self {
        let stop_on_drop = stop.clone().drop_guard();
        Self {
            broker,
            upstream,
            places,
            store,
            keys,
            tally,
            tasks,
            stop,
            _stop_on_drop: stop_on_drop,
        }
    }

    /// Where the broker listens, without a slash at the end: `http://127.0.0.1:4180`.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.broker.origin
    }

    /// The broker's issuer, byte for byte as it stands in the metadata:
    /// `http://127.0.0.1:4180`, with no slash at the end. A
    /// [`Personality`](crate::Personality) may add a slash or a path; of one
    /// without an issuer, this is the origin.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.places.issuer
    }

    /// The API's origin, which is also the audience of access tokens:
    /// `http://127.0.0.1:4181`. A [`Personality`](crate::Personality) may have
    /// it at the broker's origin, below a path, or with another audience.
    #[must_use]
    pub fn api(&self) -> &str {
        &self.places.api
    }

    /// The upstream's issuer: `http://127.0.0.1:4182`.
    #[must_use]
    pub fn upstream(&self) -> &str {
        &self.upstream.origin
    }

    /// What was asked so far.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.tally.snapshot()
    }

    /// Lets the broker sign with a new key from now on. Keys of tokens that
    /// are still good stay published.
    ///
    /// # Errors
    ///
    /// The database refused, or no key could be made.
    pub async fn rotate_keys(&self) -> Result<(), RunningError> {
        self.keys.rotate().await.map_err(|fault| match fault {
            Fault::Store(error) => RunningError::Store(error),
            other => RunningError::Key(other.to_string()),
        })
    }

    /// Adds a public client, or replaces the one with the same id.
    ///
    /// # Errors
    ///
    /// The database refused, or an address of the client is one that no answer
    /// should ever go to.
    pub async fn register(&self, client: Client) -> Result<(), RunningError> {
        if let Some(uri) = client.unusable_uri() {
            return Err(RunningError::UnusableUri {
                uri: uri.to_owned(),
            });
        }
        Ok(self.store.put_client(client).await?)
    }

    /// Stops listening, lets requests that are under way finish for at most two
    /// seconds, and closes the database.
    pub async fn shutdown(self) {
        self.stop.cancel();
        // What is left after that ends with its connection.
        let _ = tokio::time::timeout(PATIENCE, self.tasks.wait()).await;
        self.store.close().await;
    }
}

impl std::fmt::Debug for Running {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Running")
            .field("issuer", &self.places.issuer)
            .field("api", &self.places.api)
            .field("upstream", &self.upstream.origin)
            .finish_non_exhaustive()
    }
}
