//! A30 and B30: what only whole processes show.

use doorkey_double::{Certificate, Endpoint, Flaw, Provider};
use doorkey_tests::{
    Result,
    command_line::{CommandLine, ran},
    keychain::Keyring,
};

fn login(provider: &Provider) -> Vec<String> {
    let api = format!("{}/api", provider.issuer());
    let options = ["--issuer", provider.issuer(), "--api", &api];
    [
        "login",
        "--profile",
        "work",
        "--client-id",
        doorkey_double::CLIENT,
    ]
    .iter()
    .chain(&options)
    .map(|&word| word.to_owned())
    .collect()
}

#[tokio::test]
async fn a30_two_programs_that_sign_in_at_once_do_not_cross() -> Result<()> {
    let doorkey = CommandLine::start(Keyring::Unlocked).await?;
    let provider = Provider::start().await.expect("a port");
    let login = login(&provider);
    let login: Vec<_> = login.iter().map(String::as_str).collect();
    let mut both = [doorkey.spawn(&login)?, doorkey.spawn(&login)?];
    for process in &mut both {
        let ended = ran(process).await?;
        assert_eq!(ended.code, Some(0), "{ended:?}");
    }
    let redirect_uris: std::collections::BTreeSet<_> = provider
        .asked(Endpoint::Token)
        .iter()
        .map(|request| request.field("redirect_uri"))
        .collect();
    assert_eq!(redirect_uris.len(), 2, "each has a port of its own");
    // One session is kept, whole.
    let called = doorkey.run(&["api", "me", "--profile", "work"]).await?;
    assert_eq!(called.code, Some(0), "{called:?}");
    let out = doorkey.run(&["logout", "--profile", "work"]).await?;
    assert_eq!(out.code, Some(0), "{out:?}");
    assert_eq!(doorkey.session().items().await?, []);
    Ok(())
}

#[tokio::test]
async fn b30_an_authority_of_the_enterprise_is_trusted_without_settings() -> Result<()> {
    let certificate = Certificate::with(Flaw::None).expect("a certificate");
    let provider = Provider::start_tls(&certificate).await.expect("a port");
    let doorkey = CommandLine::start(Keyring::Unlocked).await?;
    let login = login(&provider);
    let login: Vec<_> = [
        &["--json"],
        &login.iter().map(String::as_str).collect::<Vec<_>>()[..],
    ]
    .concat();
    let refused = doorkey.run(&login).await?;
    assert_eq!(refused.json()?["error"]["code"], "tls_untrusted");
    assert!(provider.server().requests().is_empty());

    let file = doorkey.session().home().join("authority.pem");
    std::fs::write(&file, certificate.authority()).expect("to write");
    let doorkey = doorkey.with("SSL_CERT_FILE", file.display().to_string());
    let mut login_process = doorkey.spawn(&[&login[..], &["--no-browser"]].concat())?;
    let link = login_process
        .line("link", doorkey_tests::process::READY, |line| {
            url::Url::parse(line.strip_prefix("open: ")?).ok()
        })
        .await?;
    provider.agree(&link).send().await;
    assert_eq!(ran(&mut login_process).await?.code, Some(0));
    let called = doorkey.run(&["api", "me", "--profile", "work"]).await?;
    assert_eq!(called.code, Some(0), "{called:?}");
    Ok(())
}
