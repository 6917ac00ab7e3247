//! The tab that brought the answer: held, told the truth, and never more than one.

use super::*;

#[tokio::test]
async fn a26_of_two_identical_callbacks_exactly_one_wins() {
    for _ in 0..20 {
        let mut waiting = wait();
        let (one, two) = tokio::join!(
            waiting.open(waiting.true_callback()),
            waiting.open(waiting.true_callback())
        );
        let received = waiting.received().await;
        assert!(received.outcome.is_ok());
        // Only the loser is answered before anything is decided.
        let (loser, winner) = first(tokio::spawn(read(one)), tokio::spawn(read(two))).await;
        assert!(
            loser.status == 410 && loser.text.contains(OVER),
            "{loser:?}"
        );
        let (answer, ()) = tokio::join!(winner, received.reply.succeeded());
        assert!(answer.expect("no panic").text.contains(SIGNED_IN));
        assert_eq!(waiting.reasons(), ["over"]);
    }
}

/// The answer that comes first, and the other one still to come.
async fn first(
    mut one: JoinHandle<Answer>,
    mut two: JoinHandle<Answer>,
) -> (Answer, JoinHandle<Answer>) {
    tokio::select! {
        answer = &mut one => (answer.expect("no panic"), two),
        answer = &mut two => (answer.expect("no panic"), one),
    }
}

#[tokio::test]
async fn while_the_tab_waits_everything_else_is_over_or_stray() {
    let mut waiting = wait();
    let tab = waiting.open(waiting.true_callback()).await;
    let received = waiting.received().await;
    waiting
        .turned_away(410, OVER, waiting.true_callback())
        .await;
    waiting
        .turned_away(
            410,
            OVER,
            waiting.get(&format!("/callback?error=access_denied&state={STATE}"), ""),
        )
        .await;
    waiting
        .turned_away(400, OVER, waiting.get("/callback?code=abc&state=wrong", ""))
        .await;
    waiting
        .turned_away(404, STRAY, waiting.get("/favicon.ico", ""))
        .await;
    let (answer, ()) = tokio::join!(read(tab), received.reply.failed());
    assert!(answer.status == 400 && answer.text.contains(FAILED));
    assert!(is_closed(waiting.port));
}

#[tokio::test]
async fn a_reply_that_is_dropped_says_failed_and_closes_the_port_at_once() {
    let mut waiting = wait();
    let tab = waiting.open(waiting.true_callback()).await;
    let received = waiting.received().await;
    drop(received);
    assert!(is_closed(waiting.port));
    let answer = read(tab).await;
    assert!(answer.status == 400 && answer.text.contains(FAILED));
}

#[tokio::test]
async fn the_page_is_with_the_browser_when_the_reply_returns() {
    for (succeeds, told) in [(true, SIGNED_IN), (false, FAILED)] {
        let mut waiting = wait();
        let tab = waiting.open(waiting.true_callback()).await;
        let received = waiting.received().await;
        match succeeds {
            true => received.reply.succeeded().await,
            false => received.reply.failed().await,
        }
        assert!(is_closed(waiting.port));
        // Read without giving the runtime a turn: a program may exit now.
        let mut tab = tab.into_std().expect("a socket");
        tab.set_nonblocking(false).expect("to block");
        let mut text = String::new();
        std::io::Read::read_to_string(&mut tab, &mut text).expect("to read");
        assert!(text.contains(told), "{text}");
    }
}

#[tokio::test(start_paused = true)]
async fn after_ten_seconds_the_tab_is_told_that_the_answer_has_arrived() {
    let mut waiting = wait();
    let tab = waiting.open(waiting.true_callback()).await;
    let received = waiting.received().await;
    let held = tokio::time::Instant::now();
    let answer = read(tab).await;
    assert!(
        answer.status == 200 && answer.text.contains(ARRIVED),
        "{answer:?}"
    );
    answer.assert_headers();
    assert!(
        (9..=11).contains(&held.elapsed().as_secs()),
        "{:?}",
        held.elapsed()
    );
    // Deciding later changes nothing, and does not wait for a page that is out.
    let decided = tokio::time::Instant::now();
    received.reply.succeeded().await;
    assert!(decided.elapsed() < Duration::from_secs(2));
    assert!(is_closed(waiting.port));
}

