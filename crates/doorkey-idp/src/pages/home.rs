//! What somebody reads who opens the provider's address itself.

use maud::html;

use crate::pages::{Page, Party, elements};

/// What the broker's own page tells.
pub(crate) struct HomePage<'a> {
    pub(crate) issuer: &'a str,
    pub(crate) metadata: Option<&'a str>,
    pub(crate) api: &'a str,
    pub(crate) upstream: &'a str,
    pub(crate) client_id: &'a str,
}

/// The broker's own page: where everything is.
pub(crate) fn broker_home(page: &HomePage<'_>) -> Page {
    let HomePage {
        issuer,
        metadata,
        api,
        upstream,
        client_id,
    } = *page;
    Page::new(
        Party::Broker,
        "Ready",
        html! {
            (elements::done())
            (elements::heading("Ready for a sign-in", &html! {
                "Start it in the app, or with " code { "doorkey login" } "."
            }))
            dl.facts {
                div { dt { "Issuer" } dd { code { (issuer) } } }
                @if let Some(metadata) = metadata {
                    div { dt { "Metadata" } dd { a href=(metadata) { code { (metadata) } } } }
                }
                div { dt { "Client ID" } dd { code { (client_id) } } }
                div { dt { "Protected API" } dd { code { (api) } } }
                div { dt { "Upstream" } dd { a href=(upstream) { code { (upstream) } } } }
            }
            p.faint {
                "Names: " code { "ada" } ", " code { "grace" } ", " code { "linus" } ". "
                "Everybody has the password " code { "demo" } "."
            }
        },
    )
}

/// The upstream's own page: who is signed in, and the way out.
pub(crate) fn upstream_home(signed_in_as: Option<&str>, question: &str) -> Page {
    Page::new(
        Party::Upstream,
        "Ready",
        html! {
            @if let Some(name) = signed_in_as {
                (elements::heading("You are signed in", &html! {
                    "as " (name) ". " (Party::Broker.name()) " can ask who you are without a password."
                }))
                form method="post" action="/logout" {
                    input type="hidden" name="question" value=(question);
                    button.button.primary type="submit" { "Sign out" }
                }
            } @else {
                (elements::done())
                (elements::heading("Nobody is signed in", &html! {
                    "A sign-in starts in an app, goes through " (Party::Broker.name()) " and comes here."
                }))
            }
        },
    )
}
