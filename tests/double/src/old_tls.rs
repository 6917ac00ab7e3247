//! A server that knows TLS 1.0 only ([RFC 2246](https://www.rfc-editor.org/rfc/rfc2246)), which nobody may speak to any
//! more ([RFC 8996](https://www.rfc-editor.org/rfc/rfc8996)).

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

const VERSION: [u8; 2] = [3, 1];
const ALERT: u8 = 21;
const HANDSHAKE: u8 = 22;
const SERVER_HELLO: u8 = 2;
/// `TLS_RSA_WITH_AES_128_CBC_SHA`, which TLS 1.0 demands.
const CIPHER: [u8; 2] = [0, 0x2f];

/// Answers a ClientHello as such a server does, and waits for what the client says to it: true if it goes on.
pub(crate) async fn answers(
    stream: &mut (impl AsyncRead + AsyncWrite + Unpin),
) -> std::io::Result<bool> {
    let hello = record(stream).await?;
    if hello.0 != HANDSHAKE {
        return Ok(false);
    }
    // Version, random, no session, cipher, no compression.
    let mut body = VERSION.to_vec();
    body.extend([7; 32]);
    body.push(0);
    body.extend(CIPHER);
    body.push(0);
    let length = |length: usize| u16::try_from(length).unwrap_or(u16::MAX).to_be_bytes();
    let mut answer = vec![HANDSHAKE];
    answer.extend(VERSION);
    answer.extend(length(body.len() + 4));
    answer.extend([SERVER_HELLO, 0]);
    answer.extend(length(body.len()));
    answer.extend(body);
    stream.write_all(&answer).await?;
    stream.flush().await?;
    // The client says goodbye with an alert, or goes on with its key.
    Ok(record(stream).await?.0 != ALERT)
}

/// The type and the bytes of one record.
async fn record(stream: &mut (impl AsyncRead + Unpin)) -> std::io::Result<(u8, Vec<u8>)> {
    let mut head = [0; 5];
    stream.read_exact(&mut head).await?;
    let mut body = vec![0; usize::from(u16::from_be_bytes([head[3], head[4]]))];
    stream.read_exact(&mut body).await?;
    Ok((head[0], body))
}
