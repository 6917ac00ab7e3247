//! The address that a person pastes: the rules of a request, without one.

use std::pin::pin;

use super::*;
use crate::error::{Code, Error};
use crate::receiver::pasted::{Destination, PasteSlot};
use crate::receiver::pending::Pending;

impl Waiting {
    fn address(&self) -> String {
        format!(
            "http://127.0.0.1:{}/callback?code={CODE}&state={STATE}",
            self.port
        )
    }

    /// Pastes something that must not end the attempt.
    async fn refused(&self, text: &str) -> Error {
        let error = self.paste.paste(text).await.expect_err(text);
        assert!(!self.received.is_finished(), "{text} ended the attempt");
        error
    }

    /// Pastes what must end the attempt, and returns what it brought.
    async fn taken(&mut self, text: &str) -> Received {
        self.paste.paste(text).await.expect("to be taken");
        self.received().await
    }
}

#[tokio::test]
async fn a_pasted_address_or_its_query_completes() {
    for (before, after) in [
        ("", ""),
        (" \n", "\r\n"),
        ("", "&iss=https://login.example.com&session_state=7"),
        ("", "#"),
        ("", "#_=_"),
    ] {
        let address = wait().address();
        let (_, query) = address.split_once('?').expect("a query");
        for whole in [true, false] {
            let mut waiting = wait();
            let text = if whole {
                waiting.address()
            } else {
                query.to_owned()
            };
            let received = waiting.taken(&format!("{before}{text}{after}")).await;
            assert_eq!(received.outcome.expect("a code").code.expose(), CODE);
            assert!(waiting.reasons().is_empty());
            received.reply.succeeded().await;
            assert!(is_closed(waiting.port), "the port is still open");
        }
    }
    let mut waiting = wait();
    let received = waiting.taken(&format!("?state={STATE}&code=a%2Fb+c")).await;
    assert_eq!(received.outcome.expect("a code").code.expose(), "a/b c");
}

#[tokio::test]
async fn a01_a02_a_pasted_answer_with_a_wrong_state_or_none_keeps_the_attempt_pending() {
    let waiting = wait();
    let base = format!("http://127.0.0.1:{}/callback", waiting.port);
    for text in [
        format!("{base}?code=abc&state=wrong"),
        format!("{base}?code=abc&state={}", STATE.to_lowercase()),
        format!("{base}?code=abc"),
        format!("{base}?code=abc#state={STATE}"),
        format!("{base}?error=access_denied&state=wrong"),
        base,
        "code=abc&state=wrong".to_owned(),
        "?".to_owned(),
        "code=abc".to_owned(),
    ] {
        let error = waiting.refused(&text).await;
        assert_eq!(error.code(), Code::StateMismatch, "{text}");
        assert!(!error.message().contains("abc"), "{}", error.message());
    }
    assert_eq!(reasons(&waiting.completes().await), ["state_mismatch"; 9]);
}

#[tokio::test]
async fn a04_a06_a_pasted_answer_with_doubled_parameters_keeps_the_attempt_pending() {
    let waiting = wait();
    for query in [
        format!("code=a&state={STATE}&state=wrong"),
        format!("code=a&code=b&state={STATE}"),
        format!("code=a&state={STATE}&iss={ISSUER}&iss={ISSUER}"),
    ] {
        let error = waiting.refused(&query).await;
        assert_eq!(error.code(), Code::AuthorizationResponseInvalid);
    }
    waiting.completes().await;
}

