//! Answers of the token and device authorization endpoints, written as the personality writes them.

use axum::{
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Map, Value};

use crate::{
    broker::{
        Broker,
        refused::{Refused, json_response},
    },
    personality::{Encoding, Refresh, Tokens},
};

/// How the answer to one request is written.
pub(super) struct Reply {
    tokens: Tokens,
    refresh: Refresh,
    is_form: bool,
}

impl Reply {
    pub(super) fn to(broker: &Broker, headers: &HeaderMap) -> Self {
        let tokens = broker.personality.tokens;
        let accepts_json = headers
            .get_all(header::ACCEPT)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .any(|value| value.contains("application/json"));
        Self {
            tokens,
            refresh: broker.personality.refresh,
            is_form: match tokens.encoding {
                Encoding::Json => false,
                Encoding::FormUnlessAccepted => !accepts_json,
                Encoding::Form => true,
            },
        }
    }

    /// Sends a JSON object.
    pub(super) fn granted(&self, body: &str) -> Response {
        self.write(StatusCode::OK, body)
    }

    pub(super) fn refused(&self, refused: Refused) -> Response {
        let refused = match refused {
            Refused::InvalidRefreshToken(_) if self.refresh.refused_without_body => {
                return StatusCode::BAD_REQUEST.into_response();
            }
            Refused::InvalidCode(text) => {
                let (status, error) = self.tokens.refused_code;
                let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
                return self.tell(status, error, text);
            }
            refused => refused,
        };
        match refused.told() {
            Ok((status, error, text)) => self.tell(status, error, text),
            Err(fault) => fault.into_response(),
        }
    }

    fn tell(&self, status: StatusCode, error: &str, text: &str) -> Response {
        let status = if self.tokens.errors_are_ok {
            StatusCode::OK
        } else {
            status
        };
        let mut response = self.write(status, &Refused::body(error, text));
        Refused::challenge(status, &mut response);
        response
    }

    fn write(&self, status: StatusCode, body: &str) -> Response {
        let mut response = json_response(status, body);
        if self.is_form {
            let members: Map<String, Value> = serde_json::from_str(body).unwrap_or_default();
            *response.body_mut() = as_form(&members).into();
            let form = header::HeaderValue::from_static("application/x-www-form-urlencoded");
            response.headers_mut().insert(header::CONTENT_TYPE, form);
        }
        response
    }
}

fn as_form(members: &Map<String, Value>) -> String {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in members {
        match value {
            Value::String(text) => form.append_pair(name, text),
            other => form.append_pair(name, &other.to_string()),
        };
    }
    form.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_holds_what_the_object_held() {
        let object = serde_json::json!({ "access_token": "a b", "expires_in": 300 });
        let form = as_form(object.as_object().unwrap());
        assert_eq!(form, "access_token=a+b&expires_in=300");
    }
}
