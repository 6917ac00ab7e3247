//! E: the protected API, and whatever answers in its place.

use doorkey_core::{ApiRequest, ApiResponse, Code, Session};
use doorkey_double::{Answer, Encoding, Endpoint, Gate, Recorder};
use tokio::task::JoinSet;

use crate::scene::{Counter, Scene};

async fn call(session: &Session, target: &str) -> ApiResponse {
    let answer = session.call(ApiRequest::get(target)).await;
    answer.expect("an answer")
}

#[tokio::test]
async fn e04_what_is_data_cannot_cut_an_address() {
    let scene = Scene::new().await;
    let session = scene.session().await;
    for (target, path, query) in [
        ("a%3Fb%23c", "/api/a%3Fb%23c", ""),
        ("me?x=1&x=2", "/api/me", "x=1&x=2"),
        ("me?q=a%23b", "/api/me", "q=a%23b"),
    ] {
        call(&session, target).await;
        let asked = scene.provider.asked(Endpoint::Api);
        let last = asked.last().expect("a request");
        assert_eq!((last.path.as_str(), last.query.as_str()), (path, query));
    }
}

#[tokio::test]
async fn e08_e10_e12_no_redirect_is_followed_with_a_token_or_a_body() {
    for status in [301, 302, 303, 307, 308] {
        let scene = Scene::new().await;
        let session = scene.session().await;
        let recorder = Recorder::start().await.expect("a port");
        let itself = format!("{}/api/me", scene.provider.issuer());
        for target in [recorder.origin().to_owned(), itself] {
            scene.provider.straighten(Endpoint::Api);
            let location = target.clone();
            scene.provider.bend(Endpoint::Api, move |_, _| {
                Answer::redirect(status, &location)
            });
            let asked = scene.count(Endpoint::Api);
            let request = ApiRequest::new("POST", "me").body("a body");
            let answer = session.call(request).await.expect("an answer");
            assert_eq!(answer.status, status);
            assert_eq!(scene.count(Endpoint::Api), asked + 1, "{target}");
        }
        assert!(recorder.is_silent());
    }
}

#[tokio::test]
async fn e14_many_refused_calls_of_one_generation_renew_once() {
    let scene = Scene::new().await;
    let session = scene.session().await;
    // An old token is refused by the double; make the one in hand old.
    session.refresh().await.expect("to refresh");
    let first = scene.count(Endpoint::Token);
    // All of them have asked with the old token before the first one is refused.
    let (refused, all) = (Counter::default(), Gate::new());
    let held = all.clone();
    scene.provider.bend(Endpoint::Api, move |_, answer| {
        if refused.next() <= 50 {
            return Answer::challenge(401, "Bearer error=\"invalid_token\"").held(&held);
        }
        answer
    });
    let mut calls = JoinSet::new();
    for _ in 0..50 {
        let session = session.clone();
        calls.spawn(async move { call(&session, "me").await.status });
    }
    all.reached_times(50).await;
    all.open();
    for status in calls.join_all().await {
        assert_eq!(status, 200);
    }
    assert_eq!(scene.count(Endpoint::Token), first + 1);
    assert_eq!(scene.count(Endpoint::Api), 100);
}

#[tokio::test]
async fn e16_what_may_have_been_done_is_not_done_again() {
    for answer in [Answer::lost(), Answer::status(500), Answer::status(503)] {
        let scene = Scene::new().await;
        let session = scene.session().await;
        scene
            .provider
            .replace(Endpoint::Api, move |_| answer.clone());
        let request = ApiRequest::new("POST", "orders").body("{}");
        // Lost or refused: either way it was asked once.
        let _ = session.call(request).await;
        assert_eq!(scene.count(Endpoint::Api), 1);
    }
    // A refused token was not looked at further, so that one is asked once more, whole.
    let scene = Scene::new().await;
    let session = scene.session().await;
    scene
        .provider
        .bend_once(Endpoint::Api, |_, _| Answer::status(401));
    let request = ApiRequest::new("POST", "orders").body("{\"a\":1}");
    let answer = session.call(request).await.expect("an answer");
    assert_eq!(answer.status, 200);
    let asked = scene.provider.asked(Endpoint::Api);
    assert_eq!(asked.len(), 2);
    assert!(asked.iter().all(|request| request.body == b"{\"a\":1}"));
}

