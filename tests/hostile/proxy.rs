//! E30: a real proxy that wants a password, between the real command and a server that only the proxy can reach.

use std::fs;

use doorkey_double::{Certificate, Endpoint, Flaw, Provider, REMOTE, Relay};
use doorkey_tests::{
    Result,
    command_line::{CommandLine, Ran, ran},
    keychain::{Item, Keyring},
    process::READY,
    proxy::{PASSWORD, Proxy},
};
use serde_json::Value;

/// A provider by a name that nobody here resolves, the proxies on the way to it, and a person.
struct Scene {
    provider: Provider,
    relay: Relay,
    proxy: Proxy,
    doorkey: CommandLine,
}

impl Scene {
    async fn new() -> Result<Self> {
        let certificate = Certificate::with(Flaw::None).expect("a certificate");
        let provider = Provider::start_remote(&certificate).await.expect("a port");
        let relay = Relay::start().await.expect("a port");
        let proxy = Proxy::start(relay.address()).await?;
        let doorkey = CommandLine::start(Keyring::Unlocked).await?;
        let file = doorkey.session().home().join("authority.pem");
        fs::write(&file, certificate.authority()).expect("to write");
        let lines = format!("ca_file = {:?}", file.display().to_string());
        let profiles = doorkey.session().config_dir().join("profiles");
        fs::create_dir_all(&profiles).expect("a folder");
        fs::write(profiles.join("work.toml"), provider.profile(&lines)).expect("to write");
        Ok(Self {
            provider,
            relay,
            proxy,
            doorkey,
        })
    }

    /// The same, with the proxy in the environment.
    fn by(self, proxy: &str) -> Self {
        let doorkey = self
            .doorkey
            .with("HTTPS_PROXY", proxy)
            .with("HTTP_PROXY", proxy)
            .with("RUST_LOG", "trace");
        Self { doorkey, ..self }
    }

    async fn login(&self) -> Result<Ran> {
        let words = ["login", "--profile", "work", "--no-browser", "-v"];
        let mut process = self.doorkey.spawn(&words)?;
        let link = process.line("link", READY, |line| {
            url::Url::parse(line.strip_prefix("open: ")?).ok()
        });
        let link = link.await?;
        assert_eq!(link.host_str(), Some(REMOTE));
        self.provider.agree(&link).send().await;
        ran(&mut process).await
    }

    async fn run(&self, words: &[&str]) -> Result<Ran> {
        let words = [words, &["--profile", "work", "-v"]].concat();
        self.doorkey.run(&words).await
    }

    /// The code and the text of the error that a command ends with.
    async fn fails(&self, words: &[&str]) -> Result<(Ran, String, String)> {
        let failed = self.run(&[words, &["--json"]].concat()).await?;
        let error: Value = failed.json()?["error"].clone();
        let text = format!("{} {}", error["message"], error["hint"]);
        Ok((
            failed,
            error["code"].as_str().unwrap_or_default().to_owned(),
            text,
        ))
    }

    fn count(&self, endpoint: Endpoint) -> usize {
        self.provider.asked(endpoint).len()
    }
}

/// Nothing that a command said holds a token, or the password in any spelling.
fn is_clean(ran: &Ran) {
    let basic = "YWRhOmNhbmFyeS1wcm94eS1wYXNzd29yZA";
    for secret in [
        PASSWORD,
        basic,
        "canary-access",
        "canary-refresh",
        "canary-code",
    ] {
        let told = ran.stdout.contains(secret) || ran.stderr.contains(secret);
        assert!(!told, "{secret} in {ran:?}");
    }
}

/// The way to everybody goes through a proxy that wants a password, and that keeps what it can see.
#[tokio::test]
async fn e30_a_proxy_with_a_password_carries_everything_and_learns_nothing() -> Result<()> {
    let scene = Scene::new().await?;
    let url = scene.proxy.url(PASSWORD);
    let scene = scene.by(&url);
    let commands: [(&[&str], &str); 3] = [
        (&["api", "me"], "ada"),
        (&["doctor"], "is asked through the proxy http://127.0.0.1"),
        (&["logout"], "revoked"),
    ];
    let login = scene.login().await?;
    assert_eq!(login.code, Some(0), "{login:?}");
    is_clean(&login);
    for (words, said) in commands {
        let ran = scene.run(words).await?;
        assert_eq!(ran.code, Some(0), "{ran:?}");
        assert!(ran.stdout.contains(said), "{ran:?}");
        is_clean(&ran);
    }
    for endpoint in [Endpoint::Token, Endpoint::Api, Endpoint::Revocation] {
        assert_eq!(scene.count(endpoint), 1, "{endpoint:?}");
    }

    // Each connection came by a tunnel to the provider. What the proxies had in hand was encrypted.
    let port = scene.provider.server().address().port();
    let tunnel = format!("CONNECT {REMOTE}:{port} HTTP/1.");
    let tunnels = scene.relay.asked();
    assert!(
        tunnels.iter().all(|asked| asked.starts_with(&tunnel)),
        "{tunnels:?}"
    );
    assert_eq!(tunnels.len(), scene.provider.server().connections());
    assert_eq!(scene.proxy.requests().len(), tunnels.len());
    assert!(
        scene
            .proxy
            .requests()
            .iter()
            .all(|asked| asked.starts_with(&tunnel))
    );
    for secret in [
        "canary-access",
        "canary-refresh",
        "canary-code",
        "code_verifier",
        "Bearer",
    ] {
        assert!(!scene.relay.saw(secret), "{secret}");
        assert!(!scene.proxy.log().contains(secret), "{secret}");
    }
    // The password is the first proxy's, and nobody's beyond it.
    let requests = scene.provider.server().requests();
    assert!(
        requests
            .iter()
            .all(|request| request.header("proxy-authorization").is_none())
    );
    assert!(!scene.relay.saw(PASSWORD) && !scene.relay.saw("YWRhOmNhbmFyeS1wcm94eS1wYXNzd29yZA"));
    Ok(())
}

