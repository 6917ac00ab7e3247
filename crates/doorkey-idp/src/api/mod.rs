//! The protected API. It trusts one issuer and knows of it only what it
//! publishes.

mod answers;
mod caller;
mod executions;
mod resources;

use std::sync::Arc;

use axum::{Router, extract::DefaultBodyLimit, routing::get};

use crate::{counts::Tally, store::Store, token::RemoteKeys};

/// Everything the API's answers are made of.
pub(crate) struct Api {
    /// Its own origin, and the audience that a token must have.
    pub(crate) origin: String,
    /// Who must have issued a token.
    pub(crate) issuer: String,
    pub(crate) keys: RemoteKeys,
    pub(crate) store: Store,
    pub(crate) tally: Arc<Tally>,
}

pub(crate) fn router(api: Arc<Api>) -> Router {
    Router::new()
        .route("/", get(resources::index))
        .route(
            "/.well-known/oauth-protected-resource",
            get(resources::metadata),
        )
        .route("/api/me", get(resources::me))
        .route("/api/v1/projects", get(resources::projects))
        .route("/api/v1/workflows", get(resources::workflows))
        .route(
            "/api/v1/executions",
            get(executions::list).post(executions::create),
        )
        .fallback(answers::not_found)
        .method_not_allowed_fallback(answers::method_not_allowed)
        .layer(DefaultBodyLimit::max(64 * 1024))
        .with_state(api)
}
