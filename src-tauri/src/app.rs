//! The app: the parts put together.

use std::process::ExitCode;

use doorkey_core::{Doorkey, EDITION, Links};
use serde_json::json;
use tauri::{App, AppHandle, Context, Manager as _, RunEvent};
use tauri_plugin_autostart::MacosLauncher;

use crate::controller::Controller;
use crate::desktop::{Desktop, ask};
use crate::ending::{self, Ending};
use crate::request::{Handle, Request};
use crate::start::{HIDDEN, SCHEME, Start};
use crate::{commands, log, signals, tray_host, tray_icon, updates, window};

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
        .plugin(tauri_plugin_single_instance::init(|app, arguments, _folder| {
            second_start(app, Start::of(arguments.into_iter().skip(1)));
        }))
        .plugin(tauri_plugin_deep_link::init())
        .plugin(tauri_plugin_shell::init())
        .plugin(tauri_plugin_notification::init())
        .plugin(tauri_plugin_autostart::init(
            MacosLauncher::LaunchAgent,
            Some(vec![HIDDEN]),
        ))
        .manage(tray_icon::Slot::default())
        .manage(Links::new([SCHEME]))
        .setup(|app| set_up(app))
        .on_window_event(window::on_event)
        .invoke_handler(tauri::generate_handler![
            commands::view,
            commands::select_profile,
            commands::sign_in,
            commands::sign_in_over_loopback,
            commands::sign_in_with_code,
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
            commands::past_call,
            commands::forget_calls,
            commands::flow,
            commands::export_flow,
            commands::reveal_export,
            commands::copy_problem,
            commands::change_setting,
            commands::keychain_state,
            commands::test_keychain,
            commands::unlock_keychain,
            commands::presets,
            commands::profile_form,
            commands::save_profile,
            commands::remove_profile,
            commands::test_profile,
            commands::redirect_uris,
            commands::client_secret,
            commands::keep_client_secret,
            commands::forget_client_secret,
            commands::import_profile,
            commands::share_profile,
            commands::export_profile,
            commands::update,
        ])
        .build(context())
}

/// What is bundled is the release; any other edition goes by names of its own.
fn context() -> Context {
    let mut context = tauri::generate_context!("tauri.conf.json");
    EDITION
        .name
        .clone_into(&mut context.package_info_mut().name);
    let config = context.config_mut();
    EDITION.identifier.clone_into(&mut config.identifier);
    config.product_name = Some(EDITION.name.to_owned());
    for window in &mut config.app.windows {
        EDITION.name.clone_into(&mut window.title);
    }
    let links = json!({ "desktop": { "schemes": [EDITION.scheme] } });
    config.plugins.0.insert("deep-link".to_owned(), links);
    updates::configure(config);
    context
}

/// Opens the window first. Keychain, provider and tray come when they come.
fn set_up(app: &App) -> Result<(), Box<dyn std::error::Error>> {
    let config = doorkey_core::config_folder()?;
    updates::begin(app.handle())?;
    let desktop = Desktop::new(app.handle().clone());
    // One engine for all profiles: the keychain is asked one thing after the other.
    let engine = Doorkey::builder(&config)
        .links(app.state::<Links>().inner().clone())
        .build();
    let new_engine = Box::new(move |steps| engine.observed(steps));
    let start = Start::of(std::env::args().skip(1));
    let made =
        tauri::async_runtime::block_on(async { Controller::new(&config, desktop, new_engine) });
    let (controller, handle) = made?;
    app.manage(handle.clone());
    let hidden = start == Start::Hidden;
    window::open(app, hidden)?;
    app.manage(Ending::of(tauri::async_runtime::spawn(controller.run())));
    if hidden {
        ask(app.handle(), Request::WindowHidden);
    }
    // Whoever began the sign-in is gone, and its secrets with it: nothing can wait for this link.
    if matches!(start, Start::Link(_)) || app.try_state::<EarlyLink>().is_some() {
        ask(app.handle(), Request::StrayLink);
    }
    tauri::async_runtime::spawn(signals::forward(handle));
    tauri::async_runtime::spawn(tray_host::watch(app.handle().clone(), hidden));
    Ok(())
}

/// Somebody has started the app a second time. A link can end a sign-in and nothing else: it does not even show the
/// window, which anybody's web page could otherwise do.
fn second_start(app: &AppHandle, start: Start) {
    match start {
        Start::Window => ask(app, Request::ShowWindow),
        Start::Hidden => {}
        Start::Link(link) => take_link(app, &link),
    }
}

/// A link that came before anybody could have waited for one. macOS hands over the link that starts an app in this way,
/// and not as an argument.
struct EarlyLink;

fn take_link(app: &AppHandle, link: &str) {
    if app.try_state::<Handle>().is_none() {
        app.manage(EarlyLink);
    }
    let Some(links) = app.try_state::<Links>() else {
        return;
    };
    let outcome = links.take(link);
    tracing::debug!(?outcome, "a link has arrived");
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
        RunEvent::Exit => ending::wait(app),
        #[cfg(target_os = "macos")]
        RunEvent::Reopen { .. } => ask(app, Request::ShowWindow),
        #[cfg(target_os = "macos")]
        RunEvent::Opened { urls } => {
            for url in urls {
                take_link(app, url.as_str());
            }
        }
        _ => {}
    }
}

/// Without one, or with one that nobody is behind, the toolkit would end the program in its own words.
#[cfg(target_os = "linux")]
fn has_display() -> bool {
    gtk::init().is_ok()
}

#[cfg(not(target_os = "linux"))]
fn has_display() -> bool {
    true
}

#[cfg(test)]
mod tests {
    use doorkey_core::Edition;

    use super::*;

    #[test]
    fn f02_what_is_bundled_is_the_release() {
        let config: serde_json::Value =
            serde_json::from_str(include_str!("../../tauri.conf.json")).unwrap();
        let release = Edition::RELEASE;
        assert_eq!(config["productName"], release.name);
        assert_eq!(config["identifier"], release.identifier);
        assert_eq!(
            config["plugins"]["deep-link"],
            json!({ "desktop": { "schemes": [release.scheme] } })
        );
        let entry = include_str!("../linux/doorkey.desktop");
        let links = format!("\nMimeType=x-scheme-handler/{};\n", release.scheme);
        assert!(entry.contains(&links), "{entry}");
    }

    #[test]
    fn an_edition_goes_by_its_own_names() {
        let context = context();
        assert_eq!(context.config().identifier, EDITION.identifier);
        assert_eq!(
            context.config().plugins.0["deep-link"]["desktop"]["schemes"],
            json!([EDITION.scheme])
        );
        assert_eq!(context.config().app.windows[0].title, EDITION.name);
    }
}
