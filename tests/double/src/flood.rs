//! A server that floods whoever asks it over HTTP/2 ([RFC 9113](https://www.rfc-editor.org/rfc/rfc9113)), frame by frame.

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

const PREFACE: usize = 24;
const DATA: u8 = 0;
const HEADERS: u8 = 1;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const CONTINUATION: u8 = 9;
const END_HEADERS: u8 = 4;
/// `:status: 200`, from the table of headers that everybody has ([RFC 7541](https://www.rfc-editor.org/rfc/rfc7541)).
const OK: &[u8] = &[0x88];

/// How many frames there are; then nothing more comes, and the connection stays open.
const FRAMES: usize = 10_000;

/// Frames without end or purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flood {
    /// The headers of the answer, in one CONTINUATION frame after the other.
    Headers,
    /// Its body, in DATA frames without data.
    EmptyData,
    /// Questions whether the client is still there, each of which it has to answer.
    Pings,
    /// Settings, each of which it has to acknowledge.
    Settings,
}

impl Flood {
    /// Waits for a request, and floods until the client has gone or all is poured out: then `poured` is called.
    pub(crate) async fn pour(
        self,
        stream: &mut (impl AsyncRead + AsyncWrite + Unpin),
        poured: impl FnOnce(),
    ) -> std::io::Result<()> {
        stream.write_all(&frame(SETTINGS, 0, 0, &[])).await?;
        stream.flush().await?;
        let mut preface = [0; PREFACE];
        stream.read_exact(&mut preface).await?;
        let request = loop {
            let (kind, id) = received(stream).await?;
            if kind == HEADERS {
                break id;
            }
        };
        let first = match self {
            Flood::Headers => frame(HEADERS, 0, request, OK),
            Flood::EmptyData => frame(HEADERS, END_HEADERS, request, OK),
            Flood::Pings | Flood::Settings => Vec::new(),
        };
        stream.write_all(&first).await?;
        let again = match self {
            // A header that is not kept in any table: `x: yyy...`.
            Flood::Headers => {
                let field = [&[0, 1, b'x', 100][..], &[b'y'; 100]].concat();
                frame(CONTINUATION, 0, request, &field)
            }
            Flood::EmptyData => frame(DATA, 0, request, &[]),
            Flood::Pings => frame(PING, 0, 0, &[7; 8]),
            Flood::Settings => frame(SETTINGS, 0, 0, &[0, 4, 0, 1, 0, 0]),
        };
        let (mut reading, mut writing) = tokio::io::split(stream);
        let pour = async {
            for _ in 0..FRAMES {
                writing.write_all(&again).await?;
            }
            writing.flush().await?;
            poured();
            std::future::pending().await
        };
        // What the client says to it is read, so that it has no excuse for standing still.
        let listen = async { while received(&mut reading).await.is_ok() {} };
        tokio::select! {
            ended = pour => ended,
            () = listen => Ok(()),
        }
    }
}

/// The type and stream of the next frame.
async fn received(stream: &mut (impl AsyncRead + Unpin)) -> std::io::Result<(u8, u32)> {
    let mut head = [0; 9];
    stream.read_exact(&mut head).await?;
    let [a, b, c, kind, _, e, f, g, h] = head;
    let mut payload = vec![0; u32::from_be_bytes([0, a, b, c]) as usize];
    stream.read_exact(&mut payload).await?;
    Ok((kind, u32::from_be_bytes([e, f, g, h])))
}

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap_or(0).to_be_bytes();
    let mut frame = length[1..].to_vec();
    frame.extend([kind, flags]);
    frame.extend(stream.to_be_bytes());
    frame.extend(payload);
    frame
}
