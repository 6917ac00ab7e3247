//! Whether the provider refuses the authorization request before anybody signs in, found out without a browser.
//!
//! One request is sent, with secrets of its own that are thrown away. Nothing is followed, no cookie is sent, and of the
//! answer only its status, where it points and the marks of known refusals count.

#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod fuzzing;
mod marks;
mod verdict;

use std::sync::Arc;

use reqwest::header::{ACCEPT, HeaderValue};
use reqwest::{Method, Request};
use url::Url;

use super::{Check, Topic};
use crate::attempt::Attempt;
use crate::engine::Engine;
use crate::error::Result;
use crate::http::{Http, Limits, PROVIDER_DEADLINE};
use crate::profile::{Profile, RedirectUri};
use crate::provider::Provider;
use crate::receiver::Channel;
use crate::trace::Flow;
pub(super) use marks::Refusal;
pub(super) use verdict::Verdict;

/// How much of a page is looked at. What a refusal says stands in its first kilobytes.
const GLANCE: Limits = Limits {
    deadline: PROVIDER_DEADLINE,
    cap: 256 * 1024,
};

/// Sends the request, and judges the answer.
pub(super) async fn ask(
    engine: &Engine,
    profile: &Profile,
    http: &Http,
    provider: &Provider,
) -> Verdict {
    match answer(engine, profile, http, provider).await {
        Ok(verdict) => verdict,
        Err(error) => Verdict::Silent(error),
    }
}

async fn answer(
    engine: &Engine,
    profile: &Profile,
    http: &Http,
    provider: &Provider,
) -> Result<Verdict> {
    let trace = engine.trace(Flow::SignIn).silent();
    let redirect_uri = redirect_uri(engine, profile);
    let provider = Arc::new(provider.clone());
    let attempt = Attempt::new(
        profile,
        provider,
        redirect_uri.clone(),
        engine.random(),
        &trace,
    )?;
    let url = without_a_person(attempt.authorization_url(profile)?, profile);
    let mut request = Request::new(Method::GET, url.clone());
    let page = HeaderValue::from_static("text/html, application/json;q=0.9");
    request.headers_mut().insert(ACCEPT, page);
    let answer = http.glance(request, GLANCE).await?;
    Ok(verdict::of(&url, &redirect_uri, &answer))
}

/// The redirect URI as a sign-in would send it, with a port that is free just now.
fn redirect_uri(engine: &Engine, profile: &Profile) -> String {
    let trace = engine.trace(Flow::SignIn).silent();
    match (
        Channel::open(profile, engine.links(), &trace),
        profile.redirect_uri(),
    ) {
        (Ok(channel), _) => channel.redirect_uri().to_owned(),
        // Nobody listens, so any port will do that could be registered.
        (Err(_), RedirectUri::Loopback(uri)) if uri.ports().is_empty() => uri.with_port(49_152),
        (Err(_), uri) => uri.to_string(),
    }
}

/// The request as it is answered without asking anybody: OpenID Connect has `prompt=none` for that
/// ([Core §3.1.2.1](https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest)), and the answer comes back as a
/// redirect, so that it can be seen where to.
fn without_a_person(mut url: Url, profile: &Profile) -> Url {
    let kept: Vec<(String, String)> = url
        .query_pairs()
        .into_owned()
        .filter(|(name, _)| !matches!(name.as_str(), "prompt" | "response_mode"))
        .collect();
    let mut query = url.query_pairs_mut();
    query.clear().extend_pairs(kept);
    if profile.wants_id_token() {
        query.append_pair("prompt", "none");
    }
    drop(query);
    url
}

/// What the answer says beside the redirect URI.
pub(super) fn check(profile: &Profile, verdict: &Verdict) -> Option<Check> {
    const REMEDY: &str =
        "Compare client id and scopes of the profile with the provider's registration.";
    let host = profile.provider_host();
    Some(match verdict {
        // The line about the redirect URI says it.
        Verdict::Unasked | Verdict::Refused(Refusal::RedirectUri | Refusal::Client) => return None,
        Verdict::CameBack => {
            Topic::AUTHORIZATION.ok(format!("{host} takes the authorization request"))
        }
        Verdict::SignInPage => Topic::AUTHORIZATION.ok(format!(
            "{host} takes the authorization request as far as its sign-in page"
        )),
        Verdict::Refused(Refusal::Scope) => Topic::AUTHORIZATION.broken(
            format!("{host} refuses the scopes {}", profile.scopes().join(" ")),
            REMEDY,
        ),
        Verdict::CameBackWith { error, is_final } => {
            let seen = format!("{host} answers the authorization request with the error {error}");
            if *is_final {
                Topic::AUTHORIZATION.broken(seen, REMEDY)
            } else {
                Topic::AUTHORIZATION.warning(
                    seen,
                    "It may be only because nobody is signed in. Sign in to see; if it happens again, tell the provider's administrator.",
                )
            }
        }
        Verdict::StateLost => Topic::AUTHORIZATION.broken(
            format!("{host} answers without the state that it was sent"),
            "Tell the provider's administrator: such an answer could be anybody's, and a sign-in refuses it.",
        ),
        Verdict::Unexplained(status) => Topic::AUTHORIZATION.warning(
            format!("{host} answers the authorization request with {status} and no reason"),
            "Some providers answer browsers only: sign in to see. Else compare client id and endpoints of the profile with the provider's registration.",
        ),
        Verdict::Silent(error) => Topic::AUTHORIZATION.failed(error),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(lines: &str) -> Profile {
        let text = format!("issuer = \"https://a.example\"\nclient_id = \"b\"\n{lines}");
        Profile::parse(&"work".parse().expect("a name"), &text).expect("a profile")
    }

    #[test]
    fn nobody_is_asked_anything() -> Result<(), url::ParseError> {
        let url = Url::parse(
            "https://a.example/authorize?tenant=1&scope=openid+a%3Ab&prompt=consent&response_mode=form_post&state=x",
        )?;
        assert_eq!(
            without_a_person(url.clone(), &profile("")).query(),
            Some("tenant=1&scope=openid+a%3Ab&state=x&prompt=none")
        );
        // What OAuth 2 alone does not know is not sent.
        assert_eq!(
            without_a_person(url, &profile("scopes = [\"repo\"]")).query(),
            Some("tenant=1&scope=openid+a%3Ab&state=x")
        );
        Ok(())
    }

    #[test]
    fn a_page_of_the_provider_is_never_shown() {
        for verdict in [
            Verdict::CameBack,
            Verdict::SignInPage,
            Verdict::StateLost,
            Verdict::Refused(Refusal::Scope),
            Verdict::Unexplained(reqwest::StatusCode::NOT_FOUND),
        ] {
            let check = check(&profile(""), &verdict).expect("a line");
            assert!(check.seen.starts_with("a.example "), "{check:?}");
        }
    }
}