/// The proxy refuses, with 401 to a wrong password and with 407 to none: neither is the provider's word, nor the API's.
#[tokio::test]
async fn e30_a_proxy_that_refuses_is_neither_the_provider_nor_the_api() -> Result<()> {
    let scene = Scene::new().await?;
    let (right, wrong) = (
        scene.proxy.url(PASSWORD),
        scene.proxy.url("canary-mistyped"),
    );
    let none = format!("http://{}", scene.proxy.address());
    let mut scene = scene.by(&right);
    scene.provider.set_lifetime(1);
    assert_eq!(scene.login().await?.code, Some(0));
    let stored = session(&scene).await?;
    scene.provider.server().forget();
    let asked = scene.relay.asked().len();

    for proxy in [wrong, none] {
        scene = scene.by(&proxy);
        // A call, a refresh, and a sign-in.
        for words in [
            &["api", "me"][..],
            &["token", "--min-ttl", "3600"],
            &["login", "--no-browser"],
        ] {
            let (ran, code, text) = scene.fails(words).await?;
            assert_eq!((code.as_str(), ran.code), ("offline", Some(6)), "{ran:?}");
            assert!(text.contains("proxy"), "{text}");
            assert!(text.contains(&scene.proxy.address().to_string()), "{text}");
            assert!(text.contains("NAME:PASSWORD@"), "{text}");
            is_clean(&ran);
            assert!(!format!("{ran:?}").contains("canary-mistyped"), "{ran:?}");
        }
        let doctor = scene.run(&["doctor"]).await?;
        assert_ne!(doctor.code, Some(0), "{doctor:?}");
        assert!(doctor.stdout.contains("NAME:PASSWORD@"), "{doctor:?}");
        assert!(
            !format!("{doctor:?}").contains("canary-mistyped"),
            "{doctor:?}"
        );
    }
    // Nobody heard of it, and the person is still signed in.
    assert_eq!(scene.provider.server().requests().len(), 0);
    assert_eq!(scene.relay.asked().len(), asked);
    assert_eq!(session(&scene).await?, stored);
    assert_eq!(scene.by(&right).run(&["api", "me"]).await?.code, Some(0));
    Ok(())
}

/// `NO_PROXY` names the provider, or the provider is on this computer: the proxy hears of neither.
#[tokio::test]
async fn e30_what_needs_no_proxy_is_asked_without_one() -> Result<()> {
    let scene = Scene::new().await?;
    let url = scene.proxy.url(PASSWORD);
    let scene = scene.by(&url);
    // Nobody here resolves the name, so that the direct way leads nowhere.
    let doorkey = scene.doorkey.with("NO_PROXY", ".example");
    let direct = Scene { doorkey, ..scene };
    let (ran, code, text) = direct.fails(&["login", "--no-browser"]).await?;
    assert_eq!(code, "offline", "{ran:?}");
    assert!(
        !text.contains(&direct.proxy.address().to_string()),
        "{text}"
    );
    assert_eq!(direct.proxy.requests(), Vec::<String>::new());

    let local = Provider::start().await.expect("a port");
    let profiles = direct.doorkey.session().config_dir().join("profiles");
    fs::write(profiles.join("work.toml"), local.profile("")).expect("to write");
    let doorkey = direct.doorkey.with("ALL_PROXY", url).with("NO_PROXY", "");
    let local_scene = Scene { doorkey, ..direct };
    let words = ["login", "--profile", "work", "--json"];
    let login = local_scene.doorkey.run(&words).await?;
    assert_eq!(login.code, Some(0), "{login:?}");
    assert_eq!(local_scene.proxy.requests(), Vec::<String>::new());
    assert_eq!(local.asked(Endpoint::Token).len(), 1);
    Ok(())
}

/// What the keychain holds, in the order of its labels.
async fn session(scene: &Scene) -> Result<Vec<Item>> {
    let mut items = scene.doorkey.session().items().await?;
    items.sort_by(|one, other| one.attributes.cmp(&other.attributes));
    Ok(items)
}
