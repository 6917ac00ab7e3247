//! A sign-in from its beginning to a session.

mod completion;

use std::sync::Arc;
use std::time::SystemTime;

use url::Url;

use crate::attempt::{Attempt, AuthorizationResponse};
use crate::browser::Browser;
use crate::engine::Engine;
use crate::error::{Code, Error, Result};
use crate::profile::Profile;
use crate::provider;
use crate::receiver::{Channel, PasteHandle, Receiver, Reply};
use crate::session::Session;
use crate::token::{TokenEndpoint, TokenResponse};
use crate::trace::{Flow, StepKind, Trace, Value, shown};

pub(crate) use completion::{Completion, Way};

/// A sign-in that waits for the browser. Dropping it cancels it and closes its port, or stops waiting for its link, at once.
pub struct SignIn {
    context: Context,
    receiver: Receiver,
    url: Url,
    deadline: SystemTime,
}

/// A sign-in whose answer has arrived: code and verifier are yet to be redeemed.
pub struct Answer {
    context: Context,
    response: AuthorizationResponse,
    reply: Reply,
}

struct Context {
    completion: Completion,
    attempt: Attempt,
}

impl SignIn {
    pub(crate) async fn begin(engine: &Engine, profile: &Profile) -> Result<Self> {
        let trace = engine.trace(Flow::SignIn);
        trace.step(StepKind::SignInStarted, || {
            vec![("profile", shown(profile.name()))]
        });
        let result = Self::prepare(engine, profile, trace.clone()).await;
        result.inspect_err(|error| trace.failed(StepKind::SignInFailed, error))
    }

    async fn prepare(engine: &Engine, profile: &Profile, trace: Trace) -> Result<Self> {
        let http = engine.http(profile);
        let profile = &*provider::settled(profile, &http, &trace).await?;
        // First of all that concerns the sign-in itself: without it there is nothing to ask anybody for.
        let channel = Channel::open(profile, engine.links(), &trace)?;
        let credentials = engine.credentials(profile).await?;
        let completion = Completion::prepare(engine, profile, credentials, trace.clone()).await?;
        let attempt = Attempt::new(
            profile,
            Arc::clone(&completion.provider),
            channel.redirect_uri().to_owned(),
            engine.random(),
            &trace,
        )?;
        channel.tell(&trace);
        let receiver = channel.waiting_for(attempt.expected());
        let url = attempt.authorization_url(profile)?;
        let deadline = engine.clock().now() + profile.timeout();
        let context = Context {
            completion,
            attempt,
        };
        Ok(Self {
            context,
            receiver,
            url,
            deadline,
        })
    }

    /// The address to open in a browser. It holds no secret that is worth anything to anybody else.
    pub fn authorization_url(&self) -> &Url {
        &self.url
    }

    /// When the sign-in gives up.
    pub fn deadline(&self) -> SystemTime {
        self.deadline
    }

    /// Opens the browser. Whatever the answer comes to is open already.
    ///
    /// # Errors
    /// [`Code::BrowserUnavailable`]; the sign-in still waits, and the person can open the address by hand.
    pub fn open(&self, browser: &dyn Browser) -> Result<()> {
        let trace = &self.context.completion.trace;
        match browser.open(&self.url) {
            Ok(()) => {
                trace.step(StepKind::BrowserOpened, Vec::new);
                trace.step(StepKind::AuthorizationRequest, || request_fields(&self.url));
                Ok(())
            }
            Err(error) => {
                trace.failed(StepKind::BrowserOpened, &error);
                Err(error)
            }
        }
    }

    /// Takes the address that the browser landed on from a person who pastes it, while [`answer`](Self::answer) is
    /// awaited: for a browser that cannot reach the port.
    pub fn paste_handle(&self) -> PasteHandle {
        self.receiver.paste_handle()
    }

    /// Waits for the browser to bring the answer.
    ///
    /// # Errors
    /// [`Code::TimedOut`]; [`Code::ProviderDenied`] and [`Code::AuthorizationRefused`] when the provider said no;
    /// [`Code::IssuerMismatch`] or [`Code::AuthorizationResponseInvalid`] when the answer cannot be trusted.
    pub async fn answer(self) -> Result<Answer> {
        let Self {
            context, receiver, ..
        } = self;
        let waiting = context.completion.profile.timeout();
        let result = match tokio::time::timeout(waiting, receiver.receive()).await {
            Ok(received) => match received.outcome {
                Ok(response) => Ok((response, received.reply)),
                Err(error) => {
                    received.reply.failed().await;
                    Err(error)
                }
            },
            Err(_) => Err(too_late(&context.completion.profile)),
        };
        match result {
            Ok((response, reply)) => {
                context
                    .completion
                    .trace
                    .step(StepKind::AuthorizationResponse, || {
                        let mut fields = vec![
                            ("code", Value::Hidden(response.code.len())),
                            ("state", shown("as sent")),
                        ];
                        fields.extend(
                            context
                                .attempt
                                .provider
                                .issuer
                                .as_ref()
                                .map(|issuer| ("iss", shown(issuer))),
                        );
                        fields
                    });
                Ok(Answer {
                    context,
                    response,
                    reply,
                })
            }
            Err(error) => {
                context
                    .completion
                    .trace
                    .failed(StepKind::AuthorizationResponse, &error);
                Err(error)
            }
        }
    }
}

