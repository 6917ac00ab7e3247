//! Settings, and what the app finds around itself to choose from.

use std::sync::Arc;

use doorkey_core::BrowserCommand;

use super::Controller;
use super::event::Event;
use crate::effects::Effects;
use crate::request::Reply;
use crate::settings::Settings;
use crate::view::{BrowserView, Problem, SettingChange, SettingsView};

/// What is found on this computer.
#[derive(Clone, Debug, Default)]
pub(super) struct Surroundings {
    pub(super) browsers: Vec<BrowserView>,
    pub(super) start_at_login: Option<bool>,
    pub(super) tray: bool,
}

impl Surroundings {
    pub(super) fn view(&self, settings: &Settings) -> SettingsView {
        SettingsView {
            theme: settings.theme,
            browser: settings.browser.clone(),
            browsers: self.browsers.clone(),
            close_to_tray: settings.close_to_tray,
            tray: self.tray,
            start_at_login: self.start_at_login,
            version: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }

    /// What to call a browser: the name that it goes by on this computer, or else its program.
    pub(super) fn browser_name(&self, browser: Option<&BrowserCommand>) -> Option<String> {
        let found = self.browsers.iter().find(|found| match browser {
            Some(command) => found.command == command.as_str(),
            None => found.default,
        });
        match (found, browser) {
            (Some(found), _) => Some(found.name.clone()),
            (None, Some(command)) => std::path::Path::new(command.program())
                .file_stem()
                .map(|program| program.to_string_lossy().into_owned()),
            (None, None) => None,
        }
    }
}

impl<E: Effects> Controller<E> {
    /// Dresses the window, and finds out what there is to choose from.
    pub(super) fn find_surroundings(&self) {
        self.effects.dress(self.settings.theme);
        let (effects, events) = (Arc::clone(&self.effects), self.events.clone());
        tokio::task::spawn_blocking(move || {
            // Nobody listens any more once the app is quitting.
            let _ = events.send(Event::Surroundings {
                browsers: effects.browsers(),
                start_at_login: effects.starts_at_login(),
            });
        });
    }

    /// Changes a setting. It holds at once, and is remembered.
    pub(super) fn change_setting(&mut self, change: SettingChange, reply: Reply<()>) {
        match change {
            SettingChange::Theme(theme) => {
                self.settings.theme = theme;
                self.effects.dress(theme);
            }
            SettingChange::Browser(browser) => {
                match browser.as_deref().map(BrowserCommand::parse) {
                    Some(Err(error)) => {
                        let _ = reply.send(Err(Problem::from(error)));
                        return;
                    }
                    Some(Ok(command)) => self.settings.browser = Some(command.as_str().to_owned()),
                    None => self.settings.browser = None,
                }
            }
            SettingChange::CloseToTray(close) => self.settings.close_to_tray = close,
            SettingChange::LookForUpdates(wanted) => self.look_for_updates(wanted),
            SettingChange::StartAtLogin(wanted) => {
                self.start_at_login(wanted, reply);
                return;
            }
        }
        let _ = reply.send(self.remember());
    }

    /// Remembers the settings.
    pub(super) fn remember(&self) -> Result<(), Problem> {
        self.file.write(&self.settings).map_err(|error| {
            Problem::new(
                "file_error",
                format!(
                    "The setting holds until Doorkey is closed, but cannot be remembered: {error}."
                ),
                "Check permissions and free space of Doorkey's folder, then change it once more.",
            )
        })
    }

    fn start_at_login(&self, wanted: bool, reply: Reply<()>) {
        let (effects, events) = (Arc::clone(&self.effects), self.events.clone());
        tokio::task::spawn_blocking(move || {
            let arranged = effects.start_at_login(wanted).map_err(|reason| {
                Problem::new(
                    "file_error",
                    format!("Starting at login could not be changed: {reason}."),
                    "Change it in your system's settings for programs that start by themselves.",
                )
            });
            // Nobody listens any more once the app is quitting.
            let _ = events.send(Event::StartsAtLogin(effects.starts_at_login()));
            let _ = reply.send(arranged);
        });
    }
}
