//! A request as it was received.

use std::collections::HashMap;

use tokio::io::{AsyncRead, AsyncReadExt as _};

/// A request, down to its bytes.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The method.
    pub method: String,
    /// The path, without the query.
    pub path: String,
    /// The query; empty if there is none.
    pub query: String,
    /// The headers in their order.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// No request is read further than this.
const LONGEST: usize = 1024 * 1024;

impl Request {
    /// Path and query, as they stood in the request line.
    pub fn target(&self) -> String {
        match self.query.as_str() {
            "" => self.path.clone(),
            query => format!("{}?{query}", self.path),
        }
    }

    /// The first header of a name.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut found = self.headers.iter();
        found
            .find(|(other, _)| other.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The fields of a form.
    pub fn form(&self) -> HashMap<String, String> {
        url::form_urlencoded::parse(&self.body)
            .into_owned()
            .collect()
    }

    /// One field of a form; empty if it is not there.
    pub fn field(&self, name: &str) -> String {
        self.form().remove(name).unwrap_or_default()
    }

    /// Whether these bytes stand anywhere in it.
    pub fn holds(&self, text: &str) -> bool {
        let headers = self.headers.iter().map(|(_, value)| value.as_bytes());
        [self.path.as_bytes(), self.query.as_bytes(), &self.body]
            .into_iter()
            .chain(headers)
            .any(|part| {
                part.windows(text.len().max(1))
                    .any(|at| at == text.as_bytes())
            })
    }

    /// Reads one request; none if the connection ends before it is whole.
    pub(crate) async fn read(stream: &mut (impl AsyncRead + Unpin)) -> Option<Self> {
        let mut bytes = Vec::new();
        loop {
            if let Some((request, length)) = Self::head(&bytes)
                && let Some(body) = bytes.get(length.0..length.0 + length.1)
            {
                let body = body.to_vec();
                return Some(Self { body, ..request });
            }
            if stream.read_buf(&mut bytes).await.ok()? == 0 || bytes.len() > LONGEST {
                return None;
            }
        }
    }

    /// The request without its body, where that begins and how long it is; none if the head is not whole.
    fn head(bytes: &[u8]) -> Option<(Self, (usize, usize))> {
        let mut headers = [httparse::EMPTY_HEADER; 64];
        let mut parsed = httparse::Request::new(&mut headers);
        let httparse::Status::Complete(begin) = parsed.parse(bytes).ok()? else {
            return None;
        };
        let (path, query) = parsed.path?.split_once('?').unwrap_or((parsed.path?, ""));
        let headers: Vec<_> = parsed
            .headers
            .iter()
            .map(|header| {
                let value = String::from_utf8_lossy(header.value).into_owned();
                (header.name.to_owned(), value)
            })
            .collect();
        let request = Self {
            method: parsed.method?.to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            headers,
            body: Vec::new(),
        };
        let length = request
            .header("content-length")
            .and_then(|length| length.parse().ok())
            .unwrap_or(0);
        Some((request, (begin, length)))
    }
}
