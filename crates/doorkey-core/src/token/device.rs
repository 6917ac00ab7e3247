//! The two requests of the device authorization grant ([RFC 8628](https://www.rfc-editor.org/rfc/rfc8628)).

use oauth2::basic::BasicErrorResponse;
use oauth2::{HttpRequest, HttpResponse};
use reqwest::Method;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use url::Url;
use zeroize::Zeroizing;

use super::response::Wire;
use super::{DeviceCode, TokenEndpoint, TokenResponse};
use crate::error::{Code, Error, Result};
use crate::http::Limits;

const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// What the token endpoint says to a device code ([RFC 8628 §3.5](https://www.rfc-editor.org/rfc/rfc8628#section-3.5)).
/// Everything else is an error.
#[derive(Debug)]
pub(crate) enum DeviceAnswer {
    /// The person has agreed.
    Tokens(Box<TokenResponse>),
    /// `authorization_pending`.
    Pending,
    /// `slow_down`: pending, and asked too often.
    SlowDown,
}

impl TokenEndpoint<'_> {
    /// Asks for a device code ([RFC 8628 §3.1](https://www.rfc-editor.org/rfc/rfc8628#section-3.1)). Gives the body of a
    /// successful answer.
    pub(crate) async fn authorize_device<'p>(
        &'p self,
        endpoint: &Url,
        parameters: impl IntoIterator<Item = (&'p str, &'p str)>,
    ) -> Result<Zeroizing<Vec<u8>>> {
        let request = self.form(endpoint, parameters)?;
        let response = self
            .transport_to(endpoint, "device authorization endpoint")
            .post(request)
            .await?;
        if response.status().is_success() {
            return Ok(Zeroizing::new(response.into_body()));
        }
        Err(self.refusal(&error_of(&response)?, &[], "request for a code"))
    }

    /// Asks once whether the person has agreed ([RFC 8628 §3.4](https://www.rfc-editor.org/rfc/rfc8628#section-3.4)). It is
    /// never repeated here: when to ask again is for the interval to say.
    pub(crate) async fn redeem_device_code(&self, code: &DeviceCode) -> Result<DeviceAnswer> {
        let endpoint = self.token_endpoint();
        let request = self.form(
            endpoint,
            [("grant_type", GRANT_TYPE), ("device_code", code.expose())],
        )?;
        let response = self.transport().once(request, Limits::PROVIDER).await?;
        self.device_answer(&response, code)
    }

    /// What the answer says to this code.
    pub(super) fn device_answer(
        &self,
        response: &HttpResponse,
        code: &DeviceCode,
    ) -> Result<DeviceAnswer> {
        if response.status().is_success() {
            // As elsewhere, nothing of what failed to parse is kept.
            let wire: Wire = serde_json::from_slice(response.body()).map_err(|_| {
                Error::new(
                    Code::TokenResponseInvalid,
                    "The token response lacks a member or has one of the wrong type",
                )
            })?;
            return Ok(DeviceAnswer::Tokens(Box::new(TokenResponse::new(
                wire,
                &self.profile().quirks,
            )?)));
        }
        let error = error_of(response)?;
        match error.error().as_ref() {
            "authorization_pending" => Ok(DeviceAnswer::Pending),
            "slow_down" => Ok(DeviceAnswer::SlowDown),
            "access_denied" => Err(Error::new(
                Code::ProviderDenied,
                "The provider answered `access_denied`: the sign-in was not allowed",
            )),
            "expired_token" => Err(Error::new(
                Code::TimedOut,
                "The code was not used in time (`expired_token`)",
            )
            .with_hint("Start again, and type the new code before it expires.")),
            _ => Err(self.refusal(&error, &[code.expose()], "token request")),
        }
    }

    fn form<'p>(
        &'p self,
        endpoint: &Url,
        parameters: impl IntoIterator<Item = (&'p str, &'p str)>,
    ) -> Result<HttpRequest> {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(parameters)
            .extend_pairs(self.credentials().parameters(self.client_id()))
            .finish();
        let mut request = http::Request::builder()
            .method(Method::POST)
            .uri(endpoint.as_str())
            .header(ACCEPT, HeaderValue::from_static("application/json"))
            .header(
                CONTENT_TYPE,
                HeaderValue::from_static("application/x-www-form-urlencoded"),
            );
        if let Some(authorization) = self.credentials().authorization(self.client_id()) {
            request = request.header(AUTHORIZATION, authorization);
        }
        request
            .body(body.into_bytes())
            .map_err(|_| Error::new(Code::Internal, "The request cannot be made"))
    }
}

pub(super) fn error_of(response: &HttpResponse) -> Result<BasicErrorResponse> {
    serde_json::from_slice(response.body()).map_err(|_| {
        Error::new(
            Code::TokenResponseInvalid,
            "The provider's error has a member of the wrong type",
        )
    })
}
