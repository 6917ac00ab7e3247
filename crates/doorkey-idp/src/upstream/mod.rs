//! The provider behind the broker, which stands for one such as Google. It
//! knows one client, the broker, which is confidential.

mod authorize;
mod codes;
mod home;
mod login;
mod metadata;
mod token;

use std::sync::Arc;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{get, post},
};

use crate::{
    broker::UpstreamRegistration, browser::Cookies, pages, seal::Seal, store::Store,
    token::SigningKeys,
};

/// Everything the upstream's answers are made of.
pub(crate) struct Upstream {
    issuer: String,
    /// Where its one client's people come from and go back to.
    broker: String,
    client: UpstreamRegistration,
    store: Store,
    keys: SigningKeys,
    seal: Seal,
    cookies: Cookies,
    codes: codes::Codes,
}

impl Upstream {
    pub(crate) fn new(
        issuer: String,
        broker: String,
        client: UpstreamRegistration,
        store: Store,
        keys: SigningKeys,
        seal: Seal,
        cookies: Cookies,
    ) -> Self {
        let codes = codes::Codes::default();
        Self {
            issuer,
            broker,
            client,
            store,
            keys,
            seal,
            cookies,
            codes,
        }
    }
}

pub(crate) fn router(upstream: Arc<Upstream>) -> Router {
    Router::new()
        .route("/", get(home::home))
        .route("/.well-known/openid-configuration", get(metadata::openid))
        .route("/jwks", get(metadata::jwks))
        .route("/authorize", get(authorize::authorize))
        .route("/login", get(login::show).post(login::check))
        .route("/token", post(token::token))
        .route("/logout", post(home::sign_out))
        .route("/icon.svg", get(pages::icon))
        .layer(DefaultBodyLimit::max(64 * 1024))
        .with_state(upstream)
}
