//! What can go wrong: by whose fault, under which stable code, and what to do about it.

use std::error::Error as StdError;
use std::fmt;

/// Something that went wrong, ready to be told to a person.
///
/// The [code](Error::code) is stable and meant for programs; the [message](Error::message) says what
/// happened and the [hint](Error::hint) what to do. None of them ever holds a token, an authorization
/// code, a code verifier or a byte of a response that might.
pub struct Error {
    code: Code,
    message: String,
    hint: Option<String>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// A result whose error can be told to a person.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Whose fault an error is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The request or the profile is wrong; the person can correct it.
    Usage,
    /// Nobody is signed in, or the session has ended.
    NotSignedIn,
    /// The sign-in was refused, cancelled, or took too long.
    SignIn,
    /// The provider misbehaved or is misconfigured.
    Provider,
    /// The network, or what stands between here and the server.
    Network,
    /// The system keychain.
    Keychain,
    /// The protected API refused the call.
    Api,
    /// This computer: files, ports, the browser.
    Local,
}

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $variant:ident = $code:literal, $fault:ident, $hint:literal;)+) => {
        /// The stable codes.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Code { $($(#[doc = $doc])+ $variant,)+ }

        impl Code {
            /// Every code there is, in the order of the documentation.
            pub const ALL: &'static [Code] = &[$(Code::$variant,)+];

            /// The code as programs see it, such as `state_mismatch`.
            pub fn as_str(self) -> &'static str {
                match self { $(Code::$variant => $code,)+ }
            }

            /// Whose fault it is.
            pub fn fault(self) -> Fault {
                match self { $(Code::$variant => Fault::$fault,)+ }
            }

            /// What has happened, in a sentence or two.
            pub fn meaning(self) -> &'static str {
                match self { $(Code::$variant => concat!($($doc),+).trim_start(),)+ }
            }

            /// What to do about it when nothing more special is known.
            pub fn hint(self) -> &'static str {
                match self { $(Code::$variant => $hint,)+ }
            }
        }
    };
}

