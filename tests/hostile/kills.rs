//! D10, D13 and H22: processes that are killed in the middle of a refresh or of signing out.

use std::time::{Duration, Instant};

use doorkey_double::{Endpoint, Provider, Reuse};
use doorkey_tests::{
    Result,
    command_line::{CommandLine, ran},
    keychain::Keyring,
    process::READY,
};
use url::Url;

const KILLS: u32 = 200;
/// For how long the provider takes a refresh token that it has replaced.
const WINDOW: Duration = Duration::from_secs(60);
/// Whoever asks for a token that lasts so long gets a new one.
const RENEWED: [&str; 5] = ["token", "--profile", "work", "--min-ttl", "1000000"];

/// Signs in at the double, which shows no pages: the test is the browser.
async fn sign_in(doorkey: &CommandLine, provider: &Provider) -> Result<()> {
    let api = format!("{}/api", provider.issuer());
    let issuer = ["--issuer", provider.issuer(), "--client-id"];
    let login = ["login", "--profile", "work", "--no-browser", "--api", &api];
    let client = [doorkey_double::CLIENT];
    let mut login = doorkey.spawn(&[&login[..], &issuer, &client].concat())?;
    let link = login
        .line("link", READY, |line| {
            Url::parse(line.strip_prefix("open: ")?).ok()
        })
        .await?;
    provider.agree(&link).send().await;
    assert_eq!(ran(&mut login).await?.code, Some(0));
    Ok(())
}

/// How long a process needs from its request for a token to its end.
async fn time_to_end(doorkey: &CommandLine, provider: &Provider) -> Result<Duration> {
    let asked = provider.server().requests().len();
    let mut process = doorkey.spawn(&RENEWED)?;
    provider.server().asked(asked + 1).await;
    let begun = Instant::now();
    assert_eq!(ran(&mut process).await?.code, Some(0));
    Ok(begun.elapsed())
}

#[tokio::test]
async fn d10_d13_a_kill_at_any_moment_of_a_refresh_loses_nothing() -> Result<()> {
    let doorkey = CommandLine::start(Keyring::Unlocked).await?;
    let provider = Provider::start().await.expect("a port");
    // What was lost on its way is asked for again with the old token, which providers allow for a while.
    provider.reuse(Reuse::TakenFor(WINDOW));
    sign_in(&doorkey, &provider).await?;
    let whole = time_to_end(&doorkey, &provider).await?;

    let (mut kills, mut moment, mut unsaved) = (0, 0, 0);
    while kills < KILLS {
        let asked = provider.server().requests().len();
        let process = doorkey.spawn(&RENEWED)?;
        provider.server().asked(asked + 1).await;
        // The provider has rotated the token. From here to the end, one moment after the other.
        tokio::time::sleep(whole * moment / KILLS).await;
        moment = (moment + 1) % KILLS;
        kills += u32::from(!process.has_ended());
        drop(process);

        let refreshed = provider.asked(Endpoint::Token).len();
        // The lock is free, what is kept can be read, and the session goes on.
        let called = doorkey.run(&["api", "me", "--profile", "work"]).await?;
        assert_eq!(called.code, Some(0), "kill {kills}: {called:?}");
        assert_eq!(called.stderr, "", "kill {kills}");
        // The double takes the newest access token only: whoever had stored it needs no further refresh.
        unsaved += u32::from(provider.asked(Endpoint::Token).len() > refreshed);
    }
    assert!(
        unsaved > KILLS / 20 && unsaved < kills,
        "killed before and after the new tokens were stored: {unsaved} of {kills}"
    );
    let exchanged = provider.asked(Endpoint::Token);
    let codes = exchanged
        .iter()
        .filter(|request| request.holds("code_verifier"));
    assert_eq!(codes.count(), 1, "nobody had to sign in again");
    Ok(())
}

#[tokio::test]
async fn h22_a_kill_at_any_moment_of_signing_out_leaves_one_state_or_the_other() -> Result<()> {
    const LOGOUT: [&str; 3] = ["logout", "--profile", "work"];
    const MOMENTS: u32 = 24;
    let doorkey = CommandLine::start(Keyring::Unlocked).await?;
    let provider = Provider::start().await.expect("a port");
    provider.reuse(Reuse::TakenFor(WINDOW));
    sign_in(&doorkey, &provider).await?;
    let begun = Instant::now();
    assert_eq!(doorkey.run(&LOGOUT).await?.code, Some(0));
    let whole = begun.elapsed();

    let mut signed_out = 0;
    for moment in 0..MOMENTS {
        sign_in(&doorkey, &provider).await?;
        let process = doorkey.spawn(&LOGOUT)?;
        // From its start to its end, one moment after the other.
        tokio::time::sleep(whole * moment / MOMENTS).await;
        drop(process);
        let status = doorkey.run(&["status", "--profile", "work"]).await?;
        match status.code {
            Some(3) => signed_out += 1,
            // Not begun: the person is as signed in as before.
            Some(0) => {
                let called = doorkey.run(&["api", "me", "--profile", "work"]).await?;
                assert_eq!(called.code, Some(0), "{called:?}");
            }
            _ => panic!("neither signed in nor out: {status:?}"),
        }
    }
    assert!(
        signed_out > 0 && signed_out < MOMENTS,
        "killed before and after: {signed_out} of {MOMENTS}"
    );
    Ok(())
}
