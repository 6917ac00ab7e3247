//! Signing in where no browser can bring an answer back: the person carries a code to a browser anywhere
//! ([RFC 8628](https://www.rfc-editor.org/rfc/rfc8628)).

mod authorization;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod fuzzing;
mod polling;

#[cfg(test)]
mod tests;

use std::fmt;
use std::time::{Duration, SystemTime};

use url::Url;

use authorization::DeviceAuthorization;

use crate::engine::Engine;
use crate::error::{Code, Error, Result};
use crate::http::Http;
use crate::profile::{Profile, is_private};
use crate::provider;
use crate::session::Session;
use crate::sign_in::{Completion, Way};
use crate::token::TokenEndpoint;
use crate::trace::{Flow, StepKind, Value, shown};

/// A sign-in that waits for the person to type a code into a browser, on this computer or on any other. Dropping it, or
/// the future of [`finish`](Self::finish), stops it at once.
pub struct DeviceSignIn {
    completion: Completion,
    authorization: DeviceAuthorization,
    expires_at: SystemTime,
}

impl DeviceSignIn {
    pub(crate) async fn begin(engine: &Engine, profile: &Profile) -> Result<Self> {
        let trace = engine.trace(Flow::SignIn);
        trace.step(StepKind::SignInStarted, || {
            vec![("profile", shown(profile.name()))]
        });
        let begun = async {
            let http = engine.http(profile);
            let profile = &*provider::settled(profile, &http, &trace).await?;
            let credentials = engine.device_credentials(profile).await?;
            let completion =
                Completion::prepare(engine, profile, credentials, trace.clone()).await?;
            Self::ask(completion).await
        };
        begun
            .await
            .inspect_err(|error| trace.failed(StepKind::SignInFailed, error))
    }

    async fn ask(completion: Completion) -> Result<Self> {
        let Completion {
            profile,
            http,
            provider,
            trace,
            ..
        } = &completion;
        let Some(endpoint) = &provider.device_authorization_endpoint else {
            return Err(unsupported(profile));
        };
        let scope = provider.scopes_to_ask(profile).join(" ");
        trace.step(StepKind::DeviceRequest, || {
            let mut fields = vec![
                ("device_authorization_endpoint", shown(endpoint)),
                ("client_id", shown(profile.client_id())),
                ("scope", shown(&scope)),
            ];
            fields.extend(completion.credentials.field());
            fields
        });
        // Counted from before the request: what the code has lost on its way here is lost.
        let asked_at = completion.engine.clock().now();
        let authorization = Self::authorization(http, &completion, endpoint, &scope)
            .await
            .inspect_err(|error| trace.failed(StepKind::DeviceResponse, error))?;
        trace.step(StepKind::DeviceResponse, || {
            vec![
                (
                    "device_code",
                    Value::Hidden(authorization.device_code.len()),
                ),
                ("user_code", Value::Hidden(authorization.user_code.len())),
                ("verification_uri", shown(&authorization.verification_uri)),
                ("expires_in", shown(authorization.lifetime.as_secs())),
                ("interval", shown(authorization.interval.as_secs())),
            ]
        });
        let expires_at = asked_at + authorization.lifetime;
        Ok(Self {
            completion,
            authorization,
            expires_at,
        })
    }

    async fn authorization(
        http: &Http,
        completion: &Completion,
        endpoint: &Url,
        scope: &str,
    ) -> Result<DeviceAuthorization> {
        let (profile, provider) = (&completion.profile, &completion.provider);
        // `prompt` is about a browser that this request does not have.
        let parameters = profile
            .authorization_parameters
            .iter()
            .filter(|(name, value)| !value.is_empty() && *name != "prompt")
            .map(|(name, value)| (name.as_str(), value.as_str()));
        let scope = (!scope.is_empty()).then_some(("scope", scope));
        let body = TokenEndpoint::new(http, provider, profile, &completion.credentials)
            .authorize_device(endpoint, scope.into_iter().chain(parameters))
            .await?;
        let private_allowed = profile.allow_private_endpoints || is_private(profile.home());
        DeviceAuthorization::parse(&body, private_allowed)
    }

    /// The code to type, as text that changes nothing but what is seen.
    pub fn user_code(&self) -> &str {
        &self.authorization.user_code
    }

    /// Where to type it: an `https:` address, or `http:` on this computer.
    pub fn verification_uri(&self) -> &Url {
        &self.authorization.verification_uri
    }

    /// The same address with the code in it, for a QR code or a link, if the provider offers one at the same origin.
    pub fn verification_uri_complete(&self) -> Option<&Url> {
        self.authorization.verification_uri_complete.as_ref()
    }

    /// When the code is no longer good.
    pub fn expires_at(&self) -> SystemTime {
        self.expires_at
    }

    /// Gives up earlier than the code expires.
    pub fn give_up_after(mut self, limit: Duration) -> Self {
        let end = self.completion.engine.clock().now().checked_add(limit);
        self.expires_at = end.map_or(self.expires_at, |end| end.min(self.expires_at));
        self
    }

    /// Says that code and address have been put before the person, for whoever observes the flow.
    pub fn shown(&self) {
        self.completion.trace.step(StepKind::DeviceCodeShown, || {
            vec![("verification_uri", shown(self.verification_uri()))]
        });
    }

    /// Waits until the person has agreed, verifies who they are, and stores the session.
    ///
    /// The provider is asked again and again, never sooner than it wants; a network that fails meanwhile is survived.
    ///
    /// # Errors
    /// [`Code::TimedOut`] when the code has expired; [`Code::ProviderDenied`] when the person said no; those of
    /// [`Answer::finish`](crate::Answer::finish).
    pub async fn finish(self) -> Result<Session> {
        let trace = &self.completion.trace;
        match self.session().await {
            Ok(session) => {
                trace.step(StepKind::SignedIn, || {
                    let account = session.info().account;
                    let subject = account.subject().map(|subject| ("sub", shown(subject)));
                    subject.into_iter().collect()
                });
                Ok(session)
            }
            Err(error) => {
                trace.failed(StepKind::SignInFailed, &error);
                Err(error)
            }
        }
    }

    async fn session(&self) -> Result<Session> {
        let Completion {
            engine,
            profile,
            http,
            provider,
            credentials,
            trace,
            ..
        } = &self.completion;
        let endpoint = TokenEndpoint::new(http, provider, profile, credentials);
        let code = &self.authorization.device_code;
        trace.step(StepKind::DeviceTokenRequest, || {
            let mut fields = vec![
                (
                    "grant_type",
                    shown("urn:ietf:params:oauth:grant-type:device_code"),
                ),
                ("device_code", Value::Hidden(code.len())),
                ("client_id", shown(profile.client_id())),
            ];
            fields.extend(credentials.field());
            fields
        });
        let tokens = polling::until_decided(
            engine.clock(),
            self.expires_at,
            self.authorization.interval,
            trace,
            || endpoint.redeem_device_code(code),
        )
        .await
        .inspect_err(|error| trace.failed(StepKind::TokenResponse, error))?;
        trace.step(StepKind::TokenResponse, || tokens.fields());
        self.completion.session(tokens, Way::Device).await
    }
}

fn unsupported(profile: &Profile) -> Error {
    Error::new(
        Code::UnsupportedProvider,
        format!("{} offers no sign-in with a code", profile.provider_host()),
    )
    .with_hint("Sign in through a browser, or ask the provider's administrator to enable the device authorization grant.")
}

impl fmt::Debug for DeviceSignIn {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("DeviceSignIn")
            .field("profile", &self.completion.profile.name().as_str())
            .finish_non_exhaustive()
    }
}
