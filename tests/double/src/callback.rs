//! What a browser brings home, byte for byte.

use std::fmt;
use std::net::SocketAddr;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use url::{Url, form_urlencoded};

/// An authorization response that a test may change before it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Callback {
    redirect_uri: String,
    parameters: Vec<(String, String)>,
}

/// An answer to raw bytes.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Page {
    /// The status; 0 if nothing was answered.
    pub status: u16,
    /// The head, as it came.
    pub head: String,
    /// The body.
    pub body: String,
}

impl Callback {
    /// An answer without parameters.
    pub fn new(redirect_uri: &str) -> Self {
        Self {
            redirect_uri: redirect_uri.to_owned(),
            parameters: Vec::new(),
        }
    }

    /// Without parameters of this name.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.parameters.retain(|(other, _)| other != name);
        self
    }

    /// With one more parameter, even if there is one of this name.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.parameters.push((name.to_owned(), value.to_owned()));
        self
    }

    /// With another value for a parameter.
    #[must_use]
    pub fn instead(self, name: &str, value: &str) -> Self {
        self.without(name).with(name, value)
    }

    /// The first value of a parameter; empty if there is none.
    pub fn value(&self, name: &str) -> &str {
        let mut found = self.parameters.iter();
        found
            .find(|(other, _)| other == name)
            .map_or("", |(_, value)| value)
    }

    /// The whole address.
    pub fn address(&self) -> String {
        format!("{}?{}", self.redirect_uri, self.query())
    }

    /// The parameters as a query or a form.
    pub fn query(&self) -> String {
        form_urlencoded::Serializer::new(String::new())
            .extend_pairs(&self.parameters)
            .finish()
    }

    /// Path and query, as they stand in a request line.
    pub fn target(&self) -> String {
        let path = Url::parse(&self.redirect_uri).map(|url| url.path().to_owned());
        format!("{}?{}", path.unwrap_or_default(), self.query())
    }

    /// The host and port that it goes to.
    pub fn host(&self) -> String {
        let url = Url::parse(&self.redirect_uri).ok();
        let port = url.as_ref().and_then(Url::port_or_known_default);
        let host = url.as_ref().and_then(Url::host_str).unwrap_or_default();
        format!("{host}:{}", port.unwrap_or_default())
    }

    /// Sends it as a browser's navigation does.
    pub async fn send(&self) -> Page {
        let host = self.host();
        let request = format!(
            "GET {} HTTP/1.1\r\nHost: {host}\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\nConnection: close\r\n\r\n",
            self.target()
        );
        self.send_bytes(request.as_bytes()).await
    }

    /// Sends these bytes to where it goes, whatever they are, and reads what is answered.
    pub async fn send_bytes(&self, bytes: &[u8]) -> Page {
        let Some(mut stream) = self.connect().await else {
            return Page::default();
        };
        // An end that closes before it has read everything is an answer as well.
        let _ = stream.write_all(bytes).await;
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        Page::parse(&String::from_utf8_lossy(&answer))
    }

    /// Connects to where it goes; none if nobody listens.
    pub async fn connect(&self) -> Option<TcpStream> {
        let host = self.host().replace("localhost", "127.0.0.1");
        let address: SocketAddr = host.parse().ok()?;
        TcpStream::connect(address).await.ok()
    }
}

impl Page {
    fn parse(text: &str) -> Self {
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((text, ""));
        Self {
            status: head
                .split(' ')
                .nth(1)
                .and_then(|status| status.parse().ok())
                .unwrap_or(0),
            head: head.to_owned(),
            body: body.to_owned(),
        }
    }
}

/// Pages are long; what counts is the title.
impl fmt::Debug for Page {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let title = self.body.split("<title>").nth(1);
        let title = title.and_then(|rest| rest.split('<').next());
        formatter
            .debug_struct("Page")
            .field("status", &self.status)
            .field("title", &title.unwrap_or_default())
            .finish_non_exhaustive()
    }
}
