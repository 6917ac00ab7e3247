//! The other ways in which a sign-in ends: the address is pasted, a code is typed elsewhere, or nobody comes.

use std::{fs, os::unix::fs::PermissionsExt as _, time::Duration};

use doorkey_core::EDITION;
use doorkey_tests::{
    Error, Result,
    agent::{Person, walk},
    process::READY,
};
use fantoccini::Locator;
use url::Url;

use crate::desktop::{Desktop, has};

#[tokio::test]
async fn the_address_that_the_browser_landed_on_is_pasted() -> Result<()> {
    // The browser gets as far as the answer and cannot hand it over: whoever is asked to only writes it down.
    let desktop = Desktop::start().await?;
    let written = desktop.session.home().join("landed");
    let opener = desktop.session.home().join("opener");
    fs::write(
        &opener,
        format!(
            "#!/bin/sh\nprintf %s \"$1\" > '{0}.new' && mv '{0}.new' '{0}'\n",
            written.display()
        ),
    )
    .and_then(|()| fs::set_permissions(&opener, fs::Permissions::from_mode(0o700)))
    .map_err(Error::io("write the opener"))?;
    let desktop = desktop.with_variable("DOORKEY_AGENT_OPENER", &opener.display().to_string());
    desktop.change_demo(&format!("redirect_uri = \"{}:/callback\"", EDITION.scheme))?;
    let window = desktop.open().await?;
    window.click("sign-in").await?;
    window.element("time-left").await?;
    let landed = async {
        let mut pause = tokio::time::interval(Duration::from_millis(20));
        loop {
            if let Ok(landed) = fs::read_to_string(&written) {
                return landed;
            }
            pause.tick().await;
        }
    };
    let landed = tokio::time::timeout(READY, landed)
        .await
        .map_err(|_| Error::unexpected("browser", "it did not land"))?;
    let summary = Locator::Css("[data-testid=stuck] summary");
    let stuck = window.driver().wait().for_element(summary).await?;
    stuck.click().await?;
    window
        .element("paste-field")
        .await?
        .send_keys(&landed)
        .await?;
    window.click("paste").await?;
    assert_eq!(window.text("account-name").await?, "Ada Moreno");
    let source = window.driver().source().await?;
    let (_, query) = landed.split_once('?').unwrap_or_default();
    assert!(query.len() > 40 && !source.contains(query));
    window.close().await
}

#[tokio::test]
async fn a_code_is_typed_on_another_device() -> Result<()> {
    // No browser of this computer is needed.
    let mut desktop = Desktop::start().await?.with_browser("false");
    let window = desktop.open().await?;
    let item = desktop.item().await?;
    window.click("sign-in-with-code").await?;
    let code = window.text("user-code").await?;
    let address = window.text("code-address").await?;
    assert_eq!(address, format!("{}/device", desktop.demo_issuer()?));
    window.element("qr").await?;
    let menu = item.menu_when(has("Cancel sign-in")).await?;
    assert_eq!(menu[0].label, "Waiting for the code…");
    desktop.picture("code").await?;
    window.click("copy-code").await?;
    let said = Locator::XPath("//*[text()='Code copied.']");
    window.driver().wait().for_element(said).await?;

    let mut page: Url = address
        .parse()
        .map_err(|_| Error::unexpected("address", "it is none"))?;
    page.query_pairs_mut().append_pair("user_code", &code);
    walk(page, &Person::default()).await?;
    assert_eq!(window.text("account-name").await?, "Ada Moreno");
    item.menu_when(has("Log out")).await?;
    window.click("tab-flow").await?;
    let step = Locator::XPath("//*[text()='Show code and address']");
    window.driver().wait().for_element(step).await?;
    assert!(!window.driver().source().await?.contains(&code));
    window.close().await
}

#[tokio::test]
async fn a_sign_in_that_nobody_answers_ends_by_itself_and_says_what_to_do() -> Result<()> {
    let desktop = Desktop::start().await?.with_browser("true");
    desktop.change_demo("timeout_seconds = 10")?;
    let window = desktop.open().await?;
    window.click("sign-in").await?;
    window.element("time-left").await?;
    let said = window.text("problem").await?;
    assert!(said.contains("10 s"), "{said}");
    window.click("copy-problem").await?;
    window.click("sign-in").await?;
    window.element("time-left").await?;
    window.click("cancel").await?;
    window.element("sign-in").await?;
    window.close().await
}
