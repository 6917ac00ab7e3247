//! The app: the parts put together.

use std::process::ExitCode;

use doorkey_core::Doorkey;
use tauri::{App, AppHandle, Manager as _, RunEvent};

use crate::controller::Controller;
use crate::desktop::{Desktop, ask};
use crate::request::Request;
use crate::{commands, log, signals, tray_host, tray_icon, window};

/// Runs the app until somebody quits.
pub fn run() -> ExitCode {
    log::start();
    if !has_display() {
        tracing::error!(
            "there is no display to open a window on; the command `doorkey` does the same in a terminal"
        );
        return ExitCode::FAILURE;
    }
    match build() {
        Ok(app) => {
            app.run(on_event);
            ExitCode::SUCCESS
        }
        Err(error) => {
            tracing::error!(%error, "Doorkey cannot start");
            ExitCode::FAILURE
        }
    }
}

fn build() -> tauri::Result<App> {
    tauri::Builder::default()
        // First of all: a second start must end before it does anything else.
        .plugin(tauri_plugin_single_instance::init(|app, _arguments, _folder| ask(app, Request::ShowWindow)))
        .manage(tray_icon::Slot::default())
        .setup(|app| set_up(app))
        .on_window_event(window::on_event)
        .invoke_handler(tauri::generate_handler![
            commands::view,
            commands::select_profile,
            commands::sign_in,
            commands::cancel_sign_in,
            commands::open_again,
            commands::copy_link,
            commands::paste_address,
            commands::refresh,
            commands::sign_out,
            commands::dismiss,
            commands::call_api,
            commands::cancel_call,
            commands::copy_curl,
            commands::tokens,
        ])
        .build(tauri::generate_context!("tauri.conf.json"))
}

/// Opens the window first. Keychain, provider and tray come when they come.
fn set_up(app: &App) -> Result<(), Box<dyn std::error::Error>> {
    let config = doorkey_core::config_folder()?;
    let desktop = Desktop::new(app.handle().clone());
    let engines = config.clone();
    let new_engine = Box::new(move |steps| Doorkey::builder(&engines).observer(steps).build());
    let made =
        tauri::async_runtime::block_on(async { Controller::new(&config, desktop, new_engine) });
    let (controller, handle) = made?;
    app.manage(handle.clone());
    window::open(app)?;
    tauri::async_runtime::spawn(controller.run());
    tauri::async_runtime::spawn(signals::forward(handle));
    tauri::async_runtime::spawn(tray_host::watch(app.handle().clone()));
    Ok(())
}

fn on_event(app: &AppHandle, event: RunEvent) {
    match event {
        // The last window is gone. Whoever quits with a code has been through the controller already.
        RunEvent::ExitRequested {
            code: None, api, ..
        } => {
            api.prevent_exit();
            ask(app, Request::Quit);
        }
        #[cfg(target_os = "macos")]
        RunEvent::Reopen { .. } => ask(app, Request::ShowWindow),
        _ => {}
    }
}

/// Without one, the toolkit would end the program in its own words.
fn has_display() -> bool {
    !cfg!(target_os = "linux")
        || ["WAYLAND_DISPLAY", "DISPLAY"]
            .iter()
            .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}
