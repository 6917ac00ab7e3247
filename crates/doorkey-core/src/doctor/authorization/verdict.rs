//! What an answer to the authorization request says about it.

use base64::Engine as _;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use reqwest::StatusCode;
use reqwest::header::LOCATION;
use url::Url;

use super::marks::{self, Refusal};
use crate::error::Error;
use crate::http::Answer;

/// What an answer says.
#[derive(Debug)]
pub(in crate::doctor) enum Verdict {
    /// The request was not sent.
    Unasked,
    /// There was no answer.
    Silent(Error),
    /// It came back to the redirect URI, so that is known; that nobody is signed in is as expected.
    CameBack,
    /// It came back to the redirect URI with an error code of the provider's. A final one does not depend on who signs in.
    CameBackWith { error: String, is_final: bool },
    /// It came back to the redirect URI, yet not with the state that was sent.
    StateLost,
    /// A page, or the way to one. Whether the request is refused later is not known.
    SignInPage,
    /// It is refused before anybody signs in.
    Refused(Refusal),
    /// An error without a reason.
    Unexplained(StatusCode),
}

/// The errors that only say that nobody has signed in or agreed
/// ([OpenID Connect Core §3.1.2.6](https://openid.net/specs/openid-connect-core-1_0.html#AuthError)).
const NOBODY_THERE: [&str; 5] = [
    "login_required",
    "interaction_required",
    "account_selection_required",
    "consent_required",
    "access_denied",
];

/// The errors that no person can do anything about
/// ([RFC 6749 §4.1.2.1](https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2.1),
/// [RFC 8707 §2](https://www.rfc-editor.org/rfc/rfc8707#section-2)).
const FINAL: [&str; 5] = [
    "unauthorized_client",
    "unsupported_response_type",
    "invalid_scope",
    "invalid_target",
    "invalid_client",
];

pub(super) fn of(asked: &Url, redirect_uri: &str, answer: &Answer) -> Verdict {
    let status = answer.status;
    if status.is_redirection() {
        let location = answer.headers.get(LOCATION);
        let to = location
            .and_then(|location| location.to_str().ok())
            .and_then(|location| asked.join(location).ok());
        return match to {
            Some(to) if is_at(&to, redirect_uri) => came_back(asked, &to),
            Some(to) => sent_elsewhere(&to),
            None => Verdict::Unexplained(status),
        };
    }
    let page = String::from_utf8_lossy(&answer.body);
    if status.is_success() {
        return marks::anywhere(&page).map_or(Verdict::SignInPage, Verdict::Refused);
    }
    marks::in_refusal(&page).map_or(Verdict::Unexplained(status), Verdict::Refused)
}

/// Whether an address is the redirect URI with something appended.
fn is_at(to: &Url, redirect_uri: &str) -> bool {
    let mut bare = to.clone();
    bare.set_query(None);
    bare.set_fragment(None);
    Url::parse(redirect_uri).is_ok_and(|expected| expected == bare)
}

fn came_back(asked: &Url, to: &Url) -> Verdict {
    if parameter(to, "state") != parameter(asked, "state") {
        return Verdict::StateLost;
    }
    match parameter(to, "error") {
        None => Verdict::CameBack,
        Some(error) if NOBODY_THERE.contains(&error.as_str()) => Verdict::CameBack,
        Some(error) => Verdict::CameBackWith {
            is_final: FINAL.contains(&error.as_str()),
            error: presentable(&error),
        },
    }
}

/// A redirect elsewhere leads to the sign-in, or to a page about an error that its address names.
fn sent_elsewhere(to: &Url) -> Verdict {
    let refused = marks::in_address(to.as_str()).or_else(|| {
        // Some pages get what to say packed into a parameter.
        to.query_pairs()
            .filter_map(|(_, value)| PACKED.decode(value.as_bytes()).ok())
            .find_map(|packed| marks::in_address(&String::from_utf8_lossy(&packed)))
    });
    refused.map_or(Verdict::SignInPage, Verdict::Refused)
}

/// Base64url, with or without its padding.
const PACKED: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::URL_SAFE,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

fn parameter(url: &Url, name: &str) -> Option<String> {
    url.query_pairs()
        .find_map(|(found, value)| (found == name).then(|| value.into_owned()))
}

