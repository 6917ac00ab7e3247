//! A tray: what a desktop's panel does with an app's icon, without the panel.
//!
//! ```no_run
//! # async fn example(session: &doorkey_tests::keychain::PrivateSession) -> doorkey_tests::Result<()> {
//! use doorkey_tests::tray::Tray;
//!
//! let mut tray = Tray::start(session).await?; // before the app: it looks for a tray when it starts
//! let item = tray.item().await?;
//! let menu = item.menu_when(|menu| menu.iter().any(|entry| entry.label == "Log out")).await?;
//! assert!(menu.iter().all(|entry| entry.enabled));
//! item.press("Log out").await?;
//! # Ok(()) }
//! ```

mod item;
mod watcher;

use tokio::{sync::mpsc, time::timeout};
use zbus::Connection;

pub use item::{Entry, TrayItem};

use crate::{Error, Result, keychain::PrivateSession, process::READY};
use watcher::{Registered, Watcher};

/// The tray of a session.
#[derive(Debug)]
pub struct Tray {
    connection: Connection,
    registered: mpsc::UnboundedReceiver<Registered>,
}

impl Tray {
    /// Puts a tray on a session's bus. Apps look for it when they start.
    ///
    /// # Errors
    ///
    /// If the session has no bus, or a tray already.
    pub async fn start(session: &PrivateSession) -> Result<Self> {
        Self::start_on(session.connect().await?).await
    }

    /// Puts a tray on the bus that a connection leads to. It goes with the connection.
    ///
    /// # Errors
    ///
    /// If the bus has a tray already.
    pub async fn start_on(connection: Connection) -> Result<Self> {
        let (sender, registered) = mpsc::unbounded_channel();
        connection
            .object_server()
            .at(watcher::PATH, Watcher::new(sender))
            .await?;
        connection.request_name(watcher::NAME).await?;
        Ok(Self {
            connection,
            registered,
        })
    }

    /// Waits for the next app that puts an icon into the tray.
    ///
    /// # Errors
    ///
    /// If none comes in time.
    pub async fn item(&mut self) -> Result<TrayItem> {
        match timeout(READY, self.registered.recv()).await {
            Ok(Some(Registered { owner, path })) => {
                TrayItem::new(&self.connection, owner, path).await
            }
            Ok(None) | Err(_) => Err(Error::unexpected(
                "tray",
                format!("no app put an icon into it within {READY:?}"),
            )),
        }
    }
}
