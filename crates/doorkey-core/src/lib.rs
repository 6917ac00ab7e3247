//! The sign-in engine of Doorkey: OAuth 2 and OpenID Connect for desktop programs, with the person's own browser,
//! PKCE, and the system keychain.
//!
//! A program hands in a [`Profile`] and a [`Browser`] and gets a [`Session`], which keeps its access token fresh and calls
//! protected APIs. It never sees a password, and need not see a token:
//!
//! ```no_run
#![doc = include_str!("../examples/sign_in.rs")]
//! ```
//!
//! # From a button to a session
//!
//! 1. [`Doorkey::begin`] asks the provider for its metadata, makes verifier, state and nonce, and opens the port that the answer
//!    will come to ([RFC 8252](https://www.rfc-editor.org/rfc/rfc8252), [RFC 7636](https://www.rfc-editor.org/rfc/rfc7636)), or
//!    waits for it as a link that the program hands to [`Links`].
//! 2. [`SignIn::open`] opens the browser; [`SignIn::answer`] waits for the one answer that carries the right state and, where the
//!    provider promises it, the right issuer ([RFC 9207](https://www.rfc-editor.org/rfc/rfc9207)).
//! 3. [`Answer::finish`] redeems the code, verifies the ID token, and stores the session.
//!
//! [`Doorkey::sign_in`] does all three. Dropping any of these futures cancels the sign-in.
//!
//! Where no browser can bring an answer back, [`Doorkey::begin_device`] gets a code for the person to type into one
//! elsewhere ([RFC 8628](https://www.rfc-editor.org/rfc/rfc8628)), and [`DeviceSignIn::finish`] waits for the tokens.
//!
//! # What is kept
//!
//! [`Doorkey::builder`] keeps sessions in the system keychain and shares them with other processes: each refresh happens once,
//! under a lock. [`Doorkey::in_memory`] keeps nothing. Clock, randomness, store and observer can be replaced.

#![cfg_attr(
    any(test, feature = "fuzzing"),
    allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)
)]

mod api;
#[cfg(target_os = "macos")]
mod application;
mod attempt;
mod browser;
mod clock;
mod crash;
mod device;
mod doctor;
#[cfg(test)]
mod double;
mod edition;
mod engine;
mod error;
#[doc(hidden)]
#[cfg(any(test, feature = "fuzzing"))]
pub mod fuzzing;
mod http;
mod identity;
mod preset;
mod profile;
mod provider;
mod random;
mod receiver;
mod session;
mod sign_in;
mod text;
mod token;
mod trace;
mod transfer;
mod vault;

pub use api::{ApiRequest, ApiResponse, Challenge};
#[cfg(target_os = "macos")]
pub use application::{Application, application_for};
pub use browser::{
    Browser, BrowserCommand, InstalledBrowser, SystemBrowser, host_command, installed_browsers,
};
pub use clock::{Clock, SystemClock};
pub use crash::forbid_core_dumps;
pub use device::DeviceSignIn;
pub use doctor::{Check, CheckOutcome};
pub use edition::{EDITION, Edition};
pub use engine::{Builder, Doorkey, config_folder};
pub use error::{Code, Error, Fault, Result};
pub use http::request_failure;
pub use identity::{
    AccessTokenFacts, Account, Claim, ClaimValue, IdTokenFacts, Picture, TokenContents, TokenFacts,
};
pub use preset::{Field, FieldKind, FormFault, Preset, SignOut};
pub use profile::{
    DEMO, Issuer, LoopbackUri, PrivateUseUri, Profile, ProfileName, ProfileSource, Profiles,
    RedirectHost, RedirectUri, RequestTemplate, ResponseMode, TokenEndpointAuthMethod,
};
pub use random::{Random, SystemRandom};
pub use receiver::{LinkOutcome, Links, PasteHandle};
pub use session::{Session, SessionInfo, SignOutReport, SignOutStep, Storage};
pub use sign_in::{Answer, SignIn};
pub use token::{AccessToken, ClientSecret, IdToken, RefreshToken};
pub use trace::{Flow, Observer, Party, Step, StepKind, Value};
pub use transfer::{Exported, Imported, LeftOut};
pub use vault::{KeychainState, MemoryStore, SecretStore};
