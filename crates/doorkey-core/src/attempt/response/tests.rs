//! What each answer is taken for.

use proptest::prelude::*;

use super::*;

const STATE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const ISSUER: &str = "https://login.example.com";

/// What became of a response.
#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    Code(String),
    Stray(Code),
    Final(Code, String),
}

fn parse_expecting(query: &str, expected: &ExpectedResponse) -> Outcome {
    let parameters: Vec<_> = url::form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect();
    match AuthorizationResponse::parse(&parameters, expected) {
        Ok(response) => Outcome::Code(response.code.expose().to_owned()),
        Err(Rejection::Stray(error)) => Outcome::Stray(error.code()),
        Err(Rejection::Final(error)) => Outcome::Final(error.code(), error.message()),
    }
}

/// Parses what follows the right state.
fn parse(rest: &str) -> Outcome {
    let expected = ExpectedResponse::new(STATE, Some(ISSUER.to_owned()), false);
    parse_expecting(&format!("state={STATE}{rest}"), &expected)
}

fn stateless(query: &str) -> Outcome {
    parse_expecting(
        query,
        &ExpectedResponse::new(STATE, Some(ISSUER.to_owned()), false),
    )
}

fn code(code: &str) -> Outcome {
    Outcome::Code(code.to_owned())
}

#[track_caller]
fn assert_final(outcome: &Outcome, expected: Code) {
    assert!(
        matches!(outcome, Outcome::Final(code, _) if *code == expected),
        "{outcome:?}"
    );
}

#[test]
fn a_code_with_the_right_state_is_the_answer() {
    assert_eq!(parse("&code=abc"), code("abc"));
    assert_eq!(
        parse("&code=4%2F0AX4XfWh&scope=openid&session_state=1&authuser=0"),
        code("4/0AX4XfWh")
    );
    assert_eq!(
        parse(&format!("&code={}", "x".repeat(8192))),
        code(&"x".repeat(8192))
    );
}

#[test]
fn a01_a02_a60_another_state_or_none_is_a_stray() {
    let mismatch = Outcome::Stray(Code::StateMismatch);
    let longer = format!("code=abc&state={STATE}x");
    let shorter = format!("code=abc&state={}", &STATE[1..]);
    let lower = format!("code=abc&state={}", STATE.to_lowercase());
    let full_width = format!("code=abc&state={}", STATE.replace('2', "%EF%BC%92"));
    let spaced = format!("code=abc&state={STATE}%20");
    let ended = format!("code=abc&state={STATE}%00");
    for query in [
        "",
        "code=abc",
        "code=abc&state",
        "code=abc&state=",
        "code=abc&state=x",
        "code=abc&state=%FF",
        &longer,
        &shorter,
        &lower,
        &full_width,
        &spaced,
        &ended,
    ] {
        assert_eq!(stateless(query), mismatch, "{query}");
    }
}

#[test]
fn an_empty_expectation_matches_nothing() {
    let expected = ExpectedResponse::new("", None, false);
    assert_eq!(
        parse_expecting("code=abc&state=", &expected),
        Outcome::Stray(Code::StateMismatch)
    );
    assert_eq!(
        parse_expecting("code=abc", &expected),
        Outcome::Stray(Code::StateMismatch)
    );
}

#[test]
fn a04_a06_what_comes_twice_is_a_stray() {
    let stray = Outcome::Stray(Code::AuthorizationResponseInvalid);
    for rest in [
        "&code=abc&state=wrong",
        "&code=abc&state=",
        "&code=a&code=b",
        "&code=a&code=a",
        "&code=a&code=",
        "&code=a&code",
        "&code=abc&iss=https%3A%2F%2Flogin.example.com&iss=https%3A%2F%2Fevil.example",
        "&error=a&error=b",
        "&error=a&error=",
    ] {
        assert_eq!(parse(rest), stray, "{rest}");
    }
    assert_eq!(parse(&format!("&code=abc&state={STATE}")), stray);
    assert_eq!(
        stateless(&format!("state=wrong&code=abc&state={STATE}")),
        stray
    );
    assert_eq!(parse("&code=abc&scope=a&scope=b"), code("abc"));
}

#[test]
fn a08_neither_code_nor_error_ends_the_attempt() {
    for rest in [
        "",
        "&code=",
        "&code",
        "&error=",
        "&foo=bar",
        "&error_description=x",
    ] {
        assert_final(&parse(rest), Code::AuthorizationResponseInvalid);
    }
}