#[tokio::test]
async fn a28_a70_dropping_an_attempt_closes_its_port_at_once() {
    let loopback = bind(&LoopbackUri::default());
    let address = loopback.redirect_uri()[7..]
        .trim_end_matches("/callback")
        .to_owned();
    drop(TcpStream::connect(&address).await.expect("a connection"));
    drop(loopback);
    assert!(std::net::TcpStream::connect(&address).is_err());

    let waiting = wait();
    let mut idle = waiting.connect().await;
    waiting.turned_away(404, STRAY, waiting.get("/", "")).await;
    waiting.received.abort();
    assert!(
        waiting
            .received
            .await
            .expect_err("cancelled")
            .is_cancelled()
    );
    assert!(is_closed(waiting.port));
    // Connections end with it.
    assert!(matches!(idle.read(&mut [0; 16]).await, Ok(0) | Err(_)));
}

#[tokio::test]
async fn a56_a_client_that_resets_changes_nothing() {
    let mut waiting = wait();
    // Before anything is sent, within a head, and after a stray request.
    for request in ["", "GET /callb", &waiting.get("/", "")] {
        let stream = waiting.open(request).await;
        stream.set_zero_linger().expect("to set");
    }
    // While the answer is held.
    let tab = waiting.open(waiting.true_callback()).await;
    let received = waiting.received().await;
    tab.set_zero_linger().expect("to set");
    drop(tab);
    waiting
        .turned_away(410, OVER, waiting.true_callback())
        .await;
    assert!(received.outcome.is_ok());
    timeout(Duration::from_secs(5), received.reply.succeeded())
        .await
        .expect("to return");
    assert!(is_closed(waiting.port));
}

#[tokio::test]
async fn a_client_that_has_finished_sending_is_answered_all_the_same() {
    let mut waiting = wait();
    let mut tab = waiting.open(waiting.true_callback()).await;
    tab.shutdown().await.expect("to finish");
    let received = waiting.received().await;
    let (answer, ()) = tokio::join!(read(tab), received.reply.succeeded());
    assert!(answer.text.contains(SIGNED_IN));
}

#[tokio::test]
async fn one_connection_is_one_request() {
    let waiting = wait();
    let answer = waiting
        .send(waiting.get("/", "Connection: keep-alive\r\n") + &waiting.true_callback())
        .await;
    assert!(
        answer.status == 404 && !answer.text.contains("HTTP/1.1"),
        "{answer:?}"
    );
    waiting.completes().await;
}

#[tokio::test]
async fn a_callback_that_comes_byte_by_byte_completes() {
    let mut waiting = wait();
    let mut tab = waiting.connect().await;
    tab.set_nodelay(true).expect("to set");
    for byte in waiting.true_callback().as_bytes() {
        tab.write_all(&[*byte]).await.expect("to send");
        tokio::task::yield_now().await;
    }
    let received = waiting.received().await;
    let (answer, ()) = tokio::join!(read(tab), received.reply.succeeded());
    assert!(answer.text.contains(SIGNED_IN));
}

#[tokio::test]
async fn connections_made_before_anybody_listens_are_served() {
    let loopback = bind(&LoopbackUri::default());
    let host = loopback.redirect_uri()[7..]
        .trim_end_matches("/callback")
        .to_owned();
    let mut tab = TcpStream::connect(&host).await.expect("a connection");
    let request =
        format!("GET /callback?code={CODE}&state={STATE} HTTP/1.1\r\nHost: {host}\r\n\r\n");
    tab.write_all(request.as_bytes()).await.expect("to send");
    let received = loopback.receive(&expected()).await;
    let (answer, ()) = tokio::join!(read(tab), received.reply.succeeded());
    assert!(answer.text.contains(SIGNED_IN));
}
