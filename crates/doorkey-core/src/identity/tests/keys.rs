//! When keys are asked for, and how often.

use doorkey_double::Gate;

use super::*;
use crate::trace::StepKind;

/// A token of the right claims, signed with this key under this id.
pub(super) fn signed_by(signer: &Signer, id: Option<&str>) -> IdToken {
    let mut header = json!({ "alg": "ES256" });
    if let Some(id) = id {
        header["kid"] = json!(id);
    }
    signer.token(Algorithm::Es256, &header, &claims())
}

pub(super) fn key() -> Signer {
    Signer::generate(Algorithm::Es256)
}

pub(super) const UNKNOWN: &str = "a key that the provider does not publish";

#[tokio::test]
async fn keys_are_asked_for_once_and_politely() {
    let setting = Setting::new().await;
    for _ in 0..3 {
        setting.verify(&token(&claims())).await.unwrap();
    }
    let [asked] = &setting.double.asked()[..] else {
        panic!("{:?}", setting.double.asked())
    };
    assert_eq!(
        (asked.method.as_str(), asked.target().as_str()),
        ("GET", "/jwks")
    );
    assert_eq!(asked.header("accept"), Some("application/json"));
    assert!(asked.header("authorization").is_none() && asked.header("cookie").is_none());
}

#[tokio::test]
async fn b22_keys_that_cannot_be_had_are_a_network_error() {
    let mut setting = Setting::new().await;
    let right = token(&claims());
    for status in [500, 502, 503, 429] {
        setting.double.answer(Answer::status(status));
        let error = setting.verify(&right).await.unwrap_err();
        assert_refusal(&error, Code::Unavailable, "HTTP");
        setting.clock.advance(Duration::from_secs(10));
    }
    setting.double.stop().await;
    let error = setting.verify(&right).await.unwrap_err();
    assert!(
        matches!(error.code(), Code::Offline | Code::NetworkLost),
        "{error:?}"
    );
    let failure = Some("Shown(\"unavailable\")".to_owned());
    assert_eq!(
        setting.steps.told()[..3],
        [
            (StepKind::KeysRequest, None),
            (StepKind::KeysResponse, failure.clone()),
            (StepKind::IdTokenVerified, failure)
        ]
    );
}

#[tokio::test]
async fn b23_a_key_rotated_between_sign_ins_costs_one_request() {
    let (old, new) = (key(), key());
    let setting = Setting::publishing(&[old.jwk_with_id("old")]).await;
    setting.keys.prefetch(&setting.steps.trace()).await;
    setting.verify(&signed_by(&old, Some("old"))).await.unwrap();
    setting.double.answer(key_set(&[new.jwk_with_id("new")]));
    // The next sign-in finds good keys and does not ask.
    setting.keys.prefetch(&setting.steps.trace()).await;
    assert_eq!(setting.double.count(), 1);
    setting.verify(&signed_by(&new, Some("new"))).await.unwrap();
    assert_eq!(setting.double.count(), 2);
    setting.verify(&signed_by(&new, Some("new"))).await.unwrap();
    assert_eq!(setting.double.count(), 2);
    // The withdrawn key has no effect any more.
    let error = setting
        .verify(&signed_by(&old, Some("old")))
        .await
        .unwrap_err();
    assert_refusal(&error, Code::IdTokenInvalid, UNKNOWN);
}

#[tokio::test]
async fn b23_a_key_rotated_twice_within_the_cooldown_still_works() {
    let keys = [key(), key(), key(), key()];
    let setting = Setting::publishing(&[keys[0].jwk_with_id("0")]).await;
    for (index, key) in keys.iter().enumerate() {
        let id = index.to_string();
        setting.double.answer(key_set(&[key.jwk_with_id(&id)]));
        setting.verify(&signed_by(key, Some(&id))).await.unwrap();
        assert_eq!(setting.double.count(), index + 1);
    }
}

#[tokio::test]
async fn b23_a_key_rotated_just_before_signing_while_the_keys_are_on_their_way() {
    let (old, new) = (key(), key());
    let held = Gate::new();
    let setting = Setting::publishing(&[]).await;
    setting
        .double
        .answer(key_set(&[old.jwk_with_id("old")]).held(&held));
    let (prefetching, trace) = (setting.keys.clone(), setting.steps.trace());
    let prefetch = tokio::spawn(async move { prefetching.prefetch(&trace).await });
    setting.double.arrived(1).await;
    setting.double.answer(key_set(&[new.jwk_with_id("new")]));
    let token = signed_by(&new, Some("new"));
    let release = async {
        tokio::task::yield_now().await;
        held.open();
    };
    let (outcome, ()) = tokio::join!(setting.verify(&token), release);
    outcome.unwrap();
    prefetch.await.unwrap();
    assert_eq!(setting.double.count(), 2);
}

#[tokio::test]
async fn b23_a_new_key_under_the_old_id_costs_one_request() {
    let (old, new) = (key(), key());
    let setting = Setting::publishing(&[old.jwk_with_id("same")]).await;
    setting
        .verify(&signed_by(&old, Some("same")))
        .await
        .unwrap();
    setting.double.answer(key_set(&[new.jwk_with_id("same")]));
    setting
        .verify(&signed_by(&new, Some("same")))
        .await
        .unwrap();
    assert_eq!(setting.double.count(), 2);
}

