//! The only place that builds an HTTP client: no redirects, deadlines, size caps, the system's
//! proxy settings and trust store, and errors that name no address with a secret in it.

mod proxy;

use std::error::Error as StdError;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::HeaderMap;
use reqwest::{Client, Request, Response, StatusCode};
use tokio::sync::OnceCell;
use tokio::time::{Instant, timeout_at};
use url::Url;
use zeroize::Zeroizing;

use crate::error::{Code, Error, Result};
use crate::profile::is_loopback;
pub(crate) use proxy::{REMEDY as PROXY_REMEDY, proxy_for};

/// How long metadata, keys and token requests may take in all.
pub(crate) const PROVIDER_DEADLINE: Duration = Duration::from_secs(10);
/// How large an answer of a provider may be. Real metadata and key sets stay below 64 KiB.
pub(crate) const PROVIDER_CAP: usize = 1024 * 1024;
/// How long a connection may take to be made.
const CONNECT_DEADLINE: Duration = Duration::from_secs(8);

/// Sends requests. Cheap to clone; the client is built at first use, since a fresh token needs none.
#[derive(Clone, Debug)]
pub(crate) struct Http {
    client: Arc<OnceCell<Client>>,
    /// For this computer itself, which no proxy can reach and none should see requests for.
    loopback_client: Arc<OnceCell<Client>>,
    ca_file: Option<PathBuf>,
}

/// What bounds a request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// From the first byte sent to the last byte received.
    pub(crate) deadline: Duration,
    /// Of the body, in bytes. Nothing is decompressed, so these are the bytes on the wire.
    pub(crate) cap: usize,
}

impl Limits {
    pub(crate) const PROVIDER: Self = Self {
        deadline: PROVIDER_DEADLINE,
        cap: PROVIDER_CAP,
    };
}

/// A whole answer.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    /// May hold tokens, so it is wiped when dropped.
    pub(crate) body: Zeroizing<Vec<u8>>,
}

impl Answer {
    /// Whether the media type is exactly this one, whatever its case and parameters.
    pub(crate) fn has_media_type(&self, expected: &str) -> bool {
        self.headers
            .get(reqwest::header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split(';').next())
            .is_some_and(|essence| essence.trim().eq_ignore_ascii_case(expected))
    }
}

impl Http {
    /// A client that also trusts the certificates in the file, if one is given.
    pub(crate) fn new(ca_file: Option<&Path>) -> Self {
        Self {
            client: Arc::default(),
            loopback_client: Arc::default(),
            ca_file: ca_file.map(Path::to_owned),
        }
    }

    /// The file with further certificates to trust.
    pub(crate) fn ca_file(&self) -> Option<&Path> {
        self.ca_file.as_deref()
    }

    /// The client for requests to an address.
    pub(crate) async fn client(&self, url: &Url) -> Result<&Client> {
        let (cell, use_proxy) = if is_loopback(url) {
            (&self.loopback_client, false)
        } else {
            (&self.client, true)
        };
        cell.get_or_try_init(|| build(self.ca_file.as_deref(), use_proxy))
            .await
    }

    /// Sends a request and reads the whole answer within the limits.
    ///
    /// # Errors
    /// [`Code::Offline`] and [`Code::TlsUntrusted`] mean that no byte of the request was sent;
    /// after [`Code::NetworkLost`] and [`Code::NetworkTimeout`] it may have been.
    pub(crate) async fn send(&self, request: Request, limits: Limits) -> Result<Answer> {
        self.exchange(request, limits, Overlong::Refused).await
    }

    /// As [`Http::send`], but of a body beyond the cap only the beginning is read: for pages, which are judged and not
    /// parsed.
    pub(crate) async fn glance(&self, request: Request, limits: Limits) -> Result<Answer> {
        self.exchange(request, limits, Overlong::Cut).await
    }

    async fn exchange(
        &self,
        request: Request,
        limits: Limits,
        overlong: Overlong,
    ) -> Result<Answer> {
        let host = authority(&request);
        let end = Instant::now() + limits.deadline;
        let late = || {
            Error::new(
                Code::NetworkTimeout,
                format!(
                    "{host} did not answer within {} s",
                    limits.deadline.as_secs()
                ),
            )
        };
        let client = self.client(request.url()).await?;
        let mut response = timeout_at(end, client.execute(request))
            .await
            .map_err(|_| late())?
            .map_err(|error| failure(&host, error))?;
        let body = timeout_at(end, read(&mut response, limits.cap, overlong, &host))
            .await
            .map_err(|_| late())??;
        Ok(Answer {
            status: response.status(),
            headers: std::mem::take(response.headers_mut()),
            body,
        })
    }
}

async fn build(ca_file: Option<&Path>, use_proxy: bool) -> Result<Client> {
    let mut builder = Client::builder()
        .user_agent(concat!("doorkey/", env!("CARGO_PKG_VERSION")))
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(CONNECT_DEADLINE)
        .retry(reqwest::retry::never())
        .referer(false);
    if !use_proxy {
        builder = builder.no_proxy();
    }
    if let Some(path) = ca_file {
        let unreadable = |error: &dyn std::fmt::Display| {
            Error::new(
                Code::FileError,
                format!("Cannot use the certificates in {}: {error}", path.display()),
            )
            .with_hint("`ca_file` must name a PEM file with one or more certificates.")
        };
        let pem = tokio::fs::read(path)
            .await
            .map_err(|error| unreadable(&error))?;
        let certificates = reqwest::Certificate::from_pem_bundle(&pem)
            .map_err(|error| unreadable(&error.without_url()))?;
        builder = builder.tls_certs_merge(certificates);
    }
    builder.build().map_err(no_client)
}

