//! What large, slow and many requests may take from the one that counts.

use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::*;
use crate::receiver::gate::BODY_LIMIT;
use crate::receiver::server::CONNECTIONS_LIMIT;

/// The true callback with these further headers and a code of so many bytes.
fn callback(waiting: &Waiting, lines: &str, code: usize) -> String {
    waiting.get(
        &format!("/callback?state={STATE}&code={}", "c".repeat(code)),
        lines,
    )
}

#[tokio::test]
async fn a52_a54_large_codes_many_headers_and_many_cookies_work() {
    let cookies = format!("Cookie: {}\r\n", "name=value; ".repeat(3500));
    let headers: String = (0..200)
        .map(|number| format!("X-Header-{number}: value\r\n"))
        .collect();
    for (lines, code) in [
        ("", 8192),
        (cookies.as_str(), 16),
        (&headers, 16),
        (&cookies, 8192),
        ("", 65_000),
    ] {
        let mut waiting = wait();
        let tab = waiting.open(callback(&waiting, lines, code)).await;
        let received = waiting.received().await;
        assert_eq!(received.outcome.expect("a code").code.len(), code);
        let (answer, ()) = tokio::join!(read(tab), received.reply.succeeded());
        assert!(answer.text.contains(SIGNED_IN));
    }
}

#[tokio::test]
async fn a52_a54_what_is_over_the_limit_is_told_so_and_consumes_nothing() {
    let waiting = wait();
    let cookies = format!("Cookie: {}\r\n", "name=value; ".repeat(6000));
    let headers: String = (0..600)
        .map(|number| format!("X-{number}: v\r\n"))
        .collect();
    let near = format!("Cookie: {}\r\n", "x".repeat(30_000));
    for (status, lines, code) in [(414, near.as_str(), 36_000), (431, &cookies, 16)] {
        waiting
            .turned_away(status, STRAY, callback(&waiting, lines, code))
            .await;
    }
    // Far beyond the limit nothing is read any more, and only the status is told.
    for (status, lines, code) in [(414, "", 66_000), (431, "", 300_000), (431, &headers, 16)] {
        let answer = waiting.send(callback(&waiting, lines, code)).await;
        assert!(
            answer.status == status && answer.text.is_empty(),
            "{answer:?}"
        );
    }
    assert_eq!(reasons(&waiting.completes().await), ["size"; 5]);
}

#[tokio::test]
async fn a_client_that_is_answered_early_may_finish_sending() {
    let waiting = wait();
    let mut stream = waiting.open(callback(&waiting, "", 300_000)).await;
    let mut status = [0; 12];
    stream.read_exact(&mut status).await.expect("a status");
    assert_eq!(&status, b"HTTP/1.1 431");
    // A browser that is refused while it sends shows a broken connection instead of the answer.
    for _ in 0..8 {
        stream.write_all(&[b'x'; 50_000]).await.expect("to send");
        tokio::task::yield_now().await;
    }
    stream.shutdown().await.expect("to finish");
    stream.read_to_end(&mut Vec::new()).await.expect("the rest");
    waiting.completes().await;
}

#[tokio::test]
async fn a_posted_answer_has_a_limit_announced_or_not() {
    let waiting = wait_in(ResponseMode::FormPost);
    assert_eq!(BODY_LIMIT, 65_536);
    let large = format!("state={STATE}&code={}", "c".repeat(BODY_LIMIT));
    waiting
        .turned_away(413, STRAY, waiting.post("", &large))
        .await;
    let lines = "Content-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n";
    let head = waiting.request("POST", "/callback", lines, "");
    waiting
        .turned_away(
            413,
            STRAY,
            format!("{head}{:x}\r\n{large}\r\n0\r\n\r\n", large.len()),
        )
        .await;
    waiting.completes().await;

    let mut waiting = wait_in(ResponseMode::FormPost);
    let fitting = format!(
        "state={STATE}&code={}",
        "c".repeat(BODY_LIMIT - STATE.len() - 12)
    );
    let tab = waiting.open(waiting.post("", &fitting)).await;
    let received = waiting.received().await;
    assert!(received.outcome.is_ok());
    let (answer, ()) = tokio::join!(read(tab), received.reply.succeeded());
    assert!(answer.text.contains(SIGNED_IN));
}

