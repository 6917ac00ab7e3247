//! How refusals of an authorization request are known, as data.

/// What a provider refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::doctor) enum Refusal {
    RedirectUri,
    /// The client, or the client with this redirect URI: some providers do not tell which.
    Client,
    Scope,
}

/// A text that a refusal has in it, in lower case.
struct Mark {
    text: &'static str,
    means: Refusal,
    /// Whether it means that wherever it stands. The others are also names of parameters, or words of any page.
    is_code: bool,
}

const fn code(text: &'static str, means: Refusal) -> Mark {
    Mark {
        text,
        means,
        is_code: true,
    }
}

const fn word(text: &'static str, means: Refusal) -> Mark {
    Mark {
        text,
        means,
        is_code: false,
    }
}

/// The more exact first.
const MARKS: [Mark; 18] = [
    code("redirect_uri_mismatch", Refusal::RedirectUri),
    code("invalid_redirect_uri", Refusal::RedirectUri),
    // Microsoft's numbers.
    code("aadsts50011", Refusal::RedirectUri),
    code("aadsts500113", Refusal::RedirectUri),
    code("aadsts700016", Refusal::Client),
    code("aadsts90002", Refusal::Client),
    code("msis9224", Refusal::RedirectUri),
    code("msis9223", Refusal::Client),
    word("redirect_uri", Refusal::RedirectUri),
    word("redirect uri", Refusal::RedirectUri),
    word("redirect url", Refusal::RedirectUri),
    word("callback url", Refusal::RedirectUri),
    word("invalid_client", Refusal::Client),
    word("unauthorized_client", Refusal::Client),
    word("client not found", Refusal::Client),
    word("unknown client", Refusal::Client),
    word("client_id", Refusal::Client),
    word("invalid_scope", Refusal::Scope),
];

/// The equals sign in the ways that a page or an address may write it: what stands before one is the name of a parameter,
/// which is there because the request is repeated.
const EQUALS: [&str; 6] = ["=", "%3d", "%253d", "&#x3d;", "&#61;", "\\u003d"];

/// What an error page says is refused.
pub(super) fn in_refusal(page: &str) -> Option<Refusal> {
    let page = page.to_lowercase();
    find(&page, |_| true)
}

/// What any text says is refused, for sure.
pub(super) fn anywhere(text: &str) -> Option<Refusal> {
    let text = text.to_lowercase();
    find(&text, |mark| mark.is_code)
}

fn find(text: &str, counts: impl Fn(&Mark) -> bool) -> Option<Refusal> {
    let mark = MARKS
        .iter()
        .find(|mark| counts(mark) && is_told(text, mark.text))?;
    Some(mark.means)
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
    fn on_a_page_that_may_be_no_refusal_only_codes_count() {
        assert_eq!(anywhere("AADSTS50011: ..."), Some(Refusal::RedirectUri));
        assert_eq!(anywhere("Your callback URL and client_id"), None);
    }
}