#[tokio::test]
async fn e18_e19_a_missing_right_is_told_and_not_renewed() {
    for (status, challenge) in [
        (403, "Bearer error=\"insufficient_scope\", scope=\"a b\""),
        (
            401,
            "Bearer error=\"insufficient_user_authentication\", acr_values=\"gold\", max_age=\"5\"",
        ),
    ] {
        let scene = Scene::new().await;
        let session = scene.session().await;
        scene.provider.bend(Endpoint::Api, move |_, _| {
            Answer::challenge(status, challenge)
        });
        let answer = call(&session, "me").await;
        assert_eq!(answer.status, status);
        assert!(answer.challenge.is_some());
        assert_eq!(scene.count(Endpoint::Token), 1);
        assert_eq!(scene.count(Endpoint::Api), 1);
    }
}

#[tokio::test]
async fn e22_an_answer_without_an_end_is_cut_off() {
    let scene = Scene::new().await;
    let session = scene.session().await;
    scene.provider.bend(Endpoint::Api, |_, _| {
        Answer::bytes("application/octet-stream", vec![0; 1024 * 1024]).endless()
    });
    let error = session.call(ApiRequest::get("me")).await;
    assert_eq!(error.expect_err("too large").code(), Code::ResponseTooLarge);
}

#[tokio::test]
async fn e22_b14_a_packed_answer_is_handed_on_as_it_came() {
    for encoding in Encoding::ALL {
        let scene = Scene::new().await;
        let session = scene.session().await;
        scene.provider.bend(Endpoint::Api, move |_, answer| {
            answer.padded(4 * 1024 * 1024).encoded(encoding)
        });
        let answer = call(&session, "me").await;
        assert_eq!(answer.status, 200);
        assert!(answer.body.len() < 64 * 1024, "{encoding:?} was unpacked");
        let asked = scene.provider.asked(Endpoint::Api);
        assert_eq!(asked[0].header("accept-encoding"), None, "{encoding:?}");
    }
}

#[tokio::test]
async fn e24_e36_bytes_come_as_they_are_and_cookies_stay_outside() {
    let every: Vec<u8> = (0..=255).collect();
    let scene = Scene::new().await;
    let session = scene.session().await;
    let bytes = every.clone();
    scene.provider.bend(Endpoint::Api, move |_, _| {
        Answer::bytes("application/octet-stream", bytes.clone())
            .header("Set-Cookie", "session=canary; Path=/")
    });
    for _ in 0..2 {
        let answer = call(&session, "me").await;
        assert_eq!(answer.body, every);
        let is_cookie = |(name, _): &&(String, String)| name.eq_ignore_ascii_case("set-cookie");
        assert_eq!(answer.headers.iter().find(is_cookie), None);
    }
    let asked = scene.provider.asked(Endpoint::Api);
    assert!(
        asked
            .iter()
            .all(|request| request.header("cookie").is_none())
    );

    scene.provider.straighten(Endpoint::Api);
    scene.provider.bend(Endpoint::Api, |request, answer| {
        match request.method.as_str() {
            "HEAD" => Answer::status(200).header("Content-Length", "4000"),
            "DELETE" => Answer::status(204),
            _ => answer.with_body([]),
        }
    });
    for (method, status) in [("HEAD", 200), ("DELETE", 204), ("GET", 200)] {
        let answer = session.call(ApiRequest::new(method, "me")).await;
        let answer = answer.expect("an answer");
        assert_eq!((answer.status, answer.body.len()), (status, 0), "{method}");
    }
}

