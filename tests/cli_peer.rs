//! `doorkey` against a certified provider that nobody here wrote.

use doorkey_tests::{
    Result,
    command_line::CommandLine,
    keychain::Keyring,
    peer::{CLIENT, Provider},
};
use serde_json::{Value, json};

#[tokio::test]
async fn the_whole_life_of_a_session() -> Result<()> {
    let (doorkey, provider) =
        tokio::try_join!(CommandLine::start(Keyring::Unlocked), Provider::start())?;
    let login = [
        "login",
        "--issuer",
        provider.issuer(),
        "--client-id",
        CLIENT,
        "--scope",
        "openid",
        "--scope",
        "offline_access",
        "--api",
        provider.api(),
    ];
    let (code, mut signed_in) = doorkey.json(&login).await?;
    let name = provider
        .issuer()
        .trim_start_matches("http://")
        .replace(':', "-");
    assert!(signed_in["expires_at"].take().is_string());
    let expected = json!({
        "profile": name,
        "account": { "subject": "ada" },
        "expires_at": null,
        "refreshable": true,
        "scopes": ["openid"],
        "storage": "keychain",
    });
    // Without prompt=consent this provider strikes offline_access from what it grants.
    let granted: Vec<_> = signed_in["scopes"]
        .as_array()
        .into_iter()
        .flatten()
        .cloned()
        .collect();
    assert!(granted.contains(&json!("openid")), "{signed_in}");
    signed_in["scopes"] = json!(["openid"]);
    assert_eq!((code, signed_in), (Some(0), expected));

    let with = |arguments: &[&'static str]| -> Vec<String> {
        let words = arguments.iter().copied().chain(["--profile", &name]);
        words.map(str::to_owned).collect()
    };
    let run = async |arguments: &[&'static str]| {
        let words = with(arguments);
        doorkey
            .output(&words.iter().map(String::as_str).collect::<Vec<_>>())
            .await
    };
    assert!(
        run(&["status"])
            .await?
            .starts_with("ada is signed in with profile ")
    );
    let first = run(&["token"]).await?;
    assert_eq!(
        run(&["token"]).await?,
        first,
        "a fresh token is not renewed"
    );
    let me: Value = serde_json::from_str(&run(&["api", "me"]).await?).unwrap_or_default();
    assert_eq!(
        (&me["sub"], &me["client_id"]),
        (&json!("ada"), &json!(CLIENT))
    );

    // Longer than any token of this provider lives: each call renews, and the provider takes a
    // refresh token that comes back for theft.
    let mut tokens = vec![first];
    for _ in 0..3 {
        let renewed = run(&["token", "--min-ttl", "100000"]).await?;
        assert!(!tokens.contains(&renewed), "a token came twice");
        tokens.push(renewed);
    }
    let last = tokens.pop().unwrap_or_default();
    assert_eq!(run(&["token"]).await?, last);
    assert_eq!(me_with(&provider, &last).await?, 200);

    let words = with(&["logout", "--json"]);
    let logout = doorkey
        .run(&words.iter().map(String::as_str).collect::<Vec<_>>())
        .await?;
    let done = json!({ "outcome": "done" });
    let expected =
        json!({ "profile": name, "local": done, "revoked": done, "session_ended": done });
    assert_eq!((logout.code, logout.json()?), (Some(0), expected));
    assert_eq!(
        me_with(&provider, &last).await?,
        401,
        "the token still works"
    );
    assert_eq!(doorkey.session().items().await?, []);

    let again = [login.as_slice(), &["--profile", "work"]].concat();
    let (code, signed_in) = doorkey.json(&again).await?;
    assert_eq!((code, &signed_in["profile"]), (Some(0), &json!("work")));
    doorkey.output(&["api", "me", "--profile", "work"]).await?;
    Ok(())
}

#[tokio::test]
async fn what_the_provider_refuses_is_told_and_nothing_is_kept() -> Result<()> {
    let (doorkey, provider) =
        tokio::try_join!(CommandLine::start(Keyring::Unlocked), Provider::start())?;
    let issuer = format!("{}/", provider.issuer());
    let (code, told) = doorkey
        .json(&["login", "--issuer", &issuer, "--client-id", CLIENT])
        .await?;
    assert_eq!(
        (code, &told["error"]["code"]),
        (Some(5), &json!("issuer_mismatch"))
    );

    let (code, told) = doorkey
        .json(&[
            "login",
            "--issuer",
            provider.issuer(),
            "--client-id",
            CLIENT,
            "--scope",
            "openid",
            "--redirect-uri",
            "http://127.0.0.1/elsewhere",
            "--timeout",
            "2",
        ])
        .await?;
    // The provider shows its error in the browser and sends nobody back.
    assert_eq!(
        (code, &told["error"]["code"]),
        (Some(4), &json!("timed_out"))
    );
    let (_, profiles) = doorkey.json(&["profile", "list"]).await?;
    let names: Vec<_> = profiles["profiles"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|profile| &profile["name"])
        .collect();
    assert_eq!(names, [&json!("demo")]);
    assert_eq!(doorkey.session().items().await?, []);
    Ok(())
}

async fn me_with(provider: &Provider, token: &str) -> Result<u16> {
    let request = reqwest::Client::new().get(format!("{}me", provider.api()));
    let answer = request.bearer_auth(token.trim_end()).send().await?;
    Ok(answer.status().as_u16())
}
