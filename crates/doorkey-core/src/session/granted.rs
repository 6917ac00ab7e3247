//! What a person did not allow.

/// Scopes about who somebody is and for how long. Providers grant them under other names, or without a word.
const UNTOLD: [&str; 7] = [
    "openid",
    "profile",
    "email",
    "address",
    "phone",
    "offline_access",
    "offline",
];

/// The scopes that were asked for and not granted, since a person may leave some out
/// ([RFC 6749 §3.3](https://www.rfc-editor.org/rfc/rfc6749#section-3.3)).
///
/// A scope may come back without the API that it belongs to, `read` for `api://orders/read`.
pub(super) fn not_granted(asked: &[String], granted: &[String]) -> Vec<String> {
    let is_granted = |scope: &str| {
        granted
            .iter()
            .any(|other| other == scope || last_segment(other) == last_segment(scope))
    };
    let missing = asked.iter().filter(|scope| {
        let scope = scope.as_str();
        !UNTOLD.contains(&scope) && !is_granted(scope)
    });
    missing.cloned().collect()
}

fn last_segment(scope: &str) -> &str {
    scope.rsplit('/').next().unwrap_or(scope)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn missing(asked: &str, granted: &str) -> String {
        let words =
            |text: &str| -> Vec<String> { text.split_whitespace().map(str::to_owned).collect() };
        not_granted(&words(asked), &words(granted)).join(" ")
    }

    #[test]
    fn what_was_left_out_is_named_and_other_spellings_are_not() {
        assert_eq!(missing("openid email read write", "openid read"), "write");
        assert_eq!(missing("read", ""), "read");
        assert_eq!(missing("openid profile email offline_access", ""), "");
        assert_eq!(missing("api://orders/read", "read openid"), "");
        assert_eq!(
            missing(
                "https://www.googleapis.com/auth/cloud-platform email",
                "https://www.googleapis.com/auth/userinfo.email"
            ),
            "https://www.googleapis.com/auth/cloud-platform"
        );
    }
}
