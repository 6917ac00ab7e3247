//! What programs tell people who are not looking at them: a service that takes notifications on a session's bus.
//!
//! <https://specifications.freedesktop.org/notification-spec/latest/>

use std::collections::HashMap;

use tokio::sync::mpsc;
use zbus::{Connection, interface, zvariant::OwnedValue};

use crate::{Error, Result, keychain::PrivateSession, process::READY};

const NAME: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";

/// Something that a program told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    /// What it is about.
    pub summary: String,
    /// What there is to say about it.
    pub body: String,
}

/// Takes the notifications of one session.
#[derive(Debug)]
pub struct Notifications {
    told: mpsc::UnboundedReceiver<Notification>,
    _connection: Connection,
}

impl Notifications {
    /// Takes the notifications of a session from now on.
    ///
    /// # Errors
    ///
    /// If its bus cannot be reached, or somebody else takes them.
    pub async fn start(session: &PrivateSession) -> Result<Self> {
        let (teller, told) = mpsc::unbounded_channel();
        let connection = session.connect().await?;
        connection
            .object_server()
            .at(PATH, Service { teller, last: 0 })
            .await?;
        connection.request_name(NAME).await?;
        Ok(Self {
            told,
            _connection: connection,
        })
    }

    /// The next notification, once it is told.
    ///
    /// # Errors
    ///
    /// If none comes in time.
    pub async fn next(&mut self) -> Result<Notification> {
        match tokio::time::timeout(READY, self.told.recv()).await {
            Ok(Some(notification)) => Ok(notification),
            Ok(None) | Err(_) => Err(Error::unexpected("notifications", "none came")),
        }
    }

    /// Whether one was told that nobody has looked at yet.
    pub fn is_empty(&self) -> bool {
        self.told.is_empty()
    }
}

struct Service {
    teller: mpsc::UnboundedSender<Notification>,
    last: u32,
}

#[interface(name = "org.freedesktop.Notifications")]
impl Service {
    #[expect(clippy::too_many_arguments, reason = "the specification has so many")]
    fn notify(
        &mut self,
        _app_name: &str,
        _replaces_id: u32,
        _app_icon: &str,
        summary: String,
        body: String,
        _actions: Vec<String>,
        _hints: HashMap<String, OwnedValue>,
        _expire_timeout: i32,
    ) -> u32 {
        // The test may have dropped its end: the program is not to suffer from it.
        let _ = self.teller.send(Notification { summary, body });
        self.last += 1;
        self.last
    }

    fn close_notification(&self, _id: u32) {}

    fn get_capabilities(&self) -> Vec<String> {
        vec!["body".to_owned()]
    }

    fn get_server_information(&self) -> (String, String, String, String) {
        let text = str::to_owned;
        (
            text("Doorkey's tests"),
            text("Doorkey"),
            text("1"),
            text("1.2"),
        )
    }
}
