//! `doorkey reset` on an account where everything was used: nothing of Doorkey stays, and nothing else goes.

#![expect(clippy::expect_used, reason = "a test may fail")]

use std::{
    fs,
    path::{Path, PathBuf},
};

use doorkey_core::EDITION;
use doorkey_tests::{Error, Result, command_line::CommandLine, keychain::Keyring};
use serde_json::json;

/// What the app leaves on an account beside the config folder when everything about it was switched on.
fn left_by_the_app(home: &Path) -> [PathBuf; 4] {
    [
        home.join(format!(".config/autostart/{}.desktop", EDITION.name)),
        home.join("data/applications").join(EDITION.links_entry),
        home.join("data").join(EDITION.identifier).join("storage"),
        home.join("cache")
            .join(EDITION.identifier)
            .join("WebKitCache"),
    ]
}

fn write(path: &Path, text: &str) -> Result<()> {
    fs::create_dir_all(path.parent().expect("a folder"))
        .and_then(|()| fs::write(path, text))
        .map_err(Error::io("write a file"))
}

/// Everything below a folder that has something of Doorkey in its path.
fn traces(folder: &Path) -> Vec<PathBuf> {
    everything(folder)
        .into_iter()
        .filter_map(|path| path.strip_prefix(folder).ok().map(Path::to_owned))
        .filter(|path| path.to_string_lossy().to_lowercase().contains("doorkey"))
        .collect()
}

fn everything(folder: &Path) -> Vec<PathBuf> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            paths.extend(everything(&entry.path()));
        }
        paths.push(entry.path());
    }
    paths.sort();
    paths
}

#[tokio::test]
async fn nothing_of_doorkey_stays_and_nothing_else_goes() -> Result<()> {
    let doorkey = CommandLine::start(Keyring::Unlocked).await?;
    let demo = doorkey.demo().await?;
    doorkey.output(&["login"]).await?;
    let home = doorkey.session().home().to_owned();
    let config = doorkey.session().config_dir();
    let scheme = format!("x-scheme-handler/{}", EDITION.scheme);
    for path in left_by_the_app(&home) {
        write(&path, &format!("[Desktop Entry]\nMimeType={scheme};\n"))?;
    }
    for name in ["calls/demo.json", "flows/demo.json", "desktop.toml"] {
        write(&config.join(name), "")?;
    }
    let associations = home.join("config/mimeapps.list");
    let others = "[Default Applications]\ntext/html=web.desktop\n";
    let ours = format!("{others}{scheme}={}\n", EDITION.links_entry);
    write(&associations, &ours)?;
    let neighbour = home.join(".config/autostart/Other.desktop");
    write(&neighbour, "")?;
    let before = traces(&home);

    let asked = doorkey.run(&["reset"]).await?;
    assert_eq!(asked.code, Some(2), "{asked:?}");
    assert!(asked.stderr.contains("Nothing was done"), "{asked:?}");
    assert_eq!(traces(&home), before);
    assert!(!doorkey.session().items().await?.is_empty());

    let (code, told) = doorkey.json(&["reset", "--yes"]).await?;
    assert_eq!(code, Some(0), "{told}");
    assert_eq!(
        told["signed_out"],
        json!([{ "profile": "demo", "revoked": true }])
    );
    assert_eq!(told["left"], json!([]));
    assert_eq!(traces(&home), Vec::<PathBuf>::new(), "{told}");
    assert!(doorkey.session().items().await?.is_empty());
    assert!(neighbour.exists());
    let kept = fs::read_to_string(&associations).map_err(Error::io("read a file"))?;
    assert_eq!(kept, others);
    drop(demo);

    let (code, told) = doorkey.json(&["reset", "--yes"]).await?;
    assert_eq!(
        (code, told),
        (
            Some(0),
            json!({ "signed_out": [], "removed": [], "left": [] })
        )
    );
    Ok(())
}

#[tokio::test]
async fn a_locked_keychain_keeps_everything() -> Result<()> {
    let doorkey = CommandLine::start(Keyring::Unlocked).await?;
    let _demo = doorkey.demo().await?;
    doorkey.output(&["login"]).await?;
    doorkey.session().lock().await?;
    let before = traces(doorkey.session().home());
    let locked = doorkey.run(&["reset", "--yes"]).await?;
    assert_eq!(locked.code, Some(7), "{locked:?}");
    assert_eq!(traces(doorkey.session().home()), before);
    Ok(())
}

#[tokio::test]
async fn of_a_folder_of_others_only_doorkeys_goes() -> Result<()> {
    let doorkey = CommandLine::start(Keyring::Unlocked).await?;
    let config = doorkey.session().config_dir();
    write(&config.join("profiles/work.toml"), "issuer = 3")?;
    write(&config.join("notes.txt"), "mine")?;
    let (code, told) = doorkey.json(&["reset", "--yes"]).await?;
    assert_eq!(code, Some(0), "{told}");
    assert_eq!(told["left"], json!([config.join("notes.txt")]));
    assert!(!config.join("profiles").exists());
    Ok(())
}
