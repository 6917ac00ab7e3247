//! Real parts for Doorkey's cross-room tests.
//!
//! Each part is the real thing in a private corner of its own: a keychain on a D-Bus session that
//! nobody else is on, a certified provider, a browser, a display, a tray. Many tests can run side
//! by side. Every part waits for an event before it hands itself over (a line of output, a port, a
//! D-Bus name) and takes its processes and folders with it when it is dropped.
//!
//! | module | part |
//! |---|---|
//! | [`keychain`] | a D-Bus session with gnome-keyring: unlocked, locked, absent |
//! | [`agent`] | a scripted browser without JavaScript; also the program `doorkey-agent` |
//! | [`command_line`] | `doorkey` in a keychain session, with the agent as its browser |
//! | [`peer`] | npm `oidc-provider`, a certified provider that nobody here wrote |
//! | [`browser`] | Chromium, for what needs a browser that is one |
//! | [`proxy`] | tinyproxy, which wants a name and a password |
//! | [`display`] | an X display with a window manager |
//! | [`tray`] | a tray: lists and presses the menu of the app's item |
//! | [`window`] | the desktop app, driven through WebDriver |
//! | [`doubles`] | what is not real: the keychain and the clock of `doorkey-double`, as the engine takes them |
//! | [`program`] | where the built programs are |
//! | [`process`] | a child process that cannot outlive its test |

pub mod agent;
pub mod browser;
pub mod command_line;
pub mod display;
pub mod doubles;
mod error;
pub mod keychain;
pub mod notifications;
pub mod peer;
pub mod process;
pub mod program;
pub mod proxy;
pub mod tray;
pub mod window;

pub use error::{Error, Result};
