//! Links as anybody on this computer, and any web page, can make them.

use std::pin::pin;

use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{Config, TestRunner};
use tokio::sync::oneshot::error::TryRecvError;

use super::super::deep_link::{DeepLink, LinkOutcome, Links, Waiting as Receiver};
use super::*;
use crate::error::Code;
use crate::profile::PrivateUseUri;

const SCHEME: &str = "dev.doorkey.app";
const URI: &str = "dev.doorkey.app:/callback";
const OTHER_STATE: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

fn links() -> Links {
    Links::new([SCHEME])
}

fn private_use(uri: &str) -> PrivateUseUri {
    match redirect_uri(&format!("redirect_uri = \"{uri}\"")) {
        RedirectUri::PrivateUse(uri) => uri,
        RedirectUri::Loopback(uri) => panic!("{uri}"),
    }
}

/// An attempt that waits for a link.
struct Linked {
    links: Links,
    receiver: Receiver,
    steps: Arc<Mutex<Vec<Step>>>,
}

fn wait_at(links: &Links, uri: &str, state: &str) -> Linked {
    let (trace, steps) = recording_trace();
    let link = DeepLink::open(&private_use(uri), Some(links), trace).expect("a place");
    let expected = ExpectedResponse::new(state, Some(ISSUER.to_owned()), false);
    Linked {
        links: links.clone(),
        receiver: link.waiting_for(expected),
        steps,
    }
}

fn wait() -> Linked {
    wait_at(&links(), URI, STATE)
}

fn answer(state: &str) -> String {
    format!("{URI}?code={CODE}&state={state}")
}

impl Linked {
    /// Brings a link that must change nothing.
    #[track_caller]
    fn ignores(&mut self, link: &str) {
        assert_eq!(self.links.take(link), LinkOutcome::Ignored, "{link:?}");
        assert!(self.is_waiting(), "{link:?} ended the attempt");
    }

    fn is_waiting(&mut self) -> bool {
        matches!(self.receiver.decision.try_recv(), Err(TryRecvError::Empty))
    }

    fn reasons(&self) -> Vec<String> {
        reasons(&self.steps.lock().expect("the steps"))
    }

    /// Shows that the attempt still waits: the right link ends it.
    async fn completes(mut self) -> Vec<String> {
        assert!(self.is_waiting(), "the attempt has ended already");
        assert_eq!(self.links.take(&answer(STATE)), LinkOutcome::Taken);
        let reasons = self.reasons();
        assert_eq!(code(self.receiver.receive().await), CODE);
        reasons
    }
}

fn code(received: Received) -> String {
    received.outcome.expect("a code").code.expose().to_owned()
}

#[tokio::test]
async fn the_link_that_is_waited_for_completes() {
    for after in [
        "",
        "&iss=https://login.example.com&session_state=7",
        "#",
        "#_=_",
        "&scope=openid%20profile",
    ] {
        let linked = wait();
        let link = format!("{}{after}", answer(STATE));
        assert_eq!(linked.links.take(&link), LinkOutcome::Taken, "{link}");
        assert!(linked.reasons().is_empty());
        let received = linked.receiver.receive().await;
        // There is no tab to tell, so nobody is waited for.
        assert_eq!(
            received.outcome.as_ref().expect("a code").code.expose(),
            CODE
        );
        received.reply.succeeded().await;
    }
}

#[tokio::test]
async fn a_link_that_comes_while_nobody_looks_is_not_lost() {
    let linked = wait();
    let mut receiving = pin!(linked.receiver.receive());
    let idle = tokio::select! {
        biased;
        _ = &mut receiving => false,
        () = tokio::task::yield_now() => true,
    };
    assert!(idle);
    let links = linked.links.clone();
    std::thread::spawn(move || assert_eq!(links.take(&answer(STATE)), LinkOutcome::Taken))
        .join()
        .expect("no panic");
    assert_eq!(code(receiving.await), CODE);
}

#[tokio::test]
async fn a_refusal_by_link_ends_the_attempt_as_one_at_the_port_does() {
    for (query, expected) in [
        ("error=access_denied", Code::ProviderDenied),
        ("code=a&iss=https://attacker.example", Code::IssuerMismatch),
        ("code=a&access_token=b", Code::AuthorizationResponseInvalid),
    ] {
        let linked = wait();
        let link = format!("{URI}?{query}&state={STATE}");
        assert_eq!(linked.links.take(&link), LinkOutcome::Taken);
        let received = linked.receiver.receive().await;
        assert_eq!(received.outcome.expect_err("an error").code(), expected);
        received.reply.failed().await;
    }
}

