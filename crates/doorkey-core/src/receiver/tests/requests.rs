//! Which requests may carry an answer at all.

use super::*;

#[tokio::test]
async fn a32_a_preflight_consumes_nothing_and_allows_nothing() {
    let waiting = wait();
    let target = format!("/callback?code={CODE}&state={STATE}");
    let lines = "Origin: https://evil.example\r\nAccess-Control-Request-Method: GET\r\nAccess-Control-Request-Private-Network: true\r\n";
    let answer = waiting
        .turned_away(405, STRAY, waiting.request("OPTIONS", &target, lines, ""))
        .await;
    assert_eq!(answer.headers["allow"], "GET");
    assert_eq!(reasons(&waiting.completes().await), ["method"]);
}

#[tokio::test]
async fn a34_what_a_browser_fetches_in_advance_consumes_nothing() {
    let waiting = wait();
    let target = format!("/callback?code={CODE}&state={STATE}");
    for line in [
        "Sec-Purpose: prefetch",
        "Sec-Purpose: prefetch;prerender",
        "Purpose: prefetch",
        "X-Moz: prefetch",
        "X-Purpose: preview",
    ] {
        let lines = format!(
            "{line}\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\nSec-Fetch-Site: cross-site\r\n"
        );
        waiting
            .turned_away(503, STRAY, waiting.get(&target, &lines))
            .await;
    }
    waiting.completes().await;
}

#[tokio::test]
async fn a36_other_methods_and_garbage_consume_nothing() {
    let waiting = wait();
    let target = format!("/callback?code={CODE}&state={STATE}");
    for method in [
        "POST", "PUT", "DELETE", "TRACE", "PATCH", "get", "GETX", "PROPFIND",
    ] {
        waiting
            .turned_away(405, STRAY, waiting.request(method, &target, "", ""))
            .await;
    }
    waiting
        .turned_away(
            400,
            STRAY,
            waiting.request("CONNECT", &format!("127.0.0.1:{}", waiting.port), "", ""),
        )
        .await;
    let head = waiting.send(waiting.request("HEAD", &target, "", "")).await;
    assert!(head.status == 405 && head.text.is_empty(), "{head:?}");
    for garbage in [
        &b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"[..],
        b"\0\0\0\0\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET /callback HTTP/9.9\r\n\r\n",
        b"GET /callback HTTP/1.1\r\nHost : x\r\n\r\n",
        b"\xff\xfe /callback HTTP/1.1\r\n\r\n",
    ] {
        assert_eq!(waiting.send(garbage).await.status, 400, "{garbage:?}");
    }
    waiting
        .turned_away(404, STRAY, waiting.request("OPTIONS", "*", "", ""))
        .await;
    let posted = waiting.post("", &format!("code={CODE}&state={STATE}"));
    waiting.turned_away(405, STRAY, posted).await;
    waiting.completes().await;
}

#[tokio::test]
async fn a40_a_foreign_host_consumes_nothing() {
    let waiting = wait();
    let port = waiting.port;
    let target = format!("/callback?code={CODE}&state={STATE}");
    for host in [
        format!("evil.example:{port}"),
        "evil.example".to_owned(),
        format!("localhost:{port}"),
        format!("[::1]:{port}"),
        "127.0.0.1".to_owned(),
        format!("127.0.0.1:{}", port ^ 1),
        format!("127.0.0.1:{port}.evil.example"),
        format!("x@127.0.0.1:{port}"),
        format!("127.0.0.1:0{port}"),
        format!("0x7f.1:{port}"),
        format!("127.0.0.1.:{port}"),
        String::new(),
    ] {
        waiting
            .turned_away(
                421,
                STRAY,
                format!("GET {target} HTTP/1.1\r\nHost: {host}\r\n\r\n"),
            )
            .await;
    }
    let right = format!("Host: 127.0.0.1:{port}\r\n");
    for head in [
        format!("GET {target} HTTP/1.1\r\n\r\n"),
        format!("GET {target} HTTP/1.0\r\n\r\n"),
        format!("GET {target} HTTP/1.1\r\n{right}Host: evil.example\r\n\r\n"),
        format!("GET {target} HTTP/1.1\r\nHost: evil.example\r\n{right}\r\n"),
        format!("GET http://evil.example{target} HTTP/1.1\r\n{right}\r\n"),
        format!("GET http://127.0.0.1:{port}{target} HTTP/1.1\r\n{right}\r\n"),
    ] {
        waiting.turned_away(400, STRAY, head).await;
    }
    waiting.completes().await;
}

