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

/// The enterprise's authority is in the system's store, put there by the system's own tool, and nothing names it to Doorkey. The
/// store is a copy that only this process sees.
#[tokio::test]
#[expect(clippy::print_stderr, reason = "it says why it is skipped")]
async fn b30_an_authority_in_the_systems_store_is_trusted() -> Result<()> {
    if let Err(reason) = own_store_is_possible() {
        eprintln!("skipped: a store of its own for one process {reason}");
        return Ok(());
    }
    let certificate = Certificate::with(Flaw::None).expect("a certificate");
    let provider = Provider::start_tls(&certificate).await.expect("a port");
    let doorkey = CommandLine::start(Keyring::Unlocked).await?;
    let home = doorkey.session().home().to_owned();
    std::fs::create_dir(home.join("local")).expect("a folder");
    std::fs::write(home.join("local/work.crt"), certificate.authority()).expect("to write");
    let install = format!(
        "set -e; cp -a /etc/ssl/certs {home}/store; mkdir {home}/hooks; \
         mount --bind {home}/store /etc/ssl/certs; mount --bind {home}/local /usr/local/share/ca-certificates; \
         update-ca-certificates --hooksdir {home}/hooks >/dev/null; \
         exec \"$@\"",
        home = home.display()
    );
    let mut words = vec!["unshare".to_owned(), "--mount".to_owned()];
    words.extend(["sh", "-c", &install, "sh"].map(str::to_owned));
    words.push(doorkey_tests::program::doorkey()?.display().to_string());
    words.extend(login(&provider));
    words.push("--no-browser".to_owned());
    let mut command = std::process::Command::new(&words[0]);
    command
        .args(&words[1..])
        .envs(doorkey.session().environment())
        .env_remove("SSL_CERT_FILE")
        .env_remove("SSL_CERT_DIR");
    let mut process = doorkey_tests::process::Running::start("doorkey login", command)?;
    let link = process.line("link", doorkey_tests::process::READY, |line| {
        url::Url::parse(line.strip_prefix("open: ")?).ok()
    });
    provider.agree(&link.await?).send().await;
    let ended = ran(&mut process).await?;
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_eq!(provider.asked(Endpoint::Token).len(), 1);

    // Everybody else's store is as it was.
    let called = doorkey.run(&["api", "me", "--profile", "work", "--json"]);
    assert_eq!(called.await?.json()?["error"]["code"], "tls_untrusted");
    assert_eq!(provider.asked(Endpoint::Api).len(), 0);
    Ok(())
}

/// Whether this system lets a test give one process another view of its files. Only root may, and not in every container.
fn own_store_is_possible() -> std::result::Result<(), &'static str> {
    let succeeds = |words: &[&str]| {
        let command = std::process::Command::new(words[0])
            .args(&words[1..])
            .output();
        command.is_ok_and(|output| output.status.success())
    };
    let bind = "mount --bind /usr/local/share/ca-certificates /usr/local/share/ca-certificates";
    if !succeeds(&["sh", "-c", "command -v update-ca-certificates"]) {
        return Err("takes Debian's update-ca-certificates, which is not here");
    }
    match succeeds(&["unshare", "--mount", "sh", "-c", bind]) {
        true => Ok(()),
        false => Err("takes the right to mount, which this test does not have"),
    }
}
