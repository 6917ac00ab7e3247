//! The receiver as a browser, an attacker and a crowd see it: through raw sockets.

mod answers;
mod any_bytes;
mod deep_link;
mod limits;
mod pasted;
mod ports;
mod posted;
mod reply;
mod requests;

use std::collections::HashMap;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::PasteHandle;
use super::loopback::Loopback;
use super::reply::Received;
use crate::attempt::ExpectedResponse;
use crate::clock::SystemClock;
use crate::profile::{LoopbackUri, Profile, RedirectUri, ResponseMode};
use crate::trace::{Flow, Step, StepKind, Trace, Value};

const STATE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const ISSUER: &str = "https://login.example.com";
const CODE: &str = "SplxlOBeZQQYbYS6WxSbIA";
const SIGNED_IN: &str = "You are signed in";
const FAILED: &str = "Sign-in did not finish";
const ARRIVED: &str = "Your answer has arrived";
const OVER: &str = "This attempt is over";
const STRAY: &str = "There is no page here";

/// An attempt that waits for its answer.
struct Waiting {
    port: u16,
    received: JoinHandle<Received>,
    steps: Arc<Mutex<Vec<Step>>>,
    mode: ResponseMode,
    paste: PasteHandle,
}

/// What a client got back.
#[derive(Debug)]
struct Answer {
    status: u16,
    headers: HashMap<String, String>,
    text: String,
}

/// The loopback address of a profile with these lines.
pub(super) fn redirect(lines: &str) -> LoopbackUri {
    match redirect_uri(lines) {
        RedirectUri::Loopback(uri) => uri,
        RedirectUri::PrivateUse(uri) => panic!("{uri}"),
    }
}

fn redirect_uri(lines: &str) -> RedirectUri {
    let text = format!("issuer = \"{ISSUER}\"\nclient_id = \"x\"\n{lines}");
    Profile::parse(&"work".parse().expect("a name"), &text)
        .expect("a profile")
        .redirect_uri()
        .clone()
}

fn recording_trace() -> (Trace, Arc<Mutex<Vec<Step>>>) {
    let steps = Arc::new(Mutex::new(Vec::new()));
    let record = Arc::clone(&steps);
    let observer = move |step: Step| record.lock().expect("the steps").push(step);
    (
        Trace::new(
            Flow::SignIn,
            Arc::new(SystemClock),
            Some(Arc::new(observer)),
        ),
        steps,
    )
}

fn bind(redirect: &LoopbackUri) -> Loopback {
    Loopback::bind(redirect, ResponseMode::Query, recording_trace().0).expect("a port")
}

fn expected() -> ExpectedResponse {
    ExpectedResponse::new(STATE, Some(ISSUER.to_owned()), false)
}

fn wait_in(mode: ResponseMode) -> Waiting {
    let (trace, steps) = recording_trace();
    let loopback = Loopback::bind(&LoopbackUri::default(), mode, trace).expect("a port");
    let port = loopback
        .redirect_uri()
        .split([':', '/'])
        .nth(4)
        .expect("a port")
        .parse()
        .expect("a number");
    let paste = loopback.paste_handle();
    let received = tokio::spawn(async move { loopback.receive(&expected()).await });
    Waiting {
        port,
        received,
        steps,
        mode,
        paste,
    }
}

fn wait() -> Waiting {
    wait_in(ResponseMode::Query)
}

impl Waiting {
    /// A request as a plain client sends it; the lines are further headers, each with its line end.
    fn request(&self, method: &str, target: &str, lines: &str, body: &str) -> String {
        let length = if body.is_empty() {
            String::new()
        } else {
            format!("Content-Length: {}\r\n", body.len())
        };
        format!(
            "{method} {target} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n{lines}{length}\r\n{body}",
            self.port
        )
    }

    fn get(&self, target: &str, lines: &str) -> String {
        self.request("GET", target, lines, "")
    }

    fn post(&self, lines: &str, body: &str) -> String {
        let lines = format!("Content-Type: application/x-www-form-urlencoded\r\n{lines}");
        self.request("POST", "/callback", &lines, body)
    }

    /// The request that ends the attempt.
    fn true_callback(&self) -> String {
        let parameters = format!("code={CODE}&state={STATE}");
        match self.mode {
            ResponseMode::Query => self.get(&format!("/callback?{parameters}"), ""),
            ResponseMode::FormPost => self.post("", &parameters),
        }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect((Ipv4Addr::LOCALHOST, self.port))
            .await
            .expect("a connection")
    }

