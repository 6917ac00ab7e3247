//! "How do you want to sign in?" and the name and password form.

use axum::http::StatusCode;
use maud::html;

use crate::pages::{Page, Party, elements};

/// The broker asks who shall check the person.
pub(crate) fn choose(client_name: &str, interaction: &str, problem: Option<&str>) -> Page {
    Page::new(
        Party::Broker,
        "Sign in",
        html! {
            (elements::heading("How do you want to sign in?", &html! { "to continue to " (client_name) }))
            @if let Some(problem) = problem { p.wrong role="alert" { (problem) } }
            form method="post" action="/login/upstream" {
                input type="hidden" name="interaction" value=(interaction);
                button.button.primary type="submit" { "Continue with " (Party::Upstream.name()) }
            }
            p.faint {
                (Party::Upstream.name()) " checks who you are and tells " (Party::Broker.name()) ". "
                (client_name) " never sees what passes between the two."
            }
            p.or { "or" }
            form method="get" action="/login/password" {
                input type="hidden" name="interaction" value=(interaction);
                button.button type="submit" { "Use a demo name and password" }
            }
            form method="post" action="/login/cancel" {
                input type="hidden" name="interaction" value=(interaction);
                button.button.quiet type="submit" { "Cancel" }
            }
        },
    )
}

/// What a server shows that asks everybody to sign in first, whatever the address.
pub(crate) async fn sign_in_first() -> Page {
    Page::new(
        Party::Broker,
        "Sign in",
        elements::heading(
            "Sign in first",
            &html! {
                "Start it in the app, or with " code { "doorkey login" } "."
            },
        ),
    )
}

/// What the name and password form needs.
pub(crate) struct PasswordPage<'a> {
    pub(crate) party: Party,
    /// Who gets the person back.
    pub(crate) continue_to: &'a str,
    pub(crate) action: &'a str,
    pub(crate) interaction: &'a str,
    /// What to start the name field with.
    pub(crate) username: &'a str,
    pub(crate) wrong: bool,
}

/// The name and password form, of broker and upstream alike.
pub(crate) fn password(page: &PasswordPage<'_>) -> Page {
    let rendered = Page::new(
        page.party,
        "Sign in",
        html! {
            (elements::heading("Sign in", &html! { "to continue to " (page.continue_to) }))
            form method="post" action=(page.action) {
                input type="hidden" name="interaction" value=(page.interaction);
                div.field {
                    label for="username" { "Name" }
                    input id="username" name="username" value=(page.username) required
                        autocomplete="username" autocapitalize="none" spellcheck="false"
                        autofocus[page.username.is_empty()];
                }
                div.field {
                    label for="password" { "Password" }
                    input id="password" name="password" type="password" required autocomplete="off"
                        autofocus[!page.username.is_empty()]
                        aria-invalid=[page.wrong.then_some("true")]
                        aria-describedby=(if page.wrong { "wrong hint" } else { "hint" });
                    @if page.wrong {
                        p.wrong id="wrong" role="alert" { "That name and password do not go together." }
                    }
                    p.faint id="hint" {
                        "Everybody here has the password " code { "demo" } ". Names: "
                        code { "ada" } ", " code { "grace" } ", " code { "linus" } "."
                    }
                }
                button.button.primary type="submit" { "Sign in" }
            }
        },
    );
    if page.wrong {
        rendered.with_status(StatusCode::UNPROCESSABLE_ENTITY)
    } else {
        rendered
    }
}
