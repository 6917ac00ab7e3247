//! The pieces that pages share.

use maud::{Markup, html};

use crate::pages::Party;

/// The notice above each page.
pub(super) fn trial(party: Party) -> Markup {
    let what = match party {
        Party::Broker => "This provider runs on your computer.",
        Party::Upstream => "This upstream runs on your computer.",
    };
    html! {
        p.trial {
            svg viewBox="0 0 16 16" aria-hidden="true" { path d="M8 2.5 14.2 13H1.8zM8 6.5v3M8 11.2v.1" {} }
            span { b { "For trying and testing." } " " (what) " Do not type a real password." }
        }
    }
}

/// The notice below each page.
pub(super) fn production() -> Markup {
    html! {
        p.production {
            "In production run Keycloak, Auth0, Okta, Microsoft Entra ID or another provider \
             that somebody keeps safe."
        }
    }
}

pub(super) fn brand(party: Party) -> Markup {
    html! {
        p.brand.other[party == Party::Upstream] {
            svg viewBox="6.5 0.5 19 31" aria-hidden="true" {
                path d="M8.5 18v-8a7.5 7.5 0 0 1 15 0v8zM16 18v13M16 24.5h6M16 29.5h4.5" {}
            }
            (party.name())
        }
    }
}

/// A mark for "done".
pub(super) fn done() -> Markup {
    html! {
        span.seal aria-hidden="true" { svg viewBox="0 0 16 16" { path d="m3.5 8.5 3 3 6-7" {} } }
    }
}

/// A mark for "did not work".
pub(super) fn failed() -> Markup {
    html! {
        span.seal.failed aria-hidden="true" { svg viewBox="0 0 16 16" { path d="m4 4 8 8m0-8-8 8" {} } }
    }
}

pub(super) fn heading(title: &str, explanation: &Markup) -> Markup {
    html! { div.text { h1 { (title) } p.soft { (explanation) } } }
}
