//! Each step of a flow as an event: who told whom what, redacted where it is made.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use crate::clock::Clock;

/// Somebody who takes part in a flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Party {
    /// The person and their browser.
    Person,
    /// This program.
    Doorkey,
    /// The authorization server.
    Provider,
    /// The provider that the provider itself relies on to know people. Doorkey never talks to it.
    Upstream,
    /// The protected API.
    Api,
}

/// What a flow is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Flow {
    /// Signing in through the browser.
    SignIn,
    /// Getting a new access token without the browser.
    Refresh,
    /// Signing out.
    SignOut,
    /// Calling the protected API.
    Call,
}

macro_rules! steps {
    ($($variant:ident, $from:ident, $to:ident, $label:literal, $why:literal;)+) => {
        /// The kinds of steps there are. Each knows its parties, a label, and why it exists.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum StepKind { $(#[doc = $why] $variant,)+ }

        impl StepKind {
            /// Who acts.
            pub fn from(self) -> Party { match self { $(StepKind::$variant => Party::$from,)+ } }
            /// On whom; the same party for something done in private.
            pub fn to(self) -> Party { match self { $(StepKind::$variant => Party::$to,)+ } }
            /// What happens, in a few words.
            pub fn label(self) -> &'static str { match self { $(StepKind::$variant => $label,)+ } }
            /// Why the step exists, in one sentence.
            pub fn why(self) -> &'static str { match self { $(StepKind::$variant => $why,)+ } }
        }
    };
}

steps! {
    SignInStarted, Person, Doorkey, "Ask to sign in", "Nothing happens before you ask for it.";
    SignInFailed, Doorkey, Person, "Stop", "The sign-in ended without a session; nothing was kept.";
    SettingsRequest, Doorkey, Provider, "Ask which client to be", "The profile leaves to the server what only the server knows about its client.";
    SettingsResponse, Provider, Doorkey, "Name the client", "What the server says counts only where the profile says nothing, and only if the profile could say it.";
    MetadataRequest, Doorkey, Provider, "Ask where its endpoints are", "The provider says itself where to send people and codes, so nothing is guessed.";
    MetadataResponse, Provider, Doorkey, "Name its endpoints", "The issuer in the answer must be the configured one, byte for byte.";
    SecretsMade, Doorkey, Doorkey, "Make verifier, state and nonce", "Fresh random values tie everything that follows to this one attempt.";
    ReceiverOpened, Doorkey, Doorkey, "Listen for the answer", "The port is open before the browser is, so no other program can take the answer.";
    LinkAwaited, Doorkey, Doorkey, "Wait for the link", "The browser hands the answer to the system as a link; one without this attempt's state changes nothing.";
    BrowserOpened, Doorkey, Person, "Open the browser", "You sign in where your password manager and passkeys are; Doorkey never sees a password.";
    AuthorizationRequest, Person, Provider, "Go to the provider", "The provider learns the challenge, which is useless without the verifier that made it.";
    StrayRequest, Person, Doorkey, "Turn away a stray request", "Only the right path, host and state can end an attempt; anything else changes nothing.";
    AuthorizationResponse, Person, Doorkey, "Bring the code home", "The code alone is worth nothing: only the verifier, which never left, can redeem it.";
    DeviceRequest, Doorkey, Provider, "Ask for a code to type", "Where no browser can bring an answer back, you carry a short code to a browser instead.";
    DeviceResponse, Provider, Doorkey, "Issue a code to type", "The code to type is for you to see; the one that fetches the tokens stays here.";
    DeviceCodeShown, Doorkey, Person, "Show code and address", "Type the code only where you started the sign-in yourself: whoever shows you one gets the tokens.";
    DeviceTokenRequest, Doorkey, Provider, "Ask whether you have agreed", "Nobody can call back, so the question is repeated, as seldom as the provider wants.";
    DeviceSlowedDown, Provider, Doorkey, "Ask for more patience", "From now on the question is repeated less often.";
    CodeExchange, Doorkey, Provider, "Redeem code and verifier", "The provider hashes the verifier and compares it with the challenge from before.";
    TokenResponse, Provider, Doorkey, "Issue tokens", "The tokens pass directly between the two, never through the browser.";
    KeysRequest, Doorkey, Provider, "Ask for its keys", "The provider's public keys prove who signed the ID token.";
    KeysResponse, Provider, Doorkey, "Publish its keys", "Keys change; an unknown key is asked for once more before a token is refused.";
    IdTokenVerified, Doorkey, Doorkey, "Verify the ID token", "Signature, issuer, audience, times and nonce are checked before a claim is believed.";
    UpstreamSignIn, Person, Upstream, "Sign in at another provider", "Doorkey cannot see this step and learns of it only afterwards: the ID token says that your provider relied on another one.";
    ProfileRequest, Doorkey, Provider, "Ask who this is", "What the ID token leaves out, the provider tells to the bearer of the access token.";
    ProfileResponse, Provider, Doorkey, "Say who this is", "It counts only if it speaks of the same person as the ID token.";
    SessionStored, Doorkey, Doorkey, "Store the session in the keychain", "What must be kept is kept by the operating system, and nowhere else.";
    SessionInMemory, Doorkey, Doorkey, "Keep the session in memory", "Without a keychain nothing is written; the session ends with the program.";
    SignedIn, Doorkey, Person, "Say who is signed in", "The sign-in is complete.";
    RefreshRequest, Doorkey, Provider, "Present the refresh token", "A new access token without asking you again; one request, however many wait for it.";
    RefreshResponse, Provider, Doorkey, "Issue new tokens", "The new refresh token is stored before anybody uses the new access token.";
    RefreshAdopted, Doorkey, Doorkey, "Take over a newer session", "Another Doorkey has refreshed meanwhile; asking again would end the session for both.";
    RefreshFailed, Doorkey, Doorkey, "Stop refreshing", "The session is kept unless the provider says that it has ended.";
    ApiRequest, Doorkey, Api, "Call the API", "The access token goes only to origins that the profile lists.";
    ApiResponse, Api, Doorkey, "Answer", "Token bytes in the answer are masked before anybody sees it.";
    WipedLocally, Doorkey, Doorkey, "Forget the session", "Signing out starts here, so that it works without the network.";
    RevocationRequest, Doorkey, Provider, "Revoke the tokens", "A copy of a token that somebody made becomes worthless.";
    RevocationResponse, Provider, Doorkey, "Confirm", "The provider may refuse; you are signed out here either way.";
    EndSessionRequest, Doorkey, Person, "End the provider's session", "The browser's own session ends too, so the next sign-in asks for a password.";
}

