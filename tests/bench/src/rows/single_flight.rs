//! A thousand calls that wait on one expired token.

use std::time::Duration;

use doorkey_core::{ApiRequest, Doorkey};
use doorkey_tests::doubles::Time;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use super::call::person;
use crate::error::{Result, unexpected};
use crate::report::Line;
use crate::surroundings::{profile, provider};

const CALLS: u64 = 1_000;
const LATER: Duration = Duration::from_secs(24 * 3600);

pub(crate) async fn measure() -> Result<Vec<Line>> {
    // On one thread: the refresh cannot begin before the last call has found its token expired.
    let run = || {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?
            .block_on(run())
    };
    tokio::task::spawn_blocking(run).await?
}

async fn run() -> Result<Vec<Line>> {
    allow_open_files();
    let provider = provider().await?;
    let clock = Time::still();
    let doorkey = Doorkey::in_memory().clock(clock.clone()).build();
    let session = doorkey
        .sign_in(&profile(&provider, provider.api())?, &person)
        .await?;

    clock.advance(LATER);
    let calls = futures_util::future::join_all(
        (0..CALLS).map(|_| session.call(ApiRequest::get("/api/me"))),
    );
    tokio::pin!(calls);
    tokio::select! {
        biased;
        _ = &mut calls => return Err(unexpected("the calls did not wait")),
        () = tokio::task::yield_now() => {}
    }
    // Each call has found its token expired; what the provider issues now is judged by the true time.
    clock.set_back(LATER);
    for answer in calls.await {
        let status = answer?.status;
        if status != 200 {
            return Err(unexpected(format!("the API answered {status}")));
        }
    }
    let counts = provider.counts();
    if (counts.api_calls, counts.api_refusals) != (CALLS, 0) {
        return Err(unexpected(format!(
            "the API was asked otherwise: {counts:?}"
        )));
    }
    let refreshes = counts.refreshes + counts.refreshes_refused;
    Ok(vec![Line::count(
        "refreshes for 1,000 calls on an expired token",
        refreshes,
        1,
    )])
}

/// Both ends of a thousand connections are in this process, more than it may have open by default.
fn allow_open_files() {
    let limit = getrlimit(Resource::Nofile);
    // Where that is refused, the calls fail and say so.
    let _ = setrlimit(
        Resource::Nofile,
        Rlimit {
            current: limit.maximum,
            maximum: limit.maximum,
        },
    );
}