#[tokio::test]
async fn what_is_pasted_from_another_address_keeps_the_attempt_pending() {
    let waiting = wait();
    let (port, query) = (waiting.port, format!("?code={CODE}&state={STATE}"));
    for text in [
        format!("https://login.example.com/callback{query}"),
        format!("http://127.0.0.1/callback{query}"),
        format!("http://127.0.0.1:{}/callback{query}", port ^ 1),
        format!("http://localhost:{port}/callback{query}"),
        format!("http://[::1]:{port}/callback{query}"),
        format!("http://127.0.0.1:{port}@login.example.com/callback{query}"),
        format!("http://ada@127.0.0.1:{port}/callback{query}"),
        format!("http://127.0.0.1:{port}/callback/{query}"),
        format!("http://127.0.0.1:{port}//callback{query}"),
        format!("http://127.0.0.1:{port}/{query}"),
        format!("HTTP://127.0.0.1:{port}/callback{query}"),
        format!("127.0.0.1:{port}/callback{query}"),
        format!("127.0.0.1:{port}/callback&code={CODE}&state={STATE}"),
        format!("/callback{query}"),
        format!("callback{query}"),
        format!("javascript:alert(1)//{query}"),
        "hello".to_owned(),
        "=".to_owned(),
        "\u{202e}".to_owned(),
    ] {
        let error = waiting.refused(&text).await;
        assert_eq!(error.code(), Code::AuthorizationResponseInvalid, "{text}");
        assert!(error.hint().contains("address bar"), "{text}");
    }
    assert_eq!(reasons(&waiting.completes().await), ["address"; 19]);
}

#[tokio::test]
async fn an_address_that_the_browser_has_made_https_is_taken() {
    let mut waiting = wait();
    let address = waiting.address().replace("http:", "https:");
    assert!(waiting.taken(&address).await.outcome.is_ok());
}

#[tokio::test]
async fn what_no_address_bar_gives_keeps_the_attempt_pending() {
    let waiting = wait();
    let address = waiting.address();
    for text in [
        String::new(),
        " \n\t ".to_owned(),
        address.replace("&state", " &state"),
        address.replace("&state", "\n&state"),
        address.replace("&state", "\0&state"),
        address.replace("&state", "\u{a0}&state"),
        format!("{address}&padding={}", "x".repeat(16 * 1024)),
        " ".repeat(16 * 1024 + 1),
    ] {
        let error = waiting.refused(&text).await;
        assert_eq!(error.code(), Code::AuthorizationResponseInvalid);
        assert!(!error.message().contains(CODE));
    }
    waiting.completes().await;
}

#[tokio::test]
async fn a_pasted_refusal_ends_the_attempt_as_one_at_the_port_does() {
    for (query, code) in [
        ("error=access_denied", Code::ProviderDenied),
        ("code=a&iss=https://attacker.example", Code::IssuerMismatch),
        ("code=a&access_token=b", Code::AuthorizationResponseInvalid),
    ] {
        let mut waiting = wait();
        let received = waiting.taken(&format!("{query}&state={STATE}")).await;
        assert_eq!(received.outcome.expect_err("an error").code(), code);
        received.reply.failed().await;
        assert!(is_closed(waiting.port), "the port is still open");
    }
}

#[tokio::test]
async fn a28_the_second_answer_is_over_whichever_way_the_first_one_came() {
    // Pasted first: the port and another paste are told so.
    let mut waiting = wait();
    let address = waiting.address();
    let received = waiting.taken(&address).await;
    waiting
        .turned_away(410, OVER, waiting.true_callback())
        .await;
    let error = waiting.paste.paste(&address).await.expect_err("over");
    assert_eq!(error.code(), Code::StateMismatch);
    assert!(error.message().contains("is over"), "{}", error.message());
    assert_eq!(received.outcome.expect("a code").code.expose(), CODE);
    assert_eq!(waiting.reasons(), ["over"; 2]);
    // At the port first.
    let mut waiting = wait();
    let tab = waiting.open(waiting.true_callback()).await;
    let received = waiting.received().await;
    assert!(waiting.paste.paste(&waiting.address()).await.is_err());
    let (answer, ()) = tokio::join!(read(tab), received.reply.succeeded());
    assert!(answer.text.contains(SIGNED_IN));
}

