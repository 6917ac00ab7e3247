//! A provider that exists in tests only: an HTTP server on loopback that answers as it is told,
//! counts what it was asked, a clock under control, and a trace that is kept.

use std::convert::Infallible;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_TYPE, HeaderName};
use hyper::service::service_fn;
use hyper::{HeaderMap, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use url::Url;

use crate::clock::{Clock, from_unix_seconds};
use crate::trace::{Flow, Step, StepKind, Trace, Value};

/// What the double answers until it is told otherwise.
#[derive(Clone)]
pub(in crate::identity) struct Reply {
    pub(in crate::identity) status: u16,
    pub(in crate::identity) headers: Vec<(HeaderName, String)>,
    pub(in crate::identity) body: Vec<u8>,
    /// The answer waits until this is notified.
    pub(in crate::identity) held: Option<Arc<Notify>>,
}

impl Reply {
    pub(in crate::identity) fn json(body: impl ToString) -> Self {
        Self::of("application/json", body.to_string().as_bytes())
    }

    pub(in crate::identity) fn of(media_type: &str, body: &[u8]) -> Self {
        Self {
            status: 200,
            headers: vec![(CONTENT_TYPE, media_type.to_owned())],
            body: body.to_vec(),
            held: None,
        }
    }

    pub(in crate::identity) fn status(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Vec::new(),
            held: None,
        }
    }

    pub(in crate::identity) fn with_header(
        mut self,
        name: HeaderName,
        value: impl ToString,
    ) -> Self {
        self.headers.push((name, value.to_string()));
        self
    }

    pub(in crate::identity) fn held_by(mut self, notify: &Arc<Notify>) -> Self {
        self.held = Some(Arc::clone(notify));
        self
    }
}

/// What was asked.
#[derive(Clone, Debug)]
pub(in crate::identity) struct Asked {
    pub(in crate::identity) method: String,
    pub(in crate::identity) path_and_query: String,
    pub(in crate::identity) headers: HeaderMap,
}

/// The server. Every path gets the same reply.
pub(in crate::identity) struct Double {
    url: Url,
    shared: Arc<Shared>,
    server: JoinHandle<()>,
}

struct Shared {
    reply: Mutex<Reply>,
    asked: Mutex<Vec<Asked>>,
    arrived: Notify,
}

impl Double {
    pub(in crate::identity) async fn start(reply: Reply) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap())
            .parse()
            .unwrap();
        let shared = Arc::new(Shared {
            reply: Mutex::new(reply),
            asked: Mutex::default(),
            arrived: Notify::new(),
        });
        let server = tokio::spawn(serve(listener, Arc::clone(&shared)));
        Self {
            url,
            shared,
            server,
        }
    }

    pub(in crate::identity) fn url(&self, path: &str) -> Url {
        self.url.join(path).unwrap()
    }

    pub(in crate::identity) fn answer(&self, reply: Reply) {
        *self.shared.reply.lock().unwrap() = reply;
    }

    pub(in crate::identity) fn asked(&self) -> Vec<Asked> {
        self.shared.asked.lock().unwrap().clone()
    }

    pub(in crate::identity) fn count(&self) -> usize {
        self.shared.asked.lock().unwrap().len()
    }

    /// Waits until so many requests have arrived.
    pub(in crate::identity) async fn arrived(&self, count: usize) {
        loop {
            let arrival = self.shared.arrived.notified();
            if self.count() >= count {
                return;
            }
            arrival.await;
        }
    }

    /// Stops answering, as if the server were gone.
    pub(in crate::identity) async fn stop(&mut self) {
        self.server.abort();
        drop((&mut self.server).await);
    }
}

impl Drop for Double {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = tokio::task::JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let shared = Arc::clone(&shared);
        connections.spawn(async move {
            let service = service_fn(move |request| answer(request, Arc::clone(&shared)));
            drop(
                hyper::server::conn::http1::Builder::new()
                    .serve_connection(TokioIo::new(stream), service)
                    .await,
            );
        });
    }
}

async fn answer(
    request: Request<Incoming>,
    shared: Arc<Shared>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let path_and_query = request
        .uri()
        .path_and_query()
        .map_or_else(String::new, ToString::to_string);
    let asked = Asked {
        method: request.method().to_string(),
        path_and_query,
        headers: request.headers().clone(),
    };
    let reply = shared.reply.lock().unwrap().clone();
    shared.asked.lock().unwrap().push(asked);
    shared.arrived.notify_waiters();
    if let Some(held) = &reply.held {
        held.notified().await;
    }
    let mut response = Response::new(Full::new(Bytes::from(reply.body)));
    *response.status_mut() = StatusCode::from_u16(reply.status).unwrap();
    for (name, value) in reply.headers {
        response.headers_mut().insert(name, value.parse().unwrap());
    }
    Ok(response)
}

/// A clock that stands still until it is moved.
#[derive(Debug)]
pub(in crate::identity) struct StillClock(AtomicU64);

impl StillClock {
    pub(in crate::identity) fn at(seconds: u64) -> Arc<Self> {
        Arc::new(Self(AtomicU64::new(seconds)))
    }

    pub(in crate::identity) fn advance(&self, span: Duration) {
        self.0.fetch_add(span.as_secs(), Ordering::SeqCst);
    }

    pub(in crate::identity) fn set_back(&self, span: Duration) {
        self.0.fetch_sub(span.as_secs(), Ordering::SeqCst);
    }
}

impl Clock for StillClock {
    fn now(&self) -> SystemTime {
        from_unix_seconds(self.0.load(Ordering::SeqCst))
    }
}

/// The steps that a trace told.
#[derive(Clone, Default)]
pub(in crate::identity) struct Steps(Arc<Mutex<Vec<Step>>>);

impl Steps {
    pub(in crate::identity) fn trace(&self) -> Trace {
        let steps = Arc::clone(&self.0);
        let observer = move |step: Step| steps.lock().unwrap().push(step);
        Trace::new(Flow::SignIn, StillClock::at(0), Some(Arc::new(observer)))
    }

    /// Each step, and the code that it failed with.
    pub(in crate::identity) fn told(&self) -> Vec<(StepKind, Option<String>)> {
        let failure = |step: &Step| {
            let code = step
                .fields
                .iter()
                .find(|(name, _)| *name == "code")
                .map(|(_, value)| format!("{value:?}"));
            step.failure.as_ref().and(code)
        };
        self.0
            .lock()
            .unwrap()
            .iter()
            .map(|step| (step.kind, failure(step)))
            .collect()
    }

    /// What was shown with the steps of a kind.
    pub(in crate::identity) fn fields(&self, kind: StepKind) -> Vec<String> {
        let steps = self.0.lock().unwrap();
        let of_kind = steps.iter().filter(|step| step.kind == kind);
        of_kind
            .flat_map(|step| &step.fields)
            .map(|(name, value)| match value {
                Value::Shown(text) => format!("{name} = {text}"),
                Value::Hidden(_) => format!("{name} is hidden"),
            })
            .collect()
    }

    /// Everything that was told, as text.
    pub(in crate::identity) fn text(&self) -> String {
        format!("{:?}", self.0.lock().unwrap())
    }
}
