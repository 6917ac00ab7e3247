//! The pages that a person opens to type the code ([RFC 8628 3.3]).
//!
//! [RFC 8628 3.3]: https://www.rfc-editor.org/rfc/rfc8628#section-3.3

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::{RawQuery, State},
    http::HeaderMap,
    response::{IntoResponse, Response},
};

use crate::{
    broker::{Broker, authorize, device::pending::normalized, request::AuthorizationRequest},
    pages::{self, DeviceOutcome},
    parameters::Parameters,
};

/// `GET /device`: the code is typed, or stands there already and is compared with the one on the device.
pub(in crate::broker) async fn ask(RawQuery(query): RawQuery) -> Response {
    let parameters = Parameters::parse(query.unwrap_or_default().as_bytes());
    let code = normalized(parameters.value("user_code").unwrap_or_default());
    pages::device(&code, false).into_response()
}

/// `POST /device`: from here on it is a sign-in like any other.
pub(in crate::broker) async fn check(
    State(broker): State<Arc<Broker>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let parameters = Parameters::from_form(&headers, &body).unwrap_or_default();
    let code = normalized(parameters.value("user_code").unwrap_or_default());
    let Some(device) = broker.devices.waiting(&code) else {
        return pages::device(&code, true).into_response();
    };
    let request = AuthorizationRequest::of_device(&broker.origin, device);
    authorize::begin(&broker, &headers, request)
        .await
        .unwrap_or_else(IntoResponse::into_response)
}

/// `GET /device/end`: there is nothing more to do in this browser.
pub(in crate::broker) async fn ended(RawQuery(query): RawQuery) -> Response {
    let parameters = Parameters::parse(query.unwrap_or_default().as_bytes());
    let outcome = match parameters.value("outcome") {
        Some("allowed") => DeviceOutcome::Allowed,
        Some("denied") => DeviceOutcome::Denied,
        _ => DeviceOutcome::Expired,
    };
    pages::device_ended(outcome).into_response()
}
