//! The provider that apps talk to.

mod access;
mod answer;
mod authorize;
mod code;
mod consent;
mod device;
mod interaction;
mod issue;
mod login;
mod logout;
mod metadata;
mod picture;
mod refused;
mod request;
mod revoke;
mod sign_in;
mod token;
mod upstream;
mod userinfo;

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    extract::{DefaultBodyLimit, State},
    response::{IntoResponse, Response},
    routing::{get, post},
};

use crate::{
    browser::Cookies,
    client::DEMO_CLIENT_ID,
    counts::Tally,
    pages,
    seal::Seal,
    store::Store,
    token::{RemoteKeys, SigningKeys},
};

pub(crate) use device::PendingDevices;
pub(crate) use upstream::{PendingSignIns, UpstreamRegistration};

/// Everything the broker's answers are made of.
pub(crate) struct Broker {
    pub(crate) issuer: String,
    pub(crate) api: String,
    pub(crate) upstream: UpstreamRegistration,
    pub(crate) upstream_keys: RemoteKeys,
    pub(crate) store: Store,
    pub(crate) keys: Arc<SigningKeys>,
    pub(crate) seal: Seal,
    pub(crate) cookies: Cookies,
    pub(crate) http: reqwest::Client,
    pub(crate) pending: PendingSignIns,
    pub(crate) devices: PendingDevices,
    pub(crate) tally: Arc<Tally>,
    pub(crate) access_token_lifetime: Duration,
    pub(crate) id_token_lifetime: Duration,
    pub(crate) code_lifetime: Duration,
    pub(crate) device_code_lifetime: Duration,
    pub(crate) device_interval: Duration,
    pub(crate) refresh_token_lifetime: Duration,
    pub(crate) refresh_reuse_grace: Duration,
}

/// Requests carry no more than this; the largest form is a sealed interaction.
const BODY_LIMIT: usize = 64 * 1024;

pub(crate) fn router(broker: Arc<Broker>) -> Router {
    Router::new()
        .route("/", get(home))
        .route("/.well-known/openid-configuration", get(metadata::openid))
        .route(
            "/.well-known/oauth-authorization-server",
            get(metadata::oauth),
        )
        .route("/jwks", get(metadata::jwks))
        .route(
            "/authorize",
            get(authorize::by_get).post(authorize::by_post),
        )
        .route("/login", get(login::choose))
        .route(
            "/login/password",
            get(login::ask_password).post(login::check_password),
        )
        .route("/login/cancel", post(login::cancel))
        .route("/login/upstream", post(upstream::begin))
        .route("/upstream/callback", get(upstream::callback))
        .route("/consent", get(consent::show).post(consent::decide))
        .route("/device_authorization", post(device::authorize))
        .route("/device", get(device::ask).post(device::check))
        .route("/device/end", get(device::ended))
        .route("/token", post(token::token))
        .route("/revoke", post(revoke::revoke))
        .route(
            "/userinfo",
            get(userinfo::userinfo).post(userinfo::userinfo),
        )
        .route("/logout", get(logout::by_get).post(logout::by_post))
        .route("/logout/confirm", post(logout::confirm))
        .route("/signed-out", get(logout::signed_out))
        .route("/icon.svg", get(pages::icon))
        .route("/picture/{file}", get(picture::picture))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .with_state(broker)
}

async fn home(State(broker): State<Arc<Broker>>) -> Response {
    pages::broker_home(
        &broker.issuer,
        &broker.api,
        &broker.upstream.issuer,
        DEMO_CLIENT_ID,
    )
    .into_response()
}
