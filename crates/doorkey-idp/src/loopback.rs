//! Listening on the loopback interface, and answering only under its name.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use axum::{
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header::HOST},
    middleware::Next,
    response::{IntoResponse, Response},
};
use tokio::net::TcpListener;

use crate::start::{Role, StartError};

/// Binds one role's port and keeps the socket.
pub(crate) async fn bind(
    role: Role,
    address: IpAddr,
    port: u16,
) -> Result<TcpListener, StartError> {
    if !address.is_loopback() {
        return Err(StartError::NotLoopback { address });
    }
    TcpListener::bind(SocketAddr::new(address, port))
        .await
        .map_err(|source| {
            if source.kind() == std::io::ErrorKind::AddrInUse {
                StartError::PortInUse { role, port }
            } else {
                StartError::Bind { role, port, source }
            }
        })
}

/// Refuses a request that was sent to another name and ended up here, as a
/// rebound DNS name does, and adds what every answer carries.
pub(crate) async fn only_our_own_host(
    State(authority): State<Arc<str>>,
    request: Request,
    next: Next,
) -> Response {
    let mut hosts = request.headers().get_all(HOST).iter();
    let host_is_ours = hosts
        .next()
        .is_some_and(|host| host.as_bytes() == authority.as_bytes())
        && hosts.next().is_none();
    let target_is_ours = request
        .uri()
        .authority()
        .is_none_or(|target| target.as_str() == &*authority);
    let mut response = if host_is_ours && target_is_ours {
        next.run(request).await
    } else {
        let text = format!("This server answers only at http://{authority}\n");
        (StatusCode::MISDIRECTED_REQUEST, text).into_response()
    };
    let headers = response.headers_mut();
    headers.insert(
        "x-content-type-options",
        HeaderValue::from_static("nosniff"),
    );
    headers.insert("referrer-policy", HeaderValue::from_static("no-referrer"));
    headers
        .entry("cache-control")
        .or_insert(HeaderValue::from_static("no-store"));
    response
}
