//! D10, D13 and H22: processes that are killed in the middle of a refresh or of signing out.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use doorkey_double::{Endpoint, KillPoint, Provider, Reuse};
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

/// How long a process lives after the answer to its request for a token, and how long that answer is.
async fn after_the_answer(doorkey: &CommandLine, provider: &Provider) -> Result<(Duration, usize)> {
    let length = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&length);
    provider.bend_once(Endpoint::Token, move |_, answer| {
        seen.store(answer.body().len(), Ordering::SeqCst);
        answer
    });
    let told = provider.brink(Endpoint::Token, KillPoint::Since(Duration::ZERO));
    let mut process = doorkey.spawn(&RENEWED)?;
    told.reached().await;
    let begun = Instant::now();
    assert_eq!(ran(&mut process).await?.code, Some(0));
    Ok((begun.elapsed(), length.load(Ordering::SeqCst)))
}

#[tokio::test]
async fn d10_d13_a_kill_at_any_moment_of_a_refresh_loses_nothing() -> Result<()> {
    let doorkey = CommandLine::start(Keyring::Unlocked).await?;
    let provider = Provider::start().await.expect("a port");
    // What was lost on its way is asked for again with the old token, which providers allow for a while.
    provider.reuse(Reuse::TakenFor(WINDOW));
    sign_in(&doorkey, &provider).await?;
    let (whole, length) = after_the_answer(&doorkey, &provider).await?;

    // From the request to the end of the process, one point after the other.
    let points = KillPoint::spread(KILLS, length, whole);
    let (mut kills, mut stored, mut unsaved) = (0, 0, 0);
    for &point in points.iter().cycle() {
        let brink = provider.brink(Endpoint::Token, point);
        let process = doorkey.spawn(&RENEWED)?;
        brink.reached().await;
        let killed = !process.has_ended();
        kills += u32::from(killed);
        drop(process);
        drop(brink);

        let refreshed = provider.asked(Endpoint::Token).len();
        // The lock is free, what is kept can be read, and the session goes on.
        let called = doorkey.run(&["api", "me", "--profile", "work"]).await?;
        assert_eq!(called.code, Some(0), "{point:?}: {called:?}");
        assert_eq!(called.stderr, "", "{point:?}");
        // The double takes the newest access token only: whoever had stored it needs no further refresh.
        let again = provider.asked(Endpoint::Token).len() - refreshed;
        match point {
            KillPoint::Asked => assert_eq!((killed, again), (true, 0), "nothing has changed"),
            KillPoint::Done => assert_eq!((killed, again), (true, 1), "nobody was told"),
            KillPoint::Told(bytes) => {
                assert_eq!((killed, again), (true, 1), "{bytes} of {length} bytes");
            }
            KillPoint::Since(_) if again == 0 => stored += 1,
            KillPoint::Since(_) => unsaved += 1,
        }
        if kills == KILLS {
            break;
        }
    }
    assert!(
        stored > 0 && unsaved > 0,
        "killed before and after the new tokens were stored: {unsaved} and {stored}"
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

    // What is kept here is gone before the provider is asked, whether or not it hears of it.
    for point in [KillPoint::Asked, KillPoint::Done] {
        sign_in(&doorkey, &provider).await?;
        let brink = provider.brink(Endpoint::Revocation, point);
        let process = doorkey.spawn(&LOGOUT)?;
        brink.reached().await;
        assert!(!process.has_ended(), "{point:?}");
        drop(process);
        let status = doorkey.run(&["status", "--profile", "work"]).await?;
        assert_eq!(status.code, Some(3), "{point:?}: {status:?}");
        assert_eq!(doorkey.session().items().await?, [], "{point:?}");
    }

    let mut signed_out = 0;
    for moment in 0..MOMENTS {
        sign_in(&doorkey, &provider).await?;
        let mut process = doorkey.spawn(&LOGOUT)?;
        // From its start to its end, one moment after the other; only at the last one it is certain that it has ended.
        if moment + 1 == MOMENTS {
            process.exit(READY).await?;
        } else {
            tokio::time::sleep(whole * moment / MOMENTS).await;
        }
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
