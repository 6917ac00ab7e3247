//! A sign-in from its beginning to a session.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use url::Url;

use crate::attempt::{Attempt, AuthorizationResponse};
use crate::browser::Browser;
use crate::engine::Engine;
use crate::error::{Code, Error, Result};
use crate::http::Http;
use crate::identity::{self, Account, Occasion};
use crate::profile::Profile;
use crate::random;
use crate::receiver::{Channel, PasteHandle, Receiver, Reply};
use crate::session::{Keep, Record, Session};
use crate::token::{TokenEndpoint, TokenResponse};
use crate::trace::{Flow, StepKind, Trace, Value, shown};

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
    engine: Engine,
    profile: Arc<Profile>,
    http: Http,
    attempt: Attempt,
    keep: Option<Keep>,
    memory_reason: Option<String>,
    trace: Trace,
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
        // First of all: without it there is nothing to ask anybody for.
        let channel = Channel::open(profile, engine.links(), &trace)?;
        let http = engine.http(profile);
        let (provider, kept) = tokio::join!(
            engine.discovery().fresh(profile, &http, &trace),
            keepable(engine, profile)
        );
        let provider = Arc::new(provider?);
        let (keep, memory_reason) = kept?;
        if profile.wants_id_token() && provider.jwks_uri.is_some() {
            // The keys come while the person is in the browser.
            let keys = engine.keys(&http, &provider)?;
            let trace = trace.clone();
            tokio::spawn(async move { keys.prefetch(&trace).await });
        }
        let attempt = Attempt::new(
            profile,
            provider,
            channel.redirect_uri().to_owned(),
            engine.random(),
            &trace,
        )?;
        channel.tell(&trace);
        let receiver = channel.waiting_for(attempt.expected());
        let url = attempt.authorization_url(profile)?;
        let deadline = engine.clock().now() + profile.timeout();
        let profile = Arc::new(profile.clone());
        let context = Context {
            engine: engine.clone(),
            profile,
            http,
            attempt,
            keep,
            memory_reason,
            trace,
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
        let trace = &self.context.trace;
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
        let waiting = context.profile.timeout();
        let result = match tokio::time::timeout(waiting, receiver.receive()).await {
            Ok(received) => match received.outcome {
                Ok(response) => Ok((response, received.reply)),
                Err(error) => {
                    received.reply.failed().await;
                    Err(error)
                }
            },
            Err(_) => Err(too_late(&context.profile)),
        };
        match result {
            Ok((response, reply)) => {
                context.trace.step(StepKind::AuthorizationResponse, || {
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
                context.trace.step(StepKind::SignedIn, || {
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
                context.trace.failed(StepKind::SignInFailed, &error);
                reply.failed().await;
                Err(error)
            }
        }
    }
}

impl Context {
    async fn finish(&self, response: &AuthorizationResponse) -> Result<Session> {
        let tokens = self.exchange(response).await?;
        let account = self.account(&tokens).await?;
        let record = Record {
            generation: random::token(self.engine.random())?.to_string(),
            binding: self.profile.binding(),
            expires_at: tokens
                .expires_in
                .and_then(|lifetime| self.engine.clock().now().checked_add(lifetime)),
            access_token: tokens.access_token,
            refresh_token: tokens.refresh_token,
            scopes: tokens
                .scopes
                .unwrap_or_else(|| self.profile.scopes().to_vec()),
            account,
            nonce: self.attempt.nonce.as_ref().map(|nonce| nonce.to_string()),
            // Only one that was verified is kept.
            id_token: tokens.id_token.filter(|_| self.profile.wants_id_token()),
        };
        let session = |keep: Option<Keep>, reason: Option<String>| {
            let (engine, profile, http) = (
                self.engine.clone(),
                Arc::clone(&self.profile),
                self.http.clone(),
            );
            Session::new(engine, profile, http, keep, reason, record.clone(), None)
        };
        let kept = session(self.keep.clone(), self.memory_reason.clone());
        match kept.establish().await {
            Ok(()) => {
                let kind = if self.keep.is_some() {
                    StepKind::SessionStored
                } else {
                    StepKind::SessionInMemory
                };
                self.trace.step(kind, Vec::new);
                Ok(kept)
            }
            Err(error) if self.engine.requires_keychain() => {
                self.trace.failed(StepKind::SessionStored, &error);
                kept.sign_out(None).await;
                Err(error)
            }
            Err(error) => {
                self.trace.failed(StepKind::SessionStored, &error);
                Ok(session(None, Some(reason(&error))))
            }
        }
    }

    async fn exchange(&self, response: &AuthorizationResponse) -> Result<TokenResponse> {
        let Attempt {
            provider,
            verifier,
            redirect_uri,
            ..
        } = &self.attempt;
        let endpoint = TokenEndpoint::new(&self.http, provider, self.profile.client_id());
        self.trace.step(StepKind::CodeExchange, || {
            vec![
                ("grant_type", shown("authorization_code")),
                ("code", Value::Hidden(response.code.len())),
                ("code_verifier", Value::Hidden(verifier.len())),
                ("redirect_uri", shown(redirect_uri)),
                ("client_id", shown(self.profile.client_id())),
            ]
        });
        let tokens = endpoint
            .exchange(&response.code, verifier, redirect_uri)
            .await
            .inspect_err(|error| self.trace.failed(StepKind::TokenResponse, error))?;
        self.trace.step(StepKind::TokenResponse, || tokens.fields());
        Ok(tokens)
    }

    /// Who signed in: from the verified ID token, completed by userinfo, or from wherever the profile says.
    async fn account(&self, tokens: &TokenResponse) -> Result<Account> {
        let provider = &self.attempt.provider;
        if !self.profile.wants_id_token() {
            let Some(who_am_i) = &self.profile.who_am_i else {
                return Ok(Account::default());
            };
            return Ok(
                identity::who_am_i(&self.http, who_am_i, &tokens.access_token, &self.trace)
                    .await
                    .unwrap_or_default(),
            );
        }
        let (Some(id_token), Some(issuer)) = (&tokens.id_token, &provider.issuer) else {
            return Err(Error::new(
                Code::IdTokenMissing,
                "The provider issued no ID token, although `openid` was asked for",
            ));
        };
        let keys = self.engine.keys(&self.http, provider)?;
        let Some(nonce) = &self.attempt.nonce else {
            return Err(Error::new(
                Code::Internal,
                "An ID token is wanted, but no nonce was made",
            ));
        };
        let sent = &self.profile.authorization_parameters;
        let expected = identity::Expected {
            issuer,
            client_id: self.profile.client_id(),
            additional_audiences: &self.profile.additional_audiences,
            algorithms: &provider.id_token_algorithms,
            access_token: Some(&tokens.access_token),
            occasion: Occasion::SignIn {
                nonce,
                max_age: sent
                    .get("max_age")
                    .and_then(|age| age.parse().ok())
                    .map(Duration::from_secs),
                acr_values: sent.get("acr_values").map_or("", String::as_str),
            },
            now: self.engine.clock().now(),
        };
        let verified = identity::verify(id_token, &expected, &keys, &self.trace).await?;
        let account = verified.account;
        // What the ID token says already is not asked for again.
        let named = account.name().or(account.username()).is_some();
        let wants_email = self.profile.scopes().iter().any(|scope| scope == "email");
        let complete = named && (account.email().is_some() || !wants_email);
        let Some(endpoint) = provider.userinfo_endpoint.as_ref().filter(|_| !complete) else {
            return Ok(account);
        };
        let answer = identity::userinfo(
            &self.http,
            endpoint,
            &tokens.access_token,
            &verified.subject,
            &self.trace,
        )
        .await;
        Ok(match answer.account() {
            Some(more) => account.completed_by(more),
            None => account,
        })
    }
}

/// Where the session will be kept: found out before the browser opens, since a sign-in whose session
/// vanishes is worse than none.
async fn keepable(engine: &Engine, profile: &Profile) -> Result<(Option<Keep>, Option<String>)> {
    let (Some(vault), Some(keep)) = (engine.vault(), engine.keep(profile.name())) else {
        return Ok((None, None));
    };
    match vault.ready().await {
        Ok(()) => Ok((Some(keep), None)),
        Err(error) if engine.requires_keychain() => Err(error),
        Err(error) => Ok((None, Some(reason(&error)))),
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

fn reason(error: &Error) -> String {
    format!(
        "{}. {}",
        error.message().trim_end_matches('.'),
        error.hint()
    )
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
            .field("profile", &self.context.profile.name().as_str())
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Answer {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Answer")
            .field("profile", &self.context.profile.name().as_str())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
