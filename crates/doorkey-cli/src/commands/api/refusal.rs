//! Why the API refused a call, in words that say what to do.

use doorkey_core::{ApiResponse, Challenge, Code, Profile, ProfileName};

use crate::exit::{Exit, Failure};

/// Why the answer is no success, and what to do about it.
pub(super) fn refusal(response: &ApiResponse, profile: &Profile) -> Option<Failure> {
    let status = response.status;
    if response.is_success() {
        return None;
    }
    if status < 400 {
        let failure = Failure::new(
            Code::RequestInvalid,
            format!("The API answered {status} and points elsewhere; redirects are not followed"),
        );
        return Some(
            Failure {
                exit: Exit::Failed,
                ..failure
            }
            .with_hint(
                "Call the address in its Location header, if it is one of the profile's APIs.",
            ),
        );
    }
    let failure = Failure::new(Code::ApiUnauthorized, format!("The API answered {status}"));
    Some(match &response.challenge {
        None => failure.with_hint(""),
        Some(Challenge::InvalidToken) => Failure {
            message: format!("The API answered {status}: it does not accept the token"),
            ..failure
        },
        Some(Challenge::InsufficientScope { required }) => Failure {
            message: format!(
                "The API answered {status}: the token lacks {}",
                scopes(required)
            ),
            hint: format!(
                "Add {} to the profile's scopes. {}",
                if required.len() == 1 { "it" } else { "them" },
                again(profile.name())
            ),
            ..failure
        },
        Some(Challenge::StepUpRequired {
            acr_values,
            max_age,
        }) => Failure {
            message: format!(
                "The API answered {status}: it wants you to sign in {}",
                how(acr_values, *max_age)
            ),
            hint: again(profile.name()),
            ..failure
        },
        Some(_) => failure,
    })
}

fn scopes(required: &[String]) -> String {
    match required {
        [] => "scopes, and does not say which".to_owned(),
        [one] => format!("the scope {one}"),
        many => format!("some of the scopes {}", many.join(" ")),
    }
}

fn how(acr_values: &[String], max_age: Option<u64>) -> String {
    match (max_age, acr_values) {
        (Some(seconds), []) => format!("anew: at most {seconds} s ago"),
        (_, []) => "anew".to_owned(),
        (_, values) => format!("more strongly ({})", values.join(" ")),
    }
}

fn again(name: &ProfileName) -> String {
    format!("Then sign in again: doorkey login --profile {name}")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_refusal_says_what_to_do() {
        let profile =
            Profile::for_issuer(&"work".parse().unwrap(), "https://a.example", "b").unwrap();
        let of = |status, challenge| {
            refusal(
                &ApiResponse {
                    status,
                    headers: Vec::new(),
                    body: Vec::new(),
                    elapsed: Duration::ZERO,
                    challenge,
                },
                &profile,
            )
        };
        assert_eq!(of(204, None), None);
        assert_eq!(of(307, None).unwrap().exit, Exit::Failed);
        assert_eq!(of(404, None).unwrap().exit, Exit::Api);
        let scope = of(
            403,
            Some(Challenge::InsufficientScope {
                required: vec!["a:b".to_owned()],
            }),
        )
        .unwrap();
        assert_eq!(
            scope.message,
            "The API answered 403: the token lacks the scope a:b"
        );
        assert_eq!(
            scope.hint,
            "Add it to the profile's scopes. Then sign in again: doorkey login --profile work"
        );
    }
}
