//! The token endpoint and the revocation endpoint: one request each, never followed elsewhere, and
//! never sent twice once a byte of it may have arrived.

#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod fuzzing;
#[cfg(test)]
mod tests;

use std::pin::Pin;
use std::time::Duration;

use oauth2::basic::{
    BasicErrorResponse, BasicErrorResponseType, BasicRevocationErrorResponse,
    BasicTokenIntrospectionResponse,
};
use oauth2::{
    AsyncHttpClient, AuthType, ClientId, EndpointNotSet, EndpointSet, HttpRequest, HttpResponse,
    PkceCodeVerifier, RedirectUrl, RequestTokenError, StandardRevocableToken, TokenUrl,
};
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use reqwest::{Request, StatusCode};
use serde::Deserialize;
use tokio::time::Instant;
use url::Url;

use super::form;
use super::response::Wire;
use super::{
    AccessToken, AuthorizationCode, ClientSecret, CodeVerifier, Credentials, RefreshToken,
    TokenResponse,
};
use crate::error::{Code, Error, Result};
use crate::http::{Answer, Http, Limits};
use crate::profile::{Profile, Quirks};
use crate::provider::Provider;
use crate::text::clean;

/// A request that could not be sent, or that the server put off, is tried so many times in all.
const TRIES: u32 = 3;
/// The first wait between tries; each further one is twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(200);
/// How many characters of an error's name are told.
const LONGEST_NAME: usize = 60;
/// How many characters of its description are told.
const LONGEST_DESCRIPTION: usize = 200;
/// A revocation must not hold up a sign-out.
const REVOCATION: Limits = Limits {
    deadline: Duration::from_secs(5),
    cap: 64 * 1024,
};

type Client = oauth2::Client<
    BasicErrorResponse,
    Wire,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

/// The endpoints of one provider, for one client.
pub(crate) struct TokenEndpoint<'a> {
    http: &'a Http,
    provider: &'a Provider,
    profile: &'a Profile,
    credentials: &'a Credentials,
    client: Client,
}

impl<'a> TokenEndpoint<'a> {
    pub(crate) fn new(
        http: &'a Http,
        provider: &'a Provider,
        profile: &'a Profile,
        credentials: &'a Credentials,
    ) -> Self {
        let client = oauth2::Client::new(ClientId::new(profile.client_id().to_owned()))
            .set_auth_type(match credentials {
                Credentials::Basic(_) => AuthType::BasicAuth,
                Credentials::Public | Credentials::Post(_) => AuthType::RequestBody,
            })
            .set_token_uri(TokenUrl::from_url(provider.token_endpoint.clone()));
        let client = match credentials.secret() {
            Some(secret) => {
                client.set_client_secret(oauth2::ClientSecret::new(secret.expose().to_owned()))
            }
            None => client,
        };
        Self {
            http,
            provider,
            profile,
            credentials,
            client,
        }
    }

    /// Redeems code and verifier ([RFC 6749 §4.1.3](https://www.rfc-editor.org/rfc/rfc6749#section-4.1.3),
    /// [RFC 7636 §4.5](https://www.rfc-editor.org/rfc/rfc7636#section-4.5)).
    pub(crate) async fn exchange(
        &self,
        code: &AuthorizationCode,
        verifier: &CodeVerifier,
        redirect_uri: &str,
    ) -> Result<TokenResponse> {
        let redirect_url = RedirectUrl::new(redirect_uri.to_owned()).map_err(|error| {
            Error::new(Code::Internal, "The redirect URI is not a URL").with_source(error)
        })?;
        let response = self
            .client
            .exchange_code(oauth2::AuthorizationCode::new(code.expose().to_owned()))
            .set_pkce_verifier(PkceCodeVerifier::new(verifier.expose().to_owned()))
            .set_redirect_uri(std::borrow::Cow::Owned(redirect_url))
            .request_async(&self.transport())
            .await;
        self.outcome(response, &[code.expose(), verifier.expose()])
    }

    /// Presents the refresh token ([RFC 6749 §6](https://www.rfc-editor.org/rfc/rfc6749#section-6)).
    pub(crate) async fn refresh(&self, refresh_token: &RefreshToken) -> Result<TokenResponse> {
        let response = self
            .client
            .exchange_refresh_token(&oauth2::RefreshToken::new(
                refresh_token.expose().to_owned(),
            ))
            .request_async(&self.transport())
            .await;
        self.outcome(response, &[refresh_token.expose()])
    }

