//! Laws of what arrives as an answer: requests to the loopback port as raw bytes, links, and what is pasted.

use std::sync::{Arc, LazyLock};

use http::StatusCode;
use http_body_util::BodyExt as _;
use hyper::body::Bytes;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex};
use tokio::runtime::{Builder, Runtime};
use url::form_urlencoded;

use super::deep_link::{DeepLink, LinkOutcome, Links};
use super::gate::Gate;
use super::pages::{self, Page};
use super::pasted::{Destination, PasteSlot};
use super::pending::{Decision, Pending};
use super::reception::Reception;
use super::server::attend;
use crate::attempt::{AuthorizationResponse, ExpectedResponse};
use crate::error::Result;
use crate::fuzzing::{Verdict, assert_tellable, unheard};
use crate::profile::{LoopbackUri, PrivateUseUri, Profile, RedirectUri, ResponseMode};

const STATE: &str = "hcrUk3tJz8gq";
const ISSUER: &str = "https://login.example.com";
const PORT: u16 = 4000;
const AUTHORITY: &str = "127.0.0.1:4000";
const SCHEME: &str = "dev.doorkey.app";
const LINK: &str = "dev.doorkey.app:/callback";
/// How large a link may be.
const LONGEST_LINK: usize = 16 * 1024;
/// More than a target is ever fed, so that writing never waits for reading.
const CAPACITY: usize = 4 * 1024 * 1024;
const PAGES: [Page; 5] = [
    Page::SignedIn,
    Page::Failed,
    Page::Arrived,
    Page::Over,
    Page::Stray,
];

/// What a connection came to.
struct Attended {
    answer: Vec<u8>,
    /// What ended the attempt, if something has.
    outcome: Option<Result<AuthorizationResponse>>,
}

/// A connection that sends these bytes and no more, to an attempt that expects its answer in the query, and to one that
/// expects it posted.
pub(crate) fn callback(bytes: &[u8]) -> Verdict {
    let mut is_accepted = false;
    for (mode, method) in [
        (ResponseMode::Query, "GET "),
        (ResponseMode::FormPost, "POST "),
    ] {
        let Attended { answer, outcome } = attended(mode, bytes);
        assert_is_page(&answer);
        if let Some(outcome) = outcome {
            assert_is_answer(&outcome);
            // What ends an attempt is a request to this address, and knows the state.
            assert!(
                bytes.starts_with(method.as_bytes())
                    || bytes.starts_with(b"\r\n")
                    || bytes.starts_with(b"\n")
            );
            assert!(has(bytes, AUTHORITY) && has(bytes, "/callback"));
            assert!(knows_state(bytes) || has(&bytes.to_ascii_lowercase(), "chunked"));
            is_accepted |= outcome.is_ok();
        }
    }
    Verdict::of(is_accepted)
}

/// A link that the system hands over while one sign-in waits.
pub(crate) fn deep_link(bytes: &[u8]) -> Verdict {
    let text = String::from_utf8_lossy(bytes);
    let links = Links::new([SCHEME]);
    let open = DeepLink::open(&LINK_URI, Some(&links), unheard());
    let mut waiting = open.expect("a place").waiting_for(expected());
    match links.take(&text) {
        LinkOutcome::Taken => {
            let decision = waiting.decision.try_recv().expect("a decision");
            assert_is_answer(&decision.outcome);
            assert!(text.starts_with(&format!("{LINK}?")));
            assert!(text.len() <= LONGEST_LINK && knows_state(bytes));
            assert_eq!(links.take(&text), LinkOutcome::NoAttempt, "taken twice");
            Verdict::of(decision.outcome.is_ok())
        }
        LinkOutcome::Ignored => {
            assert!(waiting.decision.try_recv().is_err());
            let right = format!("{LINK}?state={STATE}&code=x");
            assert_eq!(links.take(&right), LinkOutcome::Taken, "the true answer");
            Verdict::Refused
        }
        LinkOutcome::NoAttempt => panic!("a sign-in waits"),
    }
}

