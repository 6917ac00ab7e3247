//! The tenant that an address names.

use std::sync::Arc;

use axum::{
    extract::{RawPathParams, Request, State},
    http::StatusCode,
    middleware::Next,
    response::Response,
};

use crate::broker::{
    Broker,
    refused::{Refused, json_response},
};

/// The tenant in the path; nothing where there is none.
pub(super) fn named(path: &RawPathParams) -> &str {
    let mut path = path.iter();
    path.find(|(name, _)| *name == "tenant")
        .map_or("", |(_, tenant)| tenant)
}

/// Refuses a request to a tenant that does not exist here.
pub(super) async fn must_exist(
    State(broker): State<Arc<Broker>>,
    path: RawPathParams,
    request: Request,
    next: Next,
) -> Response {
    let tenants = broker.personality.addresses.tenants;
    if tenants.is_none_or(|tenants| tenants.knows(named(&path))) {
        return next.run(request).await;
    }
    let body = Refused::body("invalid_tenant", "There is no tenant of this name here.");
    json_response(StatusCode::BAD_REQUEST, &body)
}