codes! {
    /// A profile file or a field of it cannot be used.
    ProfileInvalid = "profile_invalid", Usage, "Correct the profile and try again.";
    /// No profile has this name.
    ProfileNotFound = "profile_not_found", Usage, "List the profiles with: doorkey profile list";
    /// A profile of this name is there already.
    ProfileExists = "profile_exists", Usage, "Choose another name, or remove the profile first.";
    /// The profile sends a client secret, and none is kept for its provider and client.
    ClientSecretMissing = "client_secret_missing", Usage, "Give the client secret, with: doorkey profile secret NAME";
    /// An address is `http:` where only `https:` is safe.
    InsecureEndpoint = "insecure_endpoint", Usage, "Use an https: address. Plain http: is allowed on loopback addresses only.";
    /// A request to the API is malformed, or tries to set what only Doorkey may set.
    RequestInvalid = "request_invalid", Usage, "Correct the request. Authorization, Host and connection headers are set by Doorkey.";
    /// The target is not an origin, or not below a base path, that the profile lists.
    OriginNotAllowed = "origin_not_allowed", Usage, "Add the origin to the profile's `api` list if the token may go there.";

    /// No session is stored for the profile.
    NotSignedIn = "not_signed_in", NotSignedIn, "Sign in first.";
    /// The provider no longer accepts the session.
    SessionEnded = "session_ended", NotSignedIn, "Sign in again.";
    /// The access token has expired and there is no refresh token.
    NotRefreshable = "not_refreshable", NotSignedIn, "Sign in again. To stay signed in for longer, ask for the scope `offline_access` if the provider has it.";

    /// The person or the provider's policy said no.
    ProviderDenied = "provider_denied", SignIn, "Sign in again and allow access, or ask the provider's administrator.";
    /// The person cancelled.
    Cancelled = "cancelled", SignIn, "Start again when you are ready.";
    /// No answer came in time.
    TimedOut = "timed_out", SignIn, "Start again, and finish in the browser before the time is up.";
    /// The person did not authenticate as recently or as strongly as was asked for.
    StepUpNotSatisfied = "step_up_not_satisfied", SignIn, "Sign in again, and complete every step that the provider asks for.";

    /// The provider's metadata is missing, malformed or unsafe.
    MetadataInvalid = "metadata_invalid", Provider, "Check the issuer in the profile; the provider's administrator can correct its metadata.";
    /// Metadata, answer or token name another issuer than the profile.
    IssuerMismatch = "issuer_mismatch", Provider, "Check that the issuer in the profile is exactly the provider's own, to the last slash.";
    /// The provider cannot do what a safe sign-in needs.
    UnsupportedProvider = "unsupported_provider", Provider, "Ask the provider's administrator to enable PKCE with S256.";
    /// The provider answered the authorization request with an error.
    AuthorizationRefused = "authorization_refused", Provider, "Compare client id, redirect URI and scopes of the profile with the provider's registration.";
    /// The answer in the browser was neither a code nor an error.
    AuthorizationResponseInvalid = "authorization_response_invalid", Provider, "Start again. If it happens again, tell the provider's administrator.";
    /// An answer carried a state that belongs to no waiting sign-in.
    StateMismatch = "state_mismatch", Provider, "Go back to the tab that this sign-in opened, or start again.";
    /// The token endpoint refused the client or the request.
    TokenRequestRefused = "token_request_refused", Provider, "Compare client id and redirect URI of the profile with the provider's registration.";
    /// The token endpoint refused the code or the refresh token.
    InvalidGrant = "invalid_grant", Provider, "Start again. A code is valid for a short time and for one use.";
    /// The token endpoint sent the request elsewhere; credentials never follow.
    TokenEndpointRedirect = "token_endpoint_redirect", Provider, "Check the issuer in the profile: its token endpoint must answer by itself.";
    /// The token response is not one.
    TokenResponseInvalid = "token_response_invalid", Provider, "Tell the provider's administrator; a proxy between here and there is another possible cause.";
    /// The token is of a type other than Bearer.
    UnsupportedTokenType = "unsupported_token_type", Provider, "Ask the provider's administrator for Bearer tokens.";
    /// `openid` was asked for, and no ID token came.
    IdTokenMissing = "id_token_missing", Provider, "Remove the scope `openid` if the provider does not speak OpenID Connect.";
    /// The ID token failed verification.
    IdTokenInvalid = "id_token_invalid", Provider, "Check this computer's clock and the client id. If both are right, tell the provider's administrator.";
    /// The userinfo endpoint speaks of another person than the ID token.
    UserInfoMismatch = "userinfo_mismatch", Provider, "You are signed in as the ID token says. Tell the provider's administrator.";

    /// The server cannot be reached.
    Offline = "offline", Network, "Check the network connection, VPN and proxy, then try again.";
    /// The connection broke after the request was sent.
    NetworkLost = "network_lost", Network, "Try again.";
    /// The server did not answer in time.
    NetworkTimeout = "network_timeout", Network, "Try again in a moment.";
    /// The server's certificate is not trusted here.
    TlsUntrusted = "tls_untrusted", Network, "If a company certificate is needed, install it in the system's store, or name it with SSL_CERT_FILE or `ca_file` in the profile.";
    /// The server says that it cannot answer now, or something in between answered for it.
    Unavailable = "unavailable", Network, "Try again in a moment.";

    /// There is no keychain.
    KeychainUnavailable = "keychain_unavailable", Keychain, "On Linux, install and start a Secret Service such as gnome-keyring or KWallet.";
    /// The keychain is locked, or access was denied.
    KeychainLocked = "keychain_locked", Keychain, "Unlock the keychain and try again.";
    /// The keychain did not answer in time; often it shows a question of its own.
    KeychainTimeout = "keychain_timeout", Keychain, "Look for a window of the keychain that asks to be unlocked, then try again.";
    /// What the keychain holds cannot be read.
    KeychainCorrupt = "keychain_corrupt", Keychain, "Sign in again; what could not be read is set aside.";
    /// The keychain refused an item for its size.
    KeychainTooLarge = "keychain_too_large", Keychain, "Ask for fewer scopes, so that the provider issues smaller tokens.";

    /// The API refused the token even after a refresh.
    ApiUnauthorized = "api_unauthorized", Api, "Sign in again, or check that the token's audience is this API.";
    /// The answer is larger than allowed.
    ResponseTooLarge = "response_too_large", Api, "Ask the API for less at once.";

    /// The port that the redirect URI asks for is in use.
    PortUnavailable = "port_unavailable", Local, "Close the program that uses the port, or list further ports in the profile.";
    /// The answer would come as a link, and this program receives none of that scheme.
    DeepLinkUnavailable = "deep_link_unavailable", Local, "Sign in with the Doorkey app, or register a loopback redirect URI such as http://127.0.0.1/callback and set it in the profile.";
    /// No browser could be started.
    BrowserUnavailable = "browser_unavailable", Local, "Open the link yourself, or name a browser with BROWSER.";
    /// Another process holds the profile's lock.
    LockTimeout = "lock_timeout", Local, "Another Doorkey is refreshing this session; try again in a moment.";
    /// A file of Doorkey's own cannot be read or written.
    FileError = "file_error", Local, "Check permissions and free space of Doorkey's folder.";
    /// Something that should not be possible.
    Internal = "internal", Local, "This is a flaw in Doorkey: report it, and say what you did.";
}

