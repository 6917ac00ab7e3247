//! A provider that answers as it is told, and remembers what it was asked.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use url::Url;

/// How an endpoint answers: status, header if any, and body. It is given the URL that was asked for.
type Answering = fn(&Url) -> (u16, Option<(&'static str, String)>, String);

/// The server. It ends when it is dropped.
pub(super) struct Double {
    pub(super) issuer: String,
    asked: Arc<Mutex<Vec<Url>>>,
    task: JoinHandle<()>,
}

impl Drop for Double {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Double {
    /// A provider with good metadata whose authorization endpoint answers so.
    pub(super) async fn authorizing(answering: Answering) -> Self {
        Self::start(|_| (200, None, String::new()), answering).await
    }

    /// A server that answers so wherever it is asked.
    pub(super) async fn answering(answering: Answering) -> Self {
        Self::start(answering, answering).await
    }

    async fn start(elsewhere: Answering, authorizing: Answering) -> Self {
        let has_metadata = !std::ptr::fn_addr_eq(elsewhere, authorizing);
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let issuer = format!("http://{address}");
        let asked = Arc::default();
        let (base, seen) = (issuer.clone(), Arc::clone(&asked));
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (base, seen) = (base.clone(), Arc::<Mutex<Vec<Url>>>::clone(&seen));
                let service = service_fn(move |request: Request<Incoming>| {
                    let url = Url::parse(&format!("{base}{}", request.uri())).expect("a URL");
                    let (status, header, body) = match url.path() {
                        "/authorize" => authorizing(&url),
                        "/.well-known/openid-configuration" if has_metadata => {
                            (200, None, metadata(&base))
                        }
                        "/jwks" if has_metadata => (200, None, "{\"keys\":[]}".to_owned()),
                        _ => elsewhere(&url),
                    };
                    seen.lock().expect("the list").push(url);
                    let mut response = Response::builder().status(status);
                    if let Some((name, value)) = header {
                        response = response.header(name, value);
                    }
                    let response = response.body(Full::new(Bytes::from(body)));
                    async move { Ok::<_, Infallible>(response.expect("a response")) }
                });
                tokio::spawn(
                    hyper::server::conn::http1::Builder::new()
                        .serve_connection(TokioIo::new(stream), service),
                );
            }
        });
        Self {
            issuer,
            asked,
            task,
        }
    }

    /// What was asked of the authorization endpoint.
    pub(super) fn authorization_requests(&self) -> Vec<Url> {
        let asked = self.asked.lock().expect("the list");
        let of_endpoint = asked.iter().filter(|url| url.path() == "/authorize");
        of_endpoint.cloned().collect()
    }
}

fn metadata(issuer: &str) -> String {
    serde_json::json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "revocation_endpoint": format!("{issuer}/revoke"),
        "jwks_uri": format!("{issuer}/jwks"),
        "code_challenge_methods_supported": ["S256"],
    })
    .to_string()
}
