//! Links, which come to the app because its package was installed.

use doorkey_tests::Result;

use crate::{layers::installed, scene::Scene, sign_in::has};

/// A profile that takes its answer as a link, at the provider that the app brings.
const PROFILE: &str = r#"issuer = "http://127.0.0.1:4180"
client_id = "doorkey-desktop"
scopes = ["openid", "profile", "email", "offline_access"]
redirect_uri = "dev.doorkey.app:/callback"
"#;

/// What a program that registers itself would write.
const OWN_ENTRIES: &str = "/home/ada/.local/share/applications";

#[tokio::test]
async fn a_link_ends_the_sign_in_of_the_running_app() -> Result<()> {
    let scene = Scene::start(installed().await?).await?;
    scene.write(".config/doorkey/profiles/demo.toml", PROFILE)?;
    let app = scene.launch().await?;
    scene.click("Sign in with").await?;
    scene.hears("Ada Moreno").await?;
    app.item.menu_when(has("Log out")).await?;
    scene.picture("link-warm").await?;
    assert!(
        !scene.root.path(OWN_ENTRIES).exists(),
        "the package's entry was enough"
    );
    app.quit().await
}

#[tokio::test]
async fn a_link_that_starts_the_app_is_explained() -> Result<()> {
    let scene = Scene::start(installed().await?).await?;
    let link = "dev.doorkey.app:/callback?code=canary&state=late";
    let app = scene.app("xdg-open", &[link]).await?;
    app.item.menu_when(has("Something went wrong")).await?;
    scene.when_shown().await?;
    scene.hears("no sign-in is waiting for it").await?;
    scene.picture("link-cold").await?;
    let said = app.said();
    assert!(!said.contains("canary"), "{said}");
    app.quit().await
}
