//! A refresh and everything that may happen around it.

use doorkey_double::{Answer, Endpoint};

use super::*;

impl Scene {
    fn asked(&self) -> usize {
        self.provider.asked(Endpoint::Token).len()
    }

    /// What becomes of a refresh that the person asks for.
    async fn refreshed(&self) -> Option<Code> {
        self.session.refresh().await.err().map(|error| error.code())
    }
}

#[tokio::test]
async fn a_lost_answer_is_asked_for_once_more_and_a_refusal_is_not() {
    let scene = Scene::new().await;
    scene
        .provider
        .replace_once(Endpoint::Token, |_| Answer::lost());
    assert_eq!(scene.refreshed().await, None);
    assert_eq!(scene.asked(), 2);

    scene.provider.replace(Endpoint::Token, |_| Answer::lost());
    assert_eq!(scene.refreshed().await, Some(Code::NetworkLost));
    assert_eq!(scene.asked(), 4);

    scene
        .provider
        .replace(Endpoint::Token, |_| Answer::error("invalid_request"));
    assert!(scene.refreshed().await.is_some());
    assert_eq!(scene.asked(), 5);
    assert!(scene.kept().is_some(), "the session goes on");
}

#[tokio::test]
async fn a_session_that_the_provider_ended_is_erased() {
    let scene = Scene::new().await;
    scene
        .provider
        .replace(Endpoint::Token, |_| Answer::error("invalid_grant"));
    assert_eq!(scene.refreshed().await, Some(Code::SessionEnded));
    assert_eq!(scene.kept(), None);
    let restored = scene.other().restore(&scene.profile).await;
    assert!(restored.expect("a keychain").is_none());
}

#[tokio::test]
async fn a_refresh_that_failed_is_not_tried_again_for_a_second() {
    let scene = Scene::new().await;
    scene
        .provider
        .replace(Endpoint::Token, |_| Answer::error("invalid_request"));
    scene.clock.advance(Duration::from_secs(3600));
    let mut asked = 0;
    for (pause, asks) in [(0, true), (0, false), (999, false), (1, true), (999, false)] {
        scene.clock.advance(Duration::from_millis(pause));
        let token = scene.session.access_token(Duration::ZERO).await;
        token.expect_err("no token");
        asked += usize::from(asks);
        assert_eq!(scene.asked(), asked, "after {pause} ms");
    }
    // A person who asks for it need not wait.
    assert!(scene.refreshed().await.is_some());
    assert_eq!(scene.asked(), asked + 1);
}

#[tokio::test]
async fn a_refusal_counts_only_for_the_token_that_is_kept() {
    let scene = Scene::new().await;
    let old = scene.kept().expect("a session");
    let other = scene.other().restore(&scene.profile).await;
    let other = other.expect("a keychain").expect("a session");
    other.refresh().await.expect("a newer token");
    let newer = scene.kept().expect("a session");
    let item = scene.keychain.names().remove(0);

    // The other process stores its token while this one is being refused.
    scene.keychain.put(&item, &old);
    let (keychain, stored) = (scene.keychain.clone(), newer.clone());
    scene.provider.replace(Endpoint::Token, move |_| {
        keychain.put(&item, &stored);
        Answer::error("invalid_grant")
    });
    assert_eq!(scene.refreshed().await, None);
    assert_eq!(scene.kept(), Some(newer), "nothing is erased");
    let tokens = [&scene.session, &other].map(|session| session.access_token(Duration::ZERO));
    let [mine, theirs] = tokens;
    let (mine, theirs) = tokio::join!(mine, theirs);
    assert_eq!(
        mine.expect("a token").expose(),
        theirs.expect("a token").expose()
    );
}

#[tokio::test]
async fn a_new_sign_in_wins_over_a_refresh() {
    let scene = Scene::new().await;
    let old = scene.kept().expect("a session");
    let newer = sign_in(&scene.other(), &scene.profile, &scene.provider).await;
    let stored = scene.kept().expect("a session");
    let item = scene.keychain.names().remove(0);
    scene.keychain.put(&item, &old);
    scene.provider.forget();
    let keychain = scene.keychain.clone();
    let kept = stored.clone();
    scene.provider.bend_once(Endpoint::Token, move |_, answer| {
        keychain.put(&item, &kept);
        answer
    });
    assert_eq!(scene.refreshed().await, None);
    assert_eq!(scene.kept(), Some(stored), "the new session stays");
    // At some providers that would end the new session as well.
    assert!(scene.provider.asked(Endpoint::Revocation).is_empty());
    let (mine, theirs) = tokio::join!(
        scene.session.access_token(Duration::ZERO),
        newer.access_token(Duration::ZERO)
    );
    assert_eq!(
        mine.expect("a token").expose(),
        theirs.expect("a token").expose()
    );
}

#[tokio::test]
async fn h01_a_token_that_comes_after_the_end_is_given_back() {
    let scene = Scene::new().await;
    let item = scene.keychain.names().remove(0);
    let keychain = scene.keychain.clone();
    scene.provider.bend_once(Endpoint::Token, move |_, answer| {
        keychain.take(&item);
        answer
    });
    assert!(scene.refreshed().await.is_some());
    assert_eq!(scene.kept(), None, "nothing is stored again");
    assert_eq!(scene.provider.asked(Endpoint::Revocation).len(), 1);
}

#[tokio::test]
async fn a_session_that_is_taken_over_is_renewed_as_well_if_it_has_expired() {
    let scene = Scene::new().await;
    scene.provider.keep_refresh_tokens();
    // Its times are those of another clock.
    scene.provider.bend(Endpoint::Token, |_, answer| {
        answer.with_members(|members| drop(members.remove("id_token")))
    });
    let old = scene.kept().expect("a session");
    assert_eq!(scene.refreshed().await, None);
    // As if another process had written it and its stamp were still to come.
    let item = scene.keychain.names().remove(0);
    scene.keychain.put(&item, &old);
    scene.clock.advance(Duration::from_secs(7200));
    scene.provider.forget();
    let token = scene.session.access_token(Duration::ZERO).await;
    assert!(scene.provider.takes(token.expect("a token").expose()));
    assert_eq!(scene.asked(), 1);
}
