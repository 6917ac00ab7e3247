//! Takes connections and speaks HTTP with them, within limits that no crowd of them can use up.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::future::poll_fn;
use std::io::ErrorKind;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::{AbortHandle, Id, JoinHandle, JoinSet};
use tokio::time::{sleep, timeout};

use super::gate::HEAD_LIMIT;
use super::port::Port;
use super::reception::Reception;

/// How long a connection may take to send the head of its request.
const HEAD_DEADLINE: Duration = Duration::from_secs(10);
/// How much of a head is read at all. What is larger than the gate allows still gets a page up to here, and beyond it a
/// bare status.
const HEAD_CAPACITY: usize = 2 * HEAD_LIMIT;
const HEADERS_LIMIT: usize = 500;
/// How many connections there may be at once. A browser opens a handful; some systems grant a program 256 files.
pub(super) const CONNECTIONS_LIMIT: usize = 64;
/// How long the last page may take to be handed to the system.
const FLUSH_DEADLINE: Duration = Duration::from_secs(2);
/// How long, and for how many bytes, a client may go on sending after its answer.
const LINGER: Duration = Duration::from_secs(1);
const LINGER_LIMIT: usize = 1024 * 1024;
/// How long to wait when the system has no connection to give.
const PAUSE: Duration = Duration::from_millis(50);

/// A port being served. Dropping it closes the port at once and ends its connections, except for the tab that waits: that
/// one still gets its page.
#[derive(Debug)]
pub(super) struct Server {
    port: Arc<Port>,
    task: Option<JoinHandle<()>>,
}

impl Server {
    pub(super) fn start(port: Port, reception: Arc<Reception>) -> Self {
        let port = Arc::new(port);
        let task = Some(tokio::spawn(serve(Arc::clone(&port), reception)));
        Self { port, task }
    }

    /// Closes the port at once, and returns when the waiting tab has its page or the time for that is up.
    pub(super) async fn finish(mut self) {
        self.port.close();
        if let Some(task) = self.task.take() {
            // It fails only with the runtime, and then there is nobody left to tell.
            let _ = task.await;
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.port.close();
    }
}

/// Serves until the port is closed, and then until the waiting tab has its page.
async fn serve(port: Arc<Port>, reception: Arc<Reception>) {
    let mut connections = Connections::default();
    loop {
        tokio::select! {
            () = port.closed() => break,
            Some(ended) = connections.tasks.join_next_with_id() => {
                debug_assert!(!ended.as_ref().is_err_and(tokio::task::JoinError::is_panic), "a request made us panic");
                connections.forget(ended.map_or_else(|error| error.id(), |(id, ())| id));
            }
            accepted = port.accept() => match accepted {
                Ok(stream) => {
                    while connections.handles.len() >= CONNECTIONS_LIMIT && connections.end_oldest(&reception) {}
                    connections.add(stream, &reception);
                    // A request that came with its connection is read before the next connection is taken, so
                    // that a crowd cannot push it out unread.
                    tokio::task::yield_now().await;
                }
                // That client has gone again.
                Err(error) if error.kind() == ErrorKind::ConnectionAborted => {}
                Err(_) => {
                    connections.end_oldest(&reception);
                    sleep(PAUSE).await;
                }
            },
        }
    }
    if reception.decided_by().is_some() {
        let _ = timeout(FLUSH_DEADLINE, reception.flushed()).await;
    }
}

/// The connections there are, oldest first. Dropping it ends them.
#[derive(Default)]
struct Connections {
    tasks: JoinSet<()>,
    handles: VecDeque<AbortHandle>,
}

impl Connections {
    fn add(&mut self, stream: TcpStream, reception: &Arc<Reception>) {
        // A page is one small write; nothing is lost if the system does not care.
        let _ = stream.set_nodelay(true);
        self.handles
            .push_back(self.tasks.spawn(attend(stream, Arc::clone(reception))));
    }

    /// Ends the oldest connection, if there is one. Whoever has had the most time is the least likely to be a browser
    /// with an answer: that one sends its request with the connection. The tab that waits is never ended.
    fn end_oldest(&mut self, reception: &Reception) -> bool {
        let waiting = reception.decided_by();
        let oldest = self
            .handles
            .iter()
            .position(|handle| Some(handle.id()) != waiting);
        let handle = oldest.and_then(|oldest| self.handles.remove(oldest));
        if let Some(handle) = &handle {
            handle.abort();
        }
        handle.is_some()
    }

    fn forget(&mut self, id: Id) {
        self.handles.retain(|handle| handle.id() != id);
    }
}

/// Answers one request on a connection and closes it, since every page says so.
pub(super) async fn attend<S>(stream: S, reception: Arc<Reception>)
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let id = tokio::task::id();
    let service = service_fn(|request| {
        let reception = Arc::clone(&reception);
        Box::pin(async move { Ok::<_, Infallible>(reception.answer(id, request).await) })
    });
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_DEADLINE)
        .max_buf_size(HEAD_CAPACITY)
        .max_headers(HEADERS_LIMIT)
        .half_close(true)
        .serve_connection(TokioIo::new(stream), service);
    let ended = poll_fn(|context| connection.poll_without_shutdown(context)).await;
    let mut stream = connection.into_parts().io.into_inner();
    if let Err(error) = ended {
        if error.is_parse_too_large() {
            reception.tell_stray("size");
        } else if error.is_parse() {
            reception.tell_stray("malformed");
        }
    }
    // The client may be gone: that is its right.
    let _ = stream.shutdown().await;
    reception.connection_flushed(id);
    let _ = timeout(LINGER, discard(&mut stream)).await;
}

/// Reads what the client still sends: closing with bytes unread would take the answer away from it again.
async fn discard(stream: &mut (impl AsyncRead + Unpin)) {
    let mut buffer = [0; 4096];
    let mut discarded = 0;
    while discarded < LINGER_LIMIT {
        match stream.read(&mut buffer).await {
            Ok(count) if count > 0 => discarded += count,
            _ => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn no_more_is_read_of_an_endless_request_than_the_limit() {
        let mut endless = tokio::io::repeat(0).take(2 * LINGER_LIMIT as u64);
        discard(&mut endless).await;
        assert_eq!(endless.limit(), LINGER_LIMIT as u64);
        let mut empty = tokio::io::empty();
        let ended = timeout(LINGER, discard(&mut empty)).await;
        ended.expect("no wait for more");
    }

    #[tokio::test]
    async fn a_connection_that_ended_is_forgotten_and_no_other() {
        let mut connections = Connections::default();
        let ended = connections.tasks.spawn(async {});
        let lasting = connections.tasks.spawn(std::future::pending());
        connections.handles.extend([ended.clone(), lasting.clone()]);
        connections.forget(ended.id());
        let left: Vec<_> = connections.handles.iter().map(AbortHandle::id).collect();
        assert_eq!(left, [lasting.id()]);
    }
}
