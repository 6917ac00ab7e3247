//! The room as a whole, on a keychain and a provider that can be bent.

mod handoff;
mod keep;
mod refresh;

use doorkey_double::{HandClock, Keychain, Provider};

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
