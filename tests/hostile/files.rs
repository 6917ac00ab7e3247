//! D40: files when there is no room for them.

use std::fs;

use doorkey_tests::{
    Result,
    command_line::{CommandLine, Ran, ran},
    keychain::Keyring,
};

use crate::shell::after;

/// Runs a command for which every file is too large.
async fn without_room(doorkey: &CommandLine, arguments: &str) -> Result<Ran> {
    let mut running = after("trap '' XFSZ; ulimit -f 0", doorkey, arguments)?;
    drop(running.stdin());
    ran(&mut running).await
}

#[tokio::test]
async fn d40_a_full_disk_costs_neither_the_old_file_nor_a_half_one() -> Result<()> {
    const ADD: &str =
        "profile add work --preset oidc --set issuer=https://login.example.com --set client_id=abc";
    let doorkey = CommandLine::start(Keyring::NoBus).await?;
    let folder = doorkey.session().config_dir().join("profiles");
    let refused = without_room(&doorkey, ADD).await?;
    assert_eq!(refused.code, Some(1), "{refused:?}");
    assert!(refused.stderr.starts_with("error: "), "{refused:?}");
    let left: Vec<_> = fs::read_dir(&folder)
        .map(|entries| entries.flatten().map(|entry| entry.file_name()).collect())
        .unwrap_or_default();
    assert!(left.is_empty(), "{left:?}");

    let added = doorkey.run(&ADD.split(' ').collect::<Vec<_>>()).await?;
    assert_eq!(added.code, Some(0), "{added:?}");
    let file = folder.join("work.toml");
    let before = fs::read(&file).expect("the profile");
    let login = "login --profile work --issuer https://other.example.com --client-id x --timeout 1";
    let refused = without_room(&doorkey, login).await?;
    assert_ne!(refused.code, Some(0), "{refused:?}");
    assert_eq!(fs::read(&file).expect("the profile"), before);
    Ok(())
}
