//! Whether the desktop has a place for tray icons.

use tauri::AppHandle;

/// Says whether there is a place, now and whenever that changes.
pub(crate) async fn watch(app: AppHandle) {
    imp::watch(&app).await;
}

#[cfg(target_os = "linux")]
mod imp {
    use futures_util::StreamExt as _;
    use tauri::AppHandle;
    use zbus::fdo::DBusProxy;
    use zbus::names::BusName;

    use crate::tray_icon;

    /// Whoever owns this name collects the icons. Many desktops have nobody, and no error says so.
    const WATCHER: &str = "org.kde.StatusNotifierWatcher";

    pub(super) async fn watch(app: &AppHandle) {
        if let Err(error) = follow(app).await {
            tracing::info!(%error, "there is no session bus, and so no tray");
        }
    }

    async fn follow(app: &AppHandle) -> zbus::Result<()> {
        let connection = zbus::Connection::session().await?;
        let bus = DBusProxy::new(&connection).await?;
        // Listening before asking: the name cannot slip in between.
        let mut changes = bus
            .receive_name_owner_changed_with_args(&[(0, WATCHER)])
            .await?;
        tray_icon::host_is(app, bus.name_has_owner(BusName::try_from(WATCHER)?).await?);
        while let Some(change) = changes.next().await {
            tray_icon::host_is(app, change.args()?.new_owner().is_some());
        }
        Ok(())
    }
}

#[cfg(not(target_os = "linux"))]
mod imp {
    use tauri::AppHandle;

    use crate::tray_icon;

    /// The other systems always have one.
    pub(super) async fn watch(app: &AppHandle) {
        tray_icon::host_is(app, true);
    }
}
