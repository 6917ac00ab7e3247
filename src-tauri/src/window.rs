//! The one window, which shows Doorkey's own pages and no others.

use std::time::Duration;

use tauri::webview::{NewWindowResponse, PageLoadEvent, PageLoadPayload};
use tauri::{
    App, AppHandle, Manager as _, Url, WebviewWindow, WebviewWindowBuilder, Window, WindowEvent,
};

use crate::desktop::ask;
use crate::request::{Handle, Request};
use crate::tray_icon;
use crate::view::{KeychainView, SessionView, View};

/// What a person does not notice.
const AT_ONCE: Duration = Duration::from_millis(150);

/// The window's label.
pub(crate) const MAIN: &str = "main";

/// Opens the window. It may go nowhere and open nothing: what a person should see elsewhere is the browser's.
///
/// A hidden one is loaded but not shown, until somebody asks for it; where there is no tray to ask from, it is shown.
pub(crate) fn open(app: &App, hidden: bool) -> tauri::Result<()> {
    let development = tauri::is_dev()
        .then(|| app.config().build.dev_url.clone())
        .flatten();
    for config in &app.config().app.windows {
        let development = development.clone();
        WebviewWindowBuilder::from_config(app.handle(), config)?
            // A file that is dropped is the page's to read, and no path of it reaches anybody.
            .disable_drag_drop_handler()
            .on_navigation(move |url| is_own(url) || is_development(url, development.as_ref()))
            .on_new_window(|_, _| NewWindowResponse::Deny)
            .on_page_load(move |window, page| {
                if !hidden {
                    show_when_loaded(&window, &page);
                }
            })
            .build()?;
    }
    Ok(())
}

/// The window stays unseen until there is something to see in it, so that it never flashes white. A keychain that answers
/// at once spares the person a picture that is gone before they have read it.
fn show_when_loaded(window: &WebviewWindow, page: &PageLoadPayload<'_>) {
    if page.event() != PageLoadEvent::Finished {
        return;
    }
    let window = window.clone();
    tauri::async_runtime::spawn(async move {
        if let Some(mut views) = window.try_state::<Handle>().map(|handle| handle.views()) {
            // Longer than this nobody waits for a window.
            let _ = tokio::time::timeout(AT_ONCE, views.wait_for(is_known)).await;
        }
        if let Err(error) = window.show() {
            tracing::error!(%error, "the window cannot be shown");
        }
    });
}

/// Whether it is known who is signed in, or that this cannot be known yet.
fn is_known(view: &View) -> bool {
    view.session != SessionView::Restoring || matches!(view.keychain, KeychainView::Locked { .. })
}

/// Closing hides the window where a tray can bring it back, and ends the app where none can.
pub(crate) fn on_event(window: &Window, event: &WindowEvent) {
    let app = window.app_handle();
    match event {
        WindowEvent::CloseRequested { api, .. } if stays_in_tray(app) => {
            api.prevent_close();
            if let Err(error) = window.hide() {
                tracing::warn!(%error, "the window cannot be hidden");
            }
            ask(app, Request::WindowHidden);
        }
        WindowEvent::Focused(true) => ask(app, Request::WindowShown),
        WindowEvent::ThemeChanged(_) => tray_icon::redraw(app),
        _ => {}
    }
}

/// Whether the app goes on without its window: the person wants that, and a tray can bring the window back.
fn stays_in_tray(app: &AppHandle) -> bool {
    let wanted = app
        .try_state::<Handle>()
        .is_none_or(|handle| handle.view().settings.close_to_tray);
    wanted && tray_icon::is_there(app)
}

/// Whether an address is that of the pages inside the program, on any system.
fn is_own(url: &Url) -> bool {
    let host = match url.scheme() {
        "tauri" => "localhost",
        "http" | "https" => "tauri.localhost",
        _ => return false,
    };
    url.host_str() == Some(host)
        && url.port().is_none()
        && url.username().is_empty()
        && url.password().is_none()
}

fn is_development(url: &Url, development: Option<&Url>) -> bool {
    development.is_some_and(|development| development.origin() == url.origin())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn g10_the_window_shows_its_own_pages_and_no_others() {
        for own in [
            "tauri://localhost",
            "tauri://localhost/index.html",
            "http://tauri.localhost/",
            "https://tauri.localhost/a",
        ] {
            assert!(is_own(&own.parse().unwrap()), "{own}");
        }
        for other in [
            "http://tauri.evil.example/",
            "http://tauri.localhost.evil.example/",
            "http://tauri.localhost:8080/",
            "http://tauri.localhost@evil.example/",
            "http://user@tauri.localhost/",
            "http://localhost/",
            "tauri://evil.example/",
            "tauri://localhost.evil/",
            "https://example.com/",
            "file:///etc/passwd",
            "data:text/html,x",
            "javascript:alert(1)",
            "about:blank",
        ] {
            assert!(!is_own(&other.parse().unwrap()), "{other}");
        }
    }

    #[test]
    fn the_development_server_is_known_by_its_whole_origin() {
        let server = "http://localhost:5173".parse().unwrap();
        assert!(is_development(
            &"http://localhost:5173/src/main.ts".parse().unwrap(),
            Some(&server)
        ));
        assert!(!is_development(
            &"http://localhost:5174/".parse().unwrap(),
            Some(&server)
        ));
        assert!(!is_development(
            &"http://localhost:5173/".parse().unwrap(),
            None
        ));
    }
}