    /// Connects and sends.
    async fn open(&self, request: impl AsRef<[u8]>) -> TcpStream {
        let mut stream = self.connect().await;
        stream.write_all(request.as_ref()).await.expect("to send");
        stream
    }

    /// Connects, sends, and reads the whole answer.
    async fn send(&self, request: impl AsRef<[u8]>) -> Answer {
        read(self.open(request).await).await
    }

    /// Sends something that must be turned away with this status and page, and reads what is said.
    #[track_caller]
    fn turned_away(
        &self,
        status: u16,
        page: &str,
        request: impl AsRef<[u8]>,
    ) -> impl Future<Output = Answer> {
        let location = std::panic::Location::caller();
        let page = page.to_owned();
        async move {
            let answer = self.send(request).await;
            assert!(
                answer.status == status && answer.text.contains(&page),
                "at {location}: {answer:?}"
            );
            answer.assert_headers();
            answer
        }
    }

    /// Shows that the attempt still waits: the true callback ends it, and the tab is told so.
    async fn completes(mut self) -> Vec<Step> {
        assert!(
            !self.received.is_finished(),
            "the attempt has ended already"
        );
        let tab = self.open(self.true_callback()).await;
        let received = self.received().await;
        assert_eq!(received.outcome.expect("a code").code.expose(), CODE);
        let (answer, ()) = tokio::join!(read(tab), received.reply.succeeded());
        assert!(
            answer.status == 200 && answer.text.contains(SIGNED_IN),
            "{answer:?}"
        );
        answer.assert_headers();
        std::mem::take(&mut self.steps.lock().expect("the steps"))
    }

    async fn received(&mut self) -> Received {
        timeout(Duration::from_secs(5), &mut self.received)
            .await
            .expect("an answer in time")
            .expect("no panic")
    }

    fn reasons(&self) -> Vec<String> {
        reasons(&self.steps.lock().expect("the steps"))
    }
}

/// The reasons of the stray requests that were told, after a check that nothing else was.
fn reasons(steps: &[Step]) -> Vec<String> {
    let reason = |step: &Step| match step.fields.as_slice() {
        [("reason", Value::Shown(reason))] => reason.clone(),
        fields => panic!("{fields:?}"),
    };
    assert!(
        steps
            .iter()
            .all(|step| step.kind == StepKind::StrayRequest && step.failure.is_none())
    );
    steps.iter().map(reason).collect()
}

/// Whether a connection is refused now, without giving the runtime a turn to close anything.
fn is_closed(port: u16) -> bool {
    std::net::TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err()
}

async fn read(mut stream: TcpStream) -> Answer {
    let mut bytes = Vec::new();
    timeout(Duration::from_secs(15), stream.read_to_end(&mut bytes))
        .await
        .expect("an end")
        .expect("to read");
    let text = String::from_utf8(bytes).expect("UTF-8");
    let (head, text) = text
        .split_once("\r\n\r\n")
        .unwrap_or_else(|| panic!("no answer: {text:?}"));
    let mut lines = head.split("\r\n");
    let status = lines
        .next()
        .and_then(|line| line.split(' ').nth(1))
        .expect("a status")
        .parse()
        .expect("a number");
    let headers = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    Answer {
        status,
        headers,
        text: text.to_owned(),
    }
}

impl Answer {
    #[track_caller]
    fn assert_headers(&self) {
        for (name, value) in [
            ("content-type", "text/html; charset=utf-8"),
            ("x-content-type-options", "nosniff"),
            ("cache-control", "no-store"),
            ("referrer-policy", "no-referrer"),
            ("connection", "close"),
        ] {
            assert_eq!(
                self.headers.get(name).map(String::as_str),
                Some(value),
                "{name}"
            );
        }
        assert!(
            self.headers["content-security-policy"]
                .starts_with("default-src 'none'; style-src 'sha256-")
        );
        assert!(
            !self
                .headers
                .keys()
                .any(|name| name.starts_with("access-control")),
            "{:?}",
            self.headers
        );
        let known = [
            "content-type",
            "x-content-type-options",
            "cache-control",
            "referrer-policy",
            "connection",
            "content-security-policy",
            "content-length",
            "date",
            "allow",
        ];
        assert!(
            self.headers
                .keys()
                .all(|name| known.contains(&name.as_str())),
            "{:?}",
            self.headers
        );
    }
}