#[tokio::test]
async fn b24_tokens_with_unknown_keys_cause_one_request_in_ten_seconds() {
    let (good, forged) = (key(), key());
    let setting = Setting::publishing(&[good.jwk_with_id("good")]).await;
    setting
        .verify(&signed_by(&good, Some("good")))
        .await
        .unwrap();
    for number in 0..50 {
        let error = setting
            .verify(&signed_by(&forged, Some(&number.to_string())))
            .await
            .unwrap_err();
        assert_refusal(&error, Code::IdTokenInvalid, UNKNOWN);
    }
    assert_eq!(setting.double.count(), 2);
    setting.clock.advance(Duration::from_secs(9));
    setting
        .verify(&signed_by(&forged, Some("x")))
        .await
        .unwrap_err();
    assert_eq!(setting.double.count(), 2);
    setting.clock.advance(Duration::from_secs(1));
    setting
        .verify(&signed_by(&forged, Some("x")))
        .await
        .unwrap_err();
    assert_eq!(setting.double.count(), 3);
    setting
        .verify(&signed_by(&good, Some("good")))
        .await
        .unwrap();
    assert_eq!(setting.double.count(), 3);
}

#[tokio::test]
async fn b24_the_cooldown_counts_attempts_that_fail_and_good_keys_stay() {
    let (good, forged) = (key(), key());
    let mut setting = Setting::publishing(&[good.jwk_with_id("good")]).await;
    setting
        .verify(&signed_by(&good, Some("good")))
        .await
        .unwrap();
    setting.double.answer(Answer::status(503));
    for number in 0..20 {
        // What the provider could not answer is not held against the token.
        let error = setting
            .verify(&signed_by(&forged, Some(&number.to_string())))
            .await
            .unwrap_err();
        assert_eq!(error.code(), Code::Unavailable);
        setting
            .verify(&signed_by(&good, Some("good")))
            .await
            .unwrap();
    }
    assert_eq!(setting.double.count(), 2);
    setting.double.answer(key_set(&[]));
    setting.clock.advance(Duration::from_secs(10));
    let error = setting
        .verify(&signed_by(&forged, Some("x")))
        .await
        .unwrap_err();
    assert_refusal(&error, Code::MetadataInvalid, "holds no key");
    setting.double.stop().await;
    setting
        .verify(&signed_by(&good, Some("good")))
        .await
        .unwrap();
}

#[tokio::test]
async fn b24_without_any_keys_the_cooldown_holds_too() {
    let setting = Setting::new().await;
    setting.double.answer(Answer::status(503));
    for _ in 0..20 {
        assert_eq!(
            setting.verify(&token(&claims())).await.unwrap_err().code(),
            Code::Unavailable
        );
    }
    assert_eq!(setting.double.count(), 1);
}

#[tokio::test]
async fn b24_a_person_who_starts_again_need_not_wait() {
    let (old, new) = (key(), key());
    let setting = Setting::publishing(&[old.jwk_with_id("old")]).await;
    setting.verify(&signed_by(&old, Some("old"))).await.unwrap();
    // The provider signs with a key before it publishes it.
    setting
        .verify(&signed_by(&new, Some("new")))
        .await
        .unwrap_err();
    setting.double.answer(key_set(&[new.jwk_with_id("new")]));
    setting
        .verify(&signed_by(&new, Some("new")))
        .await
        .unwrap_err();
    assert_eq!(setting.double.count(), 2);
    setting.keys.prefetch(&setting.steps.trace()).await;
    setting.verify(&signed_by(&new, Some("new"))).await.unwrap();
    assert_eq!(setting.double.count(), 3);
}

#[tokio::test]
async fn b24_a_prefetch_that_fails_does_not_keep_the_token_from_asking() {
    let setting = Setting::new().await;
    setting.double.answer(Answer::status(503));
    setting.keys.prefetch(&setting.steps.trace()).await;
    setting.double.answer(key_set(&[
        Signer::shared(Algorithm::Rs256).jwk_with_id("rsa")
    ]));
    setting.verify(&token(&claims())).await.unwrap();
    assert_eq!(setting.double.count(), 2);
}

#[tokio::test]
async fn b24_many_at_once_share_one_request() {
    let (old, new) = (key(), key());
    let setting = Setting::publishing(&[old.jwk_with_id("old")]).await;
    let old_token = signed_by(&old, Some("old"));
    let cold = (0..50).map(|_| setting.verify(&old_token));
    assert!(join_all(cold).await.iter().all(Result::is_ok));
    assert_eq!(setting.double.count(), 1);
    setting.double.answer(key_set(&[new.jwk_with_id("new")]));
    let new_token = signed_by(&new, Some("new"));
    let rotated = (0..50).map(|_| setting.verify(&new_token));
    assert!(join_all(rotated).await.iter().all(Result::is_ok));
    assert_eq!(setting.double.count(), 2);
    setting.double.answer(Answer::status(503));
    let forged = signed_by(&key(), Some("x"));
    let failing = join_all((0..50).map(|_| setting.verify(&forged))).await;
    assert!(failing.iter().all(|outcome| {
        outcome
            .as_ref()
            .is_err_and(|error| error.code() == Code::Unavailable)
    }));
    assert_eq!(setting.double.count(), 3);
}

