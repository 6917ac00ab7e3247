//! `response_mode=form_post`: POST and only POST.

use super::*;

#[tokio::test]
async fn a_posted_answer_completes_where_the_profile_asks_for_one() {
    for lines in [
        "",
        "Origin: https://login.example.com\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\nSec-Fetch-Site: cross-site\r\n",
        "Origin: null\r\n",
        "Expect: 100-continue\r\n",
    ] {
        let mut waiting = wait_in(ResponseMode::FormPost);
        let tab = waiting
            .open(waiting.post(lines, &format!("state={STATE}&code=a%2Fb+c")))
            .await;
        let received = waiting.received().await;
        assert_eq!(received.outcome.expect("a code").code.expose(), "a/b c");
        let (answer, ()) = tokio::join!(read(tab), received.reply.succeeded());
        assert!(answer.text.contains(SIGNED_IN), "{lines}");
    }
}

#[tokio::test]
async fn a_posted_answer_may_come_in_chunks_and_with_a_charset() {
    let mut waiting = wait_in(ResponseMode::FormPost);
    let lines = "Content-Type: Application/X-WWW-Form-Urlencoded; charset=UTF-8\r\nTransfer-Encoding: chunked\r\n";
    let body = format!("code={CODE}&state={STATE}");
    let (one, two) = body.split_at(20);
    let head = waiting.request("POST", "/callback", lines, "");
    let tab = waiting
        .open(format!(
            "{head}{:x}\r\n{one}\r\n{:x}\r\n{two}\r\n0\r\n\r\n",
            one.len(),
            two.len()
        ))
        .await;
    let received = waiting.received().await;
    assert_eq!(received.outcome.expect("a code").code.expose(), CODE);
    let (answer, ()) = tokio::join!(read(tab), received.reply.succeeded());
    assert!(answer.text.contains(SIGNED_IN));
}

#[tokio::test]
async fn where_a_posted_answer_is_expected_nothing_else_is_one() {
    let waiting = wait_in(ResponseMode::FormPost);
    let parameters = format!("code={CODE}&state={STATE}");
    let target = format!("/callback?{parameters}");
    let form = "Content-Type: application/x-www-form-urlencoded\r\n";
    let answer = waiting
        .turned_away(405, STRAY, waiting.get(&target, ""))
        .await;
    assert_eq!(answer.headers["allow"], "POST");
    waiting
        .turned_away(
            405,
            STRAY,
            waiting.request("PUT", "/callback", form, &parameters),
        )
        .await;
    for kind in [
        "",
        "Content-Type: text/plain\r\n",
        "Content-Type: multipart/form-data\r\n",
        "Content-Type: application/json\r\n",
        &form.repeat(2),
    ] {
        waiting
            .turned_away(
                415,
                STRAY,
                waiting.request("POST", "/callback", kind, &parameters),
            )
            .await;
    }
    // The query of a posted answer is no part of it.
    waiting
        .turned_away(400, OVER, waiting.request("POST", &target, form, ""))
        .await;
    waiting
        .turned_away(
            400,
            OVER,
            waiting.request("POST", &target, form, "code=abc"),
        )
        .await;
    for lines in [
        "Sec-Fetch-Mode: no-cors\r\n",
        "Sec-Fetch-Mode: cors\r\nOrigin: https://evil.example\r\n",
        "Sec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: iframe\r\n",
    ] {
        waiting
            .turned_away(403, STRAY, waiting.post(lines, &parameters))
            .await;
    }
    waiting
        .turned_away(
            400,
            STRAY,
            waiting.request(
                "POST",
                "/callback",
                &format!("{form}Transfer-Encoding: chunked\r\n"),
                "",
            ) + "zz\r\n",
        )
        .await;
    waiting
        .turned_away(400, OVER, waiting.post("", "code=abc&state=wrong"))
        .await;
    waiting.completes().await;
}
