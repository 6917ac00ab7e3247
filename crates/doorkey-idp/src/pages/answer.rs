//! Pages that end a sign-in at the provider: refused, too old, or posted on.

use axum::http::StatusCode;
use maud::html;

use crate::pages::{Page, Party, elements, source_of};

/// A sign-in cannot be answered to the app, because the request does not say in
/// a trustworthy way where that is. `words` are the field's own, to search for.
pub(crate) fn sign_in_refused(party: Party, sentence: &str, words: &str) -> Page {
    refused(party, "Sign-in cannot start", sentence, words)
}

/// The same for a sign-out.
pub(crate) fn sign_out_refused(party: Party, sentence: &str, words: &str) -> Page {
    refused(party, "Sign-out cannot go on", sentence, words)
}

fn refused(party: Party, title: &str, sentence: &str, words: &str) -> Page {
    Page::new(
        party,
        title,
        html! {
            (elements::failed())
            (elements::heading(title, &html! { (sentence) }))
            p.faint {
                "Nothing has changed. The app that sent you here has to be set up differently. "
                "In its developer's words: " code { (words) } "."
            }
        },
    )
    .with_status(StatusCode::BAD_REQUEST)
}

/// A form was sent too late, or in another browser than it was made for.
pub(crate) fn too_old(party: Party) -> Page {
    Page::new(
        party,
        "This page is too old",
        html! {
            (elements::failed())
            (elements::heading("This page is too old", &html! {
                "It belongs to a sign-in that took too long or was started in another browser. "
                "Nothing has changed. To sign in, start again in the app."
            }))
        },
    )
    .with_status(StatusCode::BAD_REQUEST)
}

/// The answer as a form that sends itself on ([form post response mode]), with
/// a button for browsers without script.
///
/// [form post response mode]: https://openid.net/specs/oauth-v2-form-post-response-mode-1_0.html
pub(crate) fn form_post(redirect_uri: &str, answer: &[(&str, String)]) -> Page {
    Page::new(
        Party::Broker,
        "Back to the app",
        html! {
            (elements::heading("Back to the app", &html! { "If nothing happens, press Continue." }))
            form method="post" action=(redirect_uri) {
                @for (name, value) in answer {
                    input type="hidden" name=(name) value=(value);
                }
                button.button.primary type="submit" { "Continue" }
            }
        },
    )
    .leading_to(source_of(redirect_uri))
    .with_script("document.forms[0].submit()")
}
