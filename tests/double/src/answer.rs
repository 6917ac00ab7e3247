//! An answer, down to its bytes and the pauses between them.

use std::time::Duration;

use serde_json::Value;
use tokio::io::AsyncWrite;

use crate::delivery::Delivery;
use crate::encoding::Encoding;
use crate::gate::Gate;
use crate::request::Request;

/// What a server answers. Every part of it can be bent.
#[derive(Clone, Debug)]
pub struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    delivery: Delivery,
}

impl Answer {
    /// An answer without a body.
    pub fn status(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Vec::new(),
            delivery: Delivery::default(),
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

    /// A refusal of an API with its challenge ([RFC 6750 §3](https://www.rfc-editor.org/rfc/rfc6750#section-3)).
    pub fn challenge(status: u16, challenge: &str) -> Self {
        Self::status(status).header("WWW-Authenticate", challenge)
    }

    /// 200 with the credentials of the request, in a header `X-Echo` and twice in the body.
    pub fn echo(request: &Request) -> Self {
        let sent = request.header("authorization").unwrap_or_default();
        Self::bytes("text/plain", format!("{sent}\n{sent}")).header("X-Echo", sent)
    }

    /// No answer: the connection is closed.
    pub fn lost() -> Self {
        let mut answer = Self::status(0);
        answer.delivery.lost = true;
        answer
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

    /// The same answer with so many spaces at its end, which mean nothing to a JSON parser.
    #[must_use]
    pub fn padded(mut self, spaces: usize) -> Self {
        self.body.resize(self.body.len() + spaces, b' ');
        self
    }

    /// The same answer, packed, and saying so.
    #[must_use]
    pub fn encoded(mut self, encoding: Encoding) -> Self {
        self.body = encoding.pack(&self.body);
        self.header("Content-Encoding", encoding.name())
    }

    /// The same answer, begun so much later.
    #[must_use]
    pub fn after(mut self, pause: Duration) -> Self {
        self.delivery.before = pause;
        self
    }

    /// The same answer, begun when the gate is opened. What was asked has been done by then.
    #[must_use]
    pub fn held(mut self, gate: &Gate) -> Self {
        self.delivery.held = Some(gate.clone());
        self
    }

    /// The same answer, held after so many bytes of its body until the gate is opened.
    #[must_use]
    pub fn held_within(mut self, bytes: usize, gate: &Gate) -> Self {
        self.delivery.held_within = Some((bytes, gate.clone()));
        self
    }

    /// The same answer, whose last byte the gate hears of.
    #[must_use]
    pub(crate) fn told_to(mut self, gate: &Gate) -> Self {
        self.delivery.told = Some(gate.clone());
        self
    }

    /// The same answer, so many bytes of its body at a time.
    #[must_use]
    pub fn dripping(mut self, bytes: usize, pause: Duration) -> Self {
        self.delivery.drip = Some((bytes, pause));
        self
    }

    /// The same answer, cut off after so many bytes of its body; its length is announced whole.
    #[must_use]
    pub fn cut_after(mut self, bytes: usize) -> Self {
        self.delivery.cut = Some(bytes);
        self
    }

    /// The same answer with its body over and over again, without an end.
    #[must_use]
    pub fn endless(mut self) -> Self {
        self.delivery.endless = true;
        self
    }

    /// Its body.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    pub(crate) async fn write(
        &self,
        stream: &mut (impl AsyncWrite + Unpin),
    ) -> std::io::Result<()> {
        let head = self.head();
        self.delivery.write(stream, &head, &self.body).await
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
        if !self.delivery.endless && !is_announced && self.status != 204 {
            head.push_str(&format!("Content-Length: {}\r\n", self.body.len()));
        }
        head.push_str("\r\n");
        head
    }
}
