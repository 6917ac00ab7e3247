//! A provider that does everything right until it is told otherwise.

mod endpoint;
mod grant;
mod kill;
mod state;
mod switches;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use url::Url;

use crate::answer::Answer;
use crate::callback::Callback;
use crate::certificate::{Certificate, REMOTE};
use crate::request::Request;
use crate::server::Server;

pub use endpoint::Endpoint;
pub use grant::{Reuse, Revocation};
pub use kill::{Brink, KillPoint};
use state::{Bend, State};
pub use state::{CLIENT, SUBJECT};

/// The provider, its API, and what bends them. Clones are the same provider.
#[derive(Clone)]
pub struct Provider {
    server: Arc<Server>,
    state: Arc<Mutex<State>>,
}

impl Provider {
    /// Starts one on a free port.
    ///
    /// # Errors
    /// When there is no port.
    pub async fn start() -> std::io::Result<Self> {
        Self::listen(None, None).await
    }

    /// Starts one at `https://localhost` with a certificate.
    ///
    /// # Errors
    /// When there is no port.
    pub async fn start_tls(certificate: &Certificate) -> std::io::Result<Self> {
        Self::listen(Some(certificate), None).await
    }

    /// Starts one by the name of [`REMOTE`], which only a [`Relay`](crate::Relay) leads to.
    ///
    /// # Errors
    /// When there is no port.
    pub async fn start_remote(certificate: &Certificate) -> std::io::Result<Self> {
        Self::listen(Some(certificate), Some(REMOTE)).await
    }

    async fn listen(
        certificate: Option<&Certificate>,
        name: Option<&str>,
    ) -> std::io::Result<Self> {
        let state = Arc::new(Mutex::new(State::new()));
        let asked = Arc::clone(&state);
        let answer = move |request: &Request| lock(&asked).answer(request);
        let mut server = match certificate {
            Some(certificate) => Server::start_tls(certificate, answer).await?,
            None => Server::start(answer).await?,
        };
        if let Some(name) = name {
            server = server.named(name);
        }
        lock(&state).issuer = server.origin().to_owned();
        Ok(Self {
            server: Arc::new(server),
            state,
        })
    }

    /// Its issuer, which is also the origin of its API.
    pub fn issuer(&self) -> &str {
        self.server.origin()
    }

    /// A profile that leads here, with further lines.
    pub fn profile(&self, lines: &str) -> String {
        let issuer = self.issuer();
        format!("issuer = {issuer:?}\nclient_id = {CLIENT:?}\napi = [\"{issuer}/api\"]\n{lines}\n")
    }

    /// The server behind it.
    pub fn server(&self) -> &Server {
        &self.server
    }

    /// What an endpoint was asked, in order.
    pub fn asked(&self, endpoint: Endpoint) -> Vec<Request> {
        let mut requests = self.server.requests();
        requests.retain(|request| Endpoint::of(request) == endpoint);
        requests
    }

    /// Changes each answer of an endpoint from now on. What would be right is handed in; what was done for it is done.
    pub fn bend(
        &self,
        endpoint: Endpoint,
        bend: impl FnMut(&Request, Answer) -> Answer + Send + 'static,
    ) {
        self.bend_times(endpoint, None, Box::new(bend));
    }

    /// Changes the next answer of an endpoint.
    pub fn bend_once(
        &self,
        endpoint: Endpoint,
        bend: impl FnMut(&Request, Answer) -> Answer + Send + 'static,
    ) {
        self.bend_times(endpoint, Some(1), Box::new(bend));
    }

    fn bend_times(&self, endpoint: Endpoint, times: Option<usize>, bend: Bend) {
        let mut state = self.state();
        state.bends.entry(endpoint).or_default().push((times, bend));
    }

    /// Answers for an endpoint from now on without doing what it should: no code is used up, no token rotated.
    pub fn replace(
        &self,
        endpoint: Endpoint,
        answer: impl FnMut(&Request) -> Answer + Send + 'static,
    ) {
        let mut state = self.state();
        state.substitutes.insert(endpoint, (None, Box::new(answer)));
    }

    /// The same for the next request only.
    pub fn replace_once(
        &self,
        endpoint: Endpoint,
        answer: impl FnMut(&Request) -> Answer + Send + 'static,
    ) {
        let mut state = self.state();
        state
            .substitutes
            .insert(endpoint, (Some(1), Box::new(answer)));
    }

    /// Lets an endpoint answer as it should again.
    pub fn straighten(&self, endpoint: Endpoint) {
        let mut state = self.state();
        state.substitutes.remove(&endpoint);
        state.bends.remove(&endpoint);
    }

    /// Forgets what was asked and all grants that have ended: for tests that go on for long.
    pub fn forget(&self) {
        self.server.forget();
        let mut state = self.state();
        state.grants.retain(|grant| !grant.ended);
        state.revoked.clear();
    }

    /// Ends every grant, as an administrator does.
    pub fn revoke_everything(&self) {
        for grant in &mut self.state().grants {
            grant.ended = true;
        }
    }

    /// Whether a token that it issued would still be taken.
    pub fn takes(&self, token: &str) -> bool {
        let state = self.state();
        let mut grants = state.grants.iter();
        !state.revoked.contains(token)
            && grants.any(|grant| grant.takes_access(token) || grant.takes_refresh(token))
    }

    /// What the person's browser is sent back with after they have agreed. Nothing is sent yet.
    pub fn agree(&self, authorization_url: &Url) -> Callback {
        let asked = authorization_url.query_pairs().into_owned().collect();
        self.state().agree(&asked)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}
