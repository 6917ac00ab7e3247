//! A14, H17: the pages that Doorkey shows in a browser, and what a stranger's page can end.

use std::sync::Mutex;

use doorkey_core::ApiRequest;
use doorkey_double::{Endpoint, Recorder};
use serde_json::json;
use tokio::sync::oneshot;
use url::Url;

use super::{Stage, text};

/// Puts into the page whatever a page may hold, and waits until each was refused by the page's own policy.
const INJECT: &str = "
    const elsewhere = arguments[0];
    const refused = new Set();
    const expected = ['script-src-elem', 'script-src-attr', 'img-src', 'frame-src', 'connect-src', 'style-src-elem',
        'style-src-attr', 'object-src', 'font-src', 'media-src', 'form-action', 'base-uri'];
    document.addEventListener('securitypolicyviolation', event => {
        refused.add(event.effectiveDirective);
        if (expected.every(directive => refused.has(directive)))
            done([window.ran ?? 'nothing ran', getComputedStyle(document.querySelector('main')).display]);
    });
    const add = (name, change) => document.body.append(Object.assign(document.createElement(name), change));
    add('script', { textContent: 'window.ran = `inline`' });
    add('script', { src: elsewhere + '/script' });
    add('div', { innerHTML: '<p style=\"color: red\" onclick=\"window.ran = `attribute`\">x</p>' });
    document.querySelector('[onclick]').click();
    add('img', { src: elsewhere + '/image' });
    add('iframe', { src: elsewhere + '/frame' });
    add('object', { data: elsewhere + '/object' });
    add('video', { src: elsewhere + '/video' });
    add('style', { textContent: 'main { display: none }' });
    add('link', { rel: 'stylesheet', href: elsewhere + '/style' });
    new FontFace('evil', `url(${elsewhere}/font)`).load().catch(() => {});
    fetch(elsewhere + '/fetch').catch(() => {});
    navigator.sendBeacon(elsewhere + '/beacon');
    try { new WebSocket(elsewhere.replace('http', 'ws') + '/socket'); } catch {}
    add('base', { href: elsewhere });
    add('form', { action: elsewhere + '/form', method: 'post' });
    document.querySelector('form').submit();";

/// Answers carry markup and scripts, and whatever gets into a page anyway is kept by its policy from running or loading.
#[tokio::test]
async fn a14_in_a_real_browser_nothing_runs_in_the_pages_and_nothing_is_loaded() {
    let stage = Stage::new().await;
    let recorder = Recorder::start().await.expect("a port");
    let pending = stage.pending().await;
    let hostile = "</title></style><script>window.ran = `reflected`</script><img src=x onerror=\"window.ran = 1\">{{7*7}}";
    let address = pending.callback.clone().instead("state", "another");
    let over = address
        .with("error", hostile)
        .with("error_description", hostile)
        .with("error_uri", "javascript:window.ran=1");
    let stray = format!("http://{}/{}", over.host(), "%3Cscript%3E");
    let pages = [
        (over.address(), "This attempt is over"),
        (stray, "There is no page here"),
    ];
    for (address, title) in pages {
        stage.open(&address).await;
        holds(&stage, &recorder, title).await;
    }
    stage.completes(pending).await;
    holds(&stage, &recorder, "You are signed in").await;
    assert!(recorder.requests().is_empty());
}

/// The page that is open is Doorkey's own, whole and with its style, and keeps out all that is put into it.
async fn holds(stage: &Stage, recorder: &Recorder, title: &str) {
    let page = stage.page();
    let shown = page.title().await.expect("a title");
    assert!(shown.starts_with(title), "{shown}");
    let source = page.source().await.expect("the page");
    assert!(!source.contains("reflected") && !source.contains("7*7"));
    let kept_out = stage.run(INJECT, text(recorder.origin())).await;
    assert_eq!(kept_out, json!(["nothing ran", "grid"]), "{title}");
    // A policy does not keep Chromium from connecting on a guess: what counts is that it asks for nothing.
    assert!(recorder.requests().is_empty(), "{title}");
}

