//! `doorkey login` where no browser can bring an answer back: with a code, and what is chosen when nothing is typed.

use std::{fs, io::Write as _, process::Command};

use doorkey_tests::{
    Error, Result,
    agent::{Arrival, Person, walk},
    command_line::{CommandLine, Ran, ran},
    keychain::Keyring,
    peer::{CLIENT, Provider},
    process::{READY, Running},
    program,
};
use serde_json::{Value, json};
use url::Url;

/// Waits for the two lines of the contract.
async fn shown(login: &mut Running) -> Result<(Url, String)> {
    let open = login.line("the address", READY, |line| {
        let address = line.strip_prefix("open: ")?;
        Url::parse(address).ok()
    });
    let open = open.await?;
    let code = login.line("the code", READY, |line| {
        line.strip_prefix("code: ").map(str::to_owned)
    });
    Ok((open, code.await?))
}

/// What the person does in a browser elsewhere.
async fn type_code(mut address: Url, code: &str, person: &Person) -> Result<Arrival> {
    address.query_pairs_mut().append_pair("user_code", code);
    walk(address, person).await
}

/// Without a browser of any kind, as on a server.
async fn server() -> Result<CommandLine> {
    let doorkey = CommandLine::start(Keyring::Unlocked).await?;
    let unset = ["BROWSER", "DISPLAY", "WAYLAND_DISPLAY", "SSH_CONNECTION"];
    Ok(unset
        .into_iter()
        .fold(doorkey, |doorkey, name| doorkey.with(name, "")))
}

async fn finished(mut login: Running) -> Result<Ran> {
    ran(&mut login).await
}

#[tokio::test]
async fn a_person_types_the_code_at_the_demo() -> Result<()> {
    let doorkey = CommandLine::start(Keyring::Unlocked).await?;
    let demo = doorkey.demo().await?;
    let mut login = doorkey.spawn(&["login", "--device", "--json"])?;
    let (address, code) = shown(&mut login).await?;
    assert_eq!(address.as_str(), format!("{}/device", demo.place.issuer));
    let arrival = type_code(address, &code, &Person::default()).await?;
    let last = arrival.pages.last().map(|page| page.title.as_str());
    assert_eq!(last, Some("Your device is signed in · Demo provider"));

    let login = finished(login).await?;
    let told = login.json()?;
    assert_eq!(
        (login.code, &told["profile"], &told["account"]["username"]),
        (Some(0), &json!("demo"), &json!("ada"))
    );
    // No picture and no countdown where there is no terminal.
    assert_eq!(login.stderr.lines().count(), 2, "{login:?}");
    let me: Value =
        serde_json::from_str(&doorkey.output(&["api", "/api/me"]).await?).unwrap_or_default();
    assert_eq!(me["name"], "Ada Moreno");
    // It is a session like any other.
    let first = doorkey.output(&["token"]).await?;
    let renewed = doorkey.output(&["token", "--min-ttl", "100000"]).await?;
    assert_ne!(renewed, first);
    let (code, logout) = doorkey.json(&["logout"]).await?;
    let done = json!({ "outcome": "done" });
    assert_eq!(
        (code, &logout["local"], &logout["revoked"]),
        (Some(0), &done, &done)
    );
    assert_eq!(doorkey.session().items().await?, []);
    Ok(())
}

#[tokio::test]
async fn a_person_types_the_code_at_a_certified_provider() -> Result<()> {
    let (doorkey, provider) =
        tokio::try_join!(CommandLine::start(Keyring::Unlocked), Provider::start())?;
    let mut login = doorkey.spawn(&[
        "login",
        "--device",
        "--json",
        "--profile",
        "work",
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
    ])?;
    let (address, code) = shown(&mut login).await?;
    type_code(address, &code, &Person::default()).await?;
    let login = finished(login).await?;
    let told = login.json()?;
    assert_eq!(
        (
            login.code,
            &told["account"]["subject"],
            &told["refreshable"]
        ),
        (Some(0), &json!("ada"), &json!(true)),
        "{login:?}"
    );
    let me = doorkey.output(&["api", "me", "--profile", "work"]).await?;
    let me: Value = serde_json::from_str(&me).unwrap_or_default();
    assert_eq!(me["sub"], "ada");
    let first = doorkey.output(&["token", "--profile", "work"]).await?;
    let renewed = doorkey
        .output(&["token", "--profile", "work", "--min-ttl", "100000"])
        .await?;
    assert_ne!(renewed, first);
    Ok(())
}

#[tokio::test]
async fn who_refuses_or_waits_too_long_gets_no_session() -> Result<()> {
    let doorkey = CommandLine::start(Keyring::Unlocked).await?;
    let _demo = doorkey.demo().await?;
    let mut login = doorkey.spawn(&["login", "--device", "--json"])?;
    let (address, code) = shown(&mut login).await?;
    let person = Person {
        denies: true,
        ..Person::default()
    };
    // The page where the code stands has nothing to refuse; the one after it has.
    type_code(address, &code, &person).await?;
    let denied = finished(login).await?;
    assert_eq!(
        (denied.code, &denied.json()?["error"]["code"]),
        (Some(4), &json!("provider_denied"))
    );
    let (code, late) = doorkey
        .json(&["login", "--device", "--timeout", "1"])
        .await?;
    assert_eq!(
        (code, &late["error"]["code"]),
        (Some(4), &json!("timed_out"))
    );
    assert_eq!(doorkey.session().items().await?, []);

    let mut login = doorkey.spawn(&["login", "--device"])?;
    shown(&mut login).await?;
    login.interrupt()?;
    assert_eq!(finished(login).await?.code, Some(4));
    Ok(())
}

