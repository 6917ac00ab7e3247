//! How the client says who it is: by its id alone, or with its secret in one of two places
//! ([RFC 6749 §2.3.1](https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1)).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::HeaderValue;
use url::form_urlencoded;
use zeroize::Zeroizing;

use super::ClientSecret;
use crate::trace::Value;

/// What goes along with the client id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Credentials {
    /// Nothing, from a public client.
    Public,
    /// The secret, in the body.
    Post(ClientSecret),
    /// The secret, as the password of HTTP Basic.
    Basic(ClientSecret),
}

impl Credentials {
    /// The secret, if one is sent.
    pub(crate) fn secret(&self) -> Option<&ClientSecret> {
        match self {
            Self::Public => None,
            Self::Post(secret) | Self::Basic(secret) => Some(secret),
        }
    }

    /// What may be told of it.
    pub(crate) fn field(&self) -> Option<(&'static str, Value)> {
        self.secret()
            .map(|secret| ("client_secret", Value::Hidden(secret.len())))
    }

    /// The parameters of a request's body that say who the client is. HTTP Basic says it alone.
    pub(super) fn parameters<'a>(&'a self, client_id: &'a str) -> Vec<(&'static str, &'a str)> {
        match self {
            Self::Public => vec![("client_id", client_id)],
            Self::Post(secret) => {
                vec![("client_id", client_id), ("client_secret", secret.expose())]
            }
            Self::Basic(_) => Vec::new(),
        }
    }

    /// The `Authorization` header. Id and secret are form-encoded first, so that a colon in the id is none of the header's.
    pub(super) fn authorization(&self, client_id: &str) -> Option<HeaderValue> {
        let Self::Basic(secret) = self else {
            return None;
        };
        let encoded = |text: &str| {
            Zeroizing::new(form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>())
        };
        let pair = Zeroizing::new(format!(
            "{}:{}",
            encoded(client_id).as_str(),
            encoded(secret.expose()).as_str()
        ));
        let value = Zeroizing::new(format!("Basic {}", STANDARD.encode(pair.as_bytes())));
        let mut value = HeaderValue::from_str(&value).ok()?;
        value.set_sensitive(true);
        Some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn basic_is_form_encoded_before_it_is_base64() {
        let basic = Credentials::Basic(ClientSecret::new("a b+c%:ä"));
        let header = basic.authorization("id:1/x y").expect("a header");
        assert!(header.is_sensitive());
        let sent = header.to_str().expect("text").strip_prefix("Basic ");
        let pair = STANDARD.decode(sent.expect("Basic")).expect("base64");
        assert_eq!(pair, b"id%3A1%2Fx+y:a+b%2Bc%25%3A%C3%A4");
        assert!(basic.parameters("id").is_empty());
    }

    #[test]
    fn the_secret_is_in_the_body_or_nowhere() {
        let post = Credentials::Post(ClientSecret::new("canary"));
        assert_eq!(post.authorization("id"), None);
        assert_eq!(
            post.parameters("id"),
            [("client_id", "id"), ("client_secret", "canary")]
        );
        assert!(!format!("{post:?}").contains("canary"));
        assert_eq!(Credentials::Public.authorization("id"), None);
        assert_eq!(Credentials::Public.parameters("id"), [("client_id", "id")]);
    }

    #[test]
    fn of_the_secret_only_its_length_is_told() {
        let secret = ClientSecret::new("canary");
        for credentials in [
            Credentials::Post(secret.clone()),
            Credentials::Basic(secret.clone()),
        ] {
            assert_eq!(credentials.secret(), Some(&secret));
            let told = ("client_secret", Value::Hidden("canary".len()));
            assert_eq!(credentials.field(), Some(told));
        }
        assert_eq!(Credentials::Public.secret(), None);
        assert_eq!(Credentials::Public.field(), None);
    }
}
