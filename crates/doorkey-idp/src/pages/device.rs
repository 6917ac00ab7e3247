//! The code of a device: typed here, and what came of it.

use axum::http::StatusCode;
use maud::html;

use crate::pages::{Page, Party, elements};

/// Asks for the code, or for a look at the one that came with the link.
pub(crate) fn device(code: &str, wrong: bool) -> Page {
    let explanation = if code.is_empty() || wrong {
        "Type the code that your other device or terminal shows."
    } else {
        "Compare it with the code that your other device or terminal shows."
    };
    let page = Page::new(
        Party::Broker,
        "Sign in with a code",
        html! {
            (elements::heading("Sign in with a code", &html! { (explanation) }))
            form method="post" action="/device" {
                div.field {
                    label for="user_code" { "Code" }
                    input.code id="user_code" name="user_code" value=(code) required maxlength="32"
                        autocomplete="off" autocapitalize="characters" spellcheck="false" autofocus
                        aria-invalid=[wrong.then_some("true")]
                        aria-describedby=(if wrong { "wrong hint" } else { "hint" });
                    @if wrong {
                        p.wrong id="wrong" role="alert" { "No device waits for this code. It may have expired." }
                    }
                    p.faint id="hint" {
                        "Go on only if you started this sign-in yourself. Whoever sent you a code gets in as you."
                    }
                }
                button.button.primary type="submit" { "Continue" }
            }
        },
    );
    if wrong {
        page.with_status(StatusCode::UNPROCESSABLE_ENTITY)
    } else {
        page
    }
}

/// What came of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DeviceOutcome {
    Allowed,
    Denied,
    Expired,
}

/// The end of the way in this browser.
pub(crate) fn device_ended(outcome: DeviceOutcome) -> Page {
    let (title, explanation) = match outcome {
        DeviceOutcome::Allowed => (
            "Your device is signed in",
            "It goes on by itself in a few seconds. You can close this tab.",
        ),
        DeviceOutcome::Denied => (
            "Your device is not signed in",
            "You did not allow it, and it is told so. You can close this tab.",
        ),
        DeviceOutcome::Expired => (
            "The code has expired",
            "Nothing has changed. Start again on the device, and type its new code.",
        ),
    };
    Page::new(
        Party::Broker,
        title,
        html! {
            @if outcome == DeviceOutcome::Allowed { (elements::done()) } @else { (elements::failed()) }
            (elements::heading(title, &html! { (explanation) }))
        },
    )
}