#[test]
fn a11_an_error_without_the_state_is_a_stray() {
    for query in [
        "error=access_denied",
        "error=access_denied&state=wrong",
        "error=server_error&iss=https%3A%2F%2Fevil.example",
    ] {
        assert_eq!(
            stateless(query),
            Outcome::Stray(Code::StateMismatch),
            "{query}"
        );
    }
}

#[test]
fn a12_errors_are_told_by_whose_they_are() {
    for denial in DENIALS {
        assert_eq!(
            parse(&format!("&error={denial}")),
            Outcome::Final(
                Code::ProviderDenied,
                format!("The provider answered `{denial}`")
            )
        );
    }
    for refusal in [
        "invalid_request",
        "unauthorized_client",
        "invalid_scope",
        "server_error",
        "ACCESS_DENIED",
        "x",
    ] {
        assert_final(
            &parse(&format!("&error={refusal}")),
            Code::AuthorizationRefused,
        );
    }
    // An error beside a code: the code is never used.
    assert_final(
        &parse("&code=abc&error=server_error"),
        Code::AuthorizationRefused,
    );
    assert_eq!(parse("&code=abc&error="), code("abc"));
}

#[test]
fn a14_a16_an_explanation_is_inert_short_and_on_one_line() {
    assert_eq!(
        parse(
            "&error=access_denied&error_description=AADSTS65004%3A+Declined.%0D%0ATrace+ID%3A+1%1B%5B31m%E2%80%AE&error_uri=javascript%3Aalert(1)"
        ),
        Outcome::Final(
            Code::ProviderDenied,
            "The provider answered `access_denied`: AADSTS65004: Declined. Trace ID: 1[31m"
                .to_owned()
        )
    );
    let Outcome::Final(_, message) = parse(&format!(
        "&error=x{}&error_description={}",
        "y".repeat(999),
        "z".repeat(9999)
    )) else {
        panic!("a final error")
    };
    assert!(
        message.chars().count() < NAME_LIMIT + DESCRIPTION_LIMIT + 40,
        "{}",
        message.len()
    );
    assert_eq!(
        parse("&error=x&error_description=%0D%0A%00"),
        Outcome::Final(
            Code::AuthorizationRefused,
            "The provider answered `x`".to_owned()
        )
    );
    assert_eq!(
        parse("&error=x&error_description=Gr%FC%DFe"),
        Outcome::Final(
            Code::AuthorizationRefused,
            "The provider answered `x`: Gr\u{fffd}\u{fffd}e".to_owned()
        )
    );
}

#[test]
fn an_explanation_that_repeats_a_secret_is_left_out() {
    for description in ["for+canary-code+x", STATE] {
        assert_eq!(
            parse(&format!(
                "&error=x&code=canary-code&error_description={description}"
            )),
            Outcome::Final(
                Code::AuthorizationRefused,
                "The provider answered `x`".to_owned()
            )
        );
    }
}

#[test]
fn a17_a20_a_named_issuer_is_compared_byte_by_byte() {
    assert_eq!(
        parse("&code=abc&iss=https%3A%2F%2Flogin.example.com"),
        code("abc")
    );
    for other in [
        "https%3A%2F%2Flogin.example.com%2F",
        "https%3A%2F%2FLOGIN.example.com",
        "https%3A%2F%2Fevil.example",
        "x",
    ] {
        assert_final(
            &parse(&format!("&code=abc&iss={other}")),
            Code::IssuerMismatch,
        );
    }
    // A plain OAuth server has no issuer to compare with.
    let plain = ExpectedResponse::new(STATE, None, false);
    assert_eq!(
        parse_expecting(&format!("state={STATE}&code=abc&iss=x"), &plain),
        code("abc")
    );
}

#[test]
fn a18_a_promised_issuer_must_be_named() {
    for issuer in [Some(ISSUER.to_owned()), None] {
        let expected = ExpectedResponse::new(STATE, issuer, true);
        for rest in ["&code=abc", "&code=abc&iss=", "&error=access_denied"] {
            assert_final(
                &parse_expecting(&format!("state={STATE}{rest}"), &expected),
                Code::IssuerMismatch,
            );
        }
    }
    let expected = ExpectedResponse::new(STATE, Some(ISSUER.to_owned()), true);
    let query = format!("state={STATE}&code=abc&iss=https%3A%2F%2Flogin.example.com");
    assert_eq!(parse_expecting(&query, &expected), code("abc"));
}

#[test]
fn a22_the_issuer_is_compared_before_an_error_is_believed() {
    assert_final(
        &parse("&error=access_denied&iss=https%3A%2F%2Fevil.example"),
        Code::IssuerMismatch,
    );
    assert_final(
        &parse("&iss=https%3A%2F%2Fevil.example"),
        Code::IssuerMismatch,
    );
    assert_final(
        &parse("&access_token=a&iss=https%3A%2F%2Fevil.example"),
        Code::IssuerMismatch,
    );
}

