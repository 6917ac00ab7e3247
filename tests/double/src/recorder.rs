//! A host that nobody should talk to.

use crate::answer::Answer;
use crate::request::Request;
use crate::server::Server;

/// Keeps whatever reaches it, and answers politely, so that whoever strays goes on as far as they would.
pub struct Recorder {
    server: Server,
}

impl Recorder {
    /// Listens on any port of 127.0.0.1.
    ///
    /// # Errors
    /// When there is no port.
    pub async fn start() -> std::io::Result<Self> {
        let server = Server::start(|_| Answer::json(&serde_json::json!({}))).await?;
        Ok(Self { server })
    }

    /// Its origin.
    pub fn origin(&self) -> &str {
        self.server.origin()
    }

    /// Whether nobody has even connected.
    pub fn is_silent(&self) -> bool {
        self.server.connections() == 0
    }

    /// What was asked.
    pub fn requests(&self) -> Vec<Request> {
        self.server.requests()
    }
}
