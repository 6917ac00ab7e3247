//! Draws the tray. Everything here runs on the main thread, where menus and icons live.

use std::sync::{Mutex, PoisonError};

use tauri::image::Image;
use tauri::menu::{Menu, MenuItem, PredefinedMenuItem};
use tauri::tray::{MouseButton, MouseButtonState, TrayIcon, TrayIconBuilder, TrayIconEvent};
use tauri::{AppHandle, Manager as _, Theme, include_image};

use crate::desktop::ask;
use crate::request::Request;
use crate::tray::{Choice, Entry, Icon, Tray};
use crate::window::MAIN;

const ID: &str = "doorkey";

/// What the tray should show, and what it shows.
#[derive(Default)]
pub(crate) struct Slot {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Whether the desktop has a place for tray icons.
    host: bool,
    wanted: Option<Tray>,
    drawn: Option<(Tray, Ink)>,
}

/// The colour of the icon, which must stand out from the panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ink {
    Black,
    White,
}

/// Shows a tray as soon as there is a place for it.
pub(crate) fn show(app: &AppHandle, tray: Tray) {
    change(app, |state| state.wanted = Some(tray));
}

/// Says whether the desktop has a place for tray icons.
pub(crate) fn host_is(app: &AppHandle, there: bool) {
    change(app, |state| state.host = there);
    ask(app, Request::Tray(there));
}

/// Draws the same tray again, for a panel that may have another colour now.
pub(crate) fn redraw(app: &AppHandle) {
    change(app, |_| {});
}

/// Whether a person can reach the app through a tray icon.
pub(crate) fn is_there(app: &AppHandle) -> bool {
    with(app, |state| state.host && state.drawn.is_some()).unwrap_or(false)
}

fn with<T>(app: &AppHandle, look: impl FnOnce(&mut State) -> T) -> Option<T> {
    let slot = app.try_state::<Slot>()?;
    let mut state = slot.state.lock().unwrap_or_else(PoisonError::into_inner);
    Some(look(&mut state))
}

fn change(app: &AppHandle, change: impl FnOnce(&mut State)) {
    with(app, change);
    let here = app.clone();
    let drawing = app.run_on_main_thread(move || {
        if let Err(error) = draw(&here) {
            tracing::warn!(%error, "the tray cannot be drawn");
        }
    });
    if let Err(error) = drawing {
        tracing::debug!(%error, "the tray is not drawn any more");
    }
}

fn draw(app: &AppHandle) -> tauri::Result<()> {
    let ink = ink(app);
    let Some((wanted, drawn)) = with(app, |state| {
        (
            state.wanted.clone().filter(|_| state.host),
            state.drawn.clone(),
        )
    }) else {
        return Ok(());
    };
    let Some(wanted) = wanted else { return Ok(()) };
    if drawn.as_ref() == Some(&(wanted.clone(), ink)) {
        return Ok(());
    }
    match app.tray_by_id(ID) {
        None => build(app, &wanted, ink)?,
        Some(icon) => update(
            app,
            &icon,
            &wanted,
            drawn.as_ref().map(|(tray, _)| tray),
            ink,
        )?,
    }
    with(app, |state| state.drawn = Some((wanted, ink)));
    Ok(())
}

fn build(app: &AppHandle, tray: &Tray, ink: Ink) -> tauri::Result<()> {
    TrayIconBuilder::with_id(ID)
        .icon(image(tray.icon, ink))
        .icon_as_template(true)
        .tooltip(&tray.tooltip)
        .menu(&menu(app, &tray.menu)?)
        // Elsewhere a left click opens the window, as people expect there.
        .show_menu_on_left_click(cfg!(target_os = "macos"))
        .on_menu_event(|app, event| {
            if let Some(choice) = Choice::with_id(event.id().as_ref()) {
                ask(app, choice.request());
            }
        })
        .on_tray_icon_event(|icon, event| {
            if let TrayIconEvent::Click {
                button: MouseButton::Left,
                button_state: MouseButtonState::Up,
                ..
            } = event
                && !cfg!(target_os = "macos")
            {
                ask(icon.app_handle(), Request::ShowWindow);
            }
        })
        .build(app)?;
    Ok(())
}

/// Changes only what differs: a menu that is replaced closes under the pointer.
fn update(
    app: &AppHandle,
    icon: &TrayIcon,
    tray: &Tray,
    drawn: Option<&Tray>,
    ink: Ink,
) -> tauri::Result<()> {
    icon.set_icon_with_as_template(Some(image(tray.icon, ink)), true)?;
    icon.set_tooltip(Some(&tray.tooltip))?;
    if drawn.is_none_or(|drawn| drawn.menu != tray.menu) {
        icon.set_menu(Some(menu(app, &tray.menu)?))?;
    }
    Ok(())
}

fn menu(app: &AppHandle, entries: &[Entry]) -> tauri::Result<Menu<tauri::Wry>> {
    let menu = Menu::new(app)?;
    for entry in entries {
        match entry {
            // An ampersand would mark an access key.
            Entry::Text(text) => menu.append(&MenuItem::new(
                app,
                text.replace('&', "&&"),
                false,
                None::<&str>,
            )?)?,
            Entry::Item(choice) => {
                menu.append(&MenuItem::with_id(
                    app,
                    choice.id(),
                    choice.label(),
                    true,
                    None::<&str>,
                )?)?;
            }
            Entry::Separator => menu.append(&PredefinedMenuItem::separator(app)?)?,
        }
    }
    Ok(menu)
}

/// GNOME's panel is dark in either theme; others follow it. macOS colours the icon itself.
fn ink(app: &AppHandle) -> Ink {
    if cfg!(target_os = "macos") {
        return Ink::Black;
    }
    let desktop = std::env::var("XDG_CURRENT_DESKTOP").unwrap_or_default();
    let theme = app
        .get_webview_window(MAIN)
        .and_then(|window| window.theme().ok());
    if desktop.contains("GNOME") || theme == Some(Theme::Dark) {
        Ink::White
    } else {
        Ink::Black
    }
}

fn image(icon: Icon, ink: Ink) -> Image<'static> {
    match (icon, ink) {
        (Icon::SignedOut, Ink::Black) => include_image!("./icons/tray/signed-out-black-44.png"),
        (Icon::SignedOut, Ink::White) => include_image!("./icons/tray/signed-out-white-44.png"),
        (Icon::Waiting, Ink::Black) => include_image!("./icons/tray/waiting-black-44.png"),
        (Icon::Waiting, Ink::White) => include_image!("./icons/tray/waiting-white-44.png"),
        (Icon::SignedIn, Ink::Black) => include_image!("./icons/tray/signed-in-black-44.png"),
        (Icon::SignedIn, Ink::White) => include_image!("./icons/tray/signed-in-white-44.png"),
        (Icon::Attention, Ink::Black) => include_image!("./icons/tray/attention-black-44.png"),
        (Icon::Attention, Ink::White) => include_image!("./icons/tray/attention-white-44.png"),
    }
}
