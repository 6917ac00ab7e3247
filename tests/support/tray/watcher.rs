//! The name on the bus that apps register their icons with.
//!
//! <https://www.freedesktop.org/wiki/Specifications/StatusNotifierItem/StatusNotifierWatcher/>

use tokio::sync::mpsc;
use zbus::{fdo, interface, message::Header, object_server::SignalEmitter};

pub(super) const NAME: &str = "org.kde.StatusNotifierWatcher";
pub(super) const PATH: &str = "/StatusNotifierWatcher";

/// An icon that was put into the tray.
#[derive(Debug)]
pub(super) struct Registered {
    pub(super) owner: String,
    pub(super) path: String,
}

pub(super) struct Watcher {
    items: Vec<String>,
    registered: mpsc::UnboundedSender<Registered>,
}

impl Watcher {
    pub(super) fn new(registered: mpsc::UnboundedSender<Registered>) -> Self {
        Self {
            items: Vec::new(),
            registered,
        }
    }
}

#[interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    /// Apps say either the path of their item or the bus name that has it at the usual path.
    async fn register_status_notifier_item(
        &mut self,
        service: &str,
        #[zbus(header)] header: Header<'_>,
        #[zbus(signal_emitter)] emitter: SignalEmitter<'_>,
    ) -> fdo::Result<()> {
        let sender = header.sender().map(ToString::to_string).unwrap_or_default();
        let (owner, path) = match service.strip_prefix('/') {
            Some(_) => (sender, service.to_owned()),
            None => (service.to_owned(), "/StatusNotifierItem".to_owned()),
        };
        let item = format!("{owner}{path}");
        self.items.push(item.clone());
        Self::status_notifier_item_registered(&emitter, &item).await?;
        // The test may have dropped its tray: the app is not to suffer from it.
        let _ = self.registered.send(Registered { owner, path });
        Ok(())
    }

    fn register_status_notifier_host(&self, _service: &str) {}

    #[zbus(property)]
    fn registered_status_notifier_items(&self) -> Vec<String> {
        self.items.clone()
    }

    /// Without a host, apps fall back to the tray of X11.
    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn protocol_version(&self) -> i32 {
        0
    }

    #[zbus(signal)]
    async fn status_notifier_item_registered(
        emitter: &SignalEmitter<'_>,
        service: &str,
    ) -> zbus::Result<()>;
}