#[test]
fn a38_tokens_in_the_response_end_the_attempt_and_are_not_told() {
    for name in TOKENS {
        for rest in [
            format!("&{name}=canary"),
            format!("&code=abc&{name}=canary"),
            format!("&error=x&{name}=canary"),
        ] {
            let outcome = parse(&rest);
            assert_final(&outcome, Code::AuthorizationResponseInvalid);
            assert!(!format!("{outcome:?}").contains("canary"));
        }
        assert_eq!(
            stateless(&format!("code=abc&{name}=canary")),
            Outcome::Stray(Code::StateMismatch)
        );
    }
}

#[test]
fn a58_control_bytes_are_strays() {
    for rest in [
        "&code=a%00b",
        "&code=a%0d%0ab",
        "&code=%7f",
        "&code=a%FF",
        "&code=caf%C3%A9",
        "&error=a%0d%0ab",
        "&error=%00",
        "&error=%C2%85",
        "&error=%FF",
        "&code=abc&iss=%00",
        "&code=abc&iss=https%3A%2F%2Flogin.example.com%0a",
    ] {
        assert_eq!(
            parse(rest),
            Outcome::Stray(Code::AuthorizationResponseInvalid),
            "{rest}"
        );
    }
}

#[test]
fn a62_names_are_case_sensitive() {
    assert_eq!(
        stateless(&format!("Code=abc&STATE={STATE}")),
        Outcome::Stray(Code::StateMismatch)
    );
    assert_final(
        &parse("&Code=abc&ERROR=access_denied"),
        Code::AuthorizationResponseInvalid,
    );
    assert_eq!(parse("&code=abc&CODE=x&State=y&ISS=z&Error=e"), code("abc"));
}

#[test]
fn g03_debug_tells_no_secret() {
    let expected = ExpectedResponse::new(STATE, None, true);
    let debug = format!("{expected:?}");
    assert!(debug.contains("issuer_required") && !debug.contains(STATE));
    let response = AuthorizationResponse {
        code: AuthorizationCode::new("canary"),
    };
    assert!(!format!("{response:?}").contains("canary"));
}

fn parameters() -> impl Strategy<Value = Vec<(String, String)>> {
    let name = prop_oneof![
        Just("state"),
        Just("code"),
        Just("error"),
        Just("iss"),
        Just("error_description"),
        Just("id_token"),
        Just("STATE"),
    ];
    let value = prop_oneof![
        Just(STATE.to_owned()),
        Just(ISSUER.to_owned()),
        Just(String::new()),
        "[ -~]{0,12}",
        ".{0,12}"
    ];
    proptest::collection::vec((name.prop_map(str::to_owned), value), 0..8)
}

proptest! {
    #[test]
    fn nothing_ends_an_attempt_without_exactly_one_right_state(parameters in parameters(), required: bool) {
        let states: Vec<_> = parameters.iter().filter(|(name, _)| name == "state").map(|(_, value)| value.as_str()).collect();
        let expected = ExpectedResponse::new(STATE, Some(ISSUER.to_owned()), required);
        let outcome = AuthorizationResponse::parse(&parameters, &expected);
        if states != [STATE] {
            prop_assert!(matches!(outcome, Err(Rejection::Stray(_))), "{outcome:?}");
        }
        if let Ok(response) = outcome {
            let one = |name: &str, value: &str| parameters.iter().filter(|(other, _)| other == name).map(|(_, value)| value).eq([value]);
            prop_assert!(one("code", response.code.expose()));
            prop_assert!(!parameters.iter().any(|(name, value)| (name == "error" || name == "id_token") && !value.is_empty()));
            let named = parameters.iter().filter(|(name, value)| name == "iss" && !value.is_empty());
            prop_assert!(named.clone().all(|(_, value)| value == ISSUER) && (!required || named.count() == 1));
        }
    }

    #[test]
    fn messages_are_inert_and_short(error in ".{0,400}", description in ".{0,2000}") {
        let parameters: Vec<_> = [("state", STATE), ("error", &error), ("error_description", &description)]
            .map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        let expected = ExpectedResponse::new(STATE, None, false);
        let message = match AuthorizationResponse::parse(&parameters, &expected) {
            Err(Rejection::Stray(error) | Rejection::Final(error)) => error.message(),
            Ok(response) => panic!("{response:?}"),
        };
        prop_assert!(!message.contains(char::is_control));
        prop_assert!(message.chars().count() <= NAME_LIMIT + DESCRIPTION_LIMIT + 40);
    }
}
