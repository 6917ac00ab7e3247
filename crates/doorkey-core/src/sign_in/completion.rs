//! From issued tokens to a stored session, whichever way the person came.

use std::sync::Arc;
use std::time::Duration;

use crate::engine::Engine;
use crate::error::{Code, Error, Result};
use crate::http::Http;
use crate::identity::{self, Account, Occasion};
use crate::profile::Profile;
use crate::provider::Provider;
use crate::random;
use crate::session::{Keep, Record, Session};
use crate::token::{Credentials, TokenResponse};
use crate::trace::{StepKind, Trace};

/// What every sign-in needs before it begins and until it ends.
pub(crate) struct Completion {
    pub(crate) engine: Engine,
    pub(crate) profile: Arc<Profile>,
    pub(crate) http: Http,
    /// As it was when the sign-in began.
    pub(crate) provider: Arc<Provider>,
    pub(crate) credentials: Credentials,
    pub(crate) trace: Trace,
    keep: Option<Keep>,
    memory_reason: Option<String>,
}

/// How the tokens came, which decides what the ID token must prove.
#[derive(Clone, Copy)]
pub(crate) enum Way<'a> {
    /// For a code that the browser brought. The authorization request sent the nonce.
    Browser { nonce: Option<&'a str> },
    /// For a device code, whose request has no nonce.
    Device,
}

impl<'a> Way<'a> {
    fn nonce(self) -> Option<&'a str> {
        match self {
            Self::Browser { nonce } => nonce,
            Self::Device => None,
        }
    }
}

impl Completion {
    /// Asks the provider for its metadata, and finds out whether the session can be kept.
    pub(crate) async fn prepare(
        engine: &Engine,
        profile: &Profile,
        credentials: Credentials,
        trace: Trace,
    ) -> Result<Self> {
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
        Ok(Self {
            engine: engine.clone(),
            profile: Arc::new(profile.clone()),
            http,
            provider,
            credentials,
            trace,
            keep,
            memory_reason,
        })
    }

    /// Verifies who the tokens are for, and stores the session.
    pub(crate) async fn session(&self, tokens: TokenResponse, way: Way<'_>) -> Result<Session> {
        let account = self.account(&tokens, way).await?;
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
            nonce: way.nonce().map(str::to_owned),
            client: self.profile.settled_client(),
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

    /// Who signed in: from the verified ID token, completed by userinfo, or from wherever the profile says.
    async fn account(&self, tokens: &TokenResponse, way: Way<'_>) -> Result<Account> {
        let provider = &self.provider;
        if !self.profile.wants_id_token() {
            let Some(who_am_i) = &self.profile.who_am_i else {
                return Ok(Account::default());
            };
            let account = identity::who_am_i(
                &self.http,
                who_am_i,
                self.profile.token_header_at(&who_am_i.url),
                &tokens.access_token,
                &self.trace,
            );
            return Ok(account.await.unwrap_or_default());
        }
        let (Some(id_token), Some(issuer)) = (&tokens.id_token, &provider.issuer) else {
            return Err(Error::new(
                Code::IdTokenMissing,
                "The provider issued no ID token, although `openid` was asked for",
            ));
        };
        let keys = self.engine.keys(&self.http, provider)?;
        let sent = &self.profile.authorization_parameters;
        let max_age = sent
            .get("max_age")
            .and_then(|age| age.parse().ok())
            .map(Duration::from_secs);
        let acr_values = sent.get("acr_values").map_or("", String::as_str);
        let occasion = match way {
            Way::Browser { nonce: Some(nonce) } => Occasion::SignIn {
                nonce,
                max_age,
                acr_values,
            },
            Way::Browser { nonce: None } => {
                return Err(Error::new(
                    Code::Internal,
                    "An ID token is wanted, but no nonce was made",
                ));
            }
            Way::Device => Occasion::Device {
                max_age,
                acr_values,
            },
        };
        let expected = identity::Expected {
            issuer,
            client_id: self.profile.client_id(),
            additional_audiences: &self.profile.additional_audiences,
            algorithms: &provider.id_token_algorithms,
            access_token: Some(&tokens.access_token),
            occasion,
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

fn reason(error: &Error) -> String {
    format!(
        "{}. {}",
        error.message().trim_end_matches('.'),
        error.hint()
    )
}
