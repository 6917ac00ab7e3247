//! A provider that answers as it is told, and remembers what it was asked.

use doorkey_double::{Answer, Request, Server};
use url::Url;

/// How an endpoint answers: status, header if any, and body. It is given the URL that was asked for.
type Answering = fn(&Url) -> (u16, Option<(&'static str, String)>, String);

/// The server. It ends when it is dropped.
pub(super) struct Double {
    pub(super) issuer: String,
    server: Server,
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
        let server = Server::start(move |request| {
            let url = asked_for(request);
            let (status, header, body) = match request.path.as_str() {
                "/authorize" => authorizing(&url),
                "/.well-known/openid-configuration" if has_metadata => {
                    let base = url.origin().ascii_serialization();
                    (200, None, metadata(&base))
                }
                "/jwks" if has_metadata => (200, None, "{\"keys\":[]}".to_owned()),
                _ => elsewhere(&url),
            };
            let answer = Answer::status(status).with_body(body);
            match header {
                Some((name, value)) => answer.header(name, &value),
                None => answer,
            }
        });
        let server = server.await.expect("a port");
        Self {
            issuer: server.origin().to_owned(),
            server,
        }
    }

    /// What was asked of the authorization endpoint.
    pub(super) fn authorization_requests(&self) -> Vec<Url> {
        let asked = self.server.requests();
        let of_endpoint = asked.iter().filter(|request| request.path == "/authorize");
        of_endpoint.map(asked_for).collect()
    }
}

/// The URL that a request is for.
fn asked_for(request: &Request) -> Url {
    let host = request.header("host").expect("a host");
    let (path, query) = (&request.path, &request.query);
    let mut url = Url::parse(&format!("http://{host}{path}")).expect("a URL");
    url.set_query((!query.is_empty()).then_some(query));
    url
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
