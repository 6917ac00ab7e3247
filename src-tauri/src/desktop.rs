//! The controller's effects on a real desktop.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use arboard::Clipboard;
use doorkey_core::{Browser as _, BrowserCommand, SystemBrowser, installed_browsers};
use tauri::{AppHandle, Emitter as _, EventTarget, Manager as _, UserAttentionType};
use tauri_plugin_notification::NotificationExt as _;
use tauri_plugin_shell::ShellExt as _;
use url::Url;

use crate::effects::{Claim, Effects, Notice, Package, Progress, Release, UpdateRoute};
use crate::request::{Handle, Request};
use crate::tray::Tray;
use crate::updates::Updates;
use crate::view::{BrowserView, Problem, Theme, View};
use crate::window::MAIN;
use crate::{login, scheme, tray_icon};

/// The event that carries each new view.
const VIEW: &str = "view";

/// The desktop, by way of Tauri.
pub(crate) struct Desktop {
    app: AppHandle,
    /// On X11 and Wayland a text is on the clipboard only for as long as its owner lives.
    clipboard: Mutex<Option<Clipboard>>,
    /// None if this build asks nobody for newer ones.
    updates: Option<Updates>,
}

impl Desktop {
    pub(crate) fn new(app: AppHandle) -> Self {
        Self {
            updates: Updates::new(&app),
            app,
            clipboard: Mutex::default(),
        }
    }
}

impl Desktop {
    fn updates(&self) -> Result<&Updates, Problem> {
        self.updates
            .as_ref()
            .ok_or_else(|| Problem::forgotten("update"))
    }

    fn is_before_their_eyes(&self) -> bool {
        self.app.get_webview_window(MAIN).is_some_and(|window| {
            window.is_visible().unwrap_or(false) && !window.is_minimized().unwrap_or(false)
        })
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

    fn open_browser(
        &self,
        url: &Url,
        browser: Option<&BrowserCommand>,
    ) -> doorkey_core::Result<()> {
        match browser {
            // The plugin knows how programs are started from a bundle and without a console.
            Some(browser) => {
                browser.open_as(url, |program| self.app.shell().command(program).into())
            }
            None => SystemBrowser.open(url),
        }
    }

    fn browsers(&self) -> Vec<BrowserView> {
        // Which one the variable names is its own affair; it is not the system's default one.
        let named = std::env::var_os("BROWSER").is_some_and(|named| !named.is_empty());
        installed_browsers()
            .into_iter()
            .map(|browser| BrowserView {
                name: browser.name,
                command: browser.command.as_str().to_owned(),
                default: browser.is_default && !named,
            })
            .collect()
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

    fn reveal(&self, file: &Path) -> Result<(), String> {
        tauri_plugin_opener::reveal_item_in_dir(file).map_err(|error| error.to_string())
    }

    fn notify(&self, notice: &Notice) {
        if self.is_before_their_eyes() {
            return;
        }
        let shown = self
            .app
            .notification()
            .builder()
            .title(&notice.title)
            .body(&notice.body)
            .show();
        if let Err(error) = shown {
            tracing::info!(%error, "nobody shows notifications");
        }
    }

    fn claim(&self, scheme: &str) -> Claim {
        scheme::claim(&self.app, scheme)
    }

    fn starts_at_login(&self) -> Option<bool> {
        login::starts(&self.app)
    }

    fn start_at_login(&self, wanted: bool) -> Result<(), String> {
        login::start(&self.app, wanted)
    }

    fn dress(&self, theme: Theme) {
        let Some(window) = self.app.get_webview_window(MAIN) else {
            return;
        };
        let theme = match theme {
            Theme::System => None,
            Theme::Light => Some(tauri::Theme::Light),
            Theme::Dark => Some(tauri::Theme::Dark),
        };
        if let Err(error) = window.set_theme(theme) {
            tracing::warn!(%error, "the window cannot be dressed");
        }
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

    fn update_route(&self) -> Option<UpdateRoute> {
        self.updates.as_ref().map(Updates::route)
    }

    async fn find_update(&self) -> Result<Option<Release>, Problem> {
        self.updates()?.find().await
    }

    async fn download_update(&self, progress: Progress) -> Result<Package, Problem> {
        self.updates()?.download(progress).await
    }

    fn install_update(&self, package: &Package) -> Result<Option<PathBuf>, Problem> {
        self.updates()?.install(package)
    }

    fn quit(&self) {
        self.app.exit(0);
    }

    fn restart(&self) {
        // The next one would otherwise find this one, and end.
        tauri_plugin_single_instance::destroy(&self.app);
        self.app.cleanup_before_exit();
        let mut env = self.app.env();
        // Not with the arguments of this start: a link may be among them.
        env.args_os.truncate(1);
        tauri::process::restart(&env);
    }
}

/// Asks the controller for something on behalf of the desktop, where nobody waits for an answer.
pub(crate) fn ask(app: &AppHandle, request: Request) {
    let Some(handle) = app.try_state::<Handle>() else {
        return;
    };
    let handle = handle.inner().clone();
    tauri::async_runtime::spawn(async move {
        if let Err(problem) = handle.ask(request).await {
            tracing::info!(
                code = problem.code,
                "what the desktop asked for is not done"
            );
        }
    });
}
