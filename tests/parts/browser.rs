use doorkey_tests::{
    Result,
    browser::Browser,
    peer::Provider,
    process::{READY, Running},
};
use fantoccini::Locator;
use url::Url;

use crate::{
    command,
    peer::{answer, authorization_request, callback},
};

#[tokio::test]
async fn opens_what_a_program_opens_and_clicks_through() -> Result<()> {
    let (provider, mut browser) = tokio::try_join!(Provider::start(), Browser::start())?;
    let (redirect_uri, listener) = callback().await?;
    let url = authorization_request(&provider, &redirect_uri, &[])?;

    let script = browser.open_command().display().to_string();
    let mut open = Running::start("open", command(&script, &[url.as_str()]))?;
    assert!(open.exit(READY).await?.success());
    assert_eq!(browser.follow().await?, url.as_str());

    let page = browser.driver();
    page.find(Locator::Css("input[name=login]"))
        .await?
        .send_keys("ada")
        .await?;
    page.find(Locator::Css("input[name=password]"))
        .await?
        .send_keys("demo")
        .await?;
    page.find(Locator::Css("button[type=submit]"))
        .await?
        .click()
        .await?;
    let (_, ()) = tokio::try_join!(press_continue(page), answer(listener))?;
    let home = Url::parse(&redirect_uri).ok();
    page.wait()
        .at_most(READY)
        .for_element(Locator::XPath("//title[text()='home']"))
        .await?;
    let arrived = page.current_url().await?;
    assert_eq!(
        Some((arrived.port(), arrived.path())),
        home.as_ref().map(|home| (home.port(), home.path()))
    );
    assert!(arrived.query_pairs().any(|(name, _)| name == "code"));
    Ok(())
}

async fn press_continue(page: &fantoccini::Client) -> Result<()> {
    let consent = Locator::XPath("//button[text()='Continue']");
    Ok(page
        .wait()
        .at_most(READY)
        .for_element(consent)
        .await?
        .click()
        .await?)
}

#[tokio::test]
async fn urls_arrive_whole_and_in_order() -> Result<()> {
    let mut browser = Browser::start().await?;
    let script = browser.open_command().display().to_string();
    let urls = [
        "http://127.0.0.1:1/?a=%20'%22&b=$(x)%0A",
        "http://127.0.0.1:1/%5C%5Cn?c=d#e",
    ];
    for url in urls {
        let mut open = Running::start("open", command(&script, &[url]))?;
        assert!(open.exit(READY).await?.success());
    }
    for url in urls {
        assert_eq!(browser.opened_url().await?, url);
    }
    Ok(())
}
