//! `doorkey doctor` with the real parts: a provider, a keychain, and the desktop's list of who opens links.

#![cfg(target_os = "linux")]
#![expect(clippy::expect_used, reason = "a test may fail")]

use std::fs;
use std::path::Path;

use doorkey_tests::{Result, command_line::CommandLine, keychain::Keyring};
use serde_json::Value;

const SCHEME: &str = "dev.doorkey.app";

async fn checked(doorkey: &CommandLine, profile: &str) -> Result<(Option<i32>, Vec<Value>)> {
    let (code, told) = doorkey.json(&["doctor", "--profile", profile]).await?;
    let checks = told["checks"].as_array().cloned().unwrap_or_default();
    Ok((code, checks))
}

fn line<'a>(checks: &'a [Value], id: &str) -> [&'a str; 3] {
    let line = checks.iter().find(|check| check["id"] == id);
    ["outcome", "seen", "remedy"].map(|member| {
        line.and_then(|line| line[member].as_str())
            .unwrap_or_default()
    })
}

#[tokio::test]
async fn a_set_up_passes_until_its_keychain_is_locked() -> Result<()> {
    let doorkey = CommandLine::start(Keyring::Unlocked).await?;
    let demo = doorkey.demo().await?;
    let (code, checks) = checked(&doorkey, "demo").await?;
    assert_eq!(code, Some(0), "{checks:#?}");
    let ids: Vec<_> = checks
        .iter()
        .filter_map(|check| check["id"].as_str())
        .collect();
    assert_eq!(
        ids,
        [
            "provider",
            "pkce",
            "endpoints",
            "port",
            "browser",
            "authorization",
            "redirect_uri",
            "keys",
            "clock",
            "keychain",
            "locks"
        ]
    );
    assert!(
        checks.iter().all(|check| check["outcome"] == "ok"),
        "{checks:#?}"
    );
    assert_eq!(doorkey.session().items().await?, [], "nothing stays behind");
    // It was no sign-in, and the browser was not opened.
    assert_eq!(doorkey.run(&["status"]).await?.code, Some(3));

    doorkey.session().lock().await?;
    let (code, checks) = checked(&doorkey, "demo").await?;
    assert_eq!(code, Some(1));
    let [outcome, seen, remedy] = line(&checks, "keychain");
    assert_eq!((outcome, seen), ("failed", "The keychain is locked."));
    assert!(remedy.contains("Unlock the keychain"), "{remedy}");
    assert_eq!(line(&checks, "redirect_uri")[0], "ok");
    demo.stop().await?;
    Ok(())
}

/// Makes a desktop entry the one that opens links.
fn open_links_with(home: &Path, program: &str) {
    let entry = format!(
        "[Desktop Entry]\nType=Application\nName=Some program\nExec={program} %u\nMimeType=x-scheme-handler/{SCHEME};\n"
    );
    write(&home.join("data/applications/opener.desktop"), &entry);
    let defaults = format!("[Default Applications]\nx-scheme-handler/{SCHEME}=opener.desktop\n");
    write(&home.join("config/mimeapps.list"), &defaults);
}

fn write(file: &Path, text: &str) {
    fs::create_dir_all(file.parent().expect("a folder")).expect("to make the folder");
    fs::write(file, text).expect("to write");
}

#[tokio::test]
async fn whoever_opens_links_is_named() -> Result<()> {
    let doorkey = CommandLine::start(Keyring::Unlocked).await?;
    let home = doorkey.session().home().to_owned();
    let file = doorkey.session().config_dir().join("profiles/linked.toml");
    let profile = format!(
        "issuer = \"http://127.0.0.1:1\"\nclient_id = \"a\"\nredirect_uri = \"{SCHEME}:/callback\"\n"
    );
    write(&file, &profile);

    let (_, checks) = checked(&doorkey, "linked").await?;
    let [outcome, seen, _] = line(&checks, "link");
    assert_eq!(outcome, "failed", "{seen}");
    assert!(seen.starts_with("No program opens links"), "{seen}");

    open_links_with(&home, "/bin/true");
    let (_, checks) = checked(&doorkey, "linked").await?;
    let [outcome, seen, _] = line(&checks, "link");
    assert_eq!(outcome, "failed", "{seen}");
    assert!(seen.ends_with("go to Some program."), "{seen}");

    open_links_with(&home, "/opt/doorkey/doorkey-desktop");
    let (_, checks) = checked(&doorkey, "linked").await?;
    let [outcome, seen, remedy] = line(&checks, "link");
    assert_eq!(outcome, "ok", "{seen}");
    assert!(remedy.contains("the app"), "{remedy}");
    Ok(())
}
