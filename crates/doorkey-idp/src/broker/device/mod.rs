//! Signing in with a code that the person types in a browser anywhere ([RFC 8628]).
//!
//! What follows the code on the pages is any sign-in: the same interaction, which ends at the device instead of at a
//! redirect URI.
//!
//! [RFC 8628]: https://www.rfc-editor.org/rfc/rfc8628

mod authorization;
mod pending;
mod token;
mod verification;

pub(super) use authorization::authorize;
pub(super) use pending::Device;
pub(crate) use pending::PendingDevices;
pub(super) use token::redeem;
pub(super) use verification::{ask, check, ended};

use axum::response::Response;

use crate::{
    broker::{
        Broker,
        answer::{see_other, with_query},
        request::AuthorizationRequest,
    },
    store::Session,
};

/// The person has agreed: the device's next question is answered with tokens.
pub(super) fn allow(
    broker: &Broker,
    request: &AuthorizationRequest,
    code: &str,
    session: &Session,
) -> Response {
    let kept = broker.devices.decide(
        code,
        pending::Decision::Allowed {
            user_id: session.user_id.clone(),
            scopes: request.scopes.clone(),
            api_access: request.api_access,
            authenticated_at: session.authenticated_at,
        },
    );
    end(if kept { "allowed" } else { "expired" })
}

/// The person does not want to: the device learns that.
pub(super) fn deny(broker: &Broker, code: &str) -> Response {
    let kept = broker.devices.decide(code, pending::Decision::Denied);
    end(if kept { "denied" } else { "expired" })
}

fn end(outcome: &str) -> Response {
    see_other(&with_query(
        "/device/end",
        &[("outcome", outcome.to_owned())],
    ))
}
