//! Links that somebody else makes, and the true one that comes more than once: what the running app does with them, and what the
//! page learns.

#![expect(clippy::expect_used, reason = "a test may fail")]

use std::fs;

use doorkey_core::EDITION;
use doorkey_double::{Endpoint, Provider};
use doorkey_tests::{Error, Result, process::READY, program};
use serde_json::Value;
use url::Url;

use crate::desktop::{Desktop, becomes, has};

const SCHEME: &str = EDITION.scheme;
const LINKS: usize = 1000;

/// A desktop with a profile that leads to a provider that is looked at, and whose browser is a script.
async fn desktop(provider: &Provider, script: &str) -> Result<Desktop> {
    let desktop = Desktop::start().await?;
    let browser = desktop.session.home().join("browser");
    fs::write(&browser, format!("#!/bin/sh\n{script}"))
        .and_then(|()| fs::set_permissions(&browser, executable()))
        .map_err(Error::io("write a script"))?;
    let lines = format!("redirect_uri = \"{SCHEME}:/callback\"");
    desktop.write_profile("work", &provider.profile(&lines))?;
    let settings = desktop.session.config_dir().join("desktop.toml");
    fs::write(settings, "profile = \"work\"\n").map_err(Error::io("write the settings"))?;
    let agent = program::agent()?.display().to_string();
    let app = program::desktop()?.display().to_string();
    let home = desktop.session.home().display().to_string();
    Ok(desktop
        .with_variable("AGENT", &agent)
        .with_variable("APP", &app)
        .with_variable("PLACE", &home)
        .with_variable("SCHEME", SCHEME)
        .with_variable("DOORKEY_AGENT_OPENER", &browser.display().to_string())
        .with_browser(&browser.display().to_string()))
}

fn executable() -> fs::Permissions {
    std::os::unix::fs::PermissionsExt::from_mode(0o700)
}

/// The browser hands the link over three times at once, each time to a new process of the app.
#[tokio::test]
async fn f06_f10_a_link_that_comes_three_times_is_exchanged_once() -> Result<()> {
    let provider = Provider::start().await.expect("a port");
    let script = "case \"$1\" in\n\
                  \"$SCHEME\":*) for time in 1 2 3; do \"$APP\" \"$1\" & done; wait; touch \"$PLACE/delivered\" ;;\n\
                  *) exec \"$AGENT\" \"$1\" ;;\nesac\n";
    let desktop = desktop(&provider, script).await?;
    let window = desktop.open().await?;
    window.click("sign-in").await?;
    assert_eq!(window.text("account-name").await?, "Ada Moreno");
    let delivered = desktop.session.home().join("delivered");
    becomes("that all have been handed over", || async {
        delivered.exists()
    })
    .await?;
    // The others changed nothing: one code was sent once, and what came of it is alive.
    window.click("tab-account").await?;
    assert_eq!(window.text("account-name").await?, "Ada Moreno");
    assert_eq!(provider.asked(Endpoint::Token).len(), 1);
    assert_eq!(provider.asked(Endpoint::Revocation).len(), 0);
    window.close().await
}

