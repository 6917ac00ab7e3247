//! Ctrl-C at the worst moment: the provider has issued tokens, and its answer is on its way.

#![expect(clippy::expect_used, reason = "a test may fail")]

use doorkey_double::{CLIENT, Endpoint, Gate, Provider};
use doorkey_tests::{
    Result,
    command_line::{CommandLine, ran},
    keychain::Keyring,
    process::{READY, Running},
};

#[tokio::test]
async fn a_sign_in_that_is_cancelled_too_late_is_undone() -> Result<()> {
    let (provider, doorkey) = signed_out().await?;
    let answer = hold_tokens(&provider);
    let mut login = doorkey.spawn(&["login", "--profile", "slow"])?;
    answer.reached().await;
    interrupt(&mut login, "Cancelling").await?;
    answer.open();
    let ended = ran(&mut login).await?;
    assert_eq!(ended.code, Some(4), "{ended:?}");
    let revoked = provider.asked(Endpoint::Revocation);
    assert_eq!(revoked.len(), 1, "what came too late is given back");
    assert_eq!(revoked[0].field("token_type_hint"), "refresh_token");
    assert!(!provider.takes(&revoked[0].field("token")));
    assert_eq!(doorkey.session().items().await?, []);
    Ok(())
}

#[tokio::test]
async fn a_refresh_is_stored_before_the_process_ends() -> Result<()> {
    for command in [&["token"][..], &["api", "me"]] {
        let (provider, doorkey) = signed_out().await?;
        provider.set_lifetime(1);
        doorkey.output(&["login", "--profile", "slow"]).await?;
        provider.set_lifetime(3600);

        let answer = hold_tokens(&provider);
        let mut renewing = doorkey.spawn(&[command, &["--profile", "slow"]].concat())?;
        answer.reached().await;
        interrupt(&mut renewing, "Storing the renewed session first").await?;
        answer.open();
        let ended = ran(&mut renewing).await?;
        assert_eq!(
            (ended.code, ended.stdout.as_str()),
            (Some(4), ""),
            "{ended:?}"
        );
        assert_eq!(provider.asked(Endpoint::Api).len(), 0, "{command:?}");
        let kept = doorkey.output(&["token", "--profile", "slow"]).await?;
        assert!(provider.takes(kept.trim_end()), "the newest one");
        assert_eq!(provider.asked(Endpoint::Token).len(), 2, "{command:?}");
    }
    Ok(())
}

#[tokio::test]
async fn asking_twice_leaves_at_once() -> Result<()> {
    let (provider, doorkey) = signed_out().await?;
    let answer = hold_tokens(&provider);
    let mut login = doorkey.spawn(&["login", "--profile", "slow"])?;
    answer.reached().await;
    interrupt(&mut login, "Cancelling").await?;
    login.interrupt()?;
    // The answer never comes.
    assert_eq!(ran(&mut login).await?.code, Some(4));
    assert_eq!(doorkey.session().items().await?, []);
    Ok(())
}

/// Holds the next answer of the token endpoint.
fn hold_tokens(provider: &Provider) -> Gate {
    let gate = Gate::new();
    let held = gate.clone();
    provider.bend_once(Endpoint::Token, move |_, answer| answer.held(&held));
    gate
}

/// Presses Ctrl-C and waits until that has been noticed.
async fn interrupt(process: &mut Running, answer: &str) -> Result<()> {
    process.interrupt()?;
    process
        .line(answer, READY, |line| line.starts_with(answer).then_some(()))
        .await
}

/// A provider, and a profile that leads there.
async fn signed_out() -> Result<(Provider, CommandLine)> {
    let provider = Provider::start().await.expect("a port");
    let doorkey = CommandLine::start(Keyring::Unlocked).await?;
    let (client, issuer) = (
        format!("client_id={CLIENT}"),
        format!("issuer={}", provider.issuer()),
    );
    let api = format!("api={}/api", provider.issuer());
    let mut add = vec!["profile", "add", "slow", "--preset", "oidc"];
    for field in [&client, &issuer, &api] {
        add.extend(["--set", field]);
    }
    doorkey.output(&add).await?;
    Ok((provider, doorkey))
}
