//! The address of a call without what should not be on disk.

pub(super) use crate::flow::cut;

/// What stands in place of a secret.
const GAP: &str = "…";

/// Parts of the names of parameters whose values are secrets, or may be.
const SECRETS: [&str; 22] = [
    "apikey",
    "assertion",
    "auth",
    "bearer",
    "code",
    "cookie",
    "credential",
    "hmac",
    "jwt",
    "key",
    "nonce",
    "otp",
    "pass",
    "pin",
    "policy",
    "pwd",
    "secret",
    "session",
    "sig",
    "ticket",
    "token",
    "verifier",
];

/// The path or address with an ellipsis for each value that looks like a secret, for a user name and password, and
/// for the fragment.
pub(super) fn without_secrets(address: &str) -> String {
    let (address, fragment) = match address.split_once('#') {
        Some((address, _)) => (address, "#…"),
        None => (address, ""),
    };
    let (path, query) = match address.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (address, None),
    };
    let mut kept = pieces(&without_user(path), &['/', ';'], segment);
    if let Some(query) = query {
        kept.push('?');
        kept.push_str(&pieces(query, &['&', ';'], parameter));
    }
    kept.push_str(fragment);
    kept
}

fn without_user(path: &str) -> String {
    let Some((scheme, rest)) = path.split_once("://") else {
        return path.to_owned();
    };
    let (authority, after) = rest.split_at(rest.find(['/', '\\']).unwrap_or(rest.len()));
    match authority.rsplit_once('@') {
        Some((_, host)) => format!("{scheme}://{GAP}@{host}{after}"),
        None => path.to_owned(),
    }
}

/// Each piece between separators as `keep` leaves it, and the separators as they are.
fn pieces(text: &str, separators: &[char], keep: impl Fn(&str) -> String) -> String {
    text.split_inclusive(separators)
        .map(|piece| {
            let end = piece.trim_end_matches(separators).len();
            let (piece, separator) = piece.split_at(end);
            keep(piece) + separator
        })
        .collect()
}

fn segment(segment: &str) -> String {
    if segment.contains('=') {
        parameter(segment)
    } else if is_token(segment) {
        GAP.to_owned()
    } else {
        segment.to_owned()
    }
}

fn parameter(parameter: &str) -> String {
    let Some((name, value)) = parameter.split_once('=') else {
        return segment_without_name(parameter);
    };
    let decoded = decoded(value);
    // An address in a parameter has parameters of its own.
    let is_nested = decoded.contains('=') && is_secret(&decoded);
    if value.is_empty() || !(is_secret(&self::decoded(name)) || is_nested || is_token(&decoded)) {
        return parameter.to_owned();
    }
    format!("{name}={GAP}")
}

fn segment_without_name(text: &str) -> String {
    if is_token(&decoded(text)) {
        GAP.to_owned()
    } else {
        text.to_owned()
    }
}

fn is_secret(name: &str) -> bool {
    let name: String = name
        .chars()
        .filter(|character| !"-_.".contains(*character))
        .flat_map(char::to_lowercase)
        .collect();
    SECRETS.iter().any(|secret| name.contains(secret))
}

/// Whether it is a JSON Web Token, or begins like those of providers that mark theirs.
fn is_token(text: &str) -> bool {
    const MARKS: [&str; 10] = [
        "eyJ",
        "ghp_",
        "gho_",
        "github_pat_",
        "glpat-",
        "sk-",
        "sk_",
        "xoxb-",
        "xoxp-",
        "ya29.",
    ];
    text.len() >= 16 && MARKS.iter().any(|mark| text.starts_with(mark))
}

/// As the API reads it.
fn decoded(text: &str) -> String {
    url::form_urlencoded::parse(text.replace('&', "%26").replace('=', "%3D").as_bytes())
        .map(|(name, _)| name.into_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_secret_stays_byte_for_byte() {
        for address in [
            "",
            "/",
            "/api/v1/executions?limit=10&sort=-created&q=Zo%C3%AB+x&&flag&empty=",
            "https://api.example.com:8443/a;v=1/b?x=%zz",
            "people?name=eyJ",
            "/a?token=",
        ] {
            assert_eq!(without_secrets(address), address);
        }
    }

    #[test]
    fn values_that_look_like_secrets_are_gone() {
        for (address, expected) in [
            ("/a?access_token=abc&x=1", "/a?access_token=…&x=1"),
            ("/a?API-Key=abc", "/a?API-Key=…"),
            ("/a?apiKey=a=b;x=1", "/a?apiKey=…;x=1"),
            ("/a?%74oken=abc", "/a?%74oken=…"),
            ("/a?x=1&client.secret=abc", "/a?x=1&client.secret=…"),
            (
                "/a?password=x&PWD=y&passphrase=z",
                "/a?password=…&PWD=…&passphrase=…",
            ),
            (
                "/a?code=x&state=1&X-Amz-Signature=y",
                "/a?code=…&state=1&X-Amz-Signature=…",
            ),
            ("/a;jsessionid=abc/b", "/a;jsessionid=…/b"),
            ("/reset/eyJhbGciOiJIUzI1NiJ9.e30.x/now", "/reset/…/now"),
            ("/a?q=eyJhbGciOiJIUzI1NiJ9.e30.x", "/a?q=…"),
            ("/a?ghp_0123456789abcdef", "/a?…"),
            ("/a?next=https%3A%2F%2Fx%2F%3Ftoken%3Dabc", "/a?next=…"),
            ("https://ada:pw@host/a", "https://…@host/a"),
            ("/a#access_token=abc", "/a#…"),
            ("/a?x=1#y?token=z", "/a?x=1#…"),
        ] {
            assert_eq!(without_secrets(address), expected);
        }
    }
}