#[test]
fn f18_a_scheme_that_this_program_does_not_receive_is_told() {
    let (trace, _) = recording_trace();
    let uri = private_use(URI);
    for none in [None, Some(&Links::new(["myapp", "dev.doorkey.other"]))] {
        let error = DeepLink::open(&uri, none, trace.clone()).expect_err("no links");
        assert_eq!(error.code(), Code::DeepLinkUnavailable);
        assert!(error.message().contains("dev.doorkey.app:"), "{error:?}");
        assert!(
            error.hint().contains("http://127.0.0.1/"),
            "{}",
            error.hint()
        );
    }
}

#[tokio::test]
async fn f03_without_an_attempt_a_link_does_nothing() {
    let links = links();
    for link in [
        answer(STATE),
        URI.to_owned(),
        String::new(),
        "\0".to_owned(),
    ] {
        assert_eq!(links.take(&link), LinkOutcome::NoAttempt);
    }
    // A link that comes too early is forgotten: nothing is kept for whoever waits next.
    let linked = wait_at(&links, URI, STATE);
    assert!(linked.reasons().is_empty());
    linked.completes().await;
}

#[tokio::test]
async fn f03_a_cancelled_attempt_is_none_at_once() {
    let linked = wait();
    let links = linked.links.clone();
    assert_eq!(links.count(), 1);
    drop(linked.receiver);
    assert_eq!(links.count(), 0);
    assert_eq!(links.take(&answer(STATE)), LinkOutcome::NoAttempt);

    // Also while it is awaited.
    let linked = wait_at(&links, URI, STATE);
    {
        let mut receiving = pin!(linked.receiver.receive());
        tokio::select! {
            biased;
            _ = &mut receiving => panic!("nothing came"),
            () = tokio::task::yield_now() => {}
        }
    }
    assert_eq!(links.take(&answer(STATE)), LinkOutcome::NoAttempt);
}

#[tokio::test]
async fn f04_a_link_with_a_wrong_state_or_none_keeps_the_attempt_pending() {
    let mut linked = wait();
    for link in [
        format!("{URI}?code=abc&state=wrong"),
        format!("{URI}?code=abc&state={}", STATE.to_lowercase()),
        format!("{URI}?code=abc&state={STATE}x"),
        format!("{URI}?code=abc#state={STATE}"),
        format!("{URI}?code=abc"),
        format!("{URI}?error=access_denied&state=wrong"),
        URI.to_owned(),
        format!("{URI}?"),
    ] {
        linked.ignores(&link);
    }
    assert_eq!(linked.completes().await, ["state_mismatch"; 8]);
}

#[tokio::test]
async fn f04_a_link_with_doubled_parameters_keeps_the_attempt_pending() {
    let mut linked = wait();
    for query in [
        format!("code=a&state={STATE}&state=wrong"),
        format!("code=a&code=b&state={STATE}"),
        format!("code=a&state={STATE}&iss={ISSUER}&iss={ISSUER}"),
    ] {
        linked.ignores(&format!("{URI}?{query}"));
    }
    assert_eq!(
        linked.completes().await,
        ["authorization_response_invalid"; 3]
    );
}

#[tokio::test]
async fn f08_only_one_plain_url_counts() {
    let mut linked = wait();
    let right = answer(STATE);
    for link in [
        format!(" {right}"),
        format!("{right}\n"),
        format!("\"{right}\""),
        format!("'{right}'"),
        format!("--url {right}"),
        format!("--url={right}"),
        format!("{right} {right}"),
        format!("{right} --quit"),
        right.replace("&state", "\t&state"),
        right.replace("&state", "\0&state"),
        right.replace("&state", "\u{a0}&state"),
        String::new(),
    ] {
        linked.ignores(&link);
    }
    assert_eq!(linked.completes().await, ["link"; 12]);
}

#[tokio::test]
async fn f10_the_same_link_counts_once() {
    let linked = wait();
    let link = answer(STATE);
    assert_eq!(linked.links.take(&link), LinkOutcome::Taken);
    for _ in 0..3 {
        assert_eq!(linked.links.take(&link), LinkOutcome::NoAttempt);
    }
    assert_eq!(code(linked.receiver.receive().await), CODE);
    assert_eq!(linked.links.take(&link), LinkOutcome::NoAttempt);
    assert_eq!(linked.links.count(), 0);
}

