//! Values that must not be seen: no `Display`, no `Serialize`, a redacted `Debug`, wiped on drop.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;

macro_rules! secrets {
    ($($(#[doc = $doc:literal])+ $visibility:vis $name:ident;)+) => {$(
        $(#[doc = $doc])+
        #[derive(Clone)]
        $visibility struct $name(SecretString);

        impl $name {
            /// Takes ownership of the value.
            $visibility fn new(value: impl Into<String>) -> Self {
                Self(SecretString::from(value.into()))
            }

            /// The value itself, for the one place that must send it.
            $visibility fn expose(&self) -> &str {
                self.0.expose_secret()
            }

            /// Its length in bytes, which may be told.
            pub(crate) fn len(&self) -> usize {
                self.expose().len()
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(formatter, concat!(stringify!($name), "({} bytes)"), self.len())
            }
        }

        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.expose().as_bytes().ct_eq(other.expose().as_bytes()).into()
            }
        }

        impl Eq for $name {}
    )+};
}

secrets! {
    /// What the protected API accepts ([RFC 6750](https://www.rfc-editor.org/rfc/rfc6750)).
    pub AccessToken;
    /// What continues the session without the browser ([RFC 6749 §1.5](https://www.rfc-editor.org/rfc/rfc6749#section-1.5)).
    pub RefreshToken;
    /// The provider's signed statement about who signed in, as received.
    pub IdToken;
    /// What a provider gives a client of its own, and insists on even where every copy of the program has it: not a
    /// secret of anybody's, then ([RFC 8252 §8.5](https://www.rfc-editor.org/rfc/rfc8252#section-8.5)).
    pub ClientSecret;
    /// What the browser brings home ([RFC 6749 §4.1.2](https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2)).
    pub(crate) AuthorizationCode;
    /// What fetches the tokens once the person has agreed ([RFC 8628 §3.2](https://www.rfc-editor.org/rfc/rfc8628#section-3.2)).
    pub(crate) DeviceCode;
    /// What proves that the code is ours ([RFC 7636 §4.1](https://www.rfc-editor.org/rfc/rfc7636#section-4.1)).
    pub(crate) CodeVerifier;
}

macro_rules! issued {
    ($($name:ident)+) => {$(
        impl $name {
            /// Takes ownership of the value unless it is empty, which real servers send for "none".
            pub(crate) fn non_empty(value: String) -> Option<Self> {
                (!value.is_empty()).then(|| Self::new(value))
            }
        }
    )+};
}

issued! { AccessToken RefreshToken IdToken }

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn g03_debug_tells_the_length_and_nothing_else() {
        assert_eq!(
            format!("{:?}", AccessToken::new("canary-access")),
            "AccessToken(13 bytes)"
        );
        assert_eq!(
            format!("{:#?}", Some(CodeVerifier::new("canary"))),
            "Some(\n    CodeVerifier(6 bytes),\n)"
        );
    }

    #[test]
    fn an_empty_value_is_none() {
        assert!(RefreshToken::non_empty(String::new()).is_none());
    }
}
