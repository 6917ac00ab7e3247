//! What an app asks for, in words, and where the answer goes.

use maud::{Markup, html};

use crate::{
    pages::{Page, Party},
    scope::Scope,
    store::User,
};

/// What the consent page shows.
pub(crate) struct ConsentPage<'a> {
    pub(crate) client_name: &'a str,
    pub(crate) user: &'a User,
    pub(crate) picture: Option<&'a str>,
    /// What the app would be allowed.
    pub(crate) scopes: &'a [Scope],
    /// The names that the person may leave out, one by one.
    pub(crate) choices: &'a [&'a str],
    pub(crate) redirect_uri: &'a str,
    /// The code of the device that waits, if one does.
    pub(crate) device: Option<&'a str>,
    pub(crate) interaction: &'a str,
}

/// The consent page.
pub(crate) fn consent(page: &ConsentPage<'_>) -> Page {
    let ConsentPage {
        client_name,
        user,
        picture,
        scopes,
        choices,
        redirect_uri,
        device,
        interaction,
    } = *page;
    Page::new(
        Party::Broker,
        "Allow access",
        html! {
            div.text { h1 { (client_name) " asks for access" } }
            div.who {
                @if let Some(picture) = picture { img src=(picture) alt="" width="44" height="44"; }
                p {
                    b { (user.name) }
                    span.faint {
                        (user.email) " · "
                        a href={ "/login?interaction=" (interaction) } { "Not you?" }
                    }
                }
            }
            ul.asks aria-label={ "What " (client_name) " asks for" } {
                @for (title, detail) in asks(scopes, client_name) {
                    li { b { (title) } span { (detail) } }
                }
            }
            @match device {
                Some(code) => p.faint {
                    "The answer goes to the device that shows " code { (code) } ". Allow it only if that is yours."
                }
                None => p.faint { (destination(redirect_uri)) }
            }
            form.pair method="post" action="/consent" {
                input type="hidden" name="interaction" value=(interaction);
                @if !choices.is_empty() {
                    fieldset.choices {
                        legend { "What you allow" }
                        @for (number, name) in choices.iter().enumerate() {
                            label {
                                input type="checkbox" name={ "choice-" (number) } value=(name) checked;
                                code { (name) }
                            }
                        }
                    }
                }
                button.button.primary type="submit" name="decision" value="allow" { "Allow" }
                button.button type="submit" name="decision" value="deny" { "Deny" }
            }
        },
    )
}

fn asks(scopes: &[Scope], client_name: &str) -> Vec<(&'static str, String)> {
    let has = |scope| scopes.contains(&scope);
    let mut asks = Vec::new();
    let known = match (has(Scope::Profile), has(Scope::Email)) {
        (true, true) => Some("Your name, picture and e-mail"),
        (true, false) => Some("Your name and picture"),
        (false, true) => Some("Your e-mail"),
        (false, false) => None,
    };
    match known {
        Some(known) => asks.push(("Know who you are", known.to_owned())),
        None if has(Scope::OpenId) => {
            asks.push(("Recognise you", "Without your name or e-mail".to_owned()));
        }
        None => {}
    }
    if has(Scope::ProjectsRead) {
        asks.push(("See your projects", "From the demo API".to_owned()));
    }
    if has(Scope::WorkflowsRead) {
        asks.push((
            "See your workflows",
            "And their executions, from the demo API".to_owned(),
        ));
    }
    if has(Scope::ExecutionsWrite) {
        asks.push(("Start executions", "In the demo API".to_owned()));
    }
    if has(Scope::OfflineAccess) {
        asks.push((
            "Stay signed in",
            format!("Until you sign out in {client_name}"),
        ));
    }
    asks
}

fn destination(redirect_uri: &str) -> Markup {
    let url = url::Url::parse(redirect_uri).ok();
    let host = url.as_ref().and_then(|url| {
        let host = url.host_str()?;
        Some(
            url.port()
                .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")),
        )
    });
    let local = ["http://127.0.0.1", "http://[::1]", "http://localhost"]
        .iter()
        .any(|prefix| redirect_uri.starts_with(prefix));
    match (host, url) {
        (Some(host), _) if local => {
            html! { "The answer goes to " code { (host) } ", on this computer." }
        }
        (Some(host), _) => html! { "The answer goes to " code { (host) } "." },
        (None, Some(url)) => html! {
            "The answer goes to the app on this computer that opens " code { (url.scheme()) ":" } " links."
        },
        (None, None) => html! { "The answer goes to " code { (redirect_uri) } "." },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scope::Vocabulary;

    fn titles(scope: &str) -> Vec<&'static str> {
        let scopes = Vocabulary::STANDARD.asked(scope).unwrap();
        asks(&Vocabulary::STANDARD.allowed(&scopes), "Doorkey")
            .into_iter()
            .map(|(title, _)| title)
            .collect()
    }

    #[test]
    fn scopes_are_said_in_words() {
        assert_eq!(titles("openid"), ["Recognise you"]);
        assert_eq!(
            titles(crate::scope::DEMO_SCOPES),
            [
                "Know who you are",
                "See your projects",
                "See your workflows",
                "Start executions",
                "Stay signed in"
            ]
        );
        assert_eq!(titles("projects:read"), ["See your projects"]);
    }

    #[test]
    fn the_page_says_where_the_answer_goes() {
        let text = |uri| destination(uri).into_string();
        assert!(
            text("http://127.0.0.1:53412/callback")
                .contains("127.0.0.1:53412</code>, on this computer")
        );
        assert!(text("dev.doorkey.app:/callback").contains("dev.doorkey.app:</code> links"));
        assert!(!text("https://app.example.com/cb").contains("this computer"));
    }
}