#[tokio::test]
async fn f10_of_many_at_once_one_counts() {
    for _ in 0..20 {
        let linked = wait();
        let taken: usize = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8)
                .map(|_| scope.spawn(|| linked.links.take(&answer(STATE)) == LinkOutcome::Taken))
                .collect();
            threads
                .into_iter()
                .map(|thread| usize::from(thread.join().expect("no panic")))
                .sum()
        });
        assert_eq!(taken, 1);
        assert_eq!(code(linked.receiver.receive().await), CODE);
    }
}

#[tokio::test]
async fn f12_a_link_to_anywhere_else_commands_nothing() {
    let mut linked = wait();
    let query = format!("?code={CODE}&state={STATE}");
    for link in [
        format!("{SCHEME}:/logout{query}"),
        format!("{SCHEME}:/open?url=https://attacker.example&state={STATE}&code=a"),
        format!("{SCHEME}:/set-issuer{query}"),
        format!("{SCHEME}:/callback/{query}"),
        format!("{SCHEME}:/callback/../callback{query}"),
        format!("{SCHEME}:/%63allback{query}"),
        format!("{SCHEME}:/Callback{query}"),
        format!("{SCHEME}:/callback;x{query}"),
        format!("{SCHEME}://callback{query}"),
        format!("{SCHEME}:///callback{query}"),
        format!("{SCHEME}:callback{query}"),
        format!("DEV.doorkey.app:/callback{query}"),
        format!("dev.doorkey.app2:/callback{query}"),
        format!("http://127.0.0.1/callback{query}"),
        format!("/callback{query}"),
        query.clone(),
        "<img src=x onerror=alert(1)>".replace(' ', "/"),
    ] {
        linked.ignores(&link);
    }
    assert_eq!(linked.completes().await, ["link"; 17]);
}

#[tokio::test]
async fn f14_a_link_larger_than_any_answer_is_ignored() {
    let mut linked = wait();
    let right = answer(STATE);
    let fitting = 16 * 1024 - right.len() - "&x=".len();
    linked.ignores(&format!("{right}&x={}", "x".repeat(fitting + 1)));
    linked.ignores(&"x".repeat(10 * 1024 * 1024));
    assert_eq!(linked.reasons(), ["size"; 2]);
    let largest = format!("{right}&x={}", "x".repeat(fitting));
    assert_eq!(linked.links.take(&largest), LinkOutcome::Taken);
}

#[tokio::test]
async fn f20_a_thousand_links_change_nothing_and_are_told_a_few_times() {
    let mut linked = wait();
    let long = format!("{URI}?state=wrong&code={}", "%41".repeat(5_000));
    for _ in 0..1_000 {
        linked.ignores(&long);
    }
    assert_eq!(linked.completes().await.len(), 50);
}

#[tokio::test]
async fn each_of_several_attempts_gets_its_own_link() {
    let links = links();
    let (one, two) = (
        wait_at(&links, URI, STATE),
        wait_at(&links, URI, OTHER_STATE),
    );
    let other = wait_at(&links, "dev.doorkey.app:/other", "another-state-altogether");
    // The right state for the wrong address is no answer.
    assert_eq!(
        links.take(&format!("{URI}?code=a&state=another-state-altogether")),
        LinkOutcome::Ignored
    );
    assert_eq!(one.reasons(), ["state_mismatch"]);
    assert_eq!(two.reasons(), ["state_mismatch"]);
    assert!(other.reasons().is_empty());

    let link = format!("{URI}?code=second&state={OTHER_STATE}");
    assert_eq!(links.take(&link), LinkOutcome::Taken);
    assert_eq!(code(two.receiver.receive().await), "second");
    // It is over, and belongs to none of those that go on.
    assert_eq!(links.take(&link), LinkOutcome::Ignored);
    let link = "dev.doorkey.app:/other?code=third&state=another-state-altogether";
    assert_eq!(links.take(link), LinkOutcome::Taken);
    assert_eq!(code(other.receiver.receive().await), "third");
    one.completes().await;
}

#[tokio::test]
async fn a_port_takes_no_link_and_a_link_is_taken_at_no_port() {
    let at_the_port = super::wait();
    let linked = wait();
    let link = format!(
        "http://127.0.0.1:{}/callback?code={CODE}&state={STATE}",
        at_the_port.port
    );
    assert_eq!(linked.links.take(&link), LinkOutcome::Ignored);
    assert!(at_the_port.paste.paste(&answer(STATE)).await.is_err());
    assert!(!at_the_port.received.is_finished());
    at_the_port.completes().await;
    linked.completes().await;
}

