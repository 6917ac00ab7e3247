//! Ctrl-C, and the request to end that other programs send.

use std::future::Future;
use std::io;

use doorkey_core::Code;
use tokio::sync::watch;

use crate::exit::Failure;
use crate::output::Output;

/// Waits to be asked to end. While one of these lives, Ctrl-C does not end the process by itself.
pub(crate) struct Interrupt {
    #[cfg(unix)]
    signals: [tokio::signal::unix::Signal; 2],
}

impl Interrupt {
    /// Begins to listen.
    ///
    /// # Errors
    /// When the system does not tell its signals.
    #[cfg(unix)]
    pub(crate) fn listen() -> Result<Self, Failure> {
        use tokio::signal::unix::{SignalKind, signal};

        let listen = || {
            Ok([
                signal(SignalKind::interrupt())?,
                signal(SignalKind::terminate())?,
            ])
        };
        Ok(Self {
            signals: listen().map_err(|error| deaf(&error))?,
        })
    }

    /// Begins to listen.
    #[cfg(not(unix))]
    pub(crate) fn listen() -> Result<Self, Failure> {
        Ok(Self {})
    }

    /// Returns when the process is asked to end, once for each time.
    #[cfg(unix)]
    pub(crate) async fn asked(&mut self) {
        let [interrupt, terminate] = &mut self.signals;
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    }

    /// Returns when the process is asked to end.
    #[cfg(not(unix))]
    pub(crate) async fn asked(&mut self) {
        if let Err(error) = tokio::signal::ctrl_c().await {
            drop(deaf(&error));
            std::future::pending::<()>().await;
        }
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
