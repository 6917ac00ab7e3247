//! Which parameters end an attempt, how, and which do not.

use super::*;
use crate::error::Code;

/// Requests a callback with these parameters after the right state, and returns how the attempt ended.
async fn ended_by(parameters: &str) -> (Code, String) {
    let mut waiting = wait();
    let tab = waiting
        .open(waiting.get(&format!("/callback?state={STATE}{parameters}"), ""))
        .await;
    let received = waiting.received().await;
    let error = received.outcome.expect_err("an error");
    let (answer, ()) = tokio::join!(read(tab), received.reply.failed());
    assert!(
        answer.status == 400 && answer.text.contains(FAILED),
        "{answer:?}"
    );
    answer.assert_headers();
    assert!(waiting.reasons().is_empty());
    assert!(is_closed(waiting.port), "the port is still open");
    (error.code(), error.message())
}

#[tokio::test]
async fn a01_wrong_state_keeps_the_attempt_pending() {
    let waiting = wait();
    for state in [
        "wrong",
        "",
        &STATE[1..],
        &STATE.to_lowercase(),
        &format!("{STATE}x"),
        &STATE.repeat(2),
    ] {
        waiting
            .turned_away(
                400,
                OVER,
                waiting.get(&format!("/callback?code=abc&state={state}"), ""),
            )
            .await;
    }
    assert_eq!(reasons(&waiting.completes().await), ["state_mismatch"; 6]);
}

#[tokio::test]
async fn a02_missing_state_keeps_the_attempt_pending() {
    let waiting = wait();
    for target in [
        "/callback?code=abc",
        "/callback",
        "/callback?",
        "/callback?state",
        &format!("/callback?code=abc#state={STATE}"),
    ] {
        waiting
            .turned_away(400, OVER, waiting.get(target, ""))
            .await;
    }
    waiting.completes().await;
}

#[tokio::test]
async fn a04_a06_doubled_parameters_keep_the_attempt_pending() {
    let waiting = wait();
    for query in [
        format!("code=a&state={STATE}&state=wrong"),
        format!("code=a&state=wrong&state={STATE}"),
        format!("code=a&state={STATE}&state={STATE}"),
        format!("state={STATE}&code=a&code=b"),
        format!("state={STATE}&code=a&iss={ISSUER}&iss={ISSUER}"),
        format!("state={STATE}&error=access_denied&error=server_error"),
    ] {
        waiting
            .turned_away(400, OVER, waiting.get(&format!("/callback?{query}"), ""))
            .await;
    }
    assert_eq!(
        reasons(&waiting.completes().await),
        ["authorization_response_invalid"; 6]
    );
}

#[tokio::test]
async fn a08_neither_code_nor_error_ends_the_attempt() {
    assert_eq!(ended_by("").await.0, Code::AuthorizationResponseInvalid);
    assert_eq!(
        ended_by("&code=").await.0,
        Code::AuthorizationResponseInvalid
    );
}

#[tokio::test]
async fn a10_the_state_of_an_earlier_attempt_is_no_answer() {
    let waiting = wait();
    waiting
        .turned_away(
            400,
            OVER,
            waiting.get(
                "/callback?code=abc&state=wB3tRlqYfTpJgS8kHnXe0aVcUu2dZ5oM1iL7xQrNs4E",
                "",
            ),
        )
        .await;
    waiting.completes().await;
}

#[tokio::test]
async fn a11_an_error_without_the_state_keeps_the_attempt_pending() {
    let waiting = wait();
    for query in [
        "error=access_denied",
        "error=access_denied&state=wrong",
        "error=server_error&state=",
    ] {
        waiting
            .turned_away(400, OVER, waiting.get(&format!("/callback?{query}"), ""))
            .await;
    }
    waiting.completes().await;
}

#[tokio::test]
async fn a12_a_denial_ends_the_attempt_and_closes_the_port() {
    let (code, message) =
        ended_by("&error=access_denied&error_description=The+person+said+no").await;
    assert_eq!(
        (code, message.as_str()),
        (
            Code::ProviderDenied,
            "The provider answered `access_denied`: The person said no"
        )
    );
    assert_eq!(
        ended_by("&error=invalid_scope").await.0,
        Code::AuthorizationRefused
    );
}

