//! Signing out of the provider itself.

use maud::html;

use crate::pages::{Page, Party, elements};

/// Somebody sent the browser to sign out without showing that they may.
pub(crate) fn ask_sign_out(party: Party, name: &str, question: &str) -> Page {
    Page::new(
        party,
        "Sign out",
        html! {
            (elements::heading("Sign out here too?", &html! {
                "You are signed in at " (party.name()) " as " (name) "."
            }))
            form.pair method="post" action="/logout/confirm" {
                input type="hidden" name="question" value=(question);
                button.button.primary type="submit" name="decision" value="sign-out" { "Sign out" }
                button.button type="submit" name="decision" value="stay" { "Stay signed in" }
            }
        },
    )
}

/// Signed out, and where that leaves the person.
pub(crate) fn signed_out(party: Party, upstream: Option<&str>) -> Page {
    Page::new(
        party,
        "Signed out",
        html! {
            (elements::done())
            (elements::heading("You are signed out here too", &html! {
                "Next time, " (party.name()) " asks who you are. You can close this tab."
            }))
            @if let Some(upstream) = upstream {
                p.faint {
                    (Party::Upstream.name()) " may still know you: sign out "
                    a href=(upstream) { "there" } " as well if you want to be asked for a name again."
                }
            }
        },
    )
}

/// The person chose to stay.
pub(crate) fn still_signed_in(party: Party) -> Page {
    Page::new(
        party,
        "Still signed in",
        html! {
            (elements::done())
            (elements::heading("You are still signed in here", &html! {
                "Nothing has changed at " (party.name()) ". You can close this tab."
            }))
        },
    )
}
