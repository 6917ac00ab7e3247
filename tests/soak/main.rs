//! Doorkey for as long as one likes: sign-ins, calls, refreshes and sign-outs on a real keychain, at a provider that fails
//! every now and then. What it takes of the computer must stay what it was.
//!
//! Without arguments a few seconds; `cargo xtask soak MINUTES` for longer.

#![expect(clippy::print_stdout, reason = "it reports")]
#![expect(clippy::expect_used, reason = "a test may fail")]

mod faults;
mod measure;
mod rounds;

use std::env;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use doorkey_double::{Provider, Reuse};
use doorkey_tests::{
    Result,
    keychain::{Keyring, PrivateSession},
    process::Running,
};

use measure::Sample;

/// Names the provider to the process that is measured.
const ISSUER: &str = "DOORKEY_SOAK_ISSUER";
const SMOKE: Duration = Duration::from_secs(6);

fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .worker_threads(2)
        .build()
        .expect("a runtime");
    match env::var(ISSUER) {
        Ok(issuer) => runtime.block_on(rounds::go(&issuer)),
        Err(_) => match runtime.block_on(watch(duration())) {
            Ok(faults) if faults.is_empty() => ExitCode::SUCCESS,
            Ok(faults) => {
                println!("{}", faults.join("\n"));
                ExitCode::FAILURE
            }
            Err(error) => {
                println!("{error:?}");
                ExitCode::FAILURE
            }
        },
    }
}

/// Minutes as the only number among the arguments; others are those of a test program.
fn duration() -> Duration {
    let mut minutes = env::args().filter_map(|argument| argument.parse::<u64>().ok());
    minutes
        .next_back()
        .map_or(SMOKE, |minutes| Duration::from_secs(60 * minutes))
}

/// Lets another process live, and measures it.
async fn watch(duration: Duration) -> Result<Vec<String>> {
    let session = PrivateSession::start(Keyring::Unlocked).await?;
    let provider = Provider::start().await.expect("a port");
    provider.reuse(Reuse::TakenFor(Duration::from_secs(60)));
    faults::inject(&provider);
    let mut command = Command::new(env::current_exe().expect("this program"));
    command
        .envs(session.environment())
        .env(ISSUER, provider.issuer());
    let living = Running::start("soak", command)?;

    let begun = Instant::now();
    let pause = (duration / 60).clamp(Duration::from_millis(100), Duration::from_secs(10));
    let mut ticks = tokio::time::interval(pause);
    let mut samples = Vec::new();
    while begun.elapsed() < duration && !living.has_ended() {
        ticks.tick().await;
        // An item may go while it is being looked at.
        if let Ok(items) = session.items().await {
            samples.extend(Sample::of(living.id(), items.len()));
        }
        provider.forget();
    }
    let rounds = rounds::told(&living.stdout());
    let mut faults = measure::compare(&samples);
    if living.has_ended() || rounds.finished == 0 {
        let said = [living.stdout(), living.stderr()].concat();
        faults.push(format!("it did not live on: {said}"));
    }
    println!("{rounds}\n{}", measure::table(&samples));
    Ok(faults)
}