#[tokio::test]
async fn a14_a16_nothing_of_a_request_is_in_a_page() {
    let evil = "%3Cscript%3Ealert(1)%3C%2Fscript%3E%22%27%3E%7B%7Bcanary%7D%7D";
    let waiting = wait();
    let clean = waiting
        .turned_away(400, OVER, waiting.get("/callback", ""))
        .await;
    let query = format!(
        "state={evil}&code={evil}&error={evil}&error_description={evil}&error_uri=javascript%3Acanary"
    );
    let dirty = waiting
        .turned_away(
            400,
            OVER,
            waiting.get(&format!("/callback?{query}"), "Referer: http://canary/\r\n"),
        )
        .await;
    assert_eq!(clean.text, dirty.text);
    let stray = waiting
        .turned_away(
            404,
            STRAY,
            waiting.get(&format!("/{evil}?{query}"), "X-Canary: canary\r\n"),
        )
        .await;
    assert!(!stray.text.contains("canary"));
    waiting.completes().await;

    let mut waiting = wait();
    let target = format!(
        "/callback?state={STATE}&error={evil}&error_description={evil}&error_uri=javascript%3Acanary"
    );
    let tab = waiting.open(waiting.get(&target, "")).await;
    let received = waiting.received().await;
    let (answer, ()) = tokio::join!(read(tab), received.reply.failed());
    assert!(!answer.text.contains("canary") && answer.text.contains(FAILED));
    assert!(
        !received
            .outcome
            .expect_err("an error")
            .message()
            .contains("javascript")
    );
}

#[tokio::test]
async fn a17_a22_another_issuer_ends_the_attempt() {
    for parameters in [
        "&code=abc&iss=https%3A%2F%2Fevil.example",
        "&error=access_denied&iss=https%3A%2F%2Fevil.example",
    ] {
        assert_eq!(ended_by(parameters).await.0, Code::IssuerMismatch);
    }
}

#[tokio::test]
async fn a18_a_promised_issuer_that_is_missing_ends_the_attempt() {
    let loopback = bind(&LoopbackUri::default());
    let host = loopback.redirect_uri()[7..]
        .trim_end_matches("/callback")
        .to_owned();
    let received = tokio::spawn(async move {
        loopback
            .receive(&ExpectedResponse::new(STATE, Some(ISSUER.to_owned()), true))
            .await
    });
    let mut tab = TcpStream::connect(&host).await.expect("a connection");
    let request = format!("GET /callback?code=abc&state={STATE} HTTP/1.1\r\nHost: {host}\r\n\r\n");
    tab.write_all(request.as_bytes()).await.expect("to send");
    let received = received.await.expect("no panic");
    assert_eq!(
        received.outcome.expect_err("an error").code(),
        Code::IssuerMismatch
    );
}

#[tokio::test]
async fn a20_the_right_issuer_completes() {
    let mut waiting = wait();
    let tab = waiting
        .open(waiting.get(
            &format!("/callback?code=abc&iss=https%3A%2F%2Flogin.example.com&state={STATE}"),
            "",
        ))
        .await;
    let received = waiting.received().await;
    assert_eq!(received.outcome.expect("a code").code.expose(), "abc");
    let (answer, ()) = tokio::join!(read(tab), received.reply.succeeded());
    assert!(answer.text.contains(SIGNED_IN));
}

#[tokio::test]
async fn a38_tokens_in_the_query_end_the_attempt_and_are_told_nowhere() {
    for parameters in ["&access_token=canary", "&id_token=canary&code=abc"] {
        let (code, message) = ended_by(parameters).await;
        assert_eq!(code, Code::AuthorizationResponseInvalid);
        assert!(!message.contains("canary"));
    }
    let waiting = wait();
    waiting
        .turned_away(
            400,
            OVER,
            waiting.get("/callback?access_token=canary&state=wrong", ""),
        )
        .await;
    assert_eq!(reasons(&waiting.completes().await), ["state_mismatch"]);
}

#[tokio::test]
async fn a58_a60_a62_odd_values_and_names_consume_nothing() {
    let waiting = wait();
    for query in [
        format!("state={STATE}&code=a%00b"),
        format!("state={STATE}&code=a%0d%0aX-Canary:1"),
        format!("state={STATE}&code=%ff"),
        format!("state={STATE}&error=a%0ab"),
        format!("state={STATE}%00&code=abc"),
        format!("state={}&code=abc", STATE.replace('2', "%EF%BC%92")),
        format!("STATE={STATE}&Code=abc"),
        format!("State={STATE}&code=abc"),
        format!("st%00ate={STATE}&code=abc"),
        format!("state[]={STATE}&code=abc"),
        format!("%20state={STATE}&code=abc"),
        format!("a=b;state={STATE};code=abc"),
    ] {
        waiting
            .turned_away(400, OVER, waiting.get(&format!("/callback?{query}"), ""))
            .await;
    }
    waiting.completes().await;
}
