//! Many `doorkey` processes, one session, and a provider that takes a refresh token used twice for theft.

use std::time::Duration;

use doorkey_idp::{Config, DEMO_CLIENT_ID, Running, start};
use doorkey_tests::{
    Error, Result,
    command_line::{CommandLine, free_ports, ran},
    keychain::Keyring,
};

/// A session is renewed this long before its token expires; this one is old from the start.
const OLD_FROM_THE_START: Duration = Duration::from_secs(5);
const PROCESSES: usize = 8;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn d09_eight_processes_on_an_expired_token_refresh_once() -> Result<()> {
    let doorkey = CommandLine::start(Keyring::Unlocked).await?;
    let database = doorkey.session().home().join("provider.sqlite");
    let provider = |port, access_token_lifetime| {
        let database = Some(database.clone());
        async move {
            let config = Config {
                port,
                access_token_lifetime,
                database,
                ..Config::default()
            };
            start(config)
                .await
                .map_err(|error| Error::unexpected("provider", error.to_string()))
        }
    };
    let port = free_ports()?;
    let short = provider(port, OLD_FROM_THE_START).await?;
    let login = [
        "login",
        "--profile",
        "work",
        "--issuer",
        short.issuer(),
        "--client-id",
        DEMO_CLIENT_ID,
    ];
    doorkey.output(&login).await?;
    // The same provider with tokens that live long enough to be used.
    short.shutdown().await;
    let provider = provider(port, Duration::from_secs(300)).await?;

    let mut processes = Vec::new();
    for _ in 0..PROCESSES {
        processes.push(doorkey.spawn(&["token", "--profile", "work"])?);
    }
    let mut tokens = Vec::new();
    for process in &mut processes {
        let ended = ran(process).await?;
        assert_eq!(
            (ended.code, ended.stderr.as_str()),
            (Some(0), ""),
            "{ended:?}"
        );
        tokens.push(ended.stdout);
    }
    tokens.dedup();
    assert_eq!(tokens.len(), 1, "everybody gets the same new token");
    assert_eq!(counts(&provider), (1, 0, 0));

    // The session lives: it can be renewed again.
    let (code, status) = doorkey.json(&["status", "--profile", "work"]).await?;
    assert_eq!((code, status["signed_in"].as_bool()), (Some(0), Some(true)));
    let renewed = doorkey
        .output(&["token", "--profile", "work", "--min-ttl", "86400"])
        .await?;
    assert_ne!(Some(&renewed), tokens.first());
    assert_eq!(counts(&provider), (2, 0, 0));
    provider.shutdown().await;
    Ok(())
}

/// Refreshes, refreshes refused, and families ended because a token came back.
fn counts(provider: &Running) -> (u64, u64, u64) {
    let counts = provider.counts();
    (
        counts.refreshes,
        counts.refreshes_refused,
        counts.reuses_detected,
    )
}
