//! A person who signs in at a provider that can be bent.

use std::sync::{Arc, Mutex};

use doorkey_core::{Code, Doorkey, Profile, Result, Session, SignIn};
use doorkey_double::{Callback, Endpoint, Page, Provider};
use doorkey_tests::doubles::{Store, Time};
use tokio::task::JoinHandle;

/// A provider, a profile that leads there, and an engine with a keychain and a folder of its own.
pub(crate) struct Scene {
    pub(crate) provider: Provider,
    pub(crate) profile: Profile,
    pub(crate) store: Store,
    folder: tempfile::TempDir,
}

/// A sign-in whose browser has been opened.
pub(crate) struct Pending {
    pub(crate) callback: Callback,
    pub(crate) finished: JoinHandle<Result<Session>>,
}

impl Scene {
    pub(crate) async fn new() -> Self {
        Self::with("").await
    }

    /// With further lines in the profile.
    pub(crate) async fn with(lines: &str) -> Self {
        let provider = Provider::start().await.expect("a port");
        Self::at(provider, lines)
    }

    pub(crate) fn at(provider: Provider, lines: &str) -> Self {
        let profile = profile(&provider.profile(lines));
        Self {
            provider,
            profile,
            store: Store::default(),
            folder: tempfile::tempdir().expect("a folder"),
        }
    }

    /// The same with another profile.
    pub(crate) fn with_profile(self, text: &str) -> Self {
        let profile = profile(text);
        Self { profile, ..self }
    }

    /// An engine; each is like another process with the same keychain.
    pub(crate) fn doorkey(&self) -> Doorkey {
        Doorkey::builder(self.folder.path())
            .store(self.store.clone())
            .build()
    }

    /// Begins a sign-in, and lets the person agree. The answer has not been sent yet.
    pub(crate) async fn pending(&self) -> Pending {
        let sign_in = self.doorkey().begin(&self.profile).await.expect("to begin");
        self.agreed(sign_in)
    }

    pub(crate) fn agreed(&self, sign_in: SignIn) -> Pending {
        let callback = self.provider.agree(sign_in.authorization_url());
        let finished = tokio::spawn(async move { sign_in.answer().await?.finish().await });
        Pending { callback, finished }
    }

    /// An engine whose clock is moved by hand.
    pub(crate) fn doorkey_by(&self, clock: &Time) -> Doorkey {
        Doorkey::builder(self.folder.path())
            .store(self.store.clone())
            .clock(clock.clone())
            .build()
    }

    /// Signs the person in.
    pub(crate) async fn session(&self) -> Session {
        self.session_by(&self.doorkey()).await
    }

    /// Signs the person in with an engine of the caller's.
    pub(crate) async fn session_by(&self, doorkey: &Doorkey) -> Session {
        let sign_in = doorkey.begin(&self.profile).await.expect("to begin");
        let (page, session) = self.agreed(sign_in).arrives().await;
        assert_eq!(page.status, 200, "{page:?}");
        session.expect("a session")
    }

    /// The code of the error that a sign-in ends with. Nothing is stored then.
    pub(crate) async fn fails(&self) -> Code {
        let (page, result) = self.pending().await.arrives().await;
        let code = result.expect_err("no session").code();
        assert!(!page.body.contains("<title>You are signed in"), "{page:?}");
        assert_eq!(self.store.names(), Vec::<String>::new());
        code
    }

    /// Leaves the ID token out of refreshed tokens, as many providers do.
    pub(crate) fn refresh_without_id_token(&self) {
        self.provider.bend(Endpoint::Token, |request, answer| {
            if request.field("grant_type") != "refresh_token" {
                return answer;
            }
            answer.with_members(|members| drop(members.remove("id_token")))
        });
    }

    /// How often an endpoint was asked.
    pub(crate) fn count(&self, endpoint: Endpoint) -> usize {
        self.provider.asked(endpoint).len()
    }
}

impl Pending {
    /// Sends the answer, and waits for what comes of it.
    pub(crate) async fn arrives(self) -> (Page, Result<Session>) {
        let Self { callback, finished } = self;
        let page = callback.send().await;
        (page, finished.await.expect("the sign-in to end"))
    }
}

pub(crate) fn profile(text: &str) -> Profile {
    Profile::parse(&"work".parse().expect("a name"), text).expect("a profile")
}

/// Counts in a closure that the provider keeps.
#[derive(Clone, Default)]
pub(crate) struct Counter(Arc<Mutex<usize>>);

impl Counter {
    /// Counts one more, and gives how many there have been.
    pub(crate) fn next(&self) -> usize {
        let mut count = self.0.lock().expect("the count");
        *count += 1;
        *count
    }
}