    /// Revokes the refresh token, or the access token where there is none
    /// ([RFC 7009 §2.1](https://www.rfc-editor.org/rfc/rfc7009#section-2.1)).
    ///
    /// # Errors
    /// When the provider cannot be asked or refuses. Either way the token is forgotten here.
    pub(crate) async fn revoke(&self, endpoint: &Url, token: Revocable<'_>) -> Result<()> {
        let (token, hint) = match token {
            Revocable::Refresh(token) => (token.expose(), "refresh_token"),
            Revocable::Access(token) => (token.expose(), "access_token"),
        };
        let body = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("token", token)
            .append_pair("token_type_hint", hint)
            .extend_pairs(self.credentials.parameters(self.client_id()))
            .finish();
        let mut request = Request::new(reqwest::Method::POST, endpoint.clone());
        request.headers_mut().insert(
            CONTENT_TYPE,
            HeaderValue::from_static("application/x-www-form-urlencoded"),
        );
        if let Some(authorization) = self.credentials.authorization(self.client_id()) {
            request.headers_mut().insert(AUTHORIZATION, authorization);
        }
        *request.body_mut() = Some(body.into());
        let answer = self.http.send(request, REVOCATION).await?;
        self.revoked(&answer, token)
    }

    /// What the answer says of the revocation of this token.
    fn revoked(&self, answer: &Answer, token: &str) -> Result<()> {
        if answer.status.is_success() {
            return Ok(());
        }
        let reason = error_code(answer)
            .and_then(|code| self.quoted(&code, &[token], LONGEST_NAME))
            .map_or_else(String::new, |code| format!(" ({code})"));
        let code = if answer.status.is_server_error() {
            Code::Unavailable
        } else {
            Code::TokenRequestRefused
        };
        Err(Error::new(
            code,
            format!(
                "The provider answered the revocation with {}{reason}",
                answer.status
            ),
        ))
    }

    pub(super) fn profile(&self) -> &Profile {
        self.profile
    }

    pub(super) fn credentials(&self) -> &Credentials {
        self.credentials
    }

    pub(super) fn client_id(&self) -> &str {
        self.profile.client_id()
    }

    fn secret(&self) -> Option<&str> {
        self.credentials.secret().map(ClientSecret::expose)
    }

    pub(super) fn token_endpoint(&self) -> &Url {
        &self.provider.token_endpoint
    }

    pub(super) fn transport(&self) -> Transport<'_> {
        self.transport_to(&self.provider.token_endpoint, "token endpoint")
    }

    pub(super) fn transport_to<'t>(&'t self, url: &'t Url, name: &'static str) -> Transport<'t> {
        Transport {
            http: self.http,
            quirks: &self.profile.quirks,
            host: url.host_str().unwrap_or("the provider"),
            name,
        }
    }

    /// What the provider says no to, without what was sent.
    pub(super) fn refusal(&self, error: &BasicErrorResponse, sent: &[&str], what: &str) -> Error {
        let kind = error.error();
        let code = match kind {
            BasicErrorResponseType::InvalidGrant => Code::InvalidGrant,
            BasicErrorResponseType::Extension(name)
                if name == "temporarily_unavailable" || name == "server_error" =>
            {
                Code::Unavailable
            }
            _ => Code::TokenRequestRefused,
        };
        let name = self
            .quoted(kind.as_ref(), sent, LONGEST_NAME)
            .unwrap_or_else(|| "an error without a name".to_owned());
        let mut message = format!("The provider refused the {what}: {name}");
        let description = error
            .error_description()
            .and_then(|text| self.quoted(text, sent, LONGEST_DESCRIPTION));
        if let Some(description) = &description {
            message.push_str(&format!(" ({description})"));
        }
        let error = Error::new(code, message);
        let is_about_client = matches!(kind, BasicErrorResponseType::InvalidClient)
            || kind.as_ref() == "incorrect_client_credentials"
            || description.is_some_and(|text| text.contains("client_secret"));
        match self.secret() {
            _ if !is_about_client => error,
            Some(_) => error.with_hint(format!(
                "Compare client id and client secret with the provider's registration. To give the secret anew: doorkey profile secret {}",
                self.profile.name()
            )),
            None => error.with_hint(
                "Compare the client id with the provider's registration. If the provider insists on a client secret, set `token_endpoint_auth_method` in the profile.",
            ),
        }
    }

    /// Words of the provider's that are fit to be shown, unless they repeat what was sent, or would once they are cleaned:
    /// that would carry a secret into logs and windows.
    fn quoted(&self, text: &str, sent: &[&str], longest: usize) -> Option<String> {
        let cleaned = clean(text, usize::MAX);
        let mut secrets = sent.iter().copied().chain(self.secret());
        let repeats = secrets.any(|secret| text.contains(secret) || cleaned.contains(secret));
        (!repeats && !cleaned.is_empty()).then(|| clean(&cleaned, longest))
    }

    fn outcome(
        &self,
        response: Result<Wire, RequestTokenError<Error, BasicErrorResponse>>,
        sent: &[&str],
    ) -> Result<TokenResponse> {
        match response {
            Ok(wire) => TokenResponse::new(wire, &self.profile.quirks),
            Err(RequestTokenError::Request(error)) => Err(error),
            Err(RequestTokenError::ServerResponse(error)) => {
                Err(self.refusal(&error, sent, "token request"))
            }
            // What failed to parse may hold tokens, so neither it nor the parser's words are kept.
            Err(RequestTokenError::Parse(..) | RequestTokenError::Other(_)) => Err(Error::new(
                Code::TokenResponseInvalid,
                "The token response lacks a member or has one of the wrong type",
            )),
        }
    }
}