/// A value of a step: shown, or only known to be there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// No secret.
    Shown(String),
    /// A secret of so many bytes.
    Hidden(usize),
}

/// One step of a flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What the flow is for.
    pub flow: Flow,
    /// Which flow it is: all steps of one sign-in, refresh, sign-out or call have the same number, and no other flow of
    /// this process has it. A refresh that a call waits for is a flow of its own.
    pub flow_id: u64,
    /// What kind of step it is.
    pub kind: StepKind,
    /// When it happened.
    pub at: SystemTime,
    /// What was sent or received, by the names used on the wire.
    pub fields: Vec<(&'static str, Value)>,
    /// Why it failed, if it did.
    pub failure: Option<String>,
}

/// Receives the steps of a flow, in order.
///
/// It is called from within the flow and must return at once.
pub trait Observer: Send + Sync + 'static {
    /// Takes a step.
    fn step(&self, step: Step);
}

impl<F: Fn(Step) + Send + Sync + 'static> Observer for F {
    fn step(&self, step: Step) {
        self(step);
    }
}

/// The number of the next flow.
static NEXT: AtomicU64 = AtomicU64::new(1);

/// Where a flow tells its steps. Clones tell steps of the same flow.
#[derive(Clone)]
pub(crate) struct Trace {
    flow: Flow,
    flow_id: u64,
    clock: Arc<dyn Clock>,
    observer: Option<Arc<dyn Observer>>,
}

impl Trace {
    /// Begins a flow.
    pub(crate) fn new(
        flow: Flow,
        clock: Arc<dyn Clock>,
        observer: Option<Arc<dyn Observer>>,
    ) -> Self {
        Self {
            flow,
            flow_id: NEXT.fetch_add(1, Ordering::Relaxed),
            clock,
            observer,
        }
    }

    /// Tells nothing: for a question that is part of no flow.
    pub(crate) fn silent(mut self) -> Self {
        self.observer = None;
        self
    }

    /// Tells a step. The fields are made only if somebody listens.
    pub(crate) fn step(&self, kind: StepKind, fields: impl FnOnce() -> Vec<(&'static str, Value)>) {
        if let Some(observer) = &self.observer {
            observer.step(Step {
                flow: self.flow,
                flow_id: self.flow_id,
                kind,
                at: self.clock.now(),
                fields: fields(),
                failure: None,
            });
        }
    }

    /// Tells that a step failed.
    pub(crate) fn failed(&self, kind: StepKind, why: &crate::Error) {
        if let Some(observer) = &self.observer {
            observer.step(Step {
                flow: self.flow,
                flow_id: self.flow_id,
                kind,
                at: self.clock.now(),
                fields: vec![("code", Value::Shown(why.code().as_str().to_owned()))],
                failure: Some(why.message()),
            });
        }
    }
}

impl std::fmt::Debug for Trace {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Trace")
            .field("flow", &self.flow)
            .field("flow_id", &self.flow_id)
            .finish_non_exhaustive()
    }
}

/// A value that may be seen.
pub(crate) fn shown(value: impl ToString) -> Value {
    Value::Shown(value.to_string())
}
