//! Whatever the bytes: without the right state nothing ends an attempt, and nothing panics.

use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{Config, TestRunner};

use super::*;

/// Requests that look right in most places, with the state everywhere but where it counts.
fn nearly_right() -> impl Strategy<Value = String> {
    let method = select(vec![
        "GET", "GET", "GET", "POST", "HEAD", "OPTIONS", "get", "",
    ]);
    let path = select(vec![
        "/callback",
        "/callback",
        "/callback",
        "/",
        "//callback",
        "*",
        "http://127.0.0.1:{port}/callback",
        "",
    ]);
    let name = prop_oneof![
        select(vec![
            "state",
            "code",
            "error",
            "iss",
            "State",
            "state%00",
            "%73tate",
            "error_description"
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
    ];
    let query = proptest::collection::vec((name, value), 0..5).prop_map(|parameters| {
        parameters
            .into_iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect::<Vec<_>>()
            .join("&")
    });
    let header = select(vec![
        "Host: 127.0.0.1:{port}",
        "Host: 127.0.0.1:{port}",
        "Host: evil.example",
        "Full-Url: /callback?code=x&state={state}",
        "Cookie: state={state}",
        "Referer: http://127.0.0.1:{port}/callback?state={state}",
        "Content-Length: 10",
        "Content-Length: 99999999999999999999",
        "Transfer-Encoding: chunked",
        "Expect: 100-continue",
        "Upgrade: h2c",
        "Connection: upgrade",
        "Sec-Fetch-Mode: navigate",
        "Origin: null",
        "Content-Type: application/x-www-form-urlencoded",
        ": x",
        "X",
        "",
    ]);
    let headers = proptest::collection::vec(header, 0..6);
    let version = select(vec![
        "HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.0", "HTTP/2.0", "",
    ]);
    let end = select(vec!["\r\n", "\r\n", "\n", "\r"]);
    let body = select(vec![
        "",
        "",
        "code=x&state={state}",
        "14\r\ncode=x&state={state}\r\n0\r\n\r\n",
    ]);
    (method, path, query, version, headers, end, body).prop_map(
        |(method, path, query, version, headers, end, body)| {
            let mut text = format!("{method} {path}?{query} {version}{end}");
            for header in headers {
                text.push_str(header);
                text.push_str(end);
            }
            text.push_str(end);
            text.push_str(body);
            text
        },
    )
}

fn any_bytes() -> impl Strategy<Value = Vec<u8>> {
    let mangled = (
        nearly_right(),
        proptest::collection::vec((any::<Index>(), any::<u8>()), 0..3),
    )
        .prop_map(|(text, changes)| {
            let mut bytes = text.into_bytes();
            for (index, byte) in changes {
                let index = index.index(bytes.len());
                bytes[index] = byte;
            }
            bytes
        });
    prop_oneof![
        1 => proptest::collection::vec(any::<u8>(), 0..300),
        4 => nearly_right().prop_map(String::into_bytes),
        2 => mangled,
    ]
}

/// Runs an attempt, sends it all these bytes on connections of their own, and shows that it still waits.
fn survives(mode: ResponseMode, state: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let waiting = runtime.block_on(async { wait_in(mode) });
    let port = waiting.port.to_string();
    let mut runner = TestRunner::new(Config {
        cases: 800,
        failure_persistence: None,
        ..Config::default()
    });
    let outcome = runner.run(&any_bytes(), |bytes| {
        let bytes = replace(
            &replace(&bytes, b"{port}", port.as_bytes()),
            b"{state}",
            state.as_bytes(),
        );
        runtime.block_on(async {
            let mut stream = waiting.connect().await;
            // The receiver may have answered and closed before everything is sent.
            let _ = stream.write_all(&bytes).await;
            let _ = stream.shutdown().await;
            let ended = timeout(Duration::from_secs(5), stream.read_to_end(&mut Vec::new())).await;
            prop_assert!(
                ended.is_ok(),
                "it was held: {:?}",
                String::from_utf8_lossy(&bytes)
            );
            prop_assert!(
                !waiting.received.is_finished(),
                "it ended: {:?}",
                String::from_utf8_lossy(&bytes)
            );
            Ok(())
        })
    });
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
    runtime.block_on(waiting.completes());
}

fn replace(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(start) = rest.windows(from.len()).position(|window| window == from) {
        out.extend_from_slice(&rest[..start]);
        out.extend_from_slice(to);
        rest = &rest[start + from.len()..];
    }
    out.extend_from_slice(rest);
    out
}

#[test]
fn no_bytes_end_an_attempt_without_the_state() {
    survives(ResponseMode::Query, STATE);
}

#[test]
fn no_bytes_end_an_attempt_that_expects_a_posted_answer() {
    survives(ResponseMode::FormPost, &STATE[1..]);
}