/// Carries token requests, for `oauth2`.
pub(super) struct Transport<'a> {
    http: &'a Http,
    quirks: &'a Quirks,
    host: &'a str,
    /// What is asked there.
    name: &'static str,
}

impl<'c> AsyncHttpClient<'c> for Transport<'_> {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.post(request))
    }
}

impl Transport<'_> {
    /// Sends a request to the token endpoint, and lets only two kinds of answers through: a JSON object
    /// with success, and a JSON object with an error.
    pub(super) async fn post(&self, request: HttpRequest) -> Result<HttpResponse, Error> {
        let mut wait = FIRST_WAIT;
        let end = Instant::now() + Limits::PROVIDER.deadline;
        for attempt in 1.. {
            let mut copy = Request::try_from(request.clone())
                .map_err(|_| Error::new(Code::Internal, "The token request cannot be made"))?;
            copy.headers_mut()
                .insert(ACCEPT, HeaderValue::from_static("application/json"));
            if let Some(authorization) = copy.headers_mut().get_mut(AUTHORIZATION) {
                authorization.set_sensitive(true);
            }
            let result = self.http.send(copy, Limits::PROVIDER).await;
            // Repeated only when no byte was sent, or when the server itself says: later.
            let later = match &result {
                Err(error) => error.code() == Code::Offline,
                Ok(answer) => matches!(
                    answer.status,
                    StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS
                ),
            };
            let asked = result
                .as_ref()
                .ok()
                .and_then(retry_after)
                .unwrap_or(Duration::ZERO);
            let next = Instant::now() + wait.max(asked);
            if !later || attempt >= TRIES || next >= end {
                return result.and_then(|answer| self.judge(answer));
            }
            tokio::time::sleep_until(next).await;
            wait *= 2;
        }
        Err(Error::new(
            Code::Internal,
            "The token request was never sent",
        ))
    }

    /// The same for one request, whatever comes of it.
    pub(super) async fn once(
        &self,
        request: HttpRequest,
        limits: Limits,
    ) -> Result<HttpResponse, Error> {
        let request = Request::try_from(request)
            .map_err(|_| Error::new(Code::Internal, "The token request cannot be made"))?;
        self.judge(self.http.send(request, limits).await?)
    }

    fn judge(&self, answer: Answer) -> Result<HttpResponse, Error> {
        let answer = if self.quirks.form_encoded_tokens {
            form::as_json(answer)?
        } else {
            answer
        };
        let (host, name) = (self.host, self.name);
        let mut status = answer.status;
        if status.is_redirection() {
            return Err(Error::new(
                Code::TokenEndpointRedirect,
                format!("The {name} at {host} answered {status}; credentials are never sent on"),
            ));
        }
        if error_code(&answer).is_some() {
            // Some servers send their errors with status 200, or with one that RFC 6749 does not know.
            status = StatusCode::BAD_REQUEST;
        } else if status.is_success() {
            if !answer.has_media_type("application/json") {
                return Err(Error::new(
                    Code::TokenResponseInvalid,
                    format!("The token endpoint at {host} did not answer with JSON"),
                ));
            }
            if answer.body.iter().find(|byte| !byte.is_ascii_whitespace()) != Some(&b'{') {
                return Err(Error::new(
                    Code::TokenResponseInvalid,
                    format!("The token endpoint at {host} did not answer with a JSON object"),
                ));
            }
            status = StatusCode::OK;
        } else if status.is_client_error() && answer.body.is_empty() {
            return Err(Error::new(Code::TokenRequestRefused, format!("The {name} at {host} answered {status} without saying why"))
                .with_hint("Sign in again. If that fails as well, compare the profile with the provider's registration."));
        } else {
            // Neither OAuth nor success: a firewall, a captive portal, or a server in trouble.
            return Err(Error::new(
                Code::Unavailable,
                format!("{host} answered {status}, and not as a {name}"),
            ));
        }
        let mut response = HttpResponse::new(answer.body.to_vec());
        *response.status_mut() = status;
        response
            .headers_mut()
            .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        Ok(response)
    }
}

/// What a revocation is about.
pub(crate) enum Revocable<'a> {
    Refresh(&'a RefreshToken),
    Access(&'a AccessToken),
}

/// The `error` of a JSON object, whatever the status.
fn error_code(answer: &Answer) -> Option<String> {
    #[derive(Deserialize)]
    struct Refusal {
        error: String,
    }
    if answer.body.iter().find(|byte| !byte.is_ascii_whitespace()) != Some(&b'{') {
        return None;
    }
    serde_json::from_slice::<Refusal>(&answer.body)
        .ok()
        .map(|refusal| refusal.error)
}

fn retry_after(answer: &Answer) -> Option<Duration> {
    let seconds: u64 = answer
        .headers
        .get(RETRY_AFTER)?
        .to_str()
        .ok()?
        .trim()
        .parse()
        .ok()?;
    Some(Duration::from_secs(seconds.min(5)))
}
