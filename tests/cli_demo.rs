//! `doorkey` against `doorkey demo`: what a person does in the first minute, and what goes wrong then.

use std::{
    fs,
    net::{Ipv4Addr, TcpListener},
    os::unix::fs::PermissionsExt as _,
    path::PathBuf,
    time::Duration,
};

use doorkey_tests::{
    Error, Result,
    command_line::{CommandLine, free_ports, ran},
    keychain::Keyring,
    process::READY,
};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use url::Url;

const SCOPES: [&str; 7] = [
    "openid",
    "profile",
    "email",
    "offline_access",
    "projects:read",
    "workflows:read",
    "executions:write",
];

#[tokio::test]
async fn a_person_signs_in_looks_calls_and_signs_out() -> Result<()> {
    let doorkey = CommandLine::start(Keyring::Unlocked).await?;
    let demo = doorkey.demo().await?;
    let host = demo.place.issuer.trim_start_matches("http://").to_owned();

    let login = doorkey.run(&["login"]).await?;
    assert_eq!(login.code, Some(0), "{login:?}");
    let first_line = login.stdout.lines().next();
    assert_eq!(
        first_line,
        Some("Signed in as Ada Moreno (ada@example.com) with profile demo.")
    );
    let link = format!("open: {}/authorize?", demo.place.issuer);
    assert!(login.stderr.starts_with(&link), "{login:?}");
    assert_eq!(login.stderr.lines().count(), 1, "{login:?}");

    let status = doorkey.output(&["status"]).await?;
    let signed_in =
        format!("Ada Moreno (ada@example.com) is signed in with profile demo ({host}).");
    assert_eq!(status.lines().next(), Some(signed_in.as_str()));

    let token = doorkey.run(&["token"]).await?;
    assert_eq!((token.code, token.stderr.as_str()), (Some(0), ""));
    assert_eq!(token.stdout.lines().count(), 1);
    let me = format!("{}/api/me", demo.place.api);
    let answer = reqwest::Client::new()
        .get(&me)
        .bearer_auth(token.stdout.trim_end())
        .send()
        .await?;
    assert_eq!(answer.status().as_u16(), 200);

    let body = doorkey.output(&["api", "/api/me"]).await?;
    let body: Value = serde_json::from_str(&body).unwrap_or_default();
    assert_eq!(body["name"], "Ada Moreno");
    let included = doorkey.output(&["api", "GET", &me, "-i"]).await?;
    assert!(
        included.starts_with("HTTP 200\n") && included.contains("\ncontent-type: application/json")
    );
    let missing = doorkey.run(&["api", "/api/v2"]).await?;
    assert_eq!(missing.code, Some(8), "{missing:?}");
    assert!(
        missing.stderr.contains("error: The API answered 404"),
        "{missing:?}"
    );

    let logout = doorkey.output(&["logout"]).await?;
    let expected = "Signed out of profile demo.\n  local          yes\n  revoked        yes\n  session ended  yes\n";
    assert_eq!(logout, expected);
    assert_eq!(doorkey.run(&["status"]).await?.code, Some(3));
    assert_eq!(doorkey.run(&["token"]).await?.code, Some(3));
    assert_eq!(doorkey.session().items().await?, []);
    Ok(())
}

