//! An answer, down to its bytes and the pauses between them.

use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncWrite, AsyncWriteExt as _};
use tokio::time::sleep;

/// What a server answers. Every part of it can be bent.
#[derive(Clone, Debug)]
pub struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    before: Duration,
    drip: Option<(usize, Duration)>,
    cut: Option<usize>,
    endless: bool,
}

impl Answer {
    /// An answer without a body.
    pub fn status(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Vec::new(),
            before: Duration::ZERO,
            drip: None,
            cut: None,
            endless: false,
        }
    }

    /// 200 with JSON.
    pub fn json(value: &Value) -> Self {
        Self::bytes("application/json", value.to_string())
    }

    /// 200 with any body.
    pub fn bytes(media_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            body: body.into(),
            ..Self::status(200)
        }
        .header("Content-Type", media_type)
    }

    /// A refusal as RFC 6749 §5.2 writes it.
    pub fn error(code: &str) -> Self {
        Self::json(&serde_json::json!({ "error": code })).with_status(400)
    }

    /// A redirect.
    pub fn redirect(status: u16, location: &str) -> Self {
        Self::status(status).header("Location", location)
    }

    /// The same answer with another status.
    #[must_use]
    pub fn with_status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    /// The same answer with this header, instead of any other of its name.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers
            .retain(|(other, _)| !other.eq_ignore_ascii_case(name));
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same answer with another body.
    #[must_use]
    pub fn with_body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// The same answer with members of its JSON body changed.
    #[must_use]
    pub fn with_members(
        mut self,
        change: impl FnOnce(&mut serde_json::Map<String, Value>),
    ) -> Self {
        if let Ok(Value::Object(mut members)) = serde_json::from_slice(&self.body) {
            change(&mut members);
            self.body = Value::Object(members).to_string().into_bytes();
        }
        self
    }

    /// The same answer, begun so much later.
    #[must_use]
    pub fn after(mut self, pause: Duration) -> Self {
        self.before = pause;
        self
    }

    /// The same answer, so many bytes of its body at a time.
    #[must_use]
    pub fn dripping(mut self, bytes: usize, pause: Duration) -> Self {
        self.drip = Some((bytes, pause));
        self
    }

    /// The same answer, cut off after so many bytes of its body; its length is announced whole.
    #[must_use]
    pub fn cut_after(mut self, bytes: usize) -> Self {
        self.cut = Some(bytes);
        self
    }

    /// The same answer with its body over and over again, without an end.
    #[must_use]
    pub fn endless(mut self) -> Self {
        self.endless = true;
        self
    }

    /// Its body.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// Whether nothing at all is written, as when a connection breaks after the server has done what was asked.
    fn is_lost(&self) -> bool {
        self.status == 0
    }

    /// No answer: the connection is closed.
    pub fn lost() -> Self {
        Self::status(0)
    }

    pub(crate) async fn write(
        &self,
        stream: &mut (impl AsyncWrite + Unpin),
    ) -> std::io::Result<()> {
        sleep(self.before).await;
        if self.is_lost() {
            return stream.shutdown().await;
        }
        stream.write_all(self.head().as_bytes()).await?;
        let end = self.cut.unwrap_or(self.body.len()).min(self.body.len());
        let (piece, pause) = self.drip.unwrap_or((usize::MAX, Duration::ZERO));
        loop {
            for chunk in self.body[..end].chunks(piece.max(1)) {
                stream.write_all(chunk).await?;
                stream.flush().await?;
                sleep(pause).await;
            }
            if !self.endless || self.body.is_empty() {
                return stream.shutdown().await;
            }
        }
    }

    fn head(&self) -> String {
        let mut head = format!("HTTP/1.1 {} Double\r\nConnection: close\r\n", self.status);
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        let is_announced = self
            .headers
            .iter()
            .any(|(name, _)| name.eq_ignore_ascii_case("content-length"));
        if !self.endless && !is_announced && self.status != 204 {
            head.push_str(&format!("Content-Length: {}\r\n", self.body.len()));
        }
        head.push_str("\r\n");
        head
    }
}
