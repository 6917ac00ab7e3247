//! Sends the browser to an address that must not appear among a program's arguments.

use std::convert::Infallible;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http_body_util::Empty;
use hyper::body::{Bytes, Incoming};
use hyper::header::{CACHE_CONTROL, CONNECTION, HOST, HeaderValue, LOCATION, REFERRER_POLICY};
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use url::Url;
use zeroize::Zeroizing;

use crate::error::{Code, Error, Result};
use crate::random::{self, SystemRandom};

/// How long the browser may take to come. It was started just before.
const DEADLINE: Duration = Duration::from_secs(10);

/// A loopback address that redirects once.
pub(super) struct Handoff {
    listener: TcpListener,
    url: Url,
    door: Arc<Door>,
}

struct Door {
    path: Zeroizing<String>,
    authority: String,
    target: Mutex<Option<Zeroizing<String>>>,
    taken: Notify,
}

impl Handoff {
    /// Listens on a free port, under a path that nobody can guess.
    pub(super) async fn open(target: Url) -> Result<Self> {
        let failed = |error: std::io::Error| {
            Error::new(Code::PortUnavailable, "No loopback port is free").with_source(error)
        };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .await
            .map_err(failed)?;
        let authority = format!(
            "127.0.0.1:{}",
            listener.local_addr().map_err(failed)?.port()
        );
        let path = Zeroizing::new(format!("/{}", random::token(&SystemRandom)?.as_str()));
        let url = Url::parse(&format!("http://{authority}{}", path.as_str())).map_err(|error| {
            Error::new(Code::Internal, "The loopback address is not a URL").with_source(error)
        })?;
        let target = Mutex::new(Some(Zeroizing::new(target.to_string())));
        Ok(Self {
            listener,
            url,
            door: Arc::new(Door {
                path,
                authority,
                target,
                taken: Notify::new(),
            }),
        })
    }

    /// What the browser is given.
    pub(super) fn url(&self) -> &Url {
        &self.url
    }

    /// Waits until the browser has been sent on, then closes the port.
    pub(super) async fn taken(self) -> Result<()> {
        let Self { listener, door, .. } = self;
        let serve = async {
            let mut connections = JoinSet::new();
            loop {
                tokio::select! {
                    accepted = listener.accept() => if let Ok((stream, _)) = accepted {
                        let door = Arc::clone(&door);
                        connections.spawn(async move {
                            let service = service_fn(move |request| answer(Arc::clone(&door), request));
                            // A browser that goes away has its answer or does not want it.
                            drop(hyper::server::conn::http1::Builder::new()
                                .timer(TokioTimer::new())
                                .header_read_timeout(DEADLINE)
                                .keep_alive(false)
                                .serve_connection(TokioIo::new(stream), service)
                                .await);
                        });
                    },
                    () = door.taken.notified() => break,
                }
            }
            // The answer is still on its way to the browser.
            while connections.join_next().await.is_some() {}
        };
        tokio::time::timeout(DEADLINE, serve)
            .await
            .or_else(|late| if door.is_taken() { Ok(()) } else { Err(late) })
            .map_err(|_| {
                Error::new(
                    Code::BrowserUnavailable,
                    format!("The browser did not come within {} s", DEADLINE.as_secs()),
                )
            })
    }
}

impl Door {
    fn is_taken(&self) -> bool {
        self.target
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .is_none()
    }
}

async fn answer(
    door: Arc<Door>,
    request: Request<Incoming>,
) -> Result<Response<Empty<Bytes>>, Infallible> {
    let known = request.method() == Method::GET
        && request.uri().path() == door.path.as_str()
        && request
            .headers()
            .get(HOST)
            .is_some_and(|host| host.as_bytes() == door.authority.as_bytes())
        && !request.headers().contains_key("sec-purpose");
    let target = if known {
        door.target
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
    } else {
        None
    };
    let mut response = Response::new(Empty::new());
    let headers = response.headers_mut();
    headers.insert(CONNECTION, HeaderValue::from_static("close"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    match target.and_then(|target| HeaderValue::from_str(&target).ok()) {
        Some(mut location) => {
            location.set_sensitive(true);
            headers.insert(LOCATION, location);
            *response.status_mut() = StatusCode::SEE_OTHER;
            door.taken.notify_one();
        }
        None => *response.status_mut() = StatusCode::NOT_FOUND,
    }
    Ok(response)
}
