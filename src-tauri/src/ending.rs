//! An end that the system brings about: somebody logs off, an installer closes the app, or the menu of macOS quits it.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tauri::async_runtime::{JoinHandle, block_on};
use tauri::{AppHandle, Manager as _};

use crate::request::{Handle, Request};

/// How long the system is kept waiting: longer than a quitting controller takes, and shorter than the five seconds after
/// which Windows ends a program.
const PATIENCE: Duration = Duration::from_secs(4);

/// The controller at work, to wait for its end.
pub(crate) struct Ending(Mutex<Option<JoinHandle<()>>>);

impl Ending {
    pub(crate) fn of(controller: JoinHandle<()>) -> Self {
        Self(Mutex::new(Some(controller)))
    }
}

/// Quits as if the person had, and returns when what must not be lost has been stored. Once the controller has ended, as it
/// has when it was the one who ended the app, there is nothing to wait for.
pub(crate) fn wait(app: &AppHandle) {
    let (Some(ending), Some(handle)) = (app.try_state::<Ending>(), app.try_state::<Handle>())
    else {
        return;
    };
    let controller = ending
        .0
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .take();
    let Some(controller) = controller else { return };
    let handle = handle.inner().clone();
    block_on(async {
        let ended = tokio::time::timeout(PATIENCE, async {
            // Nobody is there to take it where the controller quits already.
            let _ = handle.ask(Request::Quit).await;
            let _ = controller.await;
        });
        if ended.await.is_err() {
            tracing::warn!("the app ends although something is still under way");
        }
    });
}
