//! The address that a browser elsewhere landed on, pasted into the terminal.

use std::io::{self, BufRead as _, IsTerminal as _};

use doorkey_core::PasteHandle;
use tokio::sync::mpsc;

use crate::output::Output;

/// Takes pasted addresses until one is the answer, which ends the sign-in that waits beside it. Never returns; without a
/// person at the terminal nothing is asked.
pub(super) async fn take(output: &Output, handle: PasteHandle) {
    if !io::stdin().is_terminal() {
        return std::future::pending().await;
    }
    output.note("Open the link in any browser. If it ends on a page that does not load, paste that page's address here:");
    let mut lines = lines();
    while let Some(line) = lines.recv().await {
        if line.trim().is_empty() {
            continue;
        }
        match handle.paste(line.trim()).await {
            Ok(()) => break,
            Err(error) => {
                output.note(&format!("{}; paste another address", error.message()));
            }
        }
    }
    std::future::pending().await
}

/// Lines of the terminal as they come. A read cannot be called off, so a thread of its own waits for it and ends with the process.
fn lines() -> mpsc::Receiver<String> {
    let (sender, receiver) = mpsc::channel(1);
    std::thread::spawn(move || {
        for line in io::stdin().lock().lines() {
            let Ok(line) = line else { break };
            if sender.blocking_send(line).is_err() {
                break;
            }
        }
    });
    receiver
}
