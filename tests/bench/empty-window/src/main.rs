//! The floor of Doorkey's window: one empty page, shown once it has loaded, as Doorkey's is. `empty-window [--hidden]`

// Without this, Windows opens a console beside the window.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use tauri::webview::PageLoadEvent;
use tauri::{App, WebviewWindowBuilder};

fn main() -> tauri::Result<()> {
    tauri::Builder::default()
        .setup(|app| Ok(open(app)?))
        .run(tauri::generate_context!("tauri.conf.json"))
}

fn open(app: &App) -> tauri::Result<()> {
    let hidden = std::env::args().any(|argument| argument == "--hidden");
    for config in &app.config().app.windows {
        WebviewWindowBuilder::from_config(app.handle(), config)?
            .on_page_load(move |window, page| {
                if !hidden && page.event() == PageLoadEvent::Finished {
                    // A window that stays hidden is not painted, which the measurement reports.
                    let _ = window.show();
                }
            })
            .build()?;
    }
    Ok(())
}