#[tokio::test]
async fn a_link_can_be_pasted() {
    let query = format!("code={CODE}&state={STATE}");
    for text in [
        answer(STATE),
        format!(" {}\n", answer(STATE)),
        query.clone(),
    ] {
        let linked = wait();
        let paste = linked.receiver.paste_handle();
        paste.paste(&text).await.expect("to be taken");
        assert_eq!(linked.links.take(&answer(STATE)), LinkOutcome::NoAttempt);
        assert_eq!(code(linked.receiver.receive().await), CODE);
        assert!(paste.paste(&text).await.is_err());
    }
    let mut linked = wait();
    let paste = linked.receiver.paste_handle();
    for text in [
        format!("http://127.0.0.1/callback?{query}"),
        format!("{SCHEME}://callback?{query}"),
        "hello".to_owned(),
    ] {
        let error = paste.paste(&text).await.expect_err(&text);
        assert_eq!(error.code(), Code::AuthorizationResponseInvalid);
        assert!(
            error.hint().contains("dev.doorkey.app:"),
            "{}",
            error.hint()
        );
        assert!(linked.is_waiting());
    }
    // Nobody waits for the tab, and the handle ends with the attempt.
    drop(linked.receiver);
    let error = paste.paste(&answer(STATE)).await.expect_err("over");
    assert!(error.message().contains("is over"), "{error:?}");
}

/// Links that look right in most places, with the state everywhere but where it counts.
fn nearly_right() -> impl Strategy<Value = String> {
    let scheme = select(vec![
        SCHEME,
        SCHEME,
        SCHEME,
        "http",
        "javascript",
        "DEV.doorkey.app",
        "",
    ]);
    let path = select(vec![
        ":/callback",
        ":/callback",
        ":/callback",
        "://callback",
        ":/",
        ":callback",
        ":/callback/",
        "",
    ]);
    let name = prop_oneof![
        select(vec![
            "state", "code", "error", "iss", "State", "state%00", "%73tate", "?state"
        ])
        .prop_map(str::to_owned),
        "[ -~]{0,8}",
    ];
    let value = prop_oneof![
        Just(STATE[1..].to_owned()),
        Just(format!("{STATE}%20")),
        Just(STATE.to_lowercase()),
        "(%[0-9a-fA-F]{2}){0,6}",
        "[a-zA-Z0-9%+&=;#?/]{0,20}",
        "\\PC{0,8}",
    ];
    let query = proptest::collection::vec((name, value), 0..5).prop_map(|parameters| {
        parameters
            .into_iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect::<Vec<_>>()
            .join("&")
    });
    let separator = select(vec!["?", "?", "#", "&", "??", "?#"]);
    (scheme, path, separator, query)
        .prop_map(|(scheme, path, separator, query)| format!("{scheme}{path}{separator}{query}"))
}

fn any_text() -> impl Strategy<Value = String> {
    let mangled = (
        nearly_right(),
        proptest::collection::vec((any::<Index>(), any::<u8>()), 1..4),
    )
        .prop_map(|(text, changes)| {
            let mut bytes = text.into_bytes();
            for (index, byte) in changes {
                let index = index.index(bytes.len().max(1));
                if let Some(place) = bytes.get_mut(index) {
                    *place = byte;
                }
            }
            String::from_utf8_lossy(&bytes).into_owned()
        });
    prop_oneof![1 => any::<String>(), 4 => nearly_right(), 2 => mangled]
}

#[test]
fn no_text_ends_an_attempt_without_the_state() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime");
    let _guard = runtime.enter();
    let linked = std::cell::RefCell::new(wait());
    let mut runner = TestRunner::new(Config {
        cases: 4_000,
        failure_persistence: None,
        ..Config::default()
    });
    let outcome = runner.run(&any_text(), |text| {
        let mut linked = linked.borrow_mut();
        prop_assert_eq!(linked.links.take(&text), LinkOutcome::Ignored);
        prop_assert!(linked.is_waiting());
        Ok(())
    });
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
    runtime.block_on(linked.into_inner().completes());
}

#[test]
fn links_show_their_schemes_and_nothing_that_waits() {
    let waiting = wait();
    let debug = format!("{:?}", waiting.links);
    assert!(debug.contains(SCHEME) && !debug.contains(STATE), "{debug}");
}
