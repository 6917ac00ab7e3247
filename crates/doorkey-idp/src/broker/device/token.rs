//! The device's question whether its person has agreed ([RFC 8628 3.4]).
//!
//! [RFC 8628 3.4]: https://www.rfc-editor.org/rfc/rfc8628#section-3.4

use crate::{
    broker::{
        Broker,
        device::pending::{Answer, Decision},
        issue::{Wants, tokens},
        refused::Refused,
    },
    parameters::Parameters,
    random,
    store::{NewGrant, Redemption},
};

/// Answers the question, with tokens once.
pub(in crate::broker) async fn redeem(
    broker: &Broker,
    parameters: &Parameters,
) -> Result<String, Refused> {
    let client_id = parameters
        .value("client_id")
        .ok_or(Refused::InvalidRequest("client_id is missing."))?;
    let device_code = parameters
        .value("device_code")
        .ok_or(Refused::InvalidRequest("device_code is missing."))?;
    let (device, decision) = match broker.devices.question(device_code, client_id) {
        Answer::Decided(device, decision) => (device, decision),
        Answer::Pending => return Err(Refused::AuthorizationPending),
        Answer::TooEarly => return Err(Refused::SlowDown),
        Answer::Expired => return Err(Refused::ExpiredToken),
        Answer::Unknown => {
            return Err(Refused::InvalidGrant(
                "The device code is unknown, used or of another client.",
            ));
        }
    };
    let Decision::Allowed {
        user_id,
        scopes,
        api_access,
        authenticated_at,
    } = decision
    else {
        return Err(Refused::AccessDenied);
    };
    let refresh_token = broker
        .gives_refresh_token(&scopes, true)
        .then(random::secret)
        .transpose()?;
    let new_grant = NewGrant {
        id: random::identifier()?,
        client_id: device.client_id,
        user_id,
        scopes,
        api_access,
        authenticated_at,
        refresh_token: refresh_token.clone(),
    };
    let redemption = broker
        .store
        .redeem_code(
            device.id,
            device.expires_at,
            new_grant,
            broker.refresh_token_lifetime,
        )
        .await?;
    match redemption {
        Redemption::Granted(grant) => {
            let scopes = grant.scopes.clone();
            let wants = Wants {
                refresh_token,
                nonce: None,
                id_token: true,
            };
            Ok(tokens(broker, &grant, &scopes, wants)?)
        }
        Redemption::Reused => Err(Refused::InvalidGrant("The device code was used before.")),
        Redemption::UserMissing => Err(Refused::InvalidGrant("The person's record is gone.")),
    }
}
