//! Secrets have no place in a file that is handed around: one that holds them is refused, whoever they belong to.

use crate::error::{Code, Error};
use crate::text::clean;

/// What the names of fields with a secret in them contain, without dashes and underscores.
const MARKS: [&str; 6] = [
    "secret",
    "password",
    "passphrase",
    "privatekey",
    "accesstoken",
    "refreshtoken",
];

/// Endings of names that only say where a secret is, and what kind it is.
const POINTERS: [&str; 3] = ["location", "envvar", "file"];

/// Whether a field of this name holds a secret.
pub(super) fn is_secret(field: &str) -> bool {
    let plain: String = field
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|character| character.to_ascii_lowercase())
        .collect();
    MARKS.iter().any(|mark| plain.contains(mark))
        && !POINTERS.iter().any(|ending| plain.ends_with(ending))
}

/// The refusal of a file that holds a secret. It names the field and not what it holds.
pub(super) fn refused(field: &str, origin: &str, line: u64) -> Error {
    let field = clean(field, 120);
    Error::new(
        Code::ProfileInvalid,
        format!("{origin}, line {line}: `{field}` holds a secret, and Doorkey takes none from a file"),
    )
    .with_hint("Remove the line, and tell whoever sent the file to have the secret replaced: it has travelled.")
}

#[cfg(test)]
mod tests {
    use super::is_secret;

    #[test]
    fn what_holds_a_secret_and_what_only_points_at_one() {
        for secret in [
            "client_secret",
            "clientSecret",
            "Client-Secret",
            "password",
            "refresh_token",
            "private_key",
        ] {
            assert!(is_secret(secret), "{secret}");
        }
        for plain in [
            "client_id",
            "token",
            "clientSecretLocation",
            "clientSecretEnvVar",
            "token_endpoint_auth_method",
            "form_encoded_tokens",
        ] {
            assert!(!is_secret(plain), "{plain}");
        }
    }
}
