#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "a test may stop"
    )
)]
//! An identity provider, a broker, an upstream and a protected API on the
//! loopback interface, for trying, testing and learning sign-in.
//!
//! **Not for production.** Everybody here has the password `demo`. In production
//! run Keycloak, Auth0, Okta, Microsoft Entra ID or another provider that
//! somebody keeps safe for you.
//!
//! Three servers start together:
//!
//! - the **broker**, the provider that apps talk to. It hands people on to
//!   the upstream, keeps a record of each person and issues its own tokens;
//! - the **upstream**, which stands for a provider such as Google. The broker
//!   is its only, confidential, client;
//! - the **API**, which knows nothing but the broker's issuer and checks each
//!   access token by the keys it publishes.
//!
//! ```no_run
//! # async fn example() -> Result<(), doorkey_idp::StartError> {
//! use doorkey_idp::{Config, start};
//!
//! let provider = start(Config { port: 0, ..Config::default() }).await?;
//! println!("issuer {} api {}", provider.issuer(), provider.api());
//! provider.shutdown().await;
//! # Ok(())
//! # }
//! ```
//!
//! The rooms: [`start()`] binds and wires; `broker`, `upstream` and `api` are one
//! router each; `store` is the database, `token` the signed tokens, `pages`
//! what a person sees, `seal` what travels through a browser without being
//! readable there; `personality` how all that behaves, as data.

mod api;
mod bearer;
mod broker;
mod browser;
mod client;
mod clock;
mod config;
mod counts;
mod fault;
mod loopback;
mod pages;
mod parameters;
mod people;
mod personality;
mod places;
mod proof;
mod random;
mod running;
mod scope;
mod seal;
mod start;
mod store;
mod token;
mod upstream;

pub use client::{Client, DEMO_CLIENT_ID, DEMO_REDIRECT_PATH, DEMO_SIGNED_OUT_PATH};
pub use config::Config;
pub use counts::Counts;
pub use personality::{
    AccessToken, Addresses, Answer, Api, Authorization, Device, Encoding, Metadata, Personality,
    Proof, Redirects, Refresh, RefreshGiven, Registration, Resource, Secret, SignOut, Tenants,
    Tokens,
};
pub use running::{Running, RunningError};
pub use scope::{DEMO_SCOPES, Scope, ScopeName, UnknownScopes, Vocabulary};
pub use start::{Role, StartError, start};
pub use store::StoreError;