#[tokio::test]
async fn without_a_browser_it_is_a_code_and_says_why() -> Result<()> {
    let doorkey = server().await?;
    let _demo = doorkey.demo().await?;
    for (variable, why) in [
        ("", "there is no display"),
        ("SSH_CONNECTION", "this is a remote session"),
    ] {
        let mut command = vec!["login", "--timeout", "1"];
        command.push("--json");
        let doorkey = if variable.is_empty() {
            doorkey.run(&command).await?
        } else {
            let remote = server().await?.with("DISPLAY", ":99");
            let remote = remote.with(variable, "192.0.2.1 5 192.0.2.2 22");
            let demo = remote.demo().await?;
            let ran = remote.run(&command).await?;
            drop(demo);
            ran
        };
        let lines: Vec<&str> = doorkey.stderr.lines().collect();
        assert!(
            lines[0].starts_with(&format!("note: signing in with a code, since {why}")),
            "{doorkey:?}"
        );
        assert!(lines[1].starts_with("open: ") && lines[2].starts_with("code: "));
        assert_eq!(lines.len(), 3, "{doorkey:?}");
    }
    Ok(())
}

/// A profile of a plain OAuth 2 server, which nobody asks anything.
fn add_plain(doorkey: &CommandLine) -> Result<()> {
    let folder = doorkey.session().config_dir().join("profiles");
    fs::create_dir_all(&folder).map_err(Error::io("make a folder"))?;
    let profile = "client_id = \"x\"\n[endpoints]\nauthorization = \"http://127.0.0.1:9/authorize\"\ntoken = \"http://127.0.0.1:9/token\"\n";
    fs::write(folder.join("plain.toml"), profile).map_err(Error::io("write a profile"))
}

#[tokio::test]
async fn a_person_at_a_terminal_pastes_the_address() -> Result<()> {
    let doorkey = server().await?;
    add_plain(&doorkey)?;
    // `script` is the terminal.
    let login = format!(
        "{} login --profile plain --timeout 20",
        program::doorkey()?.display()
    );
    let mut command = Command::new("script");
    command
        .args(["-qec", &login, "/dev/null"])
        .envs(doorkey.session().environment());
    for name in ["BROWSER", "DISPLAY", "WAYLAND_DISPLAY", "SSH_CONNECTION"] {
        command.env_remove(name);
    }
    let mut login = Running::start("doorkey login in a terminal", command)?;
    let mut terminal = login
        .stdin()
        .ok_or_else(|| Error::unexpected("script", "no input"))?;
    let link = login
        .line("the link", READY, |line| {
            Url::parse(line.trim_end().strip_prefix("open: ")?).ok()
        })
        .await?;
    let sent = |name: &str| {
        let found = link.query_pairs().find(|(other, _)| other == name);
        found
            .map(|(_, value)| value.into_owned())
            .unwrap_or_default()
    };
    let (redirect_uri, state) = (sent("redirect_uri"), sent("state"));
    for (typed, answer) in [
        ("rubbish".to_owned(), "paste another address"),
        (
            format!("{redirect_uri}?code=a&state=another"),
            "belongs to no sign-in that is waiting; paste another address",
        ),
        (
            format!("{redirect_uri}?error=access_denied&state={state}"),
            "error: The provider answered `access_denied`",
        ),
    ] {
        writeln!(terminal, "{typed}").map_err(Error::io("type"))?;
        login
            .line(answer, READY, |line| line.contains(answer).then_some(()))
            .await?;
    }
    assert_eq!(finished(login).await?.code, Some(4));
    Ok(())
}

#[tokio::test]
async fn a_provider_without_codes_leaves_the_link() -> Result<()> {
    let doorkey = server().await?;
    add_plain(&doorkey)?;
    let late = doorkey
        .run(&["login", "--profile", "plain", "--timeout", "1"])
        .await?;
    let lines: Vec<&str> = late.stderr.lines().collect();
    assert_eq!(late.code, Some(4), "{late:?}");
    assert!(lines[0].starts_with("note: printing the link only, since there is no display"));
    assert!(lines[1].starts_with("open: http://127.0.0.1:9/authorize?"));
    // Nobody is asked to paste where nobody types.
    assert!(!late.stderr.contains("paste"), "{late:?}");

    let (code, told) = doorkey
        .json(&["login", "--profile", "plain", "--device"])
        .await?;
    assert_eq!(
        (code, &told["error"]["code"]),
        (Some(5), &json!("unsupported_provider"))
    );
    Ok(())
}
