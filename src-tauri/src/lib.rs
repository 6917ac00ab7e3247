//! The shell of Doorkey: everything that touches Tauri, and nothing that knows OAuth.
//!
//! One [`controller`] task owns all state. A button, a tray item, a second instance and a signal all
//! become the same [`request::Request`] to it; commands only hand requests over and await that they were
//! taken. It publishes one [`view::View`], of which the window, the tray's menu, its icon and its tooltip are
//! pure functions. What it does to the world goes through [`effects::Effects`], which tests implement: a whole
//! sign-in runs with no window and no browser.
//!
//! | module | owns |
//! |---|---|
//! | [`view`] | what there is to see, and the TypeScript types of it |
//! | [`request`] | what can be asked for, and the handle to ask with |
//! | [`controller`] | all state, one profile beside the other |
//! | [`effects`] | the narrow trait; `desktop` is its Tauri implementation |
//! | [`tray`] | the tray as data; `tray_icon` draws it |
//! | [`commands`] | what the web UI may call |
//! | `flow`, `calls` | what happened, as the window shows it, and the files that keep it |
//! | `settings` | what the person has chosen for this computer |
//! | `folder` | what other programs change in the config folder |
//! | `start`, `scheme` | what the app is started for, and links from the browser |
//! | `login`, `ending` | starting with the system, and ending with it |
//! | [`demo`] | the embedded provider in this process |
//! | `transfer`, `download` | profiles from others and for others, and where files go |
//! | `updates` | newer versions of the app, in builds that look for them |
//! | `qr` | an address as a picture for a phone's camera |
//! | [`problem`] | the engine's errors as the window shows them |

#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "a test may stop"
    )
)]

pub mod commands;
pub mod controller;
pub mod demo;
pub mod effects;
mod flow;
pub mod problem;
pub mod request;
pub mod tray;
pub mod view;

mod account;
mod api;
mod app;
mod calls;
mod curl;
mod desktop;
#[cfg(target_os = "linux")]
mod desktop_entry;
mod download;
mod ending;
mod folder;
mod forms;
mod kept_file;
mod log;
mod login;
mod profiles;
mod qr;
mod scheme;
mod settings;
mod signals;
mod start;
mod tokens;
mod transfer;
mod tray_host;
mod tray_icon;
mod updates;
mod window;

pub use app::run;