/// A stranger's page shows one of ours in a frame, to have the person click on what they do not see.
#[tokio::test]
async fn a14_a_real_browser_shows_the_pages_in_no_frame() {
    let stage = Stage::new().await;
    let pending = stage.pending().await;
    let address = format!("http://{}/", pending.callback.host());
    let frame = "
        const frame = Object.assign(document.createElement('iframe'), { src: arguments[0] });
        frame.onload = () => done();
        document.body.append(frame);";
    stage.attack("evil.example", frame, text(&address)).await;
    let page = stage.page();
    page.clone().enter_frame(0).await.expect("a frame");
    let framed = stage.run("done(document.URL);", vec![]).await;
    assert_eq!(framed, "chrome-error://chromewebdata/");
    page.clone().enter_parent_frame().await.expect("the page");
    stage.completes(pending).await;
}

/// A stranger's page calls the port that another sign-in waits at, by every way back that a sign-out could have, to have the
/// person signed out.
#[tokio::test]
async fn h17_a_page_in_a_real_browser_signs_nobody_out() {
    let stage = Stage::new().await;
    let session = stage.scene.session().await;
    let stored = stage.scene.store.names();
    let pending = stage.pending().await;
    let origin = format!("http://{}", pending.callback.host());
    let calls = "
        const calls = ['/logout', '/signed-out', '/sign-out', '/end_session', '/callback?logout=1', '/callback?error=login_required']
            .flatMap(path => ['GET', 'POST'].map(method => fetch(arguments[0] + path, { method, mode: 'no-cors', credentials: 'include' })));
        Promise.all(calls).then(answers => done(answers.length));";
    let called = stage.attack("evil.example", calls, text(&origin)).await;
    assert_eq!(called, 12);
    for path in ["/logout", "/callback?logout=1"] {
        stage.open(&format!("{origin}{path}")).await;
    }
    stage.strays.told(1, "state_mismatch").await;
    assert_eq!(stage.scene.count(Endpoint::Revocation), 0);
    assert_eq!(stage.scene.count(Endpoint::Token), 1);
    assert_eq!(stage.scene.store.names(), stored);
    let answer = session.call(ApiRequest::get("me")).await;
    assert_eq!(answer.expect("an answer").status, 200);
    assert!(!pending.finished.is_finished());
}

/// While the browser is on its way to end the provider's session, a stranger's page calls the port that sends it there.
#[tokio::test]
async fn h12_h17_a_page_in_a_real_browser_does_not_get_in_between_a_sign_out() {
    let stage = Stage::new().await;
    let session = stage.scene.session().await;
    let (sender, receiver) = oneshot::channel();
    let sender = Mutex::new(Some(sender));
    let browser = |url: &Url| -> doorkey_core::Result<()> {
        let sender = sender.lock().expect("the browser").take();
        sender.map(|sender| sender.send(url.clone()));
        Ok(())
    };
    let calls = "
        const paths = ['/', '/logout', '/callback?error=login_required', '/' + 'A'.repeat(43)];
        const calls = paths.map(path => fetch(arguments[0] + path, { mode: 'no-cors' }));
        Promise.all(calls).then(answers => done(answers.length));";
    let (report, ()) = tokio::join!(session.sign_out(Some(&browser)), async {
        let address = receiver.await.expect("an address");
        let origin = address.origin().ascii_serialization();
        let called = stage.attack("evil.example", calls, text(&origin)).await;
        assert_eq!(called, 4);
        stage.open(address.as_str()).await;
    });
    assert!(report.session_ended.is_done(), "{report:?}");
    let arrived = stage.page().current_url().await.expect("an address");
    assert!(
        arrived
            .as_str()
            .starts_with(&format!("{}/logout?", stage.scene.provider.issuer())),
        "{arrived}"
    );
    let requests = stage.evil.requests();
    assert!(requests.iter().all(|request| !request.holds("eyJ")));
    assert_eq!(stage.scene.store.names(), Vec::<String>::new());
}
