//! How the app is registered, told to whoever asks: what a Flyte cluster has instead of a page in a console.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use serde_json::json;

use crate::broker::Broker;

/// Tells the settings of the app, and the header that the API takes its token in.
pub(super) async fn tell(State(broker): State<Arc<Broker>>) -> Response {
    let client = &broker.personality.client;
    let scopes = broker.personality.scopes.names.iter();
    Json(json!({
        "client_id": client.client_id,
        "redirect_uri": client.redirect_uris.first(),
        "scopes": scopes.map(|scope| scope.name).collect::<Vec<_>>(),
        "authorization_metadata_key": broker.personality.api.header,
        "service_http_endpoint": broker.api,
        "audience": broker.audience,
    }))
    .into_response()
}
