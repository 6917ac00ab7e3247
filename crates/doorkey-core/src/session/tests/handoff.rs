//! The door that one browser goes through once.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use url::Url;

use crate::error::Code;
use crate::session::handoff::Handoff;

const TARGET: &str = "https://login.example.com/logout?id_token_hint=canary";

/// What is answered to a request for this path, with these further lines.
async fn asked(url: &Url, method: &str, path: &str, host: &str, lines: &str) -> String {
    let port = url.port().expect("a port");
    let stream = TcpStream::connect(("127.0.0.1", port)).await;
    let mut stream = stream.expect("to connect");
    let request = format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\n{lines}\r\n");
    stream.write_all(request.as_bytes()).await.expect("to send");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("an answer");
    answer
}

async fn open() -> (Handoff, Url, String) {
    let handoff = Handoff::open(TARGET.parse().expect("a URL")).await;
    let handoff = handoff.expect("a port");
    let url = handoff.url().clone();
    let authority = format!("127.0.0.1:{}", url.port().expect("a port"));
    (handoff, url, authority)
}

#[tokio::test]
async fn the_browser_is_sent_on_once_and_nobody_else_is() {
    let (handoff, url, host) = open().await;
    let taken = tokio::spawn(handoff.taken());
    for (method, path, host, lines) in [
        ("GET", "/", host.as_str(), ""),
        ("POST", url.path(), &host, "Content-Length: 0\r\n"),
        ("GET", url.path(), "evil.example", ""),
        ("GET", url.path(), &host, "Sec-Purpose: prefetch\r\n"),
    ] {
        let answer = asked(&url, method, path, host, lines).await;
        assert!(answer.starts_with("HTTP/1.1 404"), "{answer}");
        assert!(!answer.contains("canary"), "{answer}");
        assert!(!taken.is_finished());
    }
    let answer = asked(&url, "GET", url.path(), &host, "")
        .await
        .to_lowercase();
    assert!(answer.starts_with("http/1.1 303"), "{answer}");
    for header in [
        &format!("location: {TARGET}"),
        "cache-control: no-store",
        "referrer-policy: no-referrer",
        "connection: close",
    ] {
        assert!(answer.contains(header), "{answer}");
    }
    taken.await.expect("no panic").expect("to be taken");
    assert!(
        std::net::TcpStream::connect(host).is_err(),
        "the port is closed"
    );
}

#[tokio::test(start_paused = true)]
async fn a_browser_that_does_not_come_is_told_after_ten_seconds() {
    let (handoff, ..) = open().await;
    let begun = tokio::time::Instant::now();
    let error = handoff.taken().await.expect_err("nobody came");
    assert_eq!(error.code(), Code::BrowserUnavailable);
    assert_eq!(begun.elapsed().as_secs(), 10);
}
