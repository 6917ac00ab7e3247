//! A proxy that another proxy hands its tunnels to: it knows every name, and keeps what it sees.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// Leads each tunnel to this computer, to the port that was asked for. Dropping it stops it.
pub struct Relay {
    address: SocketAddr,
    seen: Arc<Mutex<Seen>>,
    task: JoinHandle<()>,
}

/// What passed by.
#[derive(Default)]
struct Seen {
    heads: Vec<String>,
    bytes: Vec<u8>,
}

impl Relay {
    /// Listens on any port of 127.0.0.1.
    ///
    /// # Errors
    /// When there is no port.
    pub async fn start() -> std::io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let seen = Arc::<Mutex<Seen>>::default();
        let kept = Arc::clone(&seen);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(tunnel(stream, Arc::clone(&kept)));
            }
        });
        Ok(Self {
            address,
            seen,
            task,
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The first lines of what it was asked, in order: `CONNECT idp.example:443 HTTP/1.1`.
    pub fn asked(&self) -> Vec<String> {
        let seen = lock(&self.seen);
        let first = |head: &String| head.lines().next().unwrap_or_default().to_owned();
        seen.heads.iter().map(first).collect()
    }

    /// Whether these bytes were anywhere in what it was asked, or in what passed by in either direction.
    pub fn saw(&self, text: &str) -> bool {
        let seen = lock(&self.seen);
        seen.heads.iter().any(|head| head.contains(text))
            || seen
                .bytes
                .windows(text.len().max(1))
                .any(|at| at == text.as_bytes())
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Reads what is asked, opens the tunnel if that is what is wanted, and copies.
async fn tunnel(mut client: TcpStream, seen: Arc<Mutex<Seen>>) -> std::io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match client.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => break,
        }
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    lock(&seen).heads.push(head.clone());
    let port = head
        .strip_prefix("CONNECT ")
        .and_then(|rest| rest.split(' ').next())
        .and_then(|authority| authority.rsplit(':').next())
        .and_then(|port| port.parse::<u16>().ok());
    let Some(port) = port else {
        return client.write_all(b"HTTP/1.1 405 Double\r\n\r\n").await;
    };
    let server = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await?;
    client.write_all(b"HTTP/1.1 200 Double\r\n\r\n").await?;
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    tokio::try_join!(
        copy(from_client, to_server, &seen),
        copy(from_server, to_client, &seen)
    )?;
    Ok(())
}

async fn copy(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    seen: &Mutex<Seen>,
) -> std::io::Result<()> {
    let mut buffer = [0; 4096];
    loop {
        let count = from.read(&mut buffer).await?;
        if count == 0 {
            return to.shutdown().await;
        }
        lock(seen).bytes.extend_from_slice(&buffer[..count]);
        to.write_all(&buffer[..count]).await?;
    }
}

fn lock(seen: &Mutex<Seen>) -> std::sync::MutexGuard<'_, Seen> {
    seen.lock().unwrap_or_else(PoisonError::into_inner)
}