impl Answer {
    /// Redeems code and verifier, verifies who signed in, and stores the session.
    ///
    /// # Errors
    /// A provider error when an answer cannot be trusted, a network error, or a keychain error when the
    /// keychain is required. Nothing is stored then.
    pub async fn finish(self) -> Result<Session> {
        let Self {
            context,
            response,
            reply,
        } = self;
        match context.finish(&response).await {
            Ok(session) => {
                context.completion.trace.step(StepKind::SignedIn, || {
                    let account = session.info().account;
                    account
                        .subject()
                        .map(|subject| ("sub", shown(subject)))
                        .into_iter()
                        .collect()
                });
                reply.succeeded().await;
                Ok(session)
            }
            Err(error) => {
                context
                    .completion
                    .trace
                    .failed(StepKind::SignInFailed, &error);
                reply.failed().await;
                Err(error)
            }
        }
    }
}

impl Context {
    async fn finish(&self, response: &AuthorizationResponse) -> Result<Session> {
        let tokens = self.exchange(response).await?;
        let nonce = self.attempt.nonce.as_ref().map(|nonce| nonce.as_str());
        self.completion
            .session(tokens, Way::Browser { nonce })
            .await
    }

    async fn exchange(&self, response: &AuthorizationResponse) -> Result<TokenResponse> {
        let Attempt {
            provider,
            verifier,
            redirect_uri,
            ..
        } = &self.attempt;
        let Completion {
            profile,
            http,
            credentials,
            trace,
            ..
        } = &self.completion;
        let endpoint = TokenEndpoint::new(http, provider, profile, credentials);
        trace.step(StepKind::CodeExchange, || {
            let mut fields = vec![
                ("grant_type", shown("authorization_code")),
                ("code", Value::Hidden(response.code.len())),
                ("code_verifier", Value::Hidden(verifier.len())),
                ("redirect_uri", shown(redirect_uri)),
                ("client_id", shown(profile.client_id())),
            ];
            fields.extend(credentials.field());
            fields
        });
        let tokens = endpoint
            .exchange(&response.code, verifier, redirect_uri)
            .await
            .inspect_err(|error| trace.failed(StepKind::TokenResponse, error))?;
        trace.step(StepKind::TokenResponse, || tokens.fields());
        Ok(tokens)
    }
}

/// That nobody came. A link may have gone to another program, which the provider cannot know
/// ([RFC 8252 §8.1](https://www.rfc-editor.org/rfc/rfc8252#section-8.1)).
fn too_late(profile: &Profile) -> Error {
    let waited = profile.timeout().as_secs();
    let error = Error::new(
        Code::TimedOut,
        format!("No answer came from the browser within {waited} s"),
    );
    match profile.redirect_uri().scheme() {
        Some(scheme) => error.with_hint(format!(
            "Start again, and let the browser open the {scheme}: link. If another program takes it, use a loopback redirect URI."
        )),
        None => error,
    }
}

/// The authorization request as it may be told: the challenge is public, state and nonce are not.
fn request_fields(url: &Url) -> Vec<(&'static str, Value)> {
    let mut fields = vec![(
        "authorization_endpoint",
        shown(format!(
            "{}{}",
            url.origin().ascii_serialization(),
            url.path()
        )),
    )];
    for (name, value) in url.query_pairs() {
        let field = match name.as_ref() {
            "response_type" => ("response_type", shown(value)),
            "client_id" => ("client_id", shown(value)),
            "redirect_uri" => ("redirect_uri", shown(value)),
            "scope" => ("scope", shown(value)),
            "code_challenge" => ("code_challenge", shown(value)),
            "code_challenge_method" => ("code_challenge_method", shown(value)),
            "prompt" => ("prompt", shown(value)),
            "state" => ("state", Value::Hidden(value.len())),
            "nonce" => ("nonce", Value::Hidden(value.len())),
            _ => continue,
        };
        fields.push(field);
    }
    fields
}

impl std::fmt::Debug for SignIn {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("SignIn")
            .field("profile", &self.context.completion.profile.name().as_str())
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Answer {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Answer")
            .field("profile", &self.context.completion.profile.name().as_str())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