#[tokio::test]
async fn a_program_does_the_same_with_json() -> Result<()> {
    let doorkey = CommandLine::start(Keyring::Unlocked).await?;
    let demo = doorkey.demo().await?;

    let (code, mut login) = doorkey.json(&["login"]).await?;
    let expires_at = login["expires_at"].take();
    let picture = format!("{}/picture/ada.png", demo.place.issuer);
    let account = json!({
        "subject": "upstream|ada",
        "name": "Ada Moreno",
        "username": "ada",
        "email": "ada@example.com",
        "picture": picture,
    });
    let signed = json!({
        "profile": "demo",
        "account": account,
        "expires_at": null,
        "refreshable": true,
        "scopes": SCOPES,
        "storage": "keychain",
    });
    assert_eq!((code, &login), (Some(0), &signed));
    assert_eq!(
        expires_at.as_str().map(str::len),
        Some("2026-01-31T23:59:59Z".len())
    );

    let (code, mut status) = doorkey.json(&["status"]).await?;
    assert_eq!(
        (code, status["expires_at"].take()),
        (Some(0), expires_at.clone())
    );
    let mut expected = signed;
    expected["signed_in"] = true.into();
    assert_eq!(status, expected);

    let (code, token) = doorkey.json(&["token"]).await?;
    let expected =
        json!({ "token": token["token"], "expires_at": expires_at, "token_type": "Bearer" });
    assert_eq!((code, &token), (Some(0), &expected));
    let (_, id_token) = doorkey.json(&["token", "--id-token"]).await?;
    assert_eq!(id_token["token_type"], "id_token");
    assert_ne!(id_token["token"], token["token"]);

    let execution = r#"{"workflow":"no.such"}"#;
    let (code, answer) = doorkey
        .json(&["api", "/api/v1/executions", "-d", execution])
        .await?;
    assert_eq!((code, &answer["status"]), (Some(8), &json!(422)));
    assert_eq!(answer["headers"]["content-type"], "application/json");
    assert!(answer["elapsed_ms"].is_u64() && answer["body"].is_string());

    let (code, elsewhere) = doorkey.json(&["api", "https://elsewhere.example/"]).await?;
    assert_eq!(
        (code, &elsewhere["error"]["code"]),
        (Some(2), &json!("origin_not_allowed"))
    );

    let (code, logout) = doorkey.json(&["logout"]).await?;
    let done = json!({ "outcome": "done" });
    let expected =
        json!({ "profile": "demo", "local": done, "revoked": done, "session_ended": done });
    assert_eq!((code, logout), (Some(0), expected));
    let (code, status) = doorkey.json(&["status"]).await?;
    let expected = json!({ "profile": "demo", "signed_in": false });
    assert_eq!((code, status), (Some(3), expected));
    let (code, again) = doorkey.json(&["logout"]).await?;
    assert_eq!(
        (code, &again["error"]["code"]),
        (Some(3), &json!("not_signed_in"))
    );
    Ok(())
}

#[tokio::test]
async fn ctrl_c_while_waiting_leaves_nothing_behind() -> Result<()> {
    let doorkey = CommandLine::start(Keyring::Unlocked).await?;
    let _demo = doorkey.demo().await?;
    let mut login = doorkey.spawn(&["login", "--no-browser", "--json"])?;
    let link = login
        .line("link", READY, |line| {
            line.strip_prefix("open: ").map(str::to_owned)
        })
        .await?;
    let port = redirect_port(&link)?;
    TcpStream::connect((Ipv4Addr::LOCALHOST, port))
        .await
        .map_err(Error::io("reach the waiting login"))?;

    login.interrupt()?;
    let ended = ran(&mut login).await?;
    let expected = json!({ "error": { "code": "cancelled", "message": "Cancelled", "hint": "Start again when you are ready." } });
    assert_eq!((ended.code, ended.json()?), (Some(4), expected));
    let refused = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await;
    assert!(refused.is_err(), "the port should be closed");
    assert_eq!(doorkey.session().items().await?, []);
    Ok(())
}

#[tokio::test]
async fn who_refuses_is_told_so_here_and_in_the_tab() -> Result<()> {
    let doorkey = CommandLine::start(Keyring::Unlocked).await?;
    let log = doorkey.session().home().join("agent.log");
    let doorkey = doorkey
        .with("DOORKEY_AGENT_DENY", "1")
        .with("DOORKEY_AGENT_LOG", log.display().to_string());
    let _demo = doorkey.demo().await?;
    let (code, refused) = doorkey.json(&["login"]).await?;
    assert_eq!(
        (code, &refused["error"]["code"]),
        (Some(4), &json!("provider_denied"))
    );
    let pages = lines(&log, 2).await?;
    assert!(
        pages
            .last()
            .is_some_and(|page| page.contains("· Doorkey") && page.contains("/callback")),
        "{pages:?}"
    );
    assert_eq!(doorkey.session().items().await?, []);
    Ok(())
}

#[tokio::test]
async fn nobody_waits_longer_than_asked() -> Result<()> {
    let doorkey = CommandLine::start(Keyring::Unlocked).await?;
    let _demo = doorkey.demo().await?;
    let late = doorkey
        .run(&["login", "--no-browser", "--timeout", "1"])
        .await?;
    assert_eq!(late.code, Some(4), "{late:?}");
    assert!(
        late.stderr
            .ends_with("error: No answer came from the browser within 1 s\nhint: Start again, and finish in the browser before the time is up.\n"),
        "{late:?}"
    );
    Ok(())
}

