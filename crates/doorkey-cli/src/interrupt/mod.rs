//! Ctrl-C, and the request to end that other programs and the system send.

use std::future::Future;
use std::io;

use doorkey_core::Code;
use tokio::sync::watch;

#[cfg(unix)]
#[path = "unix.rs"]
mod imp;
#[cfg(windows)]
#[path = "windows.rs"]
mod imp;

use crate::exit::Failure;
use crate::output::Output;

/// Waits to be asked to end. While one of these lives, Ctrl-C does not end the process by itself.
pub(crate) struct Interrupt(imp::Signals);

impl Interrupt {
    /// Begins to listen.
    ///
    /// # Errors
    /// When the system does not tell its signals.
    pub(crate) fn listen() -> Result<Self, Failure> {
        imp::Signals::listen()
            .map(Self)
            .map_err(|error| deaf(&error))
    }

    /// Returns when the process is asked to end, once for each time.
    pub(crate) async fn asked(&mut self) {
        self.0.next().await;
    }
}

fn deaf(error: &io::Error) -> Failure {
    Failure::new(
        Code::Internal,
        format!("The system's signals cannot be heard: {error}"),
    )
}

/// Does the work until it is done or the process is asked to end.
///
/// A refresh is not broken off: the provider may have replaced the refresh token already, and
/// leaving before the new one is stored would end the session. Asking twice leaves at once.
///
/// # Errors
/// [`Failure::cancelled`], or the work's own.
pub(crate) async fn unless_asked<T>(
    work: impl Future<Output = Result<T, Failure>>,
    mut refreshing: watch::Receiver<bool>,
    output: &Output,
) -> Result<T, Failure> {
    let mut interrupt = Interrupt::listen()?;
    tokio::pin!(work);
    tokio::select! {
        biased;
        result = &mut work => return result,
        () = interrupt.asked() => {}
    }
    if *refreshing.borrow() {
        output.note("Storing the renewed session first; Ctrl-C again leaves at once");
        tokio::select! {
            _ = refreshing.wait_for(|refreshing| !refreshing) => {}
            _ = &mut work => {}
            () = interrupt.asked() => {}
        }
    }
    Err(Failure::cancelled())
}
