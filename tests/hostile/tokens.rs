//! C: token responses, as whole sign-ins see them. ID tokens one by one are tested beside their verification.

use doorkey_core::Code;
use doorkey_double::{Answer, Endpoint, Recorder};
use serde_json::json;

use crate::scene::Scene;

#[tokio::test]
async fn c02_credentials_are_not_sent_on_to_where_a_token_endpoint_points() {
    for status in [301, 302, 303, 307, 308] {
        let scene = Scene::new().await;
        let recorder = Recorder::start().await.expect("a port");
        let target = recorder.origin().to_owned();
        scene.provider.bend(Endpoint::Token, move |_, _| {
            Answer::redirect(status, &target)
        });
        assert_eq!(scene.fails().await, Code::TokenEndpointRedirect, "{status}");
        assert!(recorder.is_silent());
        assert_eq!(scene.count(Endpoint::Token), 1);
    }
}

#[tokio::test]
async fn c04_c06_c08_only_a_json_object_of_the_right_type_is_a_token_response() {
    for (media_type, accepted) in [
        ("Application/JSON;charset=UTF-8", true),
        ("application/json", true),
        ("application/jsonp", false),
        ("application/json-seq", false),
        ("text/json", false),
        ("application/x-www-form-urlencoded", false),
    ] {
        let scene = Scene::new().await;
        scene.provider.bend(Endpoint::Token, move |_, answer| {
            answer.header("Content-Type", media_type)
        });
        let (_, result) = scene.pending().await.arrives().await;
        assert_eq!(result.is_ok(), accepted, "{media_type}: {result:?}");
    }
    for body in [
        "[]",
        "null",
        "\"abc\"",
        "42",
        "",
        "access_token=a&token_type=Bearer",
    ] {
        let scene = Scene::new().await;
        scene
            .provider
            .bend(Endpoint::Token, move |_, answer| answer.with_body(body));
        assert_eq!(scene.fails().await, Code::TokenResponseInvalid, "{body}");
    }
}

#[tokio::test]
async fn c07_a_code_whose_answer_was_lost_is_not_sent_again() {
    for lost in [
        Answer::lost(),
        Answer::json(&json!({ "access_token": "a" })).cut_after(5),
    ] {
        let scene = Scene::new().await;
        scene
            .provider
            .bend(Endpoint::Token, move |_, _| lost.clone());
        assert_eq!(scene.fails().await, Code::NetworkLost);
        assert_eq!(scene.count(Endpoint::Token), 1);
        // Whoever starts again starts from nothing.
        scene.provider.straighten(Endpoint::Token);
        scene.session().await;
        let [first, second] = &scene.provider.asked(Endpoint::Token)[..] else {
            panic!("two requests");
        };
        for name in ["code", "code_verifier"] {
            assert_ne!(first.field(name), second.field(name));
        }
    }
}

#[tokio::test]
async fn c22_c24_c60_a_refusal_ends_the_attempt_whatever_its_status() {
    for (status, error, code) in [
        (400, "invalid_grant", Code::InvalidGrant),
        (200, "invalid_grant", Code::InvalidGrant),
        (200, "bad_verification_code", Code::TokenRequestRefused),
        (401, "invalid_client", Code::TokenRequestRefused),
        (400, "invalid_target", Code::TokenRequestRefused),
    ] {
        let scene = Scene::new().await;
        scene.provider.bend(Endpoint::Token, move |_, _| {
            Answer::error(error).with_status(status)
        });
        assert_eq!(scene.fails().await, code, "{status} {error}");
        assert_eq!(scene.count(Endpoint::Token), 1);
    }
}

#[tokio::test]
async fn c26_a_code_is_sent_again_only_when_the_server_itself_says_later() {
    for (status, again) in [
        (503, true),
        (429, true),
        (500, false),
        (502, false),
        (504, false),
    ] {
        let scene = Scene::new().await;
        let pending = scene.pending().await;
        // The second time it answers as it should.
        scene
            .provider
            .replace_once(Endpoint::Token, move |_| Answer::status(status));
        let (_, result) = pending.arrives().await;
        assert_eq!(result.is_ok(), again, "{status}: {result:?}");
        assert_eq!(scene.count(Endpoint::Token), if again { 2 } else { 1 });
    }
}

#[tokio::test]
async fn c28_without_the_id_token_that_was_asked_for_nobody_is_signed_in() {
    let scene = Scene::new().await;
    scene.provider.bend(Endpoint::Token, |_, answer| {
        answer.with_members(|members| {
            members.remove("id_token");
        })
    });
    assert_eq!(scene.fails().await, Code::IdTokenMissing);
    assert_eq!(scene.count(Endpoint::Userinfo), 0);
}