#[tokio::test]
async fn a26_of_many_pasted_at_once_one_wins() {
    let mut waiting = wait();
    let address = waiting.address();
    let pasted: Vec<_> = (0..20)
        .map(|_| {
            let (paste, address) = (waiting.paste.clone(), address.clone());
            tokio::spawn(async move { paste.paste(&address).await.is_ok() })
        })
        .collect();
    let mut taken = 0;
    for one in pasted {
        taken += usize::from(one.await.expect("no panic"));
    }
    assert_eq!(taken, 1);
    assert!(waiting.received().await.outcome.is_ok());
}

#[tokio::test]
async fn a28_pasted_after_the_end_is_over() {
    let waiting = wait();
    let (paste, address) = (waiting.paste.clone(), waiting.address());
    waiting.refused("hello").await;
    waiting.received.abort();
    assert!(
        waiting
            .received
            .await
            .is_err_and(|error| error.is_cancelled())
    );
    let error = paste.paste(&address).await.expect_err("over");
    assert!(error.message().contains("is over"), "{}", error.message());

    // Also where nothing ever waited.
    let loopback = bind(&LoopbackUri::default());
    let paste = loopback.paste_handle();
    drop(loopback);
    assert!(paste.paste(&address).await.is_err());
}

#[tokio::test]
async fn pasted_before_the_wait_it_waits_too() {
    let loopback = bind(&LoopbackUri::default());
    let paste = loopback.paste_handle();
    let answer = format!("code={CODE}&state={STATE}");
    let mut early = pin!(paste.paste(&answer));
    let waited = tokio::select! {
        biased;
        _ = &mut early => false,
        () = tokio::task::yield_now() => true,
    };
    assert!(waited, "there is nothing to judge it by yet");
    let expected = expected();
    let (pasted, received) = tokio::join!(early, loopback.receive(&expected));
    pasted.expect("to be taken");
    assert!(received.outcome.is_ok());
}

#[tokio::test]
async fn where_a_posted_answer_is_expected_pasting_says_that_it_cannot_work() {
    let waiting = wait_in(ResponseMode::FormPost);
    let address = waiting.address();
    for text in [address.as_str(), "?", "hello", ""] {
        let error = waiting.refused(text).await;
        assert_eq!(error.code(), Code::RequestInvalid);
        assert!(error.message().contains("posts"), "{}", error.message());
    }
    waiting.completes().await;
}

#[test]
fn a_handle_shows_nothing() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let _guard = runtime.enter();
    let paste = bind(&LoopbackUri::default()).paste_handle();
    assert_eq!(format!("{paste:?}"), "PasteHandle { .. }");
}

#[tokio::test]
async fn a_pasted_text_of_16_kib_is_the_longest() {
    let waiting = wait();
    for (size, too_long) in [(16_384, false), (16_385, true)] {
        let error = waiting.refused(&"a".repeat(size)).await;
        assert_eq!(error.message().contains("longer than"), too_long, "{size}");
    }
}

#[tokio::test]
async fn what_is_pasted_after_one_wait_is_for_the_next() {
    let slot = PasteSlot::new();
    let uri = redirect_uri("redirect_uri = \"dev.doorkey.app:/callback\"");
    let RedirectUri::PrivateUse(uri) = uri else {
        panic!("{uri:?}")
    };
    let (gone, _) = Pending::new(expected(), recording_trace().0);
    slot.fill(Destination::Link(uri.clone()), &gone);
    drop(gone);
    let paste = slot.handle();
    let text = format!("?code={CODE}&state={STATE}");
    let mut early = pin!(paste.paste(&text));
    let waited = tokio::select! {
        biased;
        _ = &mut early => false,
        () = tokio::task::yield_now() => true,
    };
    assert!(waited, "that wait is over");
    let (pending, decision) = Pending::new(expected(), recording_trace().0);
    slot.fill(Destination::Link(uri), &pending);
    early.await.expect("to be taken");
    assert!(decision.await.is_ok());
}
