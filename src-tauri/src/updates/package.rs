//! The newer program on its way here.

use std::time::Duration;

use tauri_plugin_updater::Update;
use tokio_util::sync::CancellationToken;

use super::refusal;
use super::source::authority;
use crate::effects::{Package, Progress};
use crate::view::Problem;

/// How long a download may take in all, on the slowest line that is worth the while.
const DEADLINE: Duration = Duration::from_secs(30 * 60);

/// How large a program may be. It is held in memory until it is verified; the largest real ones have 100 MB.
const CAP: u64 = 256_000_000;

/// How often progress is told, at most: each so many bytes.
const STEP: u64 = 256 * 1024;

/// Downloads a program, and verifies its signature. Dropping this breaks it off.
///
/// # Errors
/// Why it did not arrive, or is not what the maintainer has signed.
pub(super) async fn download(update: &Update, progress: Progress) -> Result<Package, Problem> {
    let host = authority(&update.download_url);
    let overlong = CancellationToken::new();
    let (mut received, mut told) = (0_u64, 0_u64);
    let stop = overlong.clone();
    let on_chunk = move |chunk: usize, size: Option<u64>| {
        received = received.saturating_add(chunk as u64);
        if received > CAP || size.is_some_and(|size| size > CAP) {
            stop.cancel();
        }
        if told == 0 || received - told >= STEP {
            told = received;
            progress(received, size);
        }
    };
    let download = tokio::time::timeout(DEADLINE, update.download(on_chunk, || ()));
    let bytes = tokio::select! {
        biased;
        () = overlong.cancelled() => return Err(refusal::too_large(&host, CAP)),
        downloaded = download => downloaded
            .map_err(|_| refusal::late(&host))?
            .map_err(|error| refusal::problem(&host, error))?,
    };
    if overlong.is_cancelled() {
        return Err(refusal::too_large(&host, CAP));
    }
    Ok(Package::new(bytes))
}
