//! Asking the provider where its endpoints are.

use std::sync::Arc;
use std::time::Duration;

use reqwest::{Method, Request, StatusCode};
use url::Url;

use super::cache::Cache;
use super::{Provider, metadata};
use crate::clock::Clock;
use crate::error::{Code, Error, Result};
use crate::http::{Answer, Http, Limits};
use crate::profile::{ExplicitEndpoints, Issuer, Profile, Server};
use crate::trace::{StepKind, Trace, shown};

/// How old cached metadata may be for what continues a session. A sign-in always asks anew.
const CACHE_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);

/// Makes snapshots of providers.
#[derive(Clone, Debug)]
pub(crate) struct Discovery {
    cache: Cache,
    clock: Arc<dyn Clock>,
}

impl Discovery {
    pub(crate) fn new(cache: Cache, clock: Arc<dyn Clock>) -> Self {
        Self { cache, clock }
    }

    /// A snapshot for a new sign-in, asked of the provider itself.
    ///
    /// # Errors
    /// [`Code::MetadataInvalid`], [`Code::IssuerMismatch`], [`Code::UnsupportedProvider`] or a network error.
    pub(crate) async fn fresh(
        &self,
        profile: &Profile,
        http: &Http,
        trace: &Trace,
    ) -> Result<Provider> {
        let issuer = match &profile.server {
            Server::Discovered(issuer) => issuer,
            Server::Explicit(endpoints) => return Ok(explicit(endpoints)),
        };
        trace.step(StepKind::MetadataRequest, || {
            vec![("issuer", shown(issuer))]
        });
        let (provider, body) = fetch(profile, issuer, http)
            .await
            .inspect_err(|error| trace.failed(StepKind::MetadataResponse, error))?;
        trace.step(StepKind::MetadataResponse, || {
            vec![
                ("issuer", shown(issuer)),
                (
                    "authorization_endpoint",
                    shown(&provider.authorization_endpoint),
                ),
                ("token_endpoint", shown(&provider.token_endpoint)),
            ]
        });
        self.cache.write(issuer, self.clock.now(), &body);
        Ok(provider)
    }

    /// A snapshot for a session that lives already: from the cache if it is recent, and also if it
    /// is not but the provider cannot be asked.
    ///
    /// # Errors
    /// As [`Discovery::fresh`], when there is nothing in the cache either.
    pub(crate) async fn cached(
        &self,
        profile: &Profile,
        http: &Http,
        trace: &Trace,
    ) -> Result<Provider> {
        let Server::Discovered(issuer) = &profile.server else {
            return self.fresh(profile, http, trace).await;
        };
        let cached = self.cache.read(issuer).and_then(|(fetched_at, body)| {
            let provider = metadata::parse(profile, issuer, &body).ok()?;
            let age = self
                .clock
                .now()
                .duration_since(fetched_at)
                .unwrap_or(CACHE_LIFETIME);
            Some((provider, age < CACHE_LIFETIME))
        });
        match cached {
            Some((provider, true)) => Ok(provider),
            Some((provider, false)) => {
                Ok(self.fresh(profile, http, trace).await.unwrap_or(provider))
            }
            None => self.fresh(profile, http, trace).await,
        }
    }
}

fn explicit(endpoints: &ExplicitEndpoints) -> Provider {
    Provider {
        issuer: None,
        authorization_endpoint: endpoints.authorization.clone(),
        token_endpoint: endpoints.token.clone(),
        device_authorization_endpoint: endpoints.device_authorization.clone(),
        revocation_endpoint: endpoints.revocation.clone(),
        userinfo_endpoint: endpoints.userinfo.clone(),
        end_session_endpoint: None,
        jwks_uri: None,
        id_token_algorithms: Vec::new(),
        advertises_s256: false,
        names_issuer_in_responses: false,
        scopes: None,
    }
}

/// Tries the well-known addresses in turn. Only "nothing here" leads to the next one; an answer that is
/// metadata but wrong ends the search, and so does a server that cannot be reached.
async fn fetch(profile: &Profile, issuer: &Issuer, http: &Http) -> Result<(Provider, Vec<u8>)> {
    let mut first_reason = None;
    for url in well_known(issuer) {
        let mut request = Request::new(Method::GET, url.clone());
        request.headers_mut().insert(
            reqwest::header::ACCEPT,
            reqwest::header::HeaderValue::from_static("application/json"),
        );
        let answer = http.send(request, Limits::PROVIDER).await?;
        match absence(&url, &answer)? {
            Some(reason) => {
                first_reason.get_or_insert(reason);
            }
            None => {
                let provider = metadata::parse(profile, issuer, &answer.body)?;
                return Ok((provider, answer.body.to_vec()));
            }
        }
    }
    Err(Error::new(
        Code::MetadataInvalid,
        format!("{} publishes no metadata: {}", issuer, first_reason.unwrap_or_default()),
    )
    .with_hint("Check the issuer. A plain OAuth 2 server without metadata needs `[endpoints]` in the profile instead of `issuer`."))
}

/// Why the answer is no metadata document, if it is none.
fn absence(url: &Url, answer: &Answer) -> Result<Option<String>> {
    let status = answer.status;
    if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS {
        return Err(Error::new(
            Code::Unavailable,
            format!("{url} answered {status}"),
        ));
    }
    if status.is_redirection() {
        return Ok(Some(format!(
            "{url} redirects elsewhere, which is not followed"
        )));
    }
    if !status.is_success() {
        return Ok(Some(format!("{url} answered {status}")));
    }
    // Some servers answer every unknown path with their login page and status 200.
    if !metadata::is_object(&answer.body) {
        return if answer.has_media_type("application/json") {
            Err(Error::new(
                Code::MetadataInvalid,
                format!("The metadata at {url} is not a JSON object"),
            ))
        } else {
            Ok(Some(format!(
                "{url} answered with something other than JSON"
            )))
        };
    }
    Ok(None)
}

/// The addresses of OpenID Connect Discovery and of RFC 8414 §3.1, before and after the issuer's path.
fn well_known(issuer: &Issuer) -> Vec<Url> {
    let url = issuer.url();
    let path = url.path().trim_end_matches('/');
    let paths = [
        format!("{path}/.well-known/openid-configuration"),
        format!("/.well-known/oauth-authorization-server{path}"),
        format!("{path}/.well-known/oauth-authorization-server"),
    ];
    let mut urls: Vec<Url> = Vec::with_capacity(paths.len());
    for path in paths {
        let mut candidate = url.clone();
        candidate.set_path(&path);
        if !urls.contains(&candidate) {
            urls.push(candidate);
        }
    }
    urls
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(issuer: &str) -> Vec<String> {
        let profile = Profile::for_issuer(&"work".parse().expect("a name"), issuer, "abc")
            .expect("a profile");
        well_known(profile.issuer().expect("an issuer"))
            .iter()
            .map(Url::to_string)
            .collect()
    }

    #[test]
    fn b02_well_known_addresses_for_each_spelling() {
        let plain = [
            "https://a.example/.well-known/openid-configuration",
            "https://a.example/.well-known/oauth-authorization-server",
        ];
        assert_eq!(addresses("https://a.example"), plain);
        assert_eq!(addresses("https://a.example/"), plain);
        let tenant = [
            "https://a.example/t/1/.well-known/openid-configuration",
            "https://a.example/.well-known/oauth-authorization-server/t/1",
            "https://a.example/t/1/.well-known/oauth-authorization-server",
        ];
        assert_eq!(addresses("https://a.example/t/1"), tenant);
        assert_eq!(addresses("https://a.example/t/1/"), tenant);
    }
}
