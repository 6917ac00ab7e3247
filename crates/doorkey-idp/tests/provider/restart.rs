//! Stopping and starting again.

use doorkey_idp::{Client, Config, Running, StartError, start};
use reqwest::StatusCode;

use crate::agent::{
    Agent, app, authorize_url, call, provider, redeem, refresh, request, text, tokens, with,
};

#[tokio::test]
async fn with_a_database_everybody_stays_signed_in() {
    let folder = tempfile::tempdir().unwrap();
    let config = Config {
        database: Some(folder.path().join("idp.sqlite")),
        ..Config::default()
    };
    let (port, first) = start_somewhere(&config).await;
    first
        .register(Client {
            id: "another".to_owned(),
            name: "Another app".to_owned(),
            redirect_uris: vec![crate::agent::REDIRECT_URI.to_owned()],
            post_logout_redirect_uris: Vec::new(),
        })
        .await
        .unwrap();
    let before = tokens(&first).await;
    let agent = Agent::new();
    agent.sign_in(&first, &request()).await;
    let pending = agent
        .open(authorize_url(&first, &with(&[("prompt", "consent")])))
        .await
        .page();
    first.shutdown().await;

    let second = start(Config { port, ..config }).await.unwrap();
    let unexpired = call(&second, "/api/me", text(&before, "access_token")).await;
    assert_eq!(unexpired.status(), StatusCode::OK);
    let (status, after) = refresh(&second, text(&before, "refresh_token")).await;
    assert_eq!(status, StatusCode::OK, "{after}");
    let response = call(&second, "/api/me", text(&after, "access_token")).await;
    assert_eq!(response.status(), StatusCode::OK);

    // The browser is signed in, its consent is known, its open page still works.
    let silent = authorize_url(&second, &with(&[("prompt", "none")]));
    assert!(agent.open(silent).await.home().contains_key("code"));
    let answer = agent.press(&pending, "Allow", &[]).await.home();
    assert_eq!(redeem(&second, &answer["code"]).await.0, StatusCode::OK);
    let another = with(&[("client_id", "another")]);
    let page = agent.open(authorize_url(&second, &another)).await.page();
    assert!(page.text.contains("Another app asks for access"));
    second.shutdown().await;
}

/// Starts on three ports in a row, below those that the system hands out, so
/// that they are still free for the restart.
async fn start_somewhere(config: &Config) -> (u16, Running) {
    for _ in 0..100 {
        let port = 20_000 + u16::try_from(getrandom::u32().unwrap() % 10_000).unwrap();
        match start(Config {
            port,
            ..config.clone()
        })
        .await
        {
            Ok(running) => return (port, running),
            Err(StartError::PortInUse { .. }) => {}
            Err(error) => panic!("{error}"),
        }
    }
    panic!("no three free ports in a row");
}

#[cfg(unix)]
#[tokio::test]
async fn the_database_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("idp.sqlite");
    let config = Config {
        port: 0,
        database: Some(database),
        ..Config::default()
    };
    let running = start(config).await.unwrap();
    let tokens = tokens(&running).await;
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let entry = entry.unwrap();
        let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{:?}", entry.file_name());
        // Refresh tokens are kept as hashes, access tokens not at all.
        let bytes = std::fs::read(entry.path()).unwrap();
        for secret in ["refresh_token", "access_token"] {
            let secret = text(&tokens, secret).as_bytes();
            assert!(!bytes.windows(secret.len()).any(|window| window == secret));
        }
    }
}

#[tokio::test]
async fn dropping_it_stops_listening() {
    let provider = provider().await;
    let issuer = provider.issuer().to_owned();
    assert!(app().get(&issuer).send().await.is_ok());
    drop(provider);
    let stopped = async {
        while app().get(&issuer).send().await.is_ok() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(5), stopped)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_sign_in_does_not_survive_without_a_database() {
    let first = provider().await;
    let before = tokens(&first).await;
    first.shutdown().await;
    let second = provider().await;
    let (status, _) = refresh(&second, text(&before, "refresh_token")).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(redeem(&second, "x").await.0, StatusCode::BAD_REQUEST);
}
