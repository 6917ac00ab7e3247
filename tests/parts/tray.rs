use doorkey_tests::{
    Result,
    display::Display,
    keychain::{Keyring, PrivateSession},
    process::{READY, Running},
    program,
    tray::{Tray, TrayItem},
};

use crate::command;

#[tokio::test]
async fn lists_a_menu_presses_an_entry_and_sees_the_menu_change() -> Result<()> {
    let display = Display::start().await?;
    let session = PrivateSession::start_on(&display, Keyring::Absent).await?;
    let mut tray = Tray::start(&session).await?;
    let mut app = start_app(&session)?;
    let item = tray.item().await?;
    assert_eq!(item.property("Title").await?, "Doorkey test");
    assert_eq!(item.property("Status").await?, "Active");
    assert_eq!(
        labels(&item).await?,
        [
            (0, "Signed in as ada_moreno", false, None),
            (0, "Log out", true, None),
            (0, "", true, None),
            (0, "Start with the desktop", true, Some(true)),
            (0, "Profiles", true, None),
            (1, "demo", true, None),
        ]
        .map(|(depth, label, enabled, checked)| (
            depth,
            label.to_owned(),
            enabled,
            checked
        ))
    );

    item.press("Log out").await?;
    app.line("press", READY, |line| {
        (line == "pressed Log out").then_some(())
    })
    .await?;
    let menu = item
        .menu_when(|menu| menu.iter().any(|entry| entry.label == "Sign in"))
        .await?;
    assert!(menu.iter().all(|entry| entry.label != "Log out"));
    item.press("demo").await?;
    app.line("press", READY, |line| {
        (line == "pressed demo").then_some(())
    })
    .await
}

fn start_app(session: &PrivateSession) -> Result<Running> {
    let script = program::repository().join("tests/parts/tray_item.py");
    let mut command = command("/usr/bin/python3", &[&script.display().to_string()]);
    command.envs(session.environment());
    Running::start("tray item", command)
}

async fn labels(item: &TrayItem) -> Result<Vec<(usize, String, bool, Option<bool>)>> {
    let menu = item.menu().await?;
    Ok(menu
        .into_iter()
        .map(|entry| (entry.depth, entry.label, entry.enabled, entry.checked))
        .collect())
}
