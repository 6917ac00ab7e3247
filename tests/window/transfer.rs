//! Profiles from others and for others, and the secret of a client, which goes in and never comes out.

use std::fs;

use doorkey_tests::{Error, Result, window::Window};
use fantoccini::{Locator, key::Key};

use crate::desktop::Desktop;

const SECRET: &str = "canary-client-secret-0123456789";

async fn menu(window: &Window, profile: &str, item: &str) -> Result<()> {
    window.click(&format!("profile-more-{profile}")).await?;
    window.click(item).await
}

#[tokio::test]
async fn a_profile_is_imported_given_its_secret_and_shared_without_it() -> Result<()> {
    let desktop = Desktop::start().await?;
    let window = desktop.open().await?;
    window.element("sign-in").await?;
    window.click("settings").await?;
    window.click("profile-import").await?;
    let shared = format!(
        "issuer = \"{}\"\nclient_id = \"app\"\ntoken_endpoint_auth_method = \"client_secret_post\"\nbrowser = \"evil %s\"\n",
        desktop.demo_issuer()?
    );
    // A line ends where somebody presses the key for it.
    let shared = shared.replace('\n', &char::from(Key::Enter).to_string());
    window
        .element("import-text")
        .await?
        .send_keys(&shared)
        .await?;
    window.click("import-go").await?;
    let left_out = window.text("left-out").await?;
    assert!(left_out.contains("browser"), "{left_out}");
    let name = window.element("field-name").await?;
    name.clear().await?;
    name.send_keys("shop").await?;
    // The form is open where something is filled in, as the way of sending it is.
    window
        .element("field-client_secret")
        .await?
        .send_keys(SECRET)
        .await?;
    window.click("profile-save").await?;
    window.element("profile-row-shop").await?;
    let items = desktop.session.items().await?;
    let is_kept = |text: &str| {
        items.iter().any(|item| {
            let secret = item.secret.as_deref().unwrap_or_default();
            String::from_utf8_lossy(secret).contains(text)
        })
    };
    assert!(is_kept(SECRET), "it is in the keychain");

    menu(&window, "shop", "profile-share").await?;
    let text = window.text("shared-text").await?;
    assert!(text.contains("client_secret_post"), "{text}");
    window.click("shared-save").await?;
    window.element("shared-saved").await?;
    let file = desktop.session.home().join("shop.toml");
    let file = fs::read_to_string(file).map_err(Error::io("read the shared file"))?;
    window.click("shared-close").await?;

    window.click("profile-edit-shop").await?;
    window.element("field-client_secret-kept").await?;
    let source = window.driver().source().await?;
    for (place, text) in [
        ("the page", source),
        ("the file", file),
        ("the log", window.output()),
    ] {
        assert!(!text.contains(SECRET), "{place} has the secret");
    }
    // The driver scrolls the page, and not the view in it.
    let forget = "document.querySelector('[data-testid=field-client_secret-forget]').scrollIntoView({ block: 'nearest' })";
    window.driver().execute(forget, Vec::new()).await?;
    window.click("field-client_secret-forget").await?;
    window.element("field-client_secret").await?;
    assert_eq!(desktop.session.items().await?, []);
    window.close().await
}

#[tokio::test]
async fn a_file_is_chosen_and_the_checklist_says_what_to_register() -> Result<()> {
    let desktop = Desktop::start().await?;
    let file = desktop.session.home().join("Work.toml");
    let shared = "issuer = \"https://login.example.com\"\nclient_id = \"app\"\nredirect_ports = [8400, 8401]\n";
    fs::write(&file, shared).map_err(Error::io("write a profile"))?;
    let window = desktop.open().await?;
    window.element("sign-in").await?;
    window.click("settings").await?;
    window.click("profile-import").await?;
    window
        .element("import-file")
        .await?
        .send_keys(&file.display().to_string())
        .await?;
    window.element("profile-imported").await?;
    let name = window.element("field-name").await?.prop("value").await?;
    assert_eq!(name.as_deref(), Some("work"));
    let second = Locator::Css("[data-testid=setup-uri-2]");
    let second = window.driver().wait().for_element(second).await?;
    assert_eq!(second.text().await?, "http://127.0.0.1:8401/callback");
    window.click("setup-copy-2").await?;
    let said = Locator::XPath("//*[text()='Redirect URI copied.']");
    window.driver().wait().for_element(said).await?;
    window.close().await
}
