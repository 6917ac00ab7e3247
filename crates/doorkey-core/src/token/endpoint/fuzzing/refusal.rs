//! Laws of what is made of a token endpoint's errors: which of them end something, and that none carries a secret on.

use super::*;
use crate::token::device::error_of;
use crate::token::{DeviceAnswer, DeviceCode};

const CODE: &str = "canary-authorization-code";
const VERIFIER: &str = "canary-code-verifier";
const DEVICE_CODE: &str = "canary-device-code";
const TOKEN: &str = "canary-refresh-token";
const SECRET: &str = "canary-client-secret";
/// What was sent with a request for tokens, of whichever kind.
const SENT: [&str; 4] = [CODE, VERIFIER, DEVICE_CODE, TOKEN];

/// The body of an error, to each request that may get one.
pub(crate) fn token_refusal(bytes: &[u8]) -> Verdict {
    let named = error_code(&answer(StatusCode::BAD_REQUEST, JSON, bytes));
    let mut is_understood = false;
    for credentials in [
        Credentials::Public,
        Credentials::Post(ClientSecret::new(SECRET)),
    ] {
        let endpoint = TokenEndpoint::new(&HTTP, &PROVIDER, &PROFILE, &credentials);
        for status in [StatusCode::BAD_REQUEST, StatusCode::OK] {
            let judged = endpoint.transport().judge(answer(status, JSON, bytes));
            match judged {
                Ok(response) if response.status().is_success() => {
                    assert_eq!(named, None, "an error brings no tokens");
                }
                Ok(response) => {
                    let named = named.as_deref().expect("an error has a name");
                    is_understood |= request(&endpoint, &response, named);
                    question(&endpoint, &response, named);
                }
                Err(error) => assert_silent(&endpoint, &error, &SENT),
            }
        }
        revocation(&endpoint, bytes);
    }
    Verdict::of(is_understood)
}

/// What an exchange or a refresh makes of it. A session is ended by one error only.
fn request(endpoint: &TokenEndpoint<'_>, response: &HttpResponse, named: &str) -> bool {
    let error = match error_of(response) {
        Ok(error) => endpoint.refusal(&error, &SENT, "token request"),
        Err(error) => {
            assert_silent(endpoint, &error, &SENT);
            assert_eq!(error.code(), Code::TokenResponseInvalid);
            return false;
        }
    };
    assert_silent(endpoint, &error, &SENT);
    let expected = match named {
        "invalid_grant" => Code::InvalidGrant,
        "temporarily_unavailable" | "server_error" => Code::Unavailable,
        _ => Code::TokenRequestRefused,
    };
    assert_eq!(error.code(), expected, "{named}");
    true
}

/// What it says to a device code. Only two words mean: ask again.
fn question(endpoint: &TokenEndpoint<'_>, response: &HttpResponse, named: &str) {
    match endpoint.device_answer(response, &DeviceCode::new(DEVICE_CODE)) {
        Ok(DeviceAnswer::Pending) => assert_eq!(named, "authorization_pending"),
        Ok(DeviceAnswer::SlowDown) => assert_eq!(named, "slow_down"),
        Ok(DeviceAnswer::Tokens(tokens)) => panic!("{tokens:?} with an error"),
        Err(error) => {
            assert_silent(endpoint, &error, &[DEVICE_CODE]);
            match error.code() {
                Code::ProviderDenied => assert_eq!(named, "access_denied"),
                Code::TimedOut => assert_eq!(named, "expired_token"),
                Code::TokenResponseInvalid => {}
                _ => assert!(!["access_denied", "expired_token"].contains(&named)),
            }
        }
    }
}

/// What a sign-out makes of it. Whatever it says, only the status counts.
fn revocation(endpoint: &TokenEndpoint<'_>, bytes: &[u8]) {
    for status in [
        StatusCode::OK,
        StatusCode::BAD_REQUEST,
        StatusCode::SERVICE_UNAVAILABLE,
        StatusCode::FOUND,
    ] {
        match endpoint.revoked(&answer(status, JSON, bytes), TOKEN) {
            Ok(()) => assert_eq!(status, StatusCode::OK),
            Err(error) => {
                assert_silent(endpoint, &error, &[TOKEN]);
                assert_eq!(error.code() == Code::Unavailable, status.is_server_error());
            }
        }
    }
}

/// The error can be told, and nothing that was sent stands in it.
fn assert_silent(endpoint: &TokenEndpoint<'_>, error: &Error, sent: &[&str]) {
    assert_tellable(error);
    let told = format!("{error:?} {} {}", error.message(), error.hint());
    for secret in sent.iter().copied().chain(endpoint.secret()) {
        assert!(!told.contains(secret), "{secret} in {told}");
    }
}

static PROFILE: LazyLock<Profile> = LazyLock::new(|| {
    let name = "work".parse().expect("a name");
    Profile::for_issuer(&name, "https://login.example.com", "desktop").expect("a profile")
});

static PROVIDER: LazyLock<Provider> = LazyLock::new(|| {
    let at = |path| Url::parse(&format!("https://login.example.com/{path}")).expect("a URL");
    Provider {
        issuer: None,
        authorization_endpoint: at("authorize"),
        token_endpoint: at("token"),
        device_authorization_endpoint: None,
        revocation_endpoint: Some(at("revoke")),
        userinfo_endpoint: None,
        end_session_endpoint: None,
        jwks_uri: None,
        id_token_algorithms: Vec::new(),
        advertises_s256: true,
        names_issuer_in_responses: false,
        scopes: None,
    }
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_that_hides_behind_invisible_characters_is_not_repeated() {
        let credentials = Credentials::Post(ClientSecret::new(SECRET));
        let endpoint = TokenEndpoint::new(&HTTP, &PROVIDER, &PROFILE, &credentials);
        for (secret, hidden) in [
            (CODE, "canary-\u{200b}authorization-code"),
            (SECRET, "canary\u{ad}-client-secret"),
        ] {
            let error = BasicErrorResponse::new(
                BasicErrorResponseType::Extension(hidden.to_owned()),
                Some(format!("No: {hidden}")),
                None,
            );
            let told = endpoint.refusal(&error, &[CODE], "token request");
            assert!(!told.message().contains(secret), "{}", told.message());
        }
        let body = "{\"error\":\"canary-refresh\u{2060}-token\"}".as_bytes();
        let told = endpoint
            .revoked(&answer(StatusCode::BAD_REQUEST, JSON, body), TOKEN)
            .expect_err("refused");
        assert!(!told.message().contains("canary"), "{}", told.message());
    }
}