#[tokio::test]
async fn a42_what_a_page_fetches_consumes_nothing() {
    let waiting = wait();
    let target = format!("/callback?code={CODE}&state={STATE}");
    for lines in [
        "Sec-Fetch-Mode: no-cors\r\nSec-Fetch-Dest: image\r\n",
        "Sec-Fetch-Mode: cors\r\nSec-Fetch-Dest: empty\r\n",
        "Sec-Fetch-Mode: no-cors\r\n",
        "Sec-Fetch-Dest: image\r\n",
        "Sec-Fetch-Dest: script\r\n",
        "Sec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: iframe\r\n",
        "Sec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: object\r\n",
        "Sec-Fetch-Mode: same-origin\r\nSec-Fetch-Dest: empty\r\nSec-Fetch-Site: same-origin\r\n",
        "Sec-Fetch-Mode: websocket\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n",
        "Sec-Fetch-Mode: navigate\r\nSec-Fetch-Mode: no-cors\r\n",
        "Origin: https://evil.example\r\n",
        "Origin: null\r\n",
        "Origin: https://evil.example\r\nSec-Fetch-Mode: navigate\r\n",
        "Origin: https://evil.example\r\nSec-Fetch-Mode: cors\r\nSec-Fetch-Dest: document\r\n",
        "Origin: http://127.0.0.1:1\r\n",
    ] {
        waiting
            .turned_away(403, STRAY, waiting.get(&target, lines))
            .await;
    }
    waiting.completes().await;
}

#[tokio::test]
async fn a42_a_navigation_completes_however_the_browser_describes_it() {
    for lines in [
        "",
        "Sec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-User: ?1\r\nUpgrade-Insecure-Requests: 1\r\n",
        "Sec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\nSec-Fetch-Site: none\r\n",
        "Sec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\nOrigin: null\r\n",
        "Sec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\nOrigin: https://login.example.com\r\n",
        "Referer: https://login.example.com/\r\nDNT: 1\r\nConnection: keep-alive\r\n",
    ] {
        let mut waiting = wait();
        let tab = waiting
            .open(waiting.get(&format!("/callback?code={CODE}&state={STATE}"), lines))
            .await;
        let received = waiting.received().await;
        assert!(received.outcome.is_ok(), "{lines}");
        let (answer, ()) = tokio::join!(read(tab), received.reply.succeeded());
        assert!(answer.text.contains(SIGNED_IN), "{lines}");
    }
}

#[tokio::test]
async fn a72_only_the_request_target_counts() {
    let waiting = wait();
    let evil = format!("/callback?code=evil&state={STATE}");
    let lines = format!(
        "Full-Url: http://127.0.0.1:{}{evil}\r\nX-Original-URL: {evil}\r\nX-Rewrite-URL: {evil}\r\nReferer: {evil}\r\nX-HTTP-Method-Override: GET\r\nCookie: state={STATE}\r\n",
        waiting.port
    );
    waiting
        .turned_away(404, STRAY, waiting.get("/", &lines))
        .await;
    waiting
        .turned_away(400, OVER, waiting.get("/callback?code=abc", &lines))
        .await;
    waiting
        .turned_away(
            400,
            OVER,
            waiting.request(
                "GET",
                "/callback?code=abc",
                &lines,
                &format!("state={STATE}"),
            ),
        )
        .await;
    waiting.completes().await;
}

#[tokio::test]
async fn other_paths_consume_nothing() {
    let waiting = wait();
    for path in [
        "/",
        "/callback/",
        "/callback;x",
        "/Callback",
        "//callback",
        "/./callback",
        "/x/../callback",
        "/%63allback",
        "/callback%3f",
        "/callbackx",
        "/favicon.ico",
    ] {
        waiting
            .turned_away(
                404,
                STRAY,
                waiting.get(&format!("{path}?code={CODE}&state={STATE}"), ""),
            )
            .await;
    }
    assert!(
        reasons(&waiting.completes().await)
            .iter()
            .all(|reason| reason == "path")
    );
}
