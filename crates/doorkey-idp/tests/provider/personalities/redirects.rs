//! Which redirect URIs are the registered one.

use reqwest::StatusCode;

use super::play::Play;
use crate::agent::Stop;

#[tokio::test]
async fn each_compares_redirect_uris_in_its_own_way() {
    for (id, good, bad) in [
        (
            "passport",
            vec![
                "http://127.0.0.1:9/callback/passport",
                "http://[::1]:10/callback/passport",
                "http://localhost:8714/callback/passport",
            ],
            vec![
                "http://localhost:9/callback/passport",
                "http://127.0.0.1:9/callback",
            ],
        ),
        (
            "flyte",
            vec!["http://localhost:53593/callback"],
            vec![
                "http://localhost:53594/callback",
                "http://127.0.0.1:53593/callback",
            ],
        ),
        (
            "entra",
            vec!["http://localhost:9/callback", "http://localhost/callback"],
            vec!["http://127.0.0.1:9/callback", "http://localhost:9/Callback"],
        ),
        (
            "adfs",
            vec!["http://127.0.0.1:8715/callback"],
            vec![
                "http://127.0.0.1:8717/callback",
                "http://127.0.0.1/callback",
            ],
        ),
        (
            "auth0",
            vec!["http://127.0.0.1:8714/callback"],
            vec!["http://127.0.0.1:9/callback"],
        ),
        (
            "okta",
            vec!["http://127.0.0.1:8716/callback"],
            vec!["http://127.0.0.1:9/callback"],
        ),
        (
            "keycloak",
            vec!["http://127.0.0.1:9/callback", "http://localhost:9/callback"],
            vec!["http://[::1]:9/callback"],
        ),
        (
            "google",
            vec![
                "http://127.0.0.1:9/callback",
                "http://127.0.0.1:10/callback/x",
            ],
            vec!["http://127.0.0.1.evil.example/callback"],
        ),
        (
            "github",
            vec!["http://127.0.0.1:9/callback/github"],
            vec!["http://127.0.0.1:9/callback/github/"],
        ),
    ] {
        let play = Play::named(id).await;
        // Something else that is wrong is told to the app, at its address.
        for uri in good {
            let request = play.request_with(&[("redirect_uri", uri), ("response_type", "token")]);
            let answer = play.open(&request).await.home();
            assert_eq!(answer["error"], "unsupported_response_type", "{id} {uri}");
        }
        for uri in bad {
            let request = play.request_with(&[("redirect_uri", uri), ("response_type", "token")]);
            let Stop::Page(page) = play.open(&request).await else {
                panic!("{id} answered to {uri}");
            };
            assert_eq!(page.status, StatusCode::BAD_REQUEST, "{id} {uri}");
            let words = play.personality.redirects.mismatch;
            assert!(page.text.contains(words), "{id} {uri}: {}", page.text);
        }
    }
}

#[tokio::test]
async fn the_page_about_another_address_says_what_the_provider_calls_it() {
    for (id, words) in [
        ("passport", "invalid_client"),
        ("okta", "invalid_redirect_uri"),
    ] {
        let play = Play::named(id).await;
        let request = play.request_with(&[("redirect_uri", "http://127.0.0.1:9/callback/other")]);
        let page = play.open(&request).await.page();
        assert!(page.text.contains(words), "{id}: {}", page.text);
    }
}