#[tokio::test]
async fn e30_e34_a_gateway_that_refuses_everything_costs_one_refresh() {
    let scene = Scene::new().await;
    let session = scene.session().await;
    scene.provider.replace(Endpoint::Api, |_| {
        Answer::bytes("text/html", "<title>Proxy</title>").with_status(401)
    });
    assert_eq!(call(&session, "me").await.status, 401);
    assert_eq!(scene.count(Endpoint::Token), 2);
    // Not the API's word, and not for want of a token.
    for status in [407, 403] {
        scene.provider.replace(Endpoint::Api, move |_| {
            Answer::bytes("text/html", "<title>Proxy</title>").with_status(status)
        });
        assert_eq!(call(&session, "me").await.status, status);
    }
    assert_eq!(scene.count(Endpoint::Token), 2);
    assert!(!session.info().ended);
}

#[tokio::test]
async fn e37_a_token_that_is_echoed_does_not_come_through() {
    let scene = Scene::new().await;
    let session = scene.session().await;
    scene
        .provider
        .bend(Endpoint::Api, |request, _| Answer::echo(request));
    let answer = call(&session, "me").await;
    assert!(answer.text().contains("Bearer "));
    let headers = format!("{:?}", answer.headers);
    for text in [answer.text().as_ref(), headers.as_str()] {
        assert!(!text.contains("canary-access"), "{text}");
    }
}

#[tokio::test]
async fn e40_a_token_of_one_profile_never_goes_to_the_api_of_another() {
    let (one, other) = tokio::join!(Scene::new(), Scene::new());
    let session = one.session().await;
    let target = format!("{}/api/me", other.provider.issuer());
    let error = session.call(ApiRequest::get(target)).await;
    assert_eq!(error.expect_err("refused").code(), Code::OriginNotAllowed);
    assert_eq!(other.provider.server().connections(), 0);
}

#[tokio::test]
async fn e26_a_call_that_stalls_can_be_given_up_wherever_it_stands() {
    let before = |answer: Answer, gate: &Gate| answer.held(gate);
    let within = |answer: Answer, gate: &Gate| answer.held_within(5, gate);
    for (name, stall) in [
        (
            "before the first byte",
            before as fn(Answer, &Gate) -> Answer,
        ),
        ("within the body", within),
    ] {
        let scene = Scene::new().await;
        let session = scene.session().await;
        let gate = Gate::new();
        let held = gate.clone();
        scene
            .provider
            .bend(Endpoint::Api, move |_, answer| stall(answer, &held));
        // The person gives up first: nothing of the call goes on, and the session does.
        let stalled = session.call(ApiRequest::get("me"));
        tokio::select! {
            _ = stalled => panic!("{name}: nobody answers"),
            () = gate.reached() => {}
        }
        scene.provider.straighten(Endpoint::Api);
        assert_eq!(call(&session, "me").await.status, 200, "{name}");
        assert_eq!(scene.count(Endpoint::Token), 1, "{name}");
    }
}

#[tokio::test]
async fn e27_e28_a_call_that_nobody_waits_for_any_more_does_not_break_the_refresh_of_others() {
    let scene = Scene::new().await;
    let session = scene.session().await;
    scene.provider.bend_once(Endpoint::Api, |_, _| {
        Answer::challenge(401, "Bearer error=\"invalid_token\"")
    });
    let renewing = Gate::new();
    let held = renewing.clone();
    scene
        .provider
        .bend_once(Endpoint::Token, move |_, answer| answer.held(&held));
    // The window that asked is closed while the token is being renewed for it.
    tokio::select! {
        _ = session.call(ApiRequest::get("me")) => panic!("it is still being renewed"),
        () = renewing.reached() => {}
    }
    renewing.open();
    assert_eq!(call(&session, "me").await.status, 200);
    assert_eq!(scene.count(Endpoint::Token), 2, "one refresh");
}