#[tokio::test(start_paused = true)]
async fn a50_a_head_has_ten_seconds_however_steadily_it_drips() {
    let waiting = wait();
    let (mut idle, mut slow) = (waiting.connect().await, waiting.open("GET /").await);
    let begun = Instant::now();
    assert_eq!(idle.read(&mut [0; 16]).await.expect("an end"), 0);
    assert!(
        (9..=11).contains(&begun.elapsed().as_secs()),
        "{:?}",
        begun.elapsed()
    );
    assert_eq!(slow.read(&mut [0; 16]).await.expect("an end"), 0);

    let (mut reading, mut writing) = waiting.open("GET /").await.into_split();
    let begun = Instant::now();
    let drip = tokio::spawn(async move {
        while writing.write_all(b"x").await.is_ok() {
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    });
    assert!(matches!(reading.read(&mut [0; 16]).await, Ok(0) | Err(_)));
    assert!(
        (9..=11).contains(&begun.elapsed().as_secs()),
        "{:?}",
        begun.elapsed()
    );
    drip.abort();
    waiting.completes().await;
}

#[tokio::test(start_paused = true)]
async fn a_posted_body_has_ten_seconds() {
    let waiting = wait_in(ResponseMode::FormPost);
    let whole = waiting.true_callback();
    let begun = Instant::now();
    waiting
        .turned_away(408, STRAY, &whole[..whole.len() - 1])
        .await;
    assert!(
        (9..=12).contains(&begun.elapsed().as_secs()),
        "{:?}",
        begun.elapsed()
    );
    waiting.completes().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a50_a_thousand_connections_neither_block_the_true_callback_nor_pile_up() {
    const CROWD: usize = 1000;
    let mut waiting = wait();
    let starts = [
        "",
        "G",
        "GET /callback?code=x HTTP/1.1\r\nHost: ",
        &"x".repeat(30_000),
        &waiting.get("/", ""),
    ]
    .map(str::to_owned);
    // More than the receiver keeps, few enough for a system that grants 256 files.
    let room = Arc::new(Semaphore::new(CONNECTIONS_LIMIT + 36));
    let mut crowd = JoinSet::new();
    let mut tab = None;
    for number in 0..CROWD {
        let permit = Arc::clone(&room).acquire_owned().await.expect("room");
        let mut stream = waiting.connect().await;
        let start = starts[number % starts.len()].clone();
        crowd.spawn(async move {
            let _ = stream.write_all(start.as_bytes()).await;
            let _ = stream.read_to_end(&mut Vec::new()).await;
            drop(permit);
        });
        if number == CROWD / 2 {
            tab = Some(waiting.open(waiting.true_callback()).await);
            let received = waiting.received().await;
            assert_eq!(
                received.outcome.as_ref().expect("a code").code.expose(),
                CODE
            );
            waiting.received = tokio::spawn(async move { received });
        }
    }
    // The tab has outlived the half of the crowd that came after it.
    let received = waiting.received().await;
    let (answer, ()) = tokio::join!(read(tab.expect("a tab")), received.reply.succeeded());
    assert!(answer.text.contains(SIGNED_IN), "{answer:?}");
    timeout(Duration::from_secs(5), crowd.join_all())
        .await
        .expect("everybody to be sent away");
    // A page that sends thousands does not fill the trace.
    assert!(waiting.reasons().len() <= 50);
}

#[tokio::test]
async fn many_stray_requests_leave_few_steps() {
    let waiting = wait();
    for _ in 0..200 {
        waiting.turned_away(404, STRAY, waiting.get("/", "")).await;
    }
    assert_eq!(waiting.completes().await.len(), 50);
}
