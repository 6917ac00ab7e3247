//! The controller's effects on a real desktop.

use std::sync::{Mutex, PoisonError};

use arboard::Clipboard;
use doorkey_core::{Browser as _, SystemBrowser};
use tauri::{AppHandle, Emitter as _, EventTarget, Manager as _, UserAttentionType};
use url::Url;

use crate::effects::Effects;
use crate::request::{Handle, Request};
use crate::tray::Tray;
use crate::tray_icon;
use crate::view::View;
use crate::window::MAIN;

/// The event that carries each new view.
const VIEW: &str = "view";

/// The desktop, by way of Tauri.
pub(crate) struct Desktop {
    app: AppHandle,
    /// On X11 and Wayland a text is on the clipboard only for as long as its owner lives.
    clipboard: Mutex<Option<Clipboard>>,
}

impl Desktop {
    pub(crate) fn new(app: AppHandle) -> Self {
        Self {
            app,
            clipboard: Mutex::default(),
        }
    }
}

impl Effects for Desktop {
    fn publish(&self, view: &View) {
        if let Err(error) = self
            .app
            .emit_to(EventTarget::webview_window(MAIN), VIEW, view)
        {
            tracing::warn!(%error, "the window cannot be told");
        }
    }

    fn draw_tray(&self, tray: &Tray) {
        tray_icon::show(&self.app, tray.clone());
    }

    fn open_browser(&self, url: &Url) -> doorkey_core::Result<()> {
        SystemBrowser.open(url)
    }

    fn copy(&self, text: &str) -> Result<(), String> {
        let mut clipboard = self
            .clipboard
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let open = match clipboard.take() {
            Some(open) => Ok(open),
            None => Clipboard::new(),
        };
        let copied = open.and_then(|mut open| {
            open.set_text(text)?;
            Ok(open)
        });
        // One that failed is not used again: the display server may have been restarted.
        *clipboard = Some(copied.map_err(|error| error.to_string())?);
        Ok(())
    }

    fn raise_window(&self) {
        let Some(window) = self.app.get_webview_window(MAIN) else {
            return;
        };
        let raised = window
            .show()
            .and_then(|()| window.unminimize())
            .and_then(|()| window.set_focus());
        // Systems that let nobody take the focus show at least that there is something to see.
        let raised = raised.and_then(|()| match window.is_focused() {
            Ok(true) => Ok(()),
            _ => window.request_user_attention(Some(UserAttentionType::Informational)),
        });
        if let Err(error) = raised {
            tracing::warn!(%error, "the window cannot be brought to the front");
        }
    }

    fn hide_window(&self) {
        if let Some(window) = self.app.get_webview_window(MAIN)
            && let Err(error) = window.hide()
        {
            tracing::warn!(%error, "the window cannot be hidden");
        }
    }

    fn quit(&self) {
        self.app.exit(0);
    }
}

/// Asks the controller for something on behalf of the desktop, where nobody waits for an answer.
pub(crate) fn ask(app: &AppHandle, request: Request) {
    let Some(handle) = app.try_state::<Handle>() else {
        return;
    };
    let handle = handle.inner().clone();
    tauri::async_runtime::spawn(async move {
        let name = format!("{request:?}");
        if let Err(problem) = handle.ask(request).await {
            tracing::info!(request = name, code = problem.code, "not done");
        }
    });
}
