//! The provider's published keys: fetched once for many tokens, and once more when a token says so.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use reqwest::StatusCode;
use reqwest::header::ACCEPT;
use serde_json::Value;
use url::Url;

use super::algorithm::Algorithm;
use super::claims::invalid;
use super::json;
use super::jwk::Jwk;
use super::jws::Jws;
use crate::clock::Clock;
use crate::error::{Code, Error, Result};
use crate::http::{Http, Limits};
use crate::trace::{StepKind, Trace, shown};

/// After a token has caused a request that did not help, no other token causes one for so long.
const COOLDOWN: Duration = Duration::from_secs(10);
/// When keys are this old they are asked for again, so that a withdrawn key does not live on in a
/// program that runs for weeks.
const LIFETIME: Duration = Duration::from_secs(60 * 60);

/// The keys of one provider. Clones share them.
///
/// Requests are single-flight and bounded by what causes them:
/// - A verification makes at most one. Keys that were asked for after it began cannot be made better
///   by asking again.
/// - After a token whose request did not help there is a [cooldown](COOLDOWN), counted from the
///   attempt whether it was answered or not, so that forged tokens cannot drive requests.
/// - [`prefetch`](Self::prefetch), which a person causes by signing in, ends the cooldown.
/// - A request that fails never takes away keys that are already there.
#[derive(Clone)]
pub(crate) struct Keys {
    shared: Arc<Shared>,
}

struct Shared {
    http: Http,
    uri: Url,
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
    /// Held while a request runs; whoever waits for it takes over its outcome.
    gate: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct State {
    keys: Option<Fetched>,
    /// Requests begun so far; each is known by its number, the first being 1.
    begun: u64,
    /// The request that somebody waits for or has waited for.
    wanted: u64,
    /// The last request that has ended, and why it failed if it did.
    ended: u64,
    failure: Option<Error>,
    /// When a token last caused a request that has not helped so far.
    in_vain: Option<SystemTime>,
}

#[derive(Clone)]
struct Fetched {
    set: Arc<[Jwk]>,
    /// The number of the request that brought them.
    request: u64,
    at: SystemTime,
}

/// What keys say about a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Genuine,
    UnknownKey,
    AmbiguousKey,
    WrongSignature,
}

impl Keys {
    /// The keys at this address. Nothing is fetched yet.
    pub(crate) fn new(http: Http, uri: Url, clock: Arc<dyn Clock>) -> Self {
        let gate = tokio::sync::Mutex::new(());
        Self {
            shared: Arc::new(Shared {
                http,
                uri,
                clock,
                state: Mutex::default(),
                gate,
            }),
        }
    }

    /// Has the keys ready by the time a token comes, best while the person is in the browser.
    ///
    /// A failure is told to the trace only: it counts when a token needs the keys.
    pub(crate) async fn prefetch(&self, trace: &Trace) {
        let wanted = {
            let mut state = self.state();
            let is_in_vain = state.in_vain.take().is_some();
            let is_good = !is_in_vain && state.keys.as_ref().is_some_and(|keys| !self.is_old(keys));
            if is_good {
                return;
            }
            state.wanted = state.wanted.max(state.ended + 1);
            state.wanted
        };
        drop(self.fetch(wanted, trace).await);
    }

    /// How many keys there are for one of these algorithms, or for any if none is named.
    ///
    /// # Errors
    /// Why the keys cannot be had.
    pub(crate) async fn usable(&self, algorithms: &[String], trace: &Trace) -> Result<usize> {
        self.prefetch(trace).await;
        let keys = self.state().outcome()?;
        let wanted: Vec<_> = algorithms
            .iter()
            .filter_map(|name| Algorithm::parse(name))
            .collect();
        let fits = |key: &&Jwk| {
            algorithms.is_empty() || wanted.iter().any(|algorithm| key.fits(*algorithm, None))
        };
        Ok(keys.set.iter().filter(fits).count())
    }

    /// Says whether one of the keys signed the token.
    ///
    /// # Errors
    /// [`Code::IdTokenInvalid`] if none did; anything else means that the keys could not be had.
    pub(super) async fn verify(&self, jws: &Jws<'_>, trace: &Trace) -> Result<()> {
        let begun = self.state().begun;
        let mut keys = self.current(trace).await?;
        let mut are_new = keys.request > begun;
        let mut verdict = judge(&keys.set, jws);
        let may_be_rotated = matches!(verdict, Verdict::UnknownKey | Verdict::WrongSignature);
        if may_be_rotated && !are_new {
            let Some(number) = self.permitted(begun + 1) else {
                let failure = self.state().failure.as_ref().map(Error::shared);
                return Err(failure.unwrap_or_else(|| verdict.refusal()));
            };
            keys = self.fetch(number, trace).await?;
            are_new = true;
            verdict = judge(&keys.set, jws);
        }
        if verdict != Verdict::Genuine {
            return Err(verdict.refusal());
        }
        if are_new {
            self.state().in_vain = None;
        }
        Ok(())
    }

    /// The keys that are there, fetched first if there are none, or if they are old and fresh ones can be had.
    async fn current(&self, trace: &Trace) -> Result<Fetched> {
        let (cached, next) = {
            let state = self.state();
            (state.keys.clone(), state.ended + 1)
        };
        match cached {
            Some(keys) if !self.is_old(&keys) => Ok(keys),
            Some(keys) => match self.permitted(next) {
                Some(number) => Ok(self.fetch(number, trace).await.unwrap_or(keys)),
                None => Ok(keys),
            },
            None => match self.permitted(next) {
                Some(number) => self.fetch(number, trace).await,
                None => self.state().outcome(),
            },
        }
    }

