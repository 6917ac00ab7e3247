//! Whether the desktop has a place for tray icons.

use tauri::AppHandle;

use crate::desktop::ask;
use crate::request::Request;

/// Says whether there is a place, now and whenever that changes. Where there is none, a window that was started hidden is
/// shown: nothing else could bring it back.
pub(crate) async fn watch(app: AppHandle, hidden: bool) {
    if !imp::watch(&app, hidden).await && hidden {
        ask(&app, Request::ShowWindow);
    }
}

#[cfg(target_os = "linux")]
mod imp {
    use futures_util::StreamExt as _;
    use tauri::AppHandle;
    use zbus::fdo::DBusProxy;
    use zbus::names::BusName;

    use crate::desktop::ask;
    use crate::request::Request;
    use crate::tray_icon;

    /// Whoever owns this name collects the icons. Many desktops have nobody, and no error says so.
    const WATCHER: &str = "org.kde.StatusNotifierWatcher";

    /// Returns when there is nobody to ask any more, and says whether there ever was a place.
    pub(super) async fn watch(app: &AppHandle, hidden: bool) -> bool {
        if let Err(error) = follow(app, hidden).await {
            tracing::info!(%error, "there is no session bus, and so no tray");
            return false;
        }
        true
    }

    async fn follow(app: &AppHandle, hidden: bool) -> zbus::Result<()> {
        let connection = zbus::Connection::session().await?;
        let bus = DBusProxy::new(&connection).await?;
        // Listening before asking: the name cannot slip in between.
        let mut changes = bus
            .receive_name_owner_changed_with_args(&[(0, WATCHER)])
            .await?;
        let there = bus.name_has_owner(BusName::try_from(WATCHER)?).await?;
        tray_icon::host_is(app, there);
        if hidden && !there {
            ask(app, Request::ShowWindow);
        }
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
    pub(super) async fn watch(app: &AppHandle, _hidden: bool) -> bool {
        tray_icon::host_is(app, true);
        true
    }
}