#[tokio::test]
async fn without_a_keychain_no_browser_opens() -> Result<()> {
    let reachable = CommandLine::start(Keyring::NoBus).await?;
    let demo = reachable.demo().await?;
    for (keyring, code) in [
        (Keyring::Locked, "keychain_locked"),
        (Keyring::NeverUnlocked, "keychain_locked"),
        (Keyring::Absent, "keychain_unavailable"),
        (Keyring::NoBus, "keychain_unavailable"),
    ] {
        let doorkey = CommandLine::start(keyring).await?;
        let opened = doorkey.session().home().join("opened");
        let browser = script(&doorkey, "browser", &format!("touch {}", opened.display()))?;
        let doorkey = doorkey.with("BROWSER", browser.display().to_string());
        let login = [
            "login",
            "--profile",
            "work",
            "--issuer",
            &demo.place.issuer,
            "--client-id",
            "doorkey-desktop",
        ];
        let told = doorkey.run(&login).await?;
        assert_eq!(told.code, Some(7), "{keyring:?}: {told:?}");
        assert!(!told.stderr.contains("open: "), "{keyring:?}: {told:?}");
        assert!(
            told.stderr.starts_with("error: ") && told.stderr.contains("keychain"),
            "{keyring:?}: {told:?}"
        );
        let (_, told) = doorkey.json(&login).await?;
        assert_eq!(told["error"]["code"], code, "{keyring:?}");
        assert!(!opened.exists(), "{keyring:?}: the browser has been opened");
        assert!(
            doorkey.run(&["profile", "show", "work"]).await?.code == Some(2),
            "{keyring:?}: a profile that never worked was kept"
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_locked_keychain_is_no_sign_out() -> Result<()> {
    let doorkey = CommandLine::start(Keyring::Unlocked).await?;
    let _demo = doorkey.demo().await?;
    let signed_in = doorkey.json(&["login"]).await?.1;
    doorkey.session().lock().await?;
    for command in [
        &["status"][..],
        &["token"],
        &["api", "/api/me"],
        &["logout"],
    ] {
        let (code, told) = doorkey.json(command).await?;
        let expected = (Some(7), &json!("keychain_locked"));
        assert_eq!((code, &told["error"]["code"]), expected, "{command:?}");
    }
    doorkey.session().unlock().await?;
    let (code, status) = doorkey.json(&["status"]).await?;
    assert_eq!((code, &status["account"]), (Some(0), &signed_in["account"]));
    Ok(())
}

#[tokio::test]
async fn an_unknown_profile_is_named() -> Result<()> {
    let doorkey = CommandLine::start(Keyring::NoBus).await?;
    let expected = json!({ "error": {
        "code": "profile_not_found",
        "message": "There is no profile `work`",
        "hint": "List the profiles with: doorkey profile list",
    } });
    for command in ["login", "status", "token", "logout"] {
        let told = doorkey.json(&[command, "--profile", "work"]).await?;
        assert_eq!(told, (Some(2), expected.clone()), "{command}");
    }
    Ok(())
}

#[tokio::test]
async fn a_browser_that_cannot_be_started_is_no_end() -> Result<()> {
    let doorkey = CommandLine::start(Keyring::Unlocked)
        .await?
        .with("BROWSER", "/no/such/browser")
        .with("PATH", "/no/such/folder");
    let _demo = doorkey.demo().await?;
    let mut login = doorkey.spawn(&["login"])?;
    let link = login
        .line("link", READY, |line| {
            line.strip_prefix("open: ").map(str::to_owned)
        })
        .await?;
    login
        .line("what to do", READY, |line| {
            line.contains("open the link yourself").then_some(())
        })
        .await?;
    let url = Url::parse(&link).map_err(|error| Error::unexpected("login", error.to_string()))?;
    let arrival = doorkey_tests::agent::walk(url, &doorkey_tests::agent::Person::default()).await?;
    assert!(arrival.is_welcome(), "{arrival:?}");
    assert_eq!(ran(&mut login).await?.code, Some(0));
    Ok(())
}

#[tokio::test]
async fn a_proxy_is_not_asked_for_this_computer_itself() -> Result<()> {
    let doorkey = CommandLine::start(Keyring::Unlocked).await?;
    let _demo = doorkey.demo().await?;
    // Nothing listens there: whatever is sent through it fails.
    let doorkey = doorkey
        .with("http_proxy", "http://127.0.0.1:9")
        .with("all_proxy", "http://127.0.0.1:9");
    assert_eq!(doorkey.run(&["login"]).await?.code, Some(0));
    assert_eq!(doorkey.run(&["api", "/api/me"]).await?.code, Some(0));
    Ok(())
}

#[tokio::test]
async fn a_restart_of_the_provider_signs_nobody_out() -> Result<()> {
    let doorkey = CommandLine::start(Keyring::Unlocked).await?;
    let port = free_ports()?;
    let demo = doorkey.demo_at(port).await?;
    doorkey.output(&["login"]).await?;
    let before = doorkey.output(&["token"]).await?;
    let place = demo.place.clone();
    let stopped = demo.stop().await?;
    assert_eq!(stopped.code, Some(0), "{stopped:?}");

    assert_eq!(
        doorkey.run(&["status"]).await?.code,
        Some(0),
        "works offline"
    );
    let offline = doorkey.run(&["token", "--min-ttl", "86400"]).await?;
    assert_eq!(offline.code, Some(6), "{offline:?}");
    let login = doorkey.run(&["login"]).await?;
    assert_eq!(login.code, Some(6), "{login:?}");
    assert!(
        login
            .stderr
            .ends_with("hint: Start the demo's provider in another terminal: doorkey demo\n"),
        "{login:?}"
    );

    let demo = doorkey.demo_at(port).await?;
    assert_eq!(demo.place, place);
    doorkey.output(&["api", "/api/me"]).await?;
    let renewed = doorkey.output(&["token", "--min-ttl", "86400"]).await?;
    assert_ne!(renewed, before);
    Ok(())
}

#[tokio::test]
async fn a_taken_port_is_named() -> Result<()> {
    let doorkey = CommandLine::start(Keyring::NoBus).await?;
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(Error::io("listen"))?;
    let port = taken.local_addr().map_err(Error::io("read a port"))?.port();
    let demo = doorkey.run(&["demo", "--port", &port.to_string()]).await?;
    let expected = format!(
        "error: Port {port} is in use, and the demo's broker needs it\nhint: It may be a `doorkey demo` that runs already. \
         Choose other ports with --port; 0 takes free ones.\n"
    );
    assert_eq!((demo.code, demo.stderr), (Some(1), expected));
    assert_eq!(
        doorkey.run(&["demo", "--port", "65534"]).await?.code,
        Some(2)
    );
    Ok(())
}

#[tokio::test]
async fn each_step_can_be_followed() -> Result<()> {
    let doorkey = CommandLine::start(Keyring::Unlocked).await?;
    let _demo = doorkey.demo().await?;
    let login = doorkey.run(&["-v", "login", "--json"]).await?;
    assert_eq!(login.code, Some(0), "{login:?}");
    login.json()?;
    let steps: Vec<_> = login
        .stderr
        .lines()
        .filter_map(|line| Some(line.split_once(" s  ")?.1))
        .filter(|step| !step.contains("keys"))
        .collect();
    let expected = [
        "browser -> doorkey: Ask to sign in",
        "doorkey -> provider: Ask where its endpoints are",
        "provider -> doorkey: Name its endpoints",
        "doorkey: Make verifier, state and nonce",
        "doorkey: Listen for the answer",
        "doorkey -> browser: Open the browser",
        "browser -> provider: Go to the provider",
        "browser -> doorkey: Bring the code home",
        "doorkey -> provider: Redeem code and verifier",
        "provider -> doorkey: Issue tokens",
        "doorkey: Verify the ID token",
        "browser -> upstream: Sign in at another provider",
        "doorkey: Store the session in the keychain",
        "doorkey -> browser: Say who is signed in",
    ];
    assert_eq!(steps, expected);
    assert!(!login.stderr.contains("why: "));
    let call = doorkey.run(&["-vv", "api", "/api/me"]).await?;
    assert!(
        call.stderr
            .contains("why: The access token goes only to origins that the profile lists."),
        "{call:?}"
    );
    Ok(())
}

fn redirect_port(link: &str) -> Result<u16> {
    let port = Url::parse(link).ok().and_then(|url| {
        let (_, uri) = url.query_pairs().find(|(name, _)| name == "redirect_uri")?;
        Url::parse(&uri).ok()?.port()
    });
    port.ok_or_else(|| Error::unexpected("login", format!("no redirect URI with a port in {link}")))
}

/// A program of one line.
fn script(doorkey: &CommandLine, name: &str, line: &str) -> Result<PathBuf> {
    let path = doorkey.session().home().join(name);
    fs::write(&path, format!("#!/bin/sh\n{line}\n"))
        .and_then(|()| fs::set_permissions(&path, fs::Permissions::from_mode(0o700)))
        .map_err(Error::io("write a script"))?;
    Ok(path)
}

/// The lines of a file that another process writes, once its last one is of the callback.
async fn lines(path: &std::path::Path, least: usize) -> Result<Vec<String>> {
    let mut pause = tokio::time::interval(Duration::from_millis(10));
    let written = async {
        loop {
            let text = fs::read_to_string(path).unwrap_or_default();
            let lines: Vec<_> = text.lines().map(str::to_owned).collect();
            if lines.len() >= least
                && lines.last().is_some_and(|line| {
                    line.contains("/callback") || line.contains("doorkey-agent:")
                })
            {
                return lines;
            }
            pause.tick().await;
        }
    };
    tokio::time::timeout(READY, written).await.map_err(|_| {
        Error::unexpected(
            "agent",
            format!("wrote too little: {:?}", fs::read_to_string(path)),
        )
    })
}
