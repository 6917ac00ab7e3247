//! The device authorization endpoint ([RFC 8628 3.1]).
//!
//! [RFC 8628 3.1]: https://www.rfc-editor.org/rfc/rfc8628#section-3.1

use std::sync::Arc;

use axum::{body::Bytes, extract::State, http::HeaderMap, response::Response};
use serde_json::json;

use crate::{
    broker::{
        Broker,
        answer::with_query,
        device::pending::{Device, millis, user_code},
        form::{self, Endpoint},
        refused::Refused,
        reply::Reply,
        wanted::Wanted,
    },
    clock::now_millis,
    parameters::Parameters,
    random,
};

/// `POST /device_authorization`.
pub(in crate::broker) async fn authorize(
    State(broker): State<Arc<Broker>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let reply = Reply::to(&broker, &headers);
    let answer = match form::read(&broker, &headers, &body, Endpoint::Other) {
        Ok(parameters) => issue(&broker, &parameters).await,
        Err(refused) => Err(refused),
    };
    match answer {
        Ok(body) => reply.granted(&body),
        Err(refused) => reply.refused(refused),
    }
}

async fn issue(broker: &Broker, parameters: &Parameters) -> Result<String, Refused> {
    let client_id = parameters
        .value("client_id")
        .ok_or(Refused::InvalidRequest("client_id is missing."))?;
    let client = broker
        .store
        .client(client_id)
        .await?
        .ok_or(Refused::InvalidClient("client_id is not registered."))?;
    let wanted = Wanted::parse(broker, parameters).map_err(|(error, _)| match error {
        "invalid_scope" => Refused::InvalidScope("No scope that exists here was asked for."),
        _ => Refused::InvalidTarget("The only resource is the demo API."),
    })?;
    let max_age = match parameters.value("max_age").map(str::parse::<u32>) {
        None => None,
        Some(Ok(seconds)) => Some(i64::from(seconds)),
        Some(Err(_)) => {
            return Err(Refused::InvalidRequest(
                "max_age must be a number of seconds.",
            ));
        }
    };
    let (device_code, user_code) = (random::secret()?, user_code()?);
    let device = Device {
        id: random::identifier()?,
        user_code: user_code.clone(),
        client_id: client.id,
        client_name: client.name,
        scopes: wanted.scopes,
        api_access: wanted.api_access,
        login_hint: parameters.value("login_hint").map(str::to_owned),
        max_age,
        interval: millis(broker.device_interval),
        asked_at: None,
        expires_at: now_millis().saturating_add(millis(broker.device_code_lifetime)),
        decision: None,
    };
    if !broker.devices.put(device_code.clone(), device) {
        return Err(Refused::InvalidRequest("Too many devices are waiting."));
    }
    tracing::info!(client = client_id, "a device code was issued");
    let verification_uri = format!("{}/device", broker.origin);
    let complete = with_query(&verification_uri, &[("user_code", user_code.clone())]);
    let mut answer = json!({
        "device_code": device_code,
        "user_code": user_code,
        "verification_uri": verification_uri,
        "verification_uri_complete": complete,
        "expires_in": broker.device_code_lifetime.as_secs(),
        "interval": broker.device_interval.as_secs(),
    });
    if !broker.personality.device.tells_interval
        && let Some(answer) = answer.as_object_mut()
    {
        answer.remove("interval");
    }
    Ok(answer.to_string())
}