/// Why there is no client. The only reason known is a computer without a single certificate authority.
fn no_client(error: reqwest::Error) -> Error {
    let error = error.without_url();
    if root(&error).to_string().contains("No CA certificates") {
        return Error::new(
            Code::TlsUntrusted,
            "This computer has no certificate authorities, so that no server could prove who it is",
        )
        .with_hint("Install the package ca-certificates, or name a PEM file with SSL_CERT_FILE.");
    }
    Error::new(Code::Internal, "The HTTP client cannot be set up").with_source(error)
}

/// What becomes of a body that is larger than its cap.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Overlong {
    Refused,
    Cut,
}

async fn read(
    response: &mut Response,
    cap: usize,
    overlong: Overlong,
    host: &str,
) -> Result<Zeroizing<Vec<u8>>> {
    let too_large = || {
        Error::new(
            Code::ResponseTooLarge,
            format!("The answer of {host} is larger than {cap} bytes"),
        )
    };
    let announced = usize::try_from(response.content_length().unwrap_or(0)).unwrap_or(usize::MAX);
    if announced > cap && overlong == Overlong::Refused {
        return Err(too_large());
    }
    let mut body = Zeroizing::new(Vec::with_capacity(announced.min(cap)));
    while let Some(chunk) = response
        .chunk()
        .await
        .map_err(|error| failure(host, error))?
    {
        let room = cap - body.len();
        if chunk.len() > room {
            if overlong == Overlong::Refused {
                return Err(too_large());
            }
            body.extend(chunk.iter().take(room));
            break;
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// The host and port of a request; never its path or query.
fn authority(request: &Request) -> String {
    let url = request.url();
    match (url.host_str(), url.port()) {
        (Some(host), Some(port)) => format!("{host}:{port}"),
        (Some(host), None) => host.to_owned(),
        (None, _) => "the server".to_owned(),
    }
}

/// What went wrong with a request to a host, in the words of this engine: for programs that ask for something else
/// than sign-ins. The address is no part of it.
pub fn request_failure(host: &str, error: reqwest::Error) -> Error {
    failure(host, error)
}

fn failure(host: &str, error: reqwest::Error) -> Error {
    let proxy = error.url().and_then(proxy_for);
    let error = error.without_url();
    if certificate_failure(&error).is_some() {
        return Error::new(
            Code::TlsUntrusted,
            format!("The certificate of {host} is not trusted"),
        )
        .with_source(error);
    }
    if error.is_connect() && tls_failure(&error).is_some() {
        // Nothing but the way to encrypt stood in between: the server is too old, or no TLS server at all.
        let message = format!(
            "Cannot agree with {host} on how to encrypt: {}",
            root(&error)
        );
        return Error::new(Code::Offline, message)
            .with_hint("The server must speak TLS 1.2 or newer: tell its administrator.");
    }
    if let (true, Some(proxy)) = (error.is_connect(), proxy) {
        // The proxy may have answered, and with 401 or 407: that is not the server's word.
        let message = format!(
            "Cannot reach {host} through the proxy {proxy}: {}",
            root(&error)
        );
        return Error::new(Code::Offline, message).with_hint(PROXY_REMEDY);
    }
    let (code, message) = if error.is_connect() {
        (Code::Offline, format!("Cannot reach {host}"))
    } else if error.is_timeout() {
        (
            Code::NetworkTimeout,
            format!("{host} did not answer in time"),
        )
    } else {
        (Code::NetworkLost, format!("The connection to {host} broke"))
    };
    // What the client says about itself on the way down helps nobody.
    Error::new(code, format!("{message}: {}", root(&error)))
}

/// The cause beneath all others.
fn root<'a>(error: &'a (dyn StdError + 'static)) -> &'a (dyn StdError + 'static) {
    let mut root = error;
    while let Some(cause) = root.source() {
        root = cause;
    }
    root
}

/// What is wrong with the server's certificate, if that is what an error is about.
pub(crate) fn certificate_failure<'a>(
    error: &'a (dyn StdError + 'static),
) -> Option<&'a rustls::CertificateError> {
    match tls_failure(error)? {
        rustls::Error::InvalidCertificate(failure) => Some(failure),
        _ => None,
    }
}

/// What went wrong when encryption was agreed on, if that is what an error is about.
fn tls_failure<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a rustls::Error> {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(failure) = error.downcast_ref::<rustls::Error>() {
            return Some(failure);
        }
        // An I/O error hides what it wraps from `source`.
        let inner = error
            .downcast_ref::<std::io::Error>()
            .and_then(std::io::Error::get_ref)
            .and_then(|inner| tls_failure(inner));
        if inner.is_some() {
            return inner;
        }
        cause = error.source();
    }
    None
}