/// An error code as specifications write them; anything else is the provider's own and is not repeated.
fn presentable(error: &str) -> String {
    let is_code = (1..=64).contains(&error.len())
        && error
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    if is_code {
        error.to_owned()
    } else {
        "of its own".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use reqwest::header::{HeaderMap, HeaderValue};
    use zeroize::Zeroizing;

    use super::*;

    const REDIRECT_URI: &str = "http://127.0.0.1:53412/callback";

    fn judged(status: u16, location: Option<&str>, body: &str) -> String {
        let asked = Url::parse("https://login.example.com/authorize?client_id=b&state=s3cret")
            .expect("a URL");
        let headers = location.map(|location| {
            let value = HeaderValue::from_str(location).expect("a header");
            (LOCATION, value)
        });
        let answer = Answer {
            status: StatusCode::from_u16(status).expect("a status"),
            headers: headers.into_iter().collect::<HeaderMap>(),
            body: Zeroizing::new(body.as_bytes().to_vec()),
        };
        format!("{:?}", of(&asked, REDIRECT_URI, &answer))
    }

    #[test]
    fn an_answer_at_the_redirect_uri_shows_that_it_is_known() {
        let at = |query: &str| judged(302, Some(&format!("{REDIRECT_URI}?{query}")), "");
        assert_eq!(at("error=login_required&state=s3cret"), "CameBack");
        assert_eq!(at("code=abc&state=s3cret&iss=x"), "CameBack");
        assert_eq!(at("error=login_required"), "StateLost");
        assert_eq!(at("error=login_required&state=other"), "StateLost");
        for (error, told) in [
            (
                "invalid_scope",
                "CameBackWith { error: \"invalid_scope\", is_final: true }",
            ),
            (
                "server_error",
                "CameBackWith { error: \"server_error\", is_final: false }",
            ),
            (
                "<b>Hello",
                "CameBackWith { error: \"of its own\", is_final: false }",
            ),
        ] {
            assert_eq!(at(&format!("error={error}&state=s3cret")), told);
        }
    }

    #[test]
    fn a_way_elsewhere_is_the_sign_in_unless_its_address_says_otherwise() {
        for (location, told) in [
            (
                "/login?return_to=%2Fauthorize%3Fredirect_uri%3Dhttp",
                "SignInPage",
            ),
            (
                "https://idp.example/sso?redirect_uri=http%3A%2F%2F127.0.0.1",
                "SignInPage",
            ),
            // One character of the port is another redirect URI.
            (
                "http://127.0.0.1:5341/callback?error=login_required&state=s3cret",
                "SignInPage",
            ),
            (
                "http://127.0.0.1/?error=redirect_uri_mismatch&state=s3cret",
                "Refused(RedirectUri)",
            ),
            (
                "/signin/oauth/error?authError=ChVyZWRpcmVjdF91cmlfbWlzbWF0Y2g",
                "Refused(RedirectUri)",
            ),
            (
                "/signin/oauth/error?authError=Cg5pbnZhbGlkX2NsaWVudA%3D%3D",
                "Refused(Client)",
            ),
            ("/error?error=unauthorized_client", "Refused(Client)"),
        ] {
            assert_eq!(judged(302, Some(location), ""), told, "{location}");
        }
        assert_eq!(judged(302, None, ""), "Unexplained(302)");
    }

    #[test]
    fn a_page_is_no_refusal_before_it_says_so() {
        for (status, body, told) in [
            (
                200,
                "<form>Sign in to reach your callback URL</form>",
                "SignInPage",
            ),
            (
                200,
                "AADSTS50011: The redirect URI does not match",
                "Refused(RedirectUri)",
            ),
            (
                400,
                "Invalid parameter: redirect_uri",
                "Refused(RedirectUri)",
            ),
            (401, "{\"error\":\"invalid_client\"}", "Refused(Client)"),
            (403, "Are you a robot?", "Unexplained(403)"),
            (404, "", "Unexplained(404)"),
            (500, "invalid_scope", "Refused(Scope)"),
        ] {
            assert_eq!(judged(status, None, body), told, "{body}");
        }
    }
    proptest! {
        /// Whatever a server answers is judged, and nothing of it is repeated but an error code.
        #[test]
        fn any_answer_is_judged(
            status in 100_u16..1000,
            location in proptest::option::of("[ -~]{0,60}"),
            body in "(\\PC|redirect_uri|%3D){0,20}",
            error in "[ -~]{0,80}",
        ) {
            let location = location.unwrap_or_else(|| {
                let error: String =
                    url::form_urlencoded::byte_serialize(error.as_bytes()).collect();
                format!("{REDIRECT_URI}?state=s3cret&error={error}")
            });
            let told = judged(status, Some(&location), &body);
            let is_code = |error: &str| {
                error.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
            };
            prop_assert!(is_code(&error) || error.len() < 4 || !told.contains(&error), "{told}");
        }
    }
}