    /// The number of a request that a token may wait for: one that is under way, or else the one that
    /// was asked for. None while the cooldown lasts.
    fn permitted(&self, number: u64) -> Option<u64> {
        let now = self.shared.clock.now();
        let mut state = self.state();
        if state.wanted > state.ended {
            return Some(state.wanted);
        }
        // A clock that was set back has no say.
        let is_cooling = state
            .in_vain
            .and_then(|at| now.duration_since(at).ok())
            .is_some_and(|since| since < COOLDOWN);
        if is_cooling {
            return None;
        }
        state.in_vain = Some(now);
        state.wanted = number;
        Some(number)
    }

    /// The outcome of the request of this number or a later one, which is made unless it runs already.
    async fn fetch(&self, number: u64, trace: &Trace) -> Result<Fetched> {
        let _gate = self.shared.gate.lock().await;
        let request = {
            let mut state = self.state();
            if state.ended >= number {
                return state.outcome();
            }
            state.begun += 1;
            state.begun
        };
        let outcome = self.request(trace).await;
        let mut state = self.state();
        state.ended = request;
        match outcome {
            Ok(set) => {
                state.keys = Some(Fetched {
                    set,
                    request,
                    at: self.shared.clock.now(),
                });
                state.failure = None;
            }
            Err(error) => state.failure = Some(error),
        }
        state.outcome()
    }

    async fn request(&self, trace: &Trace) -> Result<Arc<[Jwk]>> {
        trace.step(StepKind::KeysRequest, || {
            vec![("jwks_uri", shown(&self.shared.uri))]
        });
        let outcome = self.ask().await;
        match &outcome {
            Ok(set) => trace.step(StepKind::KeysResponse, || vec![("keys", shown(set.len()))]),
            Err(error) => trace.failed(StepKind::KeysResponse, error),
        }
        outcome
    }

    async fn ask(&self) -> Result<Arc<[Jwk]>> {
        let http = &self.shared.http;
        let request = http
            .client(&self.shared.uri)
            .await?
            .get(self.shared.uri.clone())
            .header(ACCEPT, "application/json")
            .build();
        let request = request.map_err(|error| {
            Error::new(
                Code::Internal,
                "The request for the provider's keys cannot be made",
            )
            .with_source(error.without_url())
        })?;
        let answer = match http.send(request, Limits::PROVIDER).await {
            Err(error) if error.code() == Code::ResponseTooLarge => {
                return Err(unusable("is too large"));
            }
            outcome => outcome?,
        };
        match answer.status {
            StatusCode::OK => parse(&answer.body),
            status if status.is_redirection() => {
                Err(unusable("is a redirect, which is never followed"))
            }
            status if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS => {
                Err(Error::new(
                    Code::Unavailable,
                    format!(
                        "The provider could not send its keys just now (HTTP {})",
                        status.as_u16()
                    ),
                ))
            }
            status => Err(unusable(&format!("is HTTP {}", status.as_u16()))),
        }
    }

    fn is_old(&self, keys: &Fetched) -> bool {
        self.shared
            .clock
            .now()
            .duration_since(keys.at)
            .is_ok_and(|age| age >= LIFETIME)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.shared
            .state
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// How the last request ended.
    fn outcome(&self) -> Result<Fetched> {
        match (&self.failure, &self.keys) {
            (None, Some(keys)) => Ok(keys.clone()),
            (Some(failure), _) => Err(failure.shared()),
            (None, None) => Err(Error::new(
                Code::Internal,
                "The provider's keys are neither there nor missing",
            )),
        }
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.state().keys.as_ref().map(|keys| keys.set.len());
        formatter
            .debug_struct("Keys")
            .field("uri", &self.shared.uri.as_str())
            .field("keys", &count)
            .finish()
    }
}

impl Verdict {
    pub(super) fn refusal(self) -> Error {
        match self {
            Self::UnknownKey => {
                invalid("is signed with a key that the provider does not publish (`kid`)")
            }
            Self::AmbiguousKey => {
                invalid("does not say with which of the provider's keys it is signed (`kid`)")
            }
            Self::WrongSignature | Self::Genuine => {
                invalid("has a signature that is not the provider's")
            }
        }
        .with_hint("Start again. If it happens again, tell the provider's administrator.")
    }
}

pub(super) fn judge(set: &[Jwk], jws: &Jws<'_>) -> Verdict {
    let fitting: Vec<&Jwk> = set
        .iter()
        .filter(|key| key.fits(jws.algorithm, jws.key_id.as_deref()))
        .collect();
    match fitting.as_slice() {
        [] => Verdict::UnknownKey,
        [_, _, ..] if jws.key_id.is_none() => Verdict::AmbiguousKey,
        keys if keys
            .iter()
            .any(|key| key.verifies(jws.algorithm, jws.signed.as_bytes(), &jws.signature)) =>
        {
            Verdict::Genuine
        }
        _ => Verdict::WrongSignature,
    }
}

/// The usable keys of a key set ([RFC 7517 §5](https://www.rfc-editor.org/rfc/rfc7517#section-5)); a set
/// without one is as good as none.
pub(super) fn parse(body: &[u8]) -> Result<Arc<[Jwk]>> {
    let document = json::object(body).map_err(|why| unusable(&why.to_string()))?;
    let Some(Value::Array(keys)) = document.get("keys") else {
        return Err(unusable("has no list `keys`"));
    };
    let usable: Arc<[Jwk]> = keys.iter().filter_map(Jwk::parse).collect();
    if usable.is_empty() {
        return Err(unusable(
            "holds no key that Doorkey can use to verify a signature",
        ));
    }
    Ok(usable)
}

fn unusable(what: &str) -> Error {
    Error::new(Code::MetadataInvalid, format!("The provider's answer at `jwks_uri` {what}"))
        .with_hint("Tell the provider's administrator; a proxy between here and there is another possible cause.")
}
