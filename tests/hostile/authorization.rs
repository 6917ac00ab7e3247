//! A: answers that come home, at the level of whole sign-ins. What single requests to the port may do is tested beside the
//! receiver.

use doorkey_core::Code;
use doorkey_double::Endpoint;

use crate::scene::Scene;

#[tokio::test]
async fn a10_the_state_of_an_attempt_that_is_over_ends_no_other() {
    let scene = Scene::new().await;
    // Finished, cancelled and refused.
    let finished = scene.pending().await;
    let mut over = vec![finished.callback.clone()];
    finished.arrives().await.1.expect("a session");
    let cancelled = scene.pending().await;
    cancelled.finished.abort();
    over.push(cancelled.callback);
    let refused = scene.pending().await;
    let denial = refused.callback.clone().without("code");
    denial.with("error", "access_denied").send().await;
    over.push(refused.callback);

    let ours = scene.pending().await;
    let asked = scene.count(Endpoint::Token);
    for old in over {
        let replayed = ours
            .callback
            .clone()
            .instead("code", old.value("code"))
            .instead("state", old.value("state"));
        assert_eq!(replayed.send().await.status, 400);
    }
    assert_eq!(scene.count(Endpoint::Token), asked);
    ours.arrives().await.1.expect("a session");
}

#[tokio::test]
async fn a23_an_answer_bounced_from_an_honest_provider_goes_to_nobody() {
    // The person meant to sign in at one provider, which sends them on to another with its own state.
    let (attacker, honest) = tokio::join!(Scene::new(), Scene::new());
    let waiting = attacker.pending().await;
    let bounced = honest.provider.agree(
        attacker
            .doorkey()
            .begin(&attacker.profile)
            .await
            .expect("to begin")
            .authorization_url(),
    );
    let callback = waiting
        .callback
        .clone()
        .instead("code", bounced.value("code"))
        .instead("iss", honest.provider.issuer());
    let page = callback.send().await;
    assert_eq!(page.status, 400, "{page:?}");
    let error = waiting
        .finished
        .await
        .expect("an end")
        .expect_err("no session");
    assert_eq!(error.code(), Code::IssuerMismatch);
    for scene in [&attacker, &honest] {
        assert_eq!(scene.count(Endpoint::Token), 0);
        assert!(scene.store.names().is_empty());
    }
}

#[tokio::test]
async fn a24_another_persons_code_is_refused_by_pkce_and_without_that_by_the_nonce() {
    for ignores_pkce in [false, true] {
        let scene = Scene::new().await;
        if ignores_pkce {
            scene.provider.ignore_pkce();
        }
        let theirs = scene.pending().await;
        let ours = scene.pending().await;
        let swapped = ours
            .callback
            .clone()
            .instead("code", theirs.callback.value("code"));
        swapped.send().await;
        let error = ours
            .finished
            .await
            .expect("an end")
            .expect_err("no session");
        let expected = if ignores_pkce {
            Code::IdTokenInvalid
        } else {
            Code::InvalidGrant
        };
        assert_eq!(error.code(), expected, "{error:?}");
        // The verifier of this attempt is not used again, for whatever code.
        assert_eq!(scene.count(Endpoint::Token), 1);
        assert_eq!(ours.callback.send().await.status, 0, "the port is closed");
        assert!(scene.store.names().is_empty());
    }
}

#[tokio::test]
async fn a76_a_page_that_sprays_its_own_code_signs_nobody_in() {
    let scene = Scene::new().await;
    let theirs = scene.pending().await;
    let ours = scene.pending().await;
    for state in ["", "guessed", theirs.callback.value("state")] {
        let sprayed = ours
            .callback
            .clone()
            .instead("code", theirs.callback.value("code"))
            .instead("state", state);
        assert_eq!(sprayed.send().await.status, 400, "{state}");
    }
    assert_eq!(scene.count(Endpoint::Token), 0);
    let (page, session) = ours.arrives().await;
    assert_eq!(page.status, 200);
    assert!(session.is_ok());
    assert_eq!(scene.count(Endpoint::Token), 1);
}
