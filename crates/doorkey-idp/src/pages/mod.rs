//! What a person sees in the browser. Rendered here, without script, each page
//! whole in itself; every value that comes from outside is escaped by maud.

mod answer;
mod consent;
mod device;
mod elements;
mod home;
mod icon;
mod sign_in;
mod sign_out;

use std::sync::LazyLock;

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

pub(crate) use answer::{form_post, sign_in_refused, sign_out_refused, too_old};
pub(crate) use consent::{ConsentPage, consent};
pub(crate) use device::{DeviceOutcome, device, device_ended};
pub(crate) use home::{HomePage, broker_home, upstream_home};
pub(crate) use icon::icon;
pub(crate) use sign_in::{PasswordPage, choose, password, sign_in_first};
pub(crate) use sign_out::{ask_sign_out, signed_out, still_signed_in};

/// Whose page it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Party {
    Broker,
    Upstream,
}

impl Party {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Broker => "Demo provider",
            Self::Upstream => "Demo Upstream",
        }
    }
}

/// A page on its way out.
pub(crate) struct Page {
    party: Party,
    status: StatusCode,
    title: String,
    content: Markup,
    /// Where its forms may lead in the end; a browser checks each redirect.
    form_targets: Vec<String>,
    /// The one script that a page may have, after its content.
    script: Option<&'static str>,
}

impl Page {
    fn new(party: Party, title: impl Into<String>, content: Markup) -> Self {
        Self {
            party,
            status: StatusCode::OK,
            title: title.into(),
            content,
            form_targets: Vec::new(),
            script: None,
        }
    }

    fn with_status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    fn with_script(self, script: &'static str) -> Self {
        Self {
            script: Some(script),
            ..self
        }
    }

    /// Lets the forms of this page end at another origin or scheme as well.
    pub(crate) fn leading_to(mut self, target: impl Into<String>) -> Self {
        self.form_targets.push(target.into());
        self
    }

    fn policy(&self) -> String {
        let targets: String = self
            .form_targets
            .iter()
            .map(|target| format!(" {target}"))
            .collect();
        let script = match self.script {
            Some(script) => format!("; script-src '{}'", digest(script)),
            None => String::new(),
        };
        format!(
            "default-src 'none'; style-src '{}'; img-src 'self'; form-action 'self'{targets}; \
             base-uri 'none'; frame-ancestors 'none'{script}",
            *STYLE_DIGEST
        )
    }

    fn render(&self) -> String {
        let party = self.party.name();
        html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="robots" content="noindex";
                    link rel="icon" href="/icon.svg" type="image/svg+xml";
                    title { (self.title) " · " (party) }
                    style { (PreEscaped(STYLE)) }
                }
                body {
                    main {
                        (elements::trial(self.party))
                        div.card {
                            (elements::brand(self.party))
                            (self.content)
                        }
                        (elements::production())
                    }
                    @if let Some(script) = self.script {
                        script { (PreEscaped(script)) }
                    }
                }
            }
        }
        .into_string()
    }
}

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        let mut response = (
            self.status,
            [
                (header::CONTENT_TYPE, "text/html; charset=utf-8"),
                (header::CACHE_CONTROL, "no-store"),
            ],
            self.render(),
        )
            .into_response();
        // Every part is ASCII: digests, registered URIs' schemes and hosts.
        let policy = HeaderValue::from_str(&self.policy()).unwrap_or(HeaderValue::from_static(
            "default-src 'none'; frame-ancestors 'none'",
        ));
        response
            .headers_mut()
            .insert(header::CONTENT_SECURITY_POLICY, policy);
        response
            .headers_mut()
            .insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
        response
    }
}

/// A source expression of a content security policy that lets a form end at
/// this redirect URI.
///
/// A policy cannot write an IPv6 host, so `[::1]` becomes the scheme.
pub(crate) fn source_of(redirect_uri: &str) -> String {
    let Ok(url) = url::Url::parse(redirect_uri) else {
        return String::new();
    };
    match url.host() {
        Some(url::Host::Ipv6(_)) | None => format!("{}:", url.scheme()),
        Some(_) => url.origin().ascii_serialization(),
    }
}

const STYLE: &str = include_str!("page.css");

static STYLE_DIGEST: LazyLock<String> = LazyLock::new(|| digest(STYLE));

fn digest(text: &str) -> String {
    format!(
        "sha256-{}",
        STANDARD.encode(Sha256::digest(text.as_bytes()))
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_source_covers_every_kind_of_redirect_uri() {
        assert_eq!(
            source_of("http://127.0.0.1:53412/callback"),
            "http://127.0.0.1:53412"
        );
        assert_eq!(source_of("http://[::1]:53412/callback"), "http:");
        assert_eq!(source_of("dev.doorkey.app:/callback"), "dev.doorkey.app:");
        assert_eq!(
            source_of("https://app.example.com/x"),
            "https://app.example.com"
        );
    }

    #[test]
    fn text_is_escaped_and_the_policy_allows_no_script() {
        let hostile = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>";
        let page = Page::new(
            Party::Broker,
            hostile,
            html! { p title=(hostile) { (hostile) } },
        );
        let text = page.render();
        assert!(
            !text.contains("<script") && !text.contains("<img"),
            "{text}"
        );
        assert!(text.contains("&lt;script&gt;"));
        assert!(!page.policy().contains("script-src"));
        assert!(!page.policy().contains("unsafe"));
    }

    #[test]
    fn every_page_says_what_it_is_and_what_to_run_instead() {
        for party in [Party::Broker, Party::Upstream] {
            let text = Page::new(party, "Title", html! {}).render();
            assert!(text.contains("For trying and testing."));
            assert!(text.contains("Keycloak") && text.contains("production"));
        }
    }
}
