//! The sign-in engine of Doorkey: everything that knows OAuth 2 and OpenID Connect, and nothing that knows windows.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod api;
mod attempt;
mod browser;
mod clock;
mod engine;
mod error;
mod http;
mod identity;
mod profile;
mod provider;
mod random;
mod receiver;
mod session;
mod sign_in;
mod text;
mod token;
mod trace;
mod vault;

pub use api::{ApiRequest, ApiResponse, Challenge};
pub use browser::{Browser, SystemBrowser};
pub use clock::{Clock, SystemClock};
pub use engine::{Builder, Doorkey, config_folder};
pub use error::{Code, Error, Fault, Result};
pub use identity::Account;
pub use profile::{DEMO, Issuer, Profile, ProfileName, ProfileSource, Profiles, RedirectHost, RedirectUri, ResponseMode};
pub use random::{Random, SystemRandom};
pub use session::{Session, SessionInfo, SignOutReport, SignOutStep, Storage};
pub use sign_in::{Answer, SignIn};
pub use token::{AccessToken, IdToken, RefreshToken};
pub use trace::{Flow, Observer, Party, Step, StepKind, Value};
pub use vault::{MemoryStore, SecretStore};