impl Error {
    /// Makes an error with the code's own hint.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            hint: None,
            source: None,
        }
    }

    /// Replaces the code's hint with one that fits better.
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Keeps what caused it. The cause must be free of secrets.
    pub fn with_source(mut self, source: impl StdError + Send + Sync + 'static) -> Self {
        self.source = Some(Box::new(source));
        self
    }

    /// The stable code.
    pub fn code(&self) -> Code {
        self.code
    }

    /// Whose fault it is.
    pub fn fault(&self) -> Fault {
        self.code.fault()
    }

    /// What happened, in one sentence, with the causes underneath where there are any.
    pub fn message(&self) -> String {
        let mut message = self.message.clone();
        let mut cause = self.source.as_deref().map(|source| source as &dyn StdError);
        while let Some(error) = cause {
            let text = error.to_string();
            if !message.contains(&text) {
                message.push_str(": ");
                message.push_str(&text);
            }
            cause = error.source();
        }
        message
    }

    /// What to do about it, in one sentence.
    pub fn hint(&self) -> &str {
        self.hint.as_deref().unwrap_or_else(|| self.code.hint())
    }

    /// A copy for each of several waiters. Causes are kept as text.
    pub(crate) fn shared(&self) -> Self {
        Self {
            code: self.code,
            message: self.message(),
            hint: self.hint.clone(),
            source: None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Error")
            .field("code", &self.code.as_str())
            .field("message", &self.message())
            .finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source
            .as_deref()
            .map(|source| source as &(dyn StdError + 'static))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_snake_case_and_have_a_hint() {
        let mut seen = std::collections::HashSet::new();
        for code in Code::ALL {
            assert!(seen.insert(code.as_str()), "{} twice", code.as_str());
            assert!(
                code.as_str()
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte == b'_')
            );
            let meaning = code.meaning();
            assert!(
                meaning.starts_with(|first: char| first.is_uppercase() || first == '`')
                    && meaning.ends_with('.'),
                "{meaning}"
            );
            assert!(
                code.hint().ends_with('.') || code.hint().contains(": "),
                "{}",
                code.hint()
            );
        }
    }

    #[test]
    fn the_message_tells_the_whole_chain() {
        let error = Error::new(Code::Offline, "Cannot reach login.example.com")
            .with_source(std::io::Error::other("connection refused"));
        assert_eq!(
            error.message(),
            "Cannot reach login.example.com: connection refused"
        );
        assert_eq!(error.fault(), Fault::Network);
    }
}
