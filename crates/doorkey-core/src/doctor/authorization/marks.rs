//! How refusals of an authorization request are known, as data.

/// What a provider refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::doctor) enum Refusal {
    RedirectUri,
    /// The client, or the client with this redirect URI: some providers do not tell which.
    Client,
    Scope,
}

/// Where a mark means what it says. The later ones are told by less.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Where {
    /// Also on a page that may be no refusal, such as the sign-in page.
    Anywhere,
    /// In an address that the browser is sent to. A page may have it among all the messages that it could show.
    InAddress,
    /// On an error page only: elsewhere it is the name of a parameter, or a word like any other.
    InRefusal,
}

/// A text that a refusal has in it, in lower case.
type Mark = (&'static str, Refusal, Where);

/// The more exact first.
const MARKS: [Mark; 18] = [
    // Microsoft's numbers.
    ("aadsts50011", Refusal::RedirectUri, Where::Anywhere),
    ("aadsts500113", Refusal::RedirectUri, Where::Anywhere),
    ("aadsts700016", Refusal::Client, Where::Anywhere),
    ("aadsts90002", Refusal::Client, Where::Anywhere),
    ("msis9224", Refusal::RedirectUri, Where::Anywhere),
    ("msis9223", Refusal::Client, Where::Anywhere),
    // Codes, of specifications and of the larger providers.
    (
        "redirect_uri_mismatch",
        Refusal::RedirectUri,
        Where::InAddress,
    ),
    (
        "invalid_redirect_uri",
        Refusal::RedirectUri,
        Where::InAddress,
    ),
    ("invalid_client", Refusal::Client, Where::InAddress),
    ("unauthorized_client", Refusal::Client, Where::InAddress),
    ("invalid_scope", Refusal::Scope, Where::InAddress),
    ("redirect_uri", Refusal::RedirectUri, Where::InRefusal),
    ("redirect uri", Refusal::RedirectUri, Where::InRefusal),
    ("redirect url", Refusal::RedirectUri, Where::InRefusal),
    ("callback url", Refusal::RedirectUri, Where::InRefusal),
    ("client not found", Refusal::Client, Where::InRefusal),
    ("unknown client", Refusal::Client, Where::InRefusal),
    ("client_id", Refusal::Client, Where::InRefusal),
];

/// The equals sign in the ways that a page or an address may write it: what stands before one is the name of a parameter,
/// which is there because the request is repeated.
const EQUALS: [&str; 6] = ["=", "%3d", "%253d", "&#x3d;", "&#61;", "\\u003d"];

/// What an error page says is refused.
pub(super) fn in_refusal(page: &str) -> Option<Refusal> {
    find(page, Where::InRefusal)
}

/// What an address that the browser is sent to says is refused.
pub(super) fn in_address(address: &str) -> Option<Refusal> {
    find(address, Where::InAddress)
}

/// What any page says is refused, for sure.
pub(super) fn anywhere(page: &str) -> Option<Refusal> {
    find(page, Where::Anywhere)
}

fn find(text: &str, place: Where) -> Option<Refusal> {
    let text = text.to_lowercase();
    let told = |(mark, _, counts): &&Mark| *counts <= place && is_told(&text, mark);
    MARKS.iter().find(told).map(|(_, means, _)| *means)
}

/// Whether a text says this, and not only as the name of a parameter that it repeats.
fn is_told(text: &str, mark: &str) -> bool {
    text.match_indices(mark).any(|(at, _)| {
        let after = text.get(at + mark.len()..).unwrap_or_default();
        !EQUALS.iter().any(|equals| after.starts_with(equals))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_are_known_by_their_words() {
        for (page, refused) in [
            (
                "<b>Error 400: redirect_uri_mismatch</b>",
                Some(Refusal::RedirectUri),
            ),
            (
                "Invalid parameter: redirect_uri",
                Some(Refusal::RedirectUri),
            ),
            (
                "The 'redirect_uri' parameter must be a Login redirect URI in the client app settings",
                Some(Refusal::RedirectUri),
            ),
            ("Callback URL mismatch.", Some(Refusal::RedirectUri)),
            ("{\"error\":\"invalid_client\"}", Some(Refusal::Client)),
            (
                "AADSTS700016: Application was not found",
                Some(Refusal::Client),
            ),
            ("Client not found.", Some(Refusal::Client)),
            ("{\"error\": \"invalid_scope\"}", Some(Refusal::Scope)),
            ("Not Found", None),
            // A firewall's page that repeats the request says nothing about it.
            (
                "Blocked: /authorize?client_id=a&redirect_uri=http://x",
                None,
            ),
            (
                "Blocked: /authorize?client_id&#x3D;a&redirect_uri%3Dhttp",
                None,
            ),
        ] {
            assert_eq!(in_refusal(page), refused, "{page}");
        }
    }

    #[test]
    fn where_it_may_be_no_refusal_less_counts() {
        let number = "AADSTS50011: ...";
        assert_eq!(anywhere(number), Some(Refusal::RedirectUri));
        assert_eq!(in_address(number), Some(Refusal::RedirectUri));
        // A sign-in page may have the words for all errors in its scripts.
        let code = "{\"invalid_client\": \"The client is not known\"}";
        assert_eq!(anywhere(code), None);
        assert_eq!(in_address(code), Some(Refusal::Client));
        let word = "Your callback URL and client_id";
        assert_eq!(in_address(word), None);
        assert_eq!(in_refusal(word), Some(Refusal::RedirectUri));
    }
}