#[tokio::test]
async fn c30_c33_c37_c38_c41_c43_an_id_token_that_is_not_right_signs_nobody_in() {
    type Change = fn(&mut serde_json::Map<String, serde_json::Value>);
    let claims: [(&str, Change); 6] = [
        ("aud", |claims| {
            drop(claims.insert("aud".into(), "another".into()))
        }),
        ("no aud", |claims| drop(claims.remove("aud"))),
        ("nonce", |claims| {
            drop(claims.insert("nonce".into(), "another".into()))
        }),
        ("no nonce", |claims| drop(claims.remove("nonce"))),
        ("exp", |claims| drop(claims.insert("exp".into(), 1.into()))),
        ("no sub", |claims| drop(claims.remove("sub"))),
    ];
    for (what, change) in claims {
        let scene = Scene::new().await;
        scene.provider.claims(change);
        assert_eq!(scene.fails().await, Code::IdTokenInvalid, "{what}");
        assert_eq!(scene.count(Endpoint::Userinfo), 0, "{what}");
    }
    let headers: [(&str, Change); 2] = [
        ("none", |header| {
            drop(header.insert("alg".into(), "none".into()))
        }),
        ("HS256", |header| {
            drop(header.insert("alg".into(), "HS256".into()))
        }),
    ];
    for (what, change) in headers {
        let scene = Scene::new().await;
        scene.provider.header(change);
        assert_eq!(scene.fails().await, Code::IdTokenInvalid, "{what}");
    }
    let issuers: [Change; 2] = [
        |claims| drop(claims.insert("iss".into(), "https://evil.example".into())),
        |claims| drop(claims.remove("iss")),
    ];
    for change in issuers {
        let scene = Scene::new().await;
        scene.provider.claims(change);
        assert_eq!(scene.fails().await, Code::IssuerMismatch);
    }

    let scene = Scene::new().await;
    scene.provider.sign_with_unpublished_key();
    assert_eq!(scene.fails().await, Code::IdTokenInvalid);
}

#[tokio::test]
async fn c30_c33_c36_an_id_token_that_was_changed_on_its_way_signs_nobody_in() {
    type Change = fn(String) -> String;
    let changes: [(&str, Change); 8] = [
        ("no signature", |token| parts(&token)[..2].join(".") + "."),
        ("two parts", |token| parts(&token)[..2].join(".")),
        ("four parts", |token| token + ".e30"),
        ("five parts", |token| token + ".e30.e30"),
        ("padding", |token| token + "=="),
        ("a space", |token| token + " "),
        ("another signature", |token| {
            let turned: String = parts(&token)[2].chars().rev().collect();
            parts(&token)[..2].join(".") + "." + &turned
        }),
        ("nothing", |_| String::new()),
    ];
    for (what, change) in changes {
        let scene = Scene::new().await;
        scene.provider.id_token(change);
        let code = scene.fails().await;
        assert!(
            matches!(code, Code::IdTokenInvalid | Code::IdTokenMissing),
            "{what}: {code:?}"
        );
        assert_eq!(scene.count(Endpoint::Userinfo), 0, "{what}");
    }
    // The signature of an earlier token, which was good.
    let scene = Scene::new().await;
    let mut earlier = None;
    scene.provider.id_token(move |token| {
        let signature = parts(earlier.get_or_insert_with(|| token.clone()))[2].to_owned();
        parts(&token)[..2].join(".") + "." + &signature
    });
    scene.session().await.sign_out(None).await;
    assert_eq!(scene.fails().await, Code::IdTokenInvalid);
    // `none`, as whoever means it writes it.
    let scene = Scene::new().await;
    scene
        .provider
        .header(|header| drop(header.insert("alg".into(), "none".into())));
    scene
        .provider
        .id_token(|token| parts(&token)[..2].join(".") + ".");
    assert_eq!(scene.fails().await, Code::IdTokenInvalid);
}

fn parts(token: &str) -> Vec<&str> {
    token.split('.').collect()
}

#[tokio::test]
async fn c51_c52_userinfo_can_add_and_nothing_else() {
    for (answer, mail) in [
        (
            Answer::json(&json!({ "sub": "mallory", "email": "m@evil.example" })),
            "ada@example.com",
        ),
        (Answer::status(500), "ada@example.com"),
        (Answer::status(401), "ada@example.com"),
        (
            Answer::bytes("text/html", "<title>Sign in</title>"),
            "ada@example.com",
        ),
        (Answer::lost(), "ada@example.com"),
    ] {
        let scene = Scene::new().await;
        scene.provider.claims(|claims| drop(claims.remove("name")));
        scene
            .provider
            .replace(Endpoint::Userinfo, move |_| answer.clone());
        let session = scene.session().await;
        assert_eq!(session.info().account.email(), Some(mail));
        let asked = scene.provider.asked(Endpoint::Userinfo);
        assert!(asked.iter().all(|request| request.query.is_empty()));
    }
}