#[tokio::test]
async fn a_request_whose_waiter_gives_up_does_not_block_the_next() {
    let held = Gate::new();
    let setting = Setting::new().await;
    let right = key_set(&[Signer::shared(Algorithm::Rs256).jwk_with_id("rsa")]);
    setting.double.answer(right.clone().held(&held));
    let token = token(&claims());
    tokio::select! {
        _ = setting.verify(&token) => panic!("the answer is held"),
        () = setting.double.arrived(1) => {}
    }
    setting.double.answer(right);
    setting.verify(&token).await.unwrap();
    assert_eq!(setting.double.count(), 2);
}

#[tokio::test]
async fn keys_of_an_hour_are_asked_for_again_and_kept_if_that_fails() {
    let (old, new) = (key(), key());
    let setting = Setting::publishing(&[old.jwk_with_id("a")]).await;
    let signed = signed_by(&old, Some("a"));
    setting.verify(&signed).await.unwrap();
    setting.clock.advance(Duration::from_secs(3599));
    setting.verify(&signed).await.unwrap();
    assert_eq!(setting.double.count(), 1);
    setting.double.answer(Answer::status(503));
    setting.clock.advance(Duration::from_secs(1));
    setting.verify(&signed).await.unwrap();
    assert_eq!(setting.double.count(), 2);
    setting.clock.advance(Duration::from_secs(10));
    setting.double.answer(key_set(&[new.jwk_with_id("b")]));
    assert_refusal(
        &setting.verify(&signed).await.unwrap_err(),
        Code::IdTokenInvalid,
        UNKNOWN,
    );
    assert_eq!(
        setting.double.count(),
        3,
        "a withdrawn key is not asked for twice"
    );
}

#[tokio::test]
async fn a_clock_that_is_set_back_does_not_stop_requests() {
    let (old, new) = (key(), key());
    let setting = Setting::publishing(&[old.jwk_with_id("old")]).await;
    setting
        .verify(&signed_by(&new, Some("new")))
        .await
        .unwrap_err();
    setting.clock.set_back(Duration::from_secs(86_400));
    setting.double.answer(key_set(&[new.jwk_with_id("new")]));
    setting.verify(&signed_by(&new, Some("new"))).await.unwrap();
    assert_eq!(setting.double.count(), 2);
}

#[tokio::test]
async fn c50_an_unknown_key_id_costs_one_request_and_then_verifies() {
    let (old, new) = (key(), key());
    let setting = Setting::publishing(&[old.jwk_with_id("old")]).await;
    setting.keys.prefetch(&setting.steps.trace()).await;
    setting
        .double
        .answer(key_set(&[old.jwk_with_id("old"), new.jwk_with_id("new")]));
    setting.verify(&signed_by(&new, Some("new"))).await.unwrap();
    assert_eq!(setting.double.count(), 2);
    // A key set that was asked for on behalf of this very token is not asked for twice.
    let cold = Setting::publishing(&[old.jwk_with_id("old")]).await;
    assert_refusal(
        &cold
            .verify(&signed_by(&new, Some("new")))
            .await
            .unwrap_err(),
        Code::IdTokenInvalid,
        UNKNOWN,
    );
    assert_eq!(cold.double.count(), 1);
}

#[tokio::test]
async fn c50_keys_that_took_long_to_come_are_not_asked_for_twice() {
    let (old, new) = (key(), key());
    let held = Gate::new();
    let setting = Setting::publishing(&[]).await;
    setting
        .double
        .answer(key_set(&[old.jwk_with_id("old")]).held(&held));
    let token = signed_by(&new, Some("new"));
    let release = async {
        setting.double.arrived(1).await;
        setting.clock.advance(Duration::from_secs(10));
        setting.double.answer(key_set(&[old.jwk_with_id("old")]));
        held.open();
    };
    let (outcome, ()) = tokio::join!(setting.verify(&token), release);
    assert_refusal(&outcome.unwrap_err(), Code::IdTokenInvalid, UNKNOWN);
    assert_eq!(setting.double.count(), 1);
}

/// Runs all of them at once in this task.
async fn join_all<F: Future>(futures: impl Iterator<Item = F>) -> Vec<F::Output> {
    let mut futures: Vec<_> = futures.map(Box::pin).collect();
    let mut outputs: Vec<Option<F::Output>> = futures.iter().map(|_| None).collect();
    std::future::poll_fn(move |context| {
        for (future, output) in futures.iter_mut().zip(&mut outputs) {
            if output.is_none()
                && let std::task::Poll::Ready(value) = future.as_mut().poll(context)
            {
                *output = Some(value);
            }
        }
        if outputs.iter().all(Option::is_some) {
            std::task::Poll::Ready(outputs.iter_mut().filter_map(Option::take).collect())
        } else {
            std::task::Poll::Pending
        }
    })
    .await
}