/// What a person pastes while a sign-in waits at the port, and while one waits for a link.
pub(crate) fn pasted(bytes: &[u8]) -> Verdict {
    let text = String::from_utf8_lossy(bytes);
    let gate = Gate::new(&LoopbackUri::default(), PORT, ResponseMode::Query);
    let destinations = [
        Destination::Port(Arc::new(gate)),
        Destination::Link(LINK_URI.clone()),
    ];
    let mut is_accepted = false;
    for destination in destinations {
        let (pending, mut decision) = Pending::new(expected(), unheard());
        let slot = PasteSlot::new();
        slot.fill(destination, &pending);
        match (
            with_runtime(|runtime| runtime.block_on(slot.handle().paste(&text))),
            decision.try_recv(),
        ) {
            (Ok(()), Ok(decision)) => {
                assert_is_answer(&decision.outcome);
                assert!(knows_state(bytes));
                is_accepted |= decision.outcome.is_ok();
            }
            (Err(error), Err(_)) => {
                assert_tellable(&error);
                assert!(pending.is_open(), "the attempt goes on");
            }
            (said, decided) => panic!("{said:?} was said, and decided {decided:?}"),
        }
    }
    Verdict::of(is_accepted)
}

static LINK_URI: LazyLock<PrivateUseUri> = LazyLock::new(|| {
    let text = format!("issuer = \"{ISSUER}\"\nclient_id = \"x\"\nredirect_uri = \"{LINK}\"");
    let profile = Profile::parse(&"work".parse().expect("a name"), &text).expect("a profile");
    match profile.redirect_uri() {
        RedirectUri::PrivateUse(uri) => uri.clone(),
        RedirectUri::Loopback(uri) => panic!("{uri}"),
    }
});

/// What a connection may show.
static BODIES: LazyLock<Vec<Bytes>> = LazyLock::new(|| {
    let body = |page| async move {
        let body = pages::response(StatusCode::OK, page).into_body();
        body.collect().await.expect("a page").to_bytes()
    };
    let runtime = Builder::new_current_thread().build().expect("a runtime");
    PAGES.map(|page| runtime.block_on(body(page))).to_vec()
});

fn expected() -> ExpectedResponse {
    ExpectedResponse::new(STATE, Some(ISSUER.to_owned()), false)
}

fn attended(mode: ResponseMode, bytes: &[u8]) -> Attended {
    let gate = Arc::new(Gate::new(&LoopbackUri::default(), PORT, mode));
    let (pending, decision) = Pending::new(expected(), unheard());
    let reception = Arc::new(Reception::new(gate, pending));
    let connection = async {
        let (mut client, server) = duplex(CAPACITY);
        let attended = tokio::spawn(attend(server, reception));
        let decided = tokio::spawn(async {
            let Decision { outcome, verdict } = decision.await.ok()?;
            verdict.send(Page::SignedIn).expect("a tab that waits");
            Some(outcome)
        });
        client.write_all(bytes).await.expect("room for all");
        client.shutdown().await.expect("an end");
        let mut answer = Vec::new();
        client.read_to_end(&mut answer).await.expect("an answer");
        attended.await.expect("no panic");
        let outcome = decided.await.expect("no panic");
        Attended { answer, outcome }
    };
    with_runtime(|runtime| runtime.block_on(connection))
}

/// One of our pages whole, a bare status, or nothing at all: nothing of the request comes back.
fn assert_is_page(answer: &[u8]) {
    let answer = answer
        .strip_prefix(b"HTTP/1.1 100 Continue\r\n\r\n")
        .unwrap_or(answer);
    if answer.is_empty() {
        return;
    }
    let end = answer.windows(4).position(|window| window == b"\r\n\r\n");
    let (head, body) = answer.split_at(end.expect("a head") + 4);
    assert!(head.starts_with(b"HTTP/1."));
    assert!(!has(head, STATE));
    assert!(body.is_empty() || BODIES.iter().any(|page| page == body));
    if !body.is_empty() {
        for header in [
            "content-security-policy: default-src 'none'",
            "cache-control: no-store",
            "connection: close",
        ] {
            assert!(has(head, header), "no {header}");
        }
    }
}

/// A code that can be sent on, or a refusal that can be shown.
fn assert_is_answer(outcome: &Result<AuthorizationResponse>) {
    match outcome {
        Ok(response) => {
            let code = response.code.expose();
            assert!(!code.is_empty() && code.bytes().all(|byte| matches!(byte, b' '..=b'~')));
        }
        Err(error) => assert_tellable(error),
    }
}

fn knows_state(bytes: &[u8]) -> bool {
    form_urlencoded::parse(bytes).any(|(name, value)| name.contains(STATE) || value.contains(STATE))
}

fn has(bytes: &[u8], part: &str) -> bool {
    memchr::memmem::find(bytes, part.as_bytes()).is_some()
}

/// A runtime is made once for each thread: making one takes longer than a request.
fn with_runtime<T>(run: impl FnOnce(&Runtime) -> T) -> T {
    thread_local! {
        static RUNTIME: Runtime = Builder::new_current_thread().enable_time().build().expect("a runtime");
    }
    RUNTIME.with(run)
}
