//! The system asking the app to end: as a request like any other.

use crate::request::Handle;

/// Waits for the system's signals and passes them on.
#[cfg(unix)]
pub(crate) async fn forward(handle: Handle) {
    use tokio::signal::unix::{SignalKind, signal};

    use crate::request::Request;

    let (Ok(mut terminate), Ok(mut interrupt), Ok(mut hangup)) = (
        signal(SignalKind::terminate()),
        signal(SignalKind::interrupt()),
        signal(SignalKind::hangup()),
    ) else {
        tracing::warn!("signals cannot be waited for");
        return;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
        _ = hangup.recv() => {}
    }
    // The controller is gone if it is quitting already.
    let _ = handle.ask(Request::Quit).await;
}

/// Windows tells the window instead.
#[cfg(not(unix))]
pub(crate) async fn forward(_handle: Handle) {}
