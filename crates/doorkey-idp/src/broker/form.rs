//! What an app sends to an endpoint itself: its parameters, and its secret where it has one.

use axum::http::{HeaderMap, header};
use base64::{Engine, engine::general_purpose::STANDARD};

use crate::{
    broker::{Broker, refused::Refused},
    parameters::Parameters,
    personality::Secret,
};

/// The endpoint that a request is sent to, as far as its secret is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Endpoint {
    Token,
    /// A client id is enough.
    Other,
}

/// Reads the parameters of a request, once each, and checks the secret. A secret that came in the header stands among
/// the parameters afterwards.
pub(super) fn read(
    broker: &Broker,
    headers: &HeaderMap,
    body: &[u8],
    endpoint: Endpoint,
) -> Result<Parameters, Refused> {
    let tokens = &broker.personality.tokens;
    let json = tokens
        .takes_json
        .then(|| Parameters::from_json(headers, body))
        .flatten();
    let mut parameters = json
        .or_else(|| Parameters::from_form(headers, body))
        .ok_or(Refused::InvalidRequest(
            "The body must be application/x-www-form-urlencoded.",
        ))?;
    if parameters.repeated().is_some() {
        return Err(Refused::InvalidRequest("A parameter comes more than once."));
    }
    if headers.contains_key(header::AUTHORIZATION) && tokens.secret != Secret::Never {
        let (client_id, secret) = basic(headers).ok_or(Refused::InvalidClient(
            "Authorization is not HTTP Basic with client id and secret.",
        ))?;
        parameters.put("client_id", client_id);
        parameters.put("client_secret", secret);
    }
    check_secret(broker, headers, &parameters, endpoint)?;
    Ok(parameters)
}

fn check_secret(
    broker: &Broker,
    headers: &HeaderMap,
    parameters: &Parameters,
    endpoint: Endpoint,
) -> Result<(), Refused> {
    let given = parameters.value("client_secret");
    let client = &broker.personality.client;
    let of_this_client = client
        .client_secret
        .filter(|_| parameters.value("client_id") == Some(client.client_id));
    let is_demanded = endpoint == Endpoint::Token
        && match broker.personality.tokens.secret {
            Secret::Never => false,
            Secret::Tokens => true,
            Secret::Codes => parameters.value("grant_type") == Some("authorization_code"),
        };
    match (of_this_client, given) {
        (None, None) if !headers.contains_key(header::AUTHORIZATION) => Ok(()),
        // A secret that is sent anyway is a mistake to point out.
        (None, _) => Err(Refused::InvalidClient(
            "This is a public client: it has no secret to send.",
        )),
        (Some(_), None) if is_demanded => Err(Refused::InvalidRequest("client_secret is missing.")),
        (Some(_), None) => Ok(()),
        (Some(right), Some(given)) if right == given => Ok(()),
        (Some(_), Some(_)) => Err(Refused::InvalidClient("The client secret is wrong.")),
    }
}

/// Client id and secret of HTTP Basic ([RFC 6749 2.3.1](https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1)).
fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, encoded) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (client_id, secret) = decoded.split_once(':')?;
    Some((form_decoded(client_id), form_decoded(secret)))
}

fn form_decoded(text: &str) -> String {
    url::form_urlencoded::parse(format!("={text}").as_bytes())
        .map(|(_, value)| value.into_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn basic_credentials_are_form_encoded_inside() {
        let with = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::AUTHORIZATION, text.parse().unwrap());
            basic(&headers)
        };
        let encoded = STANDARD.encode("an+app:a%3Asecret");
        assert_eq!(
            with(&format!("basic {encoded}")),
            Some(("an app".to_owned(), "a:secret".to_owned()))
        );
        assert_eq!(with("Basic rubbish!"), None);
        assert_eq!(with("Bearer abc"), None);
    }
}
