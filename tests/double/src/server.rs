//! A server of one connection for each request, over TCP or TLS.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

use crate::answer::Answer;
use crate::certificate::Certificate;
use crate::flood::Flood;
use crate::old_tls;
use crate::request::Request;

type Responder = dyn Fn(&Request) -> Answer + Send + Sync;

/// Answers each request by a function, and keeps what it was asked. Dropping it stops it.
pub struct Server {
    address: SocketAddr,
    origin: String,
    seen: Arc<Seen>,
    task: JoinHandle<()>,
}

/// What a connection has to begin with.
#[derive(Clone)]
enum Transport {
    Plain,
    Tls(TlsAcceptor),
    OldTls,
    Flood(TlsAcceptor, Flood),
}

/// What reached a server.
#[derive(Default)]
struct Seen {
    requests: Mutex<Vec<Request>>,
    connections: Mutex<usize>,
    handshakes: Mutex<usize>,
    changed: watch::Sender<usize>,
}

impl Server {
    /// Listens on any port of 127.0.0.1 and answers by the function.
    ///
    /// # Errors
    /// When there is no port.
    pub async fn start(
        answer: impl Fn(&Request) -> Answer + Send + Sync + 'static,
    ) -> std::io::Result<Self> {
        Self::listen(Transport::Plain, Arc::new(answer)).await
    }

    /// The same over TLS, with a certificate.
    ///
    /// # Errors
    /// When there is no port.
    pub async fn start_tls(
        certificate: &Certificate,
        answer: impl Fn(&Request) -> Answer + Send + Sync + 'static,
    ) -> std::io::Result<Self> {
        let transport = Transport::Tls(certificate.acceptor());
        Self::listen(transport, Arc::new(answer)).await
    }

    /// Speaks TLS 1.0 only. No request ever comes, for want of a key; whether somebody would have gone on is in
    /// [`Server::handshakes`].
    ///
    /// # Errors
    /// When there is no port.
    pub async fn start_old_tls() -> std::io::Result<Self> {
        Self::listen(Transport::OldTls, Arc::new(|_| Answer::lost())).await
    }

    /// Speaks HTTP/2 over TLS with a certificate, and floods whoever asks for anything. No request is kept; what
    /// [`Server::asked`] waits for is that a flood was taken to its end.
    ///
    /// # Errors
    /// When there is no port.
    pub async fn start_flood(certificate: &Certificate, flood: Flood) -> std::io::Result<Self> {
        let transport = Transport::Flood(certificate.acceptor_for(&["h2"]), flood);
        Self::listen(transport, Arc::new(|_| Answer::lost())).await
    }

    /// The same by another name, which somebody else leads here.
    #[must_use]
    pub(crate) fn named(mut self, host: &str) -> Self {
        self.origin = format!("https://{host}:{}", self.address.port());
        self
    }

    async fn listen(transport: Transport, answer: Arc<Responder>) -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let origin = match transport {
            Transport::Plain => format!("http://{address}"),
            _ => format!("https://localhost:{}", address.port()),
        };
        let seen = Arc::new(Seen::default());
        let kept = Arc::clone(&seen);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                *lock(&kept.connections) += 1;
                let (seen, answer) = (Arc::clone(&kept), Arc::clone(&answer));
                match transport.clone() {
                    Transport::Plain => drop(tokio::spawn(serve(stream, seen, answer))),
                    Transport::Tls(acceptor) => {
                        drop(tokio::spawn(secured(acceptor, stream, seen, answer)));
                    }
                    Transport::OldTls => drop(tokio::spawn(refused(stream, seen))),
                    Transport::Flood(acceptor, flood) => {
                        drop(tokio::spawn(flooded(acceptor, stream, seen, flood)));
                    }
                }
            }
        });
        Ok(Self {
            address,
            origin,
            seen,
            task,
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its origin, such as `http://127.0.0.1:4567`; over TLS by the name `localhost`.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// What it was asked, in order.
    pub fn requests(&self) -> Vec<Request> {
        lock(&self.seen.requests).clone()
    }

    /// Forgets what it was asked. How often stays.
    pub fn forget(&self) {
        lock(&self.seen.requests).clear();
    }

    /// How often somebody connected, whether or not a request came.
    pub fn connections(&self) -> usize {
        *lock(&self.seen.connections)
    }

    /// How often somebody took its certificate, or its lack of one, for good enough.
    pub fn handshakes(&self) -> usize {
        *lock(&self.seen.handshakes)
    }

    /// Listens no more: whoever connects is refused. What it has seen stays.
    pub async fn stop(&mut self) {
        self.task.abort();
        // Cancelled, as it should be.
        let _ = (&mut self.task).await;
    }

    /// Waits until it has been asked so often.
    pub async fn asked(&self, times: usize) {
        let mut changes = self.seen.changed.subscribe();
        // It ends only with the server, and then nobody waits.
        let _ = changes.wait_for(|count| *count >= times).await;
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn secured(
    acceptor: TlsAcceptor,
    stream: tokio::net::TcpStream,
    seen: Arc<Seen>,
    answer: Arc<Responder>,
) {
    if let Ok(stream) = acceptor.accept(stream).await {
        *lock(&seen.handshakes) += 1;
        serve(stream, seen, answer).await;
    }
}

async fn refused(mut stream: tokio::net::TcpStream, seen: Arc<Seen>) {
    if let Ok(true) = old_tls::answers(&mut stream).await {
        *lock(&seen.handshakes) += 1;
    }
}

async fn flooded(
    acceptor: TlsAcceptor,
    stream: tokio::net::TcpStream,
    seen: Arc<Seen>,
    flood: Flood,
) {
    let Ok(mut stream) = acceptor.accept(stream).await else {
        return;
    };
    *lock(&seen.handshakes) += 1;
    let poured = || seen.changed.send_modify(|count| *count += 1);
    // It ends when the client has had enough.
    let _ = flood.pour(&mut stream, poured).await;
}

async fn serve(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    seen: Arc<Seen>,
    answer: Arc<Responder>,
) {
    let Some(request) = Request::read(&mut stream).await else {
        return;
    };
    // Asked first: whoever waits for the request may change what is answered to the next one.
    let answer = answer(&request);
    lock(&seen.requests).push(request);
    seen.changed.send_modify(|count| *count += 1);
    // Whoever asked may be gone.
    let _ = answer.write(&mut stream).await;
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