/// A local program hands over a thousand links at once while a sign-in waits, with markup, scripts and commands in them and
/// longer than any answer, on the way that a second process of the app takes. Then the true link comes.
#[tokio::test]
async fn f11_f14_f20_a_thousand_links_of_somebody_else_leave_no_trace_in_the_window() -> Result<()>
{
    let provider = Provider::start().await.expect("a port");
    let mut desktop = desktop(&provider, "printf '%s\\n' \"$1\" >\"$PLACE/opened\"\n").await?;
    let window = desktop.open().await?;
    let listen = "window.told = [];
        const heard = window.__TAURI_INTERNALS__.transformCallback((event) => window.told.push(JSON.stringify(event)));
        return window.__TAURI_INTERNALS__.invoke('plugin:event|listen', { event: 'view', target: { kind: 'Any' }, handler: heard });";
    window.driver().execute(listen, Vec::new()).await?;
    window.click("sign-in").await?;
    let opened = desktop.session.home().join("opened");
    becomes("that the browser is opened", || async {
        fs::read_to_string(&opened).is_ok_and(|line| line.ends_with('\n'))
    })
    .await?;
    let item = desktop.item().await?;
    item.menu_when(has("Cancel sign-in")).await?;
    desktop.minimize().await?;

    let hostile = "%3Cscript%3Ewindow.ran%3D%27canary-link%27%3C%2Fscript%3E";
    let parameters = [
        format!("/callback?code=canary-link&state={hostile}"),
        format!("/callback?error=access_denied&error_description={hostile}"),
        "/callback?state=<img src=x onerror=window.ran='canary-link'>".to_owned(),
        "/logout?canary-link".to_owned(),
        "/open?url=https://canary-link.example".to_owned(),
        format!("/callback?code=canary-link{}&state=a", "x".repeat(20_000)),
    ];
    let links = parameters.iter().cycle().take(LINKS);
    hand_over(&desktop, links.map(|rest| format!("{SCHEME}:{rest}"))).await?;
    assert_ne!(desktop.active_window().await, EDITION.name);
    assert_eq!(provider.asked(Endpoint::Token).len(), 0);
    assert_eq!(provider.asked(Endpoint::Revocation).len(), 0);

    // The sign-in has waited all the while.
    let address = fs::read_to_string(&opened).map_err(Error::io("read an address"))?;
    let asked = Url::parse(address.trim()).expect("an address");
    let app = program::desktop()?.display().to_string();
    let mut second = desktop.spawn(&app, &[&provider.agree(&asked).address()])?;
    assert!(second.exit(READY).await?.success(), "{}", second.stderr());
    item.menu_when(has("Log out")).await?;
    assert_eq!(provider.asked(Endpoint::Token).len(), 1);

    let told: Value = window
        .driver()
        .execute("return [window.told.length, window.told.join(''), window.ran ?? null, document.documentElement.outerHTML]", Vec::new())
        .await?;
    assert!(
        told[1]
            .as_str()
            .is_some_and(|told| told.contains("signedIn"))
    );
    assert!(
        told[0].as_u64().is_some_and(|told| told < 50),
        "{}",
        told[0]
    );
    assert_eq!(told[2], Value::Null);
    assert!(!told.to_string().contains("canary-link"));
    assert!(
        !window.output().contains("canary-link"),
        "the log tells of a link"
    );
    window.close().await
}

/// Hands links to the running app as its own second process does.
async fn hand_over(desktop: &Desktop, links: impl Iterator<Item = String>) -> Result<()> {
    let bus = desktop.session.connect().await?;
    for link in links {
        let arguments = (vec!["doorkey-desktop".to_owned(), link], "/");
        bus.call_method(
            Some(format!("{}.SingleInstance", EDITION.identifier)),
            format!("/{}/SingleInstance", EDITION.identifier.replace('.', "/")),
            Some("org.SingleInstance.DBus"),
            "ExecuteCallback",
            &arguments,
        )
        .await?;
    }
    Ok(())
}

/// The entry that the app once wrote for its links still leads to where the app was before it was moved.
#[tokio::test]
async fn f18_links_that_lead_to_where_the_app_was_come_here_again() -> Result<()> {
    let provider = Provider::start().await.expect("a port");
    let script = "case \"$1\" in\n\
                  \"$SCHEME\":*) exec xdg-open \"$1\" ;;\n\
                  *) exec \"$AGENT\" \"$1\" ;;\nesac\n";
    let desktop = desktop(&provider, script)
        .await?
        .with_variable("XDG_CURRENT_DESKTOP", "GNOME");
    let applications = desktop.session.home().join("data/applications");
    let entry = applications.join(EDITION.links_entry);
    let stale = format!(
        "[Desktop Entry]\nType=Application\nName=Doorkey\nExec=\"/moved/away/doorkey-desktop\" %u\nMimeType=x-scheme-handler/{SCHEME};\n"
    );
    fs::create_dir_all(&applications)
        .and_then(|()| fs::write(&entry, stale))
        .map_err(Error::io("write a desktop entry"))?;
    let name = EDITION.links_entry;
    desktop
        .run(
            "xdg-mime",
            &["default", name, &format!("x-scheme-handler/{SCHEME}")],
        )
        .await?;
    let window = desktop.open().await?;
    window.click("sign-in").await?;
    assert_eq!(window.text("account-name").await?, "Ada Moreno");
    let written = fs::read_to_string(&entry).map_err(Error::io("read a desktop entry"))?;
    assert!(!written.contains("/moved/away"), "{written}");
    assert_eq!(provider.asked(Endpoint::Token).len(), 1);
    window.close().await
}
