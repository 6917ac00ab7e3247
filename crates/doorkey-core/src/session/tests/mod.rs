//! The room as a whole, on a keychain and a provider that can be bent.

mod handoff;
mod keep;
mod refresh;

use doorkey_double::{Answer, Endpoint, HandClock, Keychain, Provider};

use super::*;
use crate::engine::Doorkey;

/// A person who signed in, and all that the session stands on.
struct Scene {
    provider: Provider,
    keychain: Keychain,
    clock: HandClock,
    session: Session,
    profile: Profile,
    folder: tempfile::TempDir,
}

impl Scene {
    async fn new() -> Self {
        let provider = Provider::start().await.expect("a port");
        Self::at(provider).await
    }

    async fn at(provider: Provider) -> Self {
        let (keychain, clock) = (Keychain::new(), HandClock::still());
        let folder = tempfile::tempdir().expect("a folder");
        let name = "work".parse().expect("a name");
        let profile = Profile::parse(&name, &provider.profile("")).expect("a profile");
        let doorkey = doorkey(folder.path(), &keychain, &clock);
        let session = sign_in(&doorkey, &profile, &provider).await;
        provider.forget();
        Self {
            provider,
            keychain,
            clock,
            session,
            profile,
            folder,
        }
    }

    /// An engine as another process has it.
    fn other(&self) -> Doorkey {
        doorkey(self.folder.path(), &self.keychain, &self.clock)
    }

    /// The one item that the session is kept in, while it is small.
    fn kept(&self) -> Option<Vec<u8>> {
        let names = self.keychain.names();
        names.first().and_then(|name| self.keychain.get(name))
    }
}

fn doorkey(folder: &std::path::Path, keychain: &Keychain, clock: &HandClock) -> Doorkey {
    Doorkey::builder(folder)
        .store(keychain.clone())
        .clock(clock.clone())
        .build()
}

async fn sign_in(doorkey: &Doorkey, profile: &Profile, provider: &Provider) -> Session {
    let sign_in = doorkey.begin(profile).await.expect("to begin");
    let callback = provider.agree(sign_in.authorization_url());
    let finished = async { sign_in.answer().await?.finish().await };
    let (_, session) = tokio::join!(callback.send(), finished);
    session.expect("a session")
}

#[tokio::test]
async fn a_provider_s_session_can_be_ended_where_the_metadata_says_so() {
    let scene = Scene::new().await;
    assert!(scene.session.can_end_provider_session().await);
    let provider = Provider::start().await.expect("a port");
    provider.metadata(|metadata| drop(metadata.remove("end_session_endpoint")));
    let scene = Scene::at(provider).await;
    assert!(!scene.session.can_end_provider_session().await);
}

#[test]
fn only_a_step_that_was_done_counts_as_done() {
    let failed = || Error::new(Code::Internal, "no");
    assert!(SignOutStep::Done.is_done());
    assert!(!SignOutStep::Failed(failed()).is_done());
}

#[tokio::test]
async fn a_token_is_fresh_until_shortly_before_its_end() {
    let scene = Scene::new().await;
    let shared = scene.session.shared();
    let record = shared.current().expect("a session");
    let end = record.expires_at.expect("an end");
    let lasts = |left: Duration| Record {
        expires_at: Some(scene.clock.now() + left),
        ..Record::clone(&record)
    };
    assert!(end > scene.clock.now());
    let leeway_and = |more| LEEWAY + Duration::from_millis(more);
    assert!(!shared.is_fresh(&lasts(LEEWAY), Duration::ZERO));
    assert!(shared.is_fresh(&lasts(leeway_and(1)), Duration::ZERO));
    let minute = Duration::from_secs(60).max(leeway_and(1));
    assert!(!shared.is_fresh(&lasts(minute), minute));
    assert!(shared.is_fresh(&lasts(minute + Duration::from_millis(1)), minute));
}

#[tokio::test]
async fn what_another_process_did_is_followed_when_asked_for() {
    let scene = Scene::new().await;
    let other = scene.other().restore(&scene.profile).await;
    let other = other.expect("a keychain").expect("a session");
    scene.session.sync().await.expect("a session");
    other.sign_out(None).await;
    let error = scene.session.sync().await.expect_err("signed out");
    assert_eq!(error.code(), Code::SessionEnded);
}

#[tokio::test]
async fn a_picture_comes_from_the_provider_or_an_api_and_from_nowhere_else() {
    for (home, pictures) in [(true, 1), (false, 0)] {
        let provider = Provider::start().await.expect("a port");
        let stranger = Provider::start().await.expect("a port");
        let png = || Answer::bytes("image/png", *b"\x89PNG\r\n\x1A\nrest");
        for server in [&provider, &stranger] {
            server.replace(Endpoint::Elsewhere, move |_| png());
        }
        let from = if home { &provider } else { &stranger };
        let address = format!("{}/ada.png", from.issuer());
        provider.claims(move |claims| {
            claims.insert("picture".to_owned(), address.clone().into());
        });
        let scene = Scene::at(provider.clone()).await;
        assert!(scene.session.info().account.picture().is_some());
        let picture = scene.session.picture().await;
        assert_eq!(picture.map_or(0, |_| 1), pictures);
        assert_eq!(from.asked(Endpoint::Elsewhere).len(), pictures);
    }
}

#[tokio::test]
async fn neither_session_nor_vault_shows_a_secret() {
    let scene = Scene::new().await;
    let token = scene.session.access_token(Duration::ZERO).await;
    let token = token.expect("a token");
    let vault = crate::vault::Vault::new(scene.keychain.clone(), "namespace");
    let debug = format!("{:?} {vault:?}", scene.session);
    assert!(
        debug.contains("work") && debug.contains("namespace"),
        "{debug}"
    );
    assert!(!debug.contains(token.expose()));
}

#[tokio::test]
async fn whoever_watches_is_told_of_a_refresh_and_of_the_end() {
    let scene = Scene::new().await;
    let mut changes = scene.session.changes();
    changes.mark_unchanged();
    scene.session.refresh().await.expect("a newer token");
    assert!(changes.has_changed().expect("a session"));
    changes.mark_unchanged();
    scene.session.sign_out(None).await;
    assert!(changes.has_changed().expect("a session"));
    let token = scene.session.access_token(Duration::ZERO).await;
    assert_eq!(token.expect_err("the end").code(), Code::SessionEnded);
}
