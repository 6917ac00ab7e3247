//! One sign-in: the values that belong to it and to no other.

mod response;

use std::sync::Arc;

use oauth2::{AuthUrl, CsrfToken, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope};
use url::Url;
use zeroize::Zeroizing;

pub(crate) use response::{AuthorizationResponse, ExpectedResponse, Rejection};

use crate::error::{Code, Error, Result};
use crate::profile::{Profile, ResponseMode};
use crate::provider::Provider;
use crate::random::{self, Random};
use crate::token::CodeVerifier;
use crate::trace::{StepKind, Trace, Value, shown};

/// A sign-in that has begun. Its values are fresh, used once, and gone when it is dropped.
pub(crate) struct Attempt {
    pub(crate) provider: Arc<Provider>,
    pub(crate) verifier: CodeVerifier,
    pub(crate) nonce: Option<Zeroizing<String>>,
    /// Byte for byte what both requests carry.
    pub(crate) redirect_uri: String,
    state: Zeroizing<String>,
    challenge: PkceCodeChallenge,
}

impl Attempt {
    /// Makes verifier ([RFC 7636 §4.1](https://www.rfc-editor.org/rfc/rfc7636#section-4.1)), state and, if an ID
    /// token is wanted, nonce: 256 bits each.
    pub(crate) fn new(
        profile: &Profile,
        provider: Arc<Provider>,
        redirect_uri: String,
        random: &dyn Random,
        trace: &Trace,
    ) -> Result<Self> {
        let verifier = random::token(random)?;
        let state = random::token(random)?;
        let nonce = profile
            .wants_id_token()
            .then(|| random::token(random))
            .transpose()?;
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(
            verifier.to_string(),
        ));
        trace.step(StepKind::SecretsMade, || {
            let mut fields = vec![
                ("code_verifier", Value::Hidden(verifier.len())),
                ("code_challenge", shown(challenge.as_str())),
                ("code_challenge_method", shown("S256")),
                ("state", Value::Hidden(state.len())),
            ];
            fields.extend(
                nonce
                    .as_ref()
                    .map(|nonce| ("nonce", Value::Hidden(nonce.len()))),
            );
            fields
        });
        Ok(Self {
            provider,
            verifier: CodeVerifier::new(verifier.as_str()),
            nonce,
            redirect_uri,
            state,
            challenge,
        })
    }

    /// The authorization request ([RFC 6749 §4.1.1](https://www.rfc-editor.org/rfc/rfc6749#section-4.1.1)) as a URL. A query
    /// that the endpoint has already is kept.
    pub(crate) fn authorization_url(&self, profile: &Profile) -> Result<Url> {
        let redirect_url = RedirectUrl::new(self.redirect_uri.clone()).map_err(|error| {
            Error::new(Code::Internal, "The redirect URI is not a URL").with_source(error)
        })?;
        let client =
            oauth2::basic::BasicClient::new(oauth2::ClientId::new(profile.client_id().to_owned()))
                .set_auth_uri(AuthUrl::from_url(
                    self.provider.authorization_endpoint.clone(),
                ))
                .set_redirect_uri(redirect_url);
        let scopes = self.provider.scopes_to_ask(profile);
        let mut request = client
            .authorize_url(|| CsrfToken::new(self.state.to_string()))
            .add_scopes(scopes.iter().map(|scope| Scope::new((*scope).to_owned())))
            .set_pkce_challenge(self.challenge.clone());
        if let Some(nonce) = &self.nonce {
            request = request.add_extra_param("nonce", nonce.to_string());
        }
        if profile.response_mode == ResponseMode::FormPost {
            request = request.add_extra_param("response_mode", "form_post");
        }
        // OpenID Connect Core §11: offline access is granted only with consent. A profile that knows
        // better sets `prompt` itself; empty means: leave it out.
        let consent = scopes.contains(&"offline_access")
            && !profile.authorization_parameters.contains_key("prompt");
        if consent {
            request = request.add_extra_param("prompt", "consent");
        }
        for (name, value) in profile
            .authorization_parameters
            .iter()
            .filter(|(_, value)| !value.is_empty())
        {
            request = request.add_extra_param(name.clone(), value.clone());
        }
        Ok(request.url().0)
    }

    /// What the answer must carry to be the answer to this attempt.
    pub(crate) fn expected(&self) -> ExpectedResponse {
        ExpectedResponse::new(
            self.state.to_string(),
            self.provider.issuer.clone(),
            self.provider.names_issuer_in_responses,
        )
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::clock::SystemClock;
    use crate::profile::ProfileSource;
    use crate::random::SystemRandom;
    use crate::trace::Flow;

    fn provider() -> Arc<Provider> {
        Arc::new(Provider {
            issuer: Some("https://login.example.com".to_owned()),
            authorization_endpoint: Url::parse("https://login.example.com/authorize?tenant=a")
                .expect("a URL"),
            token_endpoint: Url::parse("https://login.example.com/token").expect("a URL"),
            device_authorization_endpoint: None,
            revocation_endpoint: None,
            userinfo_endpoint: None,
            end_session_endpoint: None,
            jwks_uri: None,
            id_token_algorithms: Vec::new(),
            advertises_s256: true,
            names_issuer_in_responses: true,
            scopes: None,
        })
    }

    fn attempt(profile: &Profile) -> Attempt {
        let trace = Trace::new(Flow::SignIn, Arc::new(SystemClock), None);
        Attempt::new(
            profile,
            provider(),
            "http://127.0.0.1:53412/callback".to_owned(),
            &SystemRandom,
            &trace,
        )
        .expect("an attempt")
    }

    fn query(url: &Url) -> HashMap<String, String> {
        url.query_pairs().into_owned().collect()
    }

    #[test]
    fn a66_the_request_carries_everything_once_and_keeps_the_query() {
        let profile = Profile::for_issuer(
            &"work".parse().expect("a name"),
            "https://login.example.com",
            "abc",
        )
        .expect("a profile");
        let attempt = attempt(&profile);
        let url = attempt.authorization_url(&profile).expect("a URL");
        let query = query(&url);
        assert_eq!(query.len(), url.query_pairs().count());
        assert_eq!(query["tenant"], "a");
        assert_eq!(query["response_type"], "code");
        assert_eq!(query["client_id"], "abc");
        assert_eq!(query["redirect_uri"], attempt.redirect_uri);
        assert_eq!(query["scope"], "openid profile email offline_access");
        assert_eq!(query["code_challenge_method"], "S256");
        assert_eq!(query["code_challenge"].len(), 43);
        assert_eq!(query["prompt"], "consent");
        assert!(!query.contains_key("response_mode"));
        assert_eq!(
            query["nonce"],
            attempt.nonce.as_ref().expect("a nonce").as_str()
        );
    }

    #[test]
    fn a12_each_attempt_has_values_of_its_own() {
        let profile = Profile::for_issuer(
            &"work".parse().expect("a name"),
            "https://login.example.com",
            "abc",
        )
        .expect("a profile");
        let (one, two) = (attempt(&profile), attempt(&profile));
        assert_ne!(one.verifier, two.verifier);
        assert_ne!(one.state, two.state);
        assert_ne!(one.nonce, two.nonce);
        assert_eq!(one.verifier.len(), 43);
    }

    #[test]
    fn without_openid_there_is_no_nonce() {
        let profile = ProfileSource::new("https://login.example.com", "abc")
            .scopes(["repo"])
            .build(&"work".parse().expect("a name"))
            .expect("a profile");
        let attempt = attempt(&profile);
        let query = query(&attempt.authorization_url(&profile).expect("a URL"));
        assert!(!query.contains_key("nonce") && !query.contains_key("prompt"));
    }

    #[test]
    fn parameters_of_the_profile_are_sent_and_empty_ones_left_out() {
        let text = "issuer = \"https://login.example.com\"\nclient_id = \"abc\"\nscopes = [\"openid\", \"offline_access\"]\n\
                    [authorization_parameters]\nlogin_hint = \"ada\"\nprompt = \"\"\n";
        let profile = Profile::parse(&"work".parse().expect("a name"), text).expect("a profile");
        let attempt = attempt(&profile);
        let query = query(&attempt.authorization_url(&profile).expect("a URL"));
        assert_eq!(query["login_hint"], "ada");
        assert!(!query.contains_key("prompt"), "{query:?}");
    }
}
