//! The provider that apps talk to.

mod access;
mod answer;
mod authorize;
mod client_settings;
mod code;
mod consent;
mod device;
mod form;
mod interaction;
mod issue;
mod login;
mod logout;
mod metadata;
mod picture;
mod refused;
mod reply;
mod request;
mod revoke;
mod sign_in;
mod tenant;
mod token;
mod upstream;
mod userinfo;
mod wanted;

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    extract::{DefaultBodyLimit, State},
    middleware,
    response::{IntoResponse, Response},
    routing::{get, post},
};

use crate::{
    browser::Cookies,
    counts::Tally,
    pages::{self, HomePage},
    personality::{Addresses, Personality, RefreshGiven, with_tenant},
    scope::{Scope, Scopes},
    seal::Seal,
    store::Store,
    token::{AccessTokens, RemoteKeys, SigningKeys},
};

pub(crate) use device::PendingDevices;
pub(crate) use upstream::{PendingSignIns, UpstreamRegistration};

/// Everything the broker's answers are made of.
pub(crate) struct Broker {
    pub(crate) personality: Personality,
    /// Where it listens.
    pub(crate) origin: String,
    /// The issuer that ID tokens and answers name.
    pub(crate) issuer: String,
    /// Where apps find the API.
    pub(crate) api: String,
    /// What tokens for the API name as their audience.
    pub(crate) audience: String,
    pub(crate) upstream: UpstreamRegistration,
    pub(crate) upstream_keys: RemoteKeys,
    pub(crate) store: Store,
    pub(crate) keys: Arc<SigningKeys>,
    pub(crate) access_tokens: Arc<AccessTokens>,
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

impl Broker {
    /// The issuer that an authorization response names, if it names one.
    fn issuer_in_answers(&self) -> Option<&str> {
        let names_it = self.personality.authorization.names_issuer;
        names_it.then_some(self.issuer.as_str())
    }

    /// A path at this origin; where there are tenants, that of all of them.
    fn at_usual_tenant(&self, path: &str) -> String {
        let tenant = self.personality.addresses.usual_tenant();
        format!("{}{}", self.origin, with_tenant(path, tenant))
    }

    /// Whether there is a refresh token for these scopes; `offline` is what the request says otherwise.
    fn gives_refresh_token(&self, scopes: &Scopes, offline: bool) -> bool {
        match self.personality.refresh.given {
            RefreshGiven::WithScope => self.personality.scopes.allow(scopes, Scope::OfflineAccess),
            RefreshGiven::WithAccessType => offline,
            RefreshGiven::Always => true,
            RefreshGiven::Never => false,
        }
    }
}

pub(crate) fn router(broker: Arc<Broker>) -> Router {
    endpoints(&broker.personality.addresses)
        .route_layer(middleware::from_fn_with_state(
            Arc::clone(&broker),
            tenant::must_exist,
        ))
        .merge(pages_of_people())
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .with_state(broker)
}

/// What apps call, and where they send a browser.
fn endpoints(addresses: &Addresses) -> Router<Arc<Broker>> {
    let mut router = Router::new()
        .route(
            addresses.authorization,
            get(authorize::by_get).post(authorize::by_post),
        )
        .route(addresses.token, post(token::token));
    for path in addresses.metadata {
        router = router.route(path, get(metadata::document));
    }
    if let Some(path) = addresses.keys {
        router = router.route(path, get(metadata::jwks));
    }
    if let Some(path) = addresses.device_authorization {
        router = router.route(path, post(device::authorize));
    }
    if let Some(path) = addresses.revocation {
        router = router.route(path, post(revoke::revoke));
    }
    if let Some(path) = addresses.userinfo {
        let both = get(userinfo::userinfo).post(userinfo::userinfo);
        router = router.route(path, both);
    }
    if let Some(path) = addresses.end_session {
        router = router.route(path, get(logout::by_get).post(logout::by_post));
    }
    if let Some(path) = addresses.client_settings {
        router = router.route(path, get(client_settings::tell));
    }
    if addresses.unknown_well_known_is_a_page {
        router = router.route("/.well-known/{*path}", get(pages::sign_in_first));
    }
    router
}

/// What a browser is led through, at the same addresses whoever is played.
fn pages_of_people() -> Router<Arc<Broker>> {
    Router::new()
        .route("/", get(home))
        .route("/login", get(login::choose))
        .route(
            "/login/password",
            get(login::ask_password).post(login::check_password),
        )
        .route("/login/cancel", post(login::cancel))
        .route("/login/upstream", post(upstream::begin))
        .route("/upstream/callback", get(upstream::callback))
        .route("/consent", get(consent::show).post(consent::decide))
        .route("/device", get(device::ask).post(device::check))
        .route("/device/end", get(device::ended))
        .route("/logout/confirm", post(logout::confirm))
        .route("/signed-out", get(logout::signed_out))
        .route("/icon.svg", get(pages::icon))
        .route("/picture/{file}", get(picture::picture))
}

async fn home(State(broker): State<Arc<Broker>>) -> Response {
    let metadata = broker.personality.addresses.metadata.first();
    pages::broker_home(&HomePage {
        issuer: &broker.at_usual_tenant(broker.personality.addresses.issuer),
        metadata: metadata.map(|path| broker.at_usual_tenant(path)).as_deref(),
        api: &broker.api,
        upstream: &broker.upstream.issuer,
        client_id: broker.personality.client.client_id,
    })
    .into_response()
}
