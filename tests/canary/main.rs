//! No token, code or verifier leaves the command line but where it is asked for.
//!
//! Every command runs with `RUST_LOG=trace` and `-vv`, against the embedded provider and against one that
//! repeats whatever it was told, in every place where a client might print it.

mod echo;
mod watch;

use doorkey_tests::{Error, Result, command_line::CommandLine, keychain::Keyring};
use serde_json::Value;

use echo::Echo;
use watch::Watch;

#[tokio::test]
async fn g02_g05_nothing_leaks_at_a_provider_that_behaves() -> Result<()> {
    let watch = Watch::new(CommandLine::start(Keyring::Unlocked).await?)?;
    let demo = watch.doorkey().demo().await?;
    let mut secrets = Secrets::default();

    watch.run(&["login"]).await?;
    secrets.learn(&watch).await?;
    // The second sign-in and the sign-out open the browser when there are tokens to betray.
    watch.run(&["login"]).await?;
    secrets.learn(&watch).await?;
    watch.run(&["status"]).await?;
    watch.run(&["status", "--json"]).await?;
    watch.run(&["api", "/api/me", "-i"]).await?;
    watch.run(&["api", "/nothing", "--json"]).await?;
    watch.run(&["api", "https://elsewhere.example/"]).await?;
    watch
        .run(&["api", "/api/v1/executions", "-d", "{}"])
        .await?;
    watch.run(&["profile", "show", "demo"]).await?;
    let token = watch
        .run_for_token(&["token", "--min-ttl", "86400"])
        .await?;
    secrets.learn(&watch).await?;
    assert!(
        secrets.0.contains(&token),
        "the token command prints what is kept"
    );
    watch.run_for_token(&["token", "--json"]).await?;
    watch.run_for_token(&["token", "--id-token"]).await?;
    watch.run(&["logout"]).await?;
    watch.run(&["token"]).await?;
    let stopped = demo.stop().await?;
    assert_eq!(stopped.code, Some(0));

    assert!(
        secrets.0.len() >= 8,
        "two sign-ins and a refresh make at least eight tokens"
    );
    watch.assert_clean(&secrets.0)?;
    assert!(
        watch.has_seen_arguments("/authorize?response_type=code"),
        "the browser's own arguments are sampled"
    );
    Ok(())
}

#[tokio::test]
async fn g02_g05_nothing_leaks_at_a_provider_that_repeats_everything() -> Result<()> {
    let watch = Watch::new(CommandLine::start(Keyring::Unlocked).await?)?;
    let echo = Echo::start().await?;
    let add = [
        "profile",
        "add",
        "echo",
        "--preset",
        "oauth2",
        "--set",
        &format!("authorization_endpoint={}/authorize", echo.origin()),
        "--set",
        &format!("token_endpoint={}/token", echo.origin()),
        "--set",
        &format!("revocation_endpoint={}/revoke", echo.origin()),
        "--set",
        &format!("who_am_i={}/me", echo.origin()),
        "--set",
        "who_am_i_name=/token",
        "--set",
        &format!("api={}", echo.origin()),
        "--set",
        "client_id=canary",
    ];
    assert_eq!(watch.run(&add).await?.code, Some(0));

    let with = |arguments: &[&'static str]| [arguments, &["--profile", "echo"]].concat();
    for (mode, code) in [
        ("refuse", 5),
        ("parrot", 5),
        ("garbage", 5),
        ("redirect", 5),
        ("mac", 5),
        ("unavailable", 6),
    ] {
        echo.answer_tokens_with(mode);
        let login = watch.run(&with(&["login"])).await?;
        assert_eq!(login.code, Some(code), "{mode}: {login:?}");
        let login = watch.run(&with(&["login", "--json"])).await?;
        assert_eq!(login.code, Some(code), "{mode}: {login:?}");
    }
    echo.answer_tokens_with("issue");
    let login = watch.run(&with(&["login"])).await?;
    assert_eq!(login.code, Some(0), "{login:?}");
    assert_eq!(watch.run(&with(&["status", "--json"])).await?.code, Some(0));
    for path in [
        "/repeat/200",
        "/repeat/401",
        "/repeat/403",
        "/repeat/500",
        "/repeat/302",
    ] {
        let call = |more: &[&'static str]| [&["api", path, "--profile", "echo"], more].concat();
        for more in [&["-i"][..], &["--json"], &["-d", "{}"]] {
            let called = watch.run(&call(more)).await?;
            assert!(
                matches!(called.code, Some(0 | 1 | 3 | 8)),
                "{path}: {called:?}"
            );
        }
    }
    assert_eq!(
        watch.run_for_token(&with(&["token"])).await?,
        echo.last_access_token()
    );
    for mode in ["garbage", "unavailable", "parrot", "refuse"] {
        echo.answer_tokens_with(mode);
        let renewed = watch.run(&with(&["token", "--min-ttl", "86400"])).await?;
        assert!(
            matches!(renewed.code, Some(3 | 5 | 6)),
            "{mode}: {renewed:?}"
        );
    }
    echo.answer_tokens_with("issue");
    assert_eq!(watch.run(&with(&["login"])).await?.code, Some(0));
    assert_eq!(watch.run(&with(&["logout"])).await?.code, Some(0));

    let secrets = echo.secrets();
    assert!(
        secrets.len() > 30,
        "codes, verifiers and tokens: {}",
        secrets.len()
    );
    watch.assert_clean(&secrets)
}

/// Every token that the keychain has held.
#[derive(Default)]
struct Secrets(Vec<String>);

impl Secrets {
    async fn learn(&mut self, watch: &Watch) -> Result<()> {
        let mut items = watch.doorkey().session().items().await?;
        items.sort_by(|one, other| one.attributes.cmp(&other.attributes));
        // A session that is too large for one item continues in others, in the order of their names.
        let mut text = String::new();
        for secret in items.into_iter().filter_map(|item| item.secret) {
            let part = String::from_utf8_lossy(&secret).into_owned();
            if !part.starts_with("P ") {
                text.push_str(part.strip_prefix('S').unwrap_or(&part));
            }
        }
        let record: Value = serde_json::from_str(&text).unwrap_or_default();
        let tokens: Vec<_> = ["access_token", "refresh_token", "id_token"]
            .iter()
            .filter_map(|name| record[name].as_str())
            .map(str::to_owned)
            .collect();
        if tokens.len() < 3 {
            let message = format!("holds {} tokens, expected three", tokens.len());
            return Err(Error::unexpected("keychain", message));
        }
        self.0.extend(tokens);
        Ok(())
    }
}
