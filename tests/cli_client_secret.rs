//! A client secret through the command line: kept in a real keychain, sent to a provider that demands it, and told by nothing.

#![expect(clippy::expect_used, reason = "a test may fail")]

use std::{fs, io::Write as _, path::Path};

use doorkey_core::EDITION;
use doorkey_tests::{
    Result,
    command_line::{CommandLine, Demo, Ran, ran},
    keychain::Keyring,
};
use serde_json::json;

/// What the demo that plays Google demands.
const SECRET: &str = "google-demo-secret";
const PROFILE: &str = "mail";

/// `doorkey` with a profile for the demo, made as a person makes it.
struct Place {
    doorkey: CommandLine,
    demo: Demo,
}

impl Place {
    async fn start(method: &str) -> Result<Self> {
        let doorkey = CommandLine::start(Keyring::Unlocked).await?;
        let demo = doorkey.demo_as("google").await?;
        let place = Self { doorkey, demo };
        let issuer = format!("issuer={}", place.demo.place.issuer);
        let api = format!("api={}", place.demo.place.api);
        let method = format!("token_endpoint_auth_method={method}");
        let sets = [
            "client_id=doorkey-desktop",
            "client_secret=-",
            &issuer,
            &api,
            &method,
        ];
        let mut add = vec!["profile", "add", PROFILE, "--preset", "google", "--json"];
        add.extend(sets.iter().flat_map(|set| ["--set", *set]));
        let added = place.given(&add, SECRET).await?;
        assert_eq!(
            added.json()?["client_secret_kept"],
            json!(true),
            "{added:?}"
        );
        Ok(place)
    }

    /// Runs a command with something on its standard input.
    async fn given(&self, command: &[&str], text: &str) -> Result<Ran> {
        let mut running = self.doorkey.spawn(command)?;
        if let Some(mut stdin) = running.stdin() {
            stdin.write_all(text.as_bytes()).expect("it reads");
        }
        ran(&mut running).await
    }

    async fn run(&self, command: &[&str]) -> Result<Ran> {
        let options = ["--profile", PROFILE, "--json", "-vv"];
        self.doorkey.run(&[command, &options].concat()).await
    }

    /// Signs in in vain, and gives exit code, code and hint.
    async fn refused(&self) -> Result<(Option<i32>, String, String)> {
        let ran = self.run(&["login"]).await?;
        let told = ran.json()?;
        let text = |member| {
            told["error"][member]
                .as_str()
                .unwrap_or_default()
                .to_owned()
        };
        Ok((ran.code, text("code"), text("hint")))
    }

    async fn forget(&self) -> Result<()> {
        let forget = ["profile", "secret", PROFILE, "--forget"];
        assert_eq!(self.doorkey.run(&forget).await?.code, Some(0));
        Ok(())
    }

    /// The names of the keychain's items that are of the profile, without what tells folders apart.
    async fn items(&self) -> Result<Vec<String>> {
        let items = self.doorkey.session().items().await?;
        let service = format!("@{}", EDITION.keychain_service);
        let names = items.iter().filter_map(|item| {
            let name = item.label.split(PROFILE).nth(1)?;
            Some(name.trim_end_matches(&service).to_owned())
        });
        let mut names: Vec<_> = names.collect();
        names.sort();
        Ok(names)
    }
}

#[tokio::test]
async fn it_is_sent_either_way_and_refreshes_need_it_too() -> Result<()> {
    for method in ["client_secret_post", "client_secret_basic"] {
        let place = Place::start(method).await?;
        assert_eq!(place.run(&["login"]).await?.code, Some(0), "{method}");
        let renewed = place.run(&["token", "--min-ttl", "1000000"]).await?;
        assert_eq!(renewed.code, Some(0), "{method}: {renewed:?}");
        assert_eq!(place.run(&["api", "/api/me"]).await?.code, Some(0));
        let out = place.run(&["logout"]).await?.json()?;
        assert_eq!(out["revoked"]["outcome"], json!("done"), "{out}");
    }
    Ok(())
}

#[tokio::test]
async fn a_wrong_or_forgotten_one_is_told_with_what_to_do() -> Result<()> {
    let place = Place::start("client_secret_post").await?;
    let secret = ["profile", "secret", PROFILE];
    assert_eq!(place.given(&secret, "another").await?.code, Some(0));
    let (code, error, hint) = place.refused().await?;
    assert_eq!((code, error.as_str()), (Some(5), "token_request_refused"));
    assert!(hint.ends_with("doorkey profile secret mail"), "{hint}");

    place.forget().await?;
    let (code, error, hint) = place.refused().await?;
    assert_eq!((code, error.as_str()), (Some(2), "client_secret_missing"));
    assert!(hint.ends_with("doorkey profile secret mail"), "{hint}");

    assert_eq!(
        place.given(&secret, &format!(" {SECRET}\r\n")).await?.code,
        Some(0)
    );
    assert_eq!(place.run(&["login"]).await?.code, Some(0));
    place.forget().await?;
    let refresh = place.run(&["token", "--min-ttl", "1000000"]).await?;
    assert_eq!(refresh.json()?["error"]["code"], "client_secret_missing");
    assert_eq!(
        place.run(&["status"]).await?.code,
        Some(0),
        "the session lives on"
    );
    Ok(())
}

#[tokio::test]
async fn it_goes_when_its_profile_goes() -> Result<()> {
    let place = Place::start("client_secret_post").await?;
    assert_eq!(place.items().await?, ["/client_secret"]);
    assert_eq!(place.run(&["login"]).await?.code, Some(0));
    assert_eq!(place.items().await?, ["", "/client_secret"]);
    let remove = ["profile", "remove", PROFILE];
    assert_eq!(place.doorkey.run(&remove).await?.code, Some(0));
    assert_eq!(place.items().await?, [""; 0]);
    Ok(())
}

#[tokio::test]
async fn nothing_that_is_printed_or_written_has_it() -> Result<()> {
    let place = Place::start("client_secret_post").await?;
    let show = ["profile", "show", PROFILE];
    let shown = place.doorkey.json(&show).await?.1;
    assert_eq!(shown["client_secret"], json!("kept"));
    let mut told = shown.to_string();
    for command in [
        &["login"][..],
        &["token", "--min-ttl", "1000000"],
        &["doctor"],
        &["logout"],
    ] {
        let ran = place.run(command).await?;
        told.push_str(&ran.stdout);
        told.push_str(&ran.stderr);
    }
    // The steps were told: they say that there is one, and how long it is.
    assert!(
        told.contains("client_secret = (18 bytes, hidden)"),
        "{told}"
    );
    assert!(!told.contains(SECRET), "{told}");
    let folder = place.doorkey.session().config_dir();
    assert!(folder.join("profiles/mail.toml").exists());
    // The demo itself knows what it demands.
    let ours = fs::read_dir(&folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| !path.ends_with("demo"));
    assert_eq!(ours.map(|path| search(&path)).sum::<usize>(), 0);
    Ok(())
}

/// How many files below a folder have it.
fn search(path: &Path) -> usize {
    if path.is_dir() {
        let entries = fs::read_dir(path).expect("a folder");
        return entries
            .map(|entry| search(&entry.expect("an entry").path()))
            .sum();
    }
    let bytes = fs::read(path).expect("a file");
    usize::from(String::from_utf8_lossy(&bytes).contains(SECRET))
}
