//! The protected API. It trusts one issuer and knows of it only what it
//! publishes.

mod answers;
mod caller;
mod executions;
mod resources;

use std::sync::Arc;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{MethodRouter, get},
};

use crate::{
    counts::Tally,
    personality::{self, AccessToken, Answer},
    scope::Vocabulary,
    store::Store,
    token::{AccessTokens, RemoteKeys},
};

/// Everything the API's answers are made of.
pub(crate) struct Api {
    /// Where its own metadata is.
    pub(crate) origin: String,
    /// The audience that a token must have.
    pub(crate) audience: String,
    /// Who must have issued a token.
    pub(crate) issuer: String,
    /// How a token looks.
    pub(crate) looks: AccessToken,
    /// The keys that the issuer publishes, if it does.
    pub(crate) keys: Option<RemoteKeys>,
    /// The issuer itself, to ask about tokens that cannot be checked otherwise.
    pub(crate) tokens: Arc<AccessTokens>,
    pub(crate) vocabulary: Vocabulary,
    pub(crate) shape: personality::Api,
    pub(crate) store: Store,
    pub(crate) tally: Arc<Tally>,
}

/// The API at an origin of its own.
pub(crate) fn router(api: Arc<Api>) -> Router {
    let router = if api.shape.is_at_provider {
        Router::new()
    } else {
        answers(&api)
    };
    router
        .route("/", get(resources::index))
        .route(
            "/.well-known/oauth-protected-resource",
            get(resources::metadata),
        )
        .fallback(answers::not_found)
        .method_not_allowed_fallback(answers::method_not_allowed)
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .with_state(api)
}

/// What of the API is at the provider's origin.
pub(crate) fn at_provider(api: Arc<Api>) -> Router {
    let router = if api.shape.is_at_provider {
        answers(&api)
    } else {
        Router::new()
    };
    router
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .with_state(api)
}

const BODY_LIMIT: usize = 64 * 1024;

fn answers(api: &Api) -> Router<Arc<Api>> {
    let resources = api.shape.resources.iter();
    resources.fold(Router::new(), |router, (path, answer)| {
        router.route(path, answer_of(*answer))
    })
}

fn answer_of(answer: Answer) -> MethodRouter<Arc<Api>> {
    match answer {
        Answer::Me => get(resources::me),
        Answer::Account => get(resources::account),
        Answer::Subject => get(resources::subject),
        Answer::Projects => get(resources::projects),
        Answer::Repositories => get(resources::repositories),
        Answer::Workflows => get(resources::workflows),
        Answer::Executions => get(executions::list).post(executions::create),
    }
}
