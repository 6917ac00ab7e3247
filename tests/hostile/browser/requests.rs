//! A32, A34, A40, A42: requests that a browser makes without anybody having decided to.

use fantoccini::Locator;
use serde_json::json;

use super::{Stage, text};

const EVIL: &str = "evil.example";

/// A page asks for the answer's address by script, in a way that makes the browser ask for permission first.
#[tokio::test]
async fn a32_a_preflight_of_a_real_browser_is_given_no_permission() {
    let stage = Stage::new().await;
    let pending = stage.pending().await;
    let address = pending.callback.address();
    let script = "
        const answers = ['PUT', 'DELETE', 'GET'].map(method =>
            fetch(arguments[0], { method, headers: { 'X-Evil': '1' } }).then(() => 'read', error => error.name));
        Promise.all(answers).then(done);";
    let answers = stage.attack(EVIL, script, text(&address)).await;
    // The page may not even ask.
    assert_eq!(answers, json!(["TypeError", "TypeError", "TypeError"]));
    stage.strays.told(3, "method").await;
    assert_eq!(stage.strays.count("fetch"), 0, "only preflights came");
    stage.completes(pending).await;
}

/// A page has the browser fetch the answer's address in advance; then the person goes there.
#[tokio::test]
async fn a34_what_a_real_browser_fetches_in_advance_consumes_nothing() {
    let stage = Stage::new().await;
    let pending = stage.pending().await;
    let address = pending.callback.address();

    let link = "
        const link = Object.assign(document.createElement('link'), { rel: 'prefetch', href: arguments[0] });
        link.onload = () => done('loaded');
        link.onerror = () => done('refused');
        document.head.append(link);";
    assert_eq!(stage.attack(EVIL, link, text(&address)).await, "refused");
    stage.strays.told(1, "prefetch").await;

    // As a document, from a stranger's page and from a neighbour's.
    let rules = "
        const rules = document.createElement('script');
        rules.type = 'speculationrules';
        rules.textContent = JSON.stringify({ [arguments[1]]: [{ urls: [arguments[0]], eagerness: 'immediate' }] });
        document.head.append(rules);
        const link = Object.assign(document.createElement('a'), { href: arguments[0], textContent: 'on' });
        document.body.append(link);
        done(HTMLScriptElement.supports('speculationrules'));";
    for (times, host, kind) in [
        (2, EVIL, "prefetch"),
        (3, "127.0.0.1", "prefetch"),
        (4, "127.0.0.1", "prerender"),
    ] {
        let known = stage.attack(host, rules, vec![json!(address), json!(kind)]);
        assert_eq!(known.await, true);
        stage.strays.told(times, "prefetch").await;
    }
    assert!(!pending.finished.is_finished());

    // The person follows the link from the very page that had asked for it in advance.
    let link = stage.page().find(Locator::Css("a")).await.expect("a link");
    link.click().await.expect("to go on");
    stage.arrived(pending).await;
}

/// A name of a stranger's leads to this computer, and the browser takes the port for the stranger's own (DNS rebinding).
#[tokio::test]
async fn a40_a_strangers_name_for_this_computer_brings_no_answer_from_a_real_browser() {
    let stage = Stage::new().await;
    let pending = stage.pending().await;
    let address = pending.callback.address();
    for (times, host) in [(1, "rebound.example:"), (2, "localhost:")] {
        let rebound = address.replace("127.0.0.1:", host);
        assert_ne!(rebound, address);
        stage.open(&rebound).await;
        // A navigation, which nothing but its name gives away; then the request for an icon, or none.
        assert!(stage.strays.count("host") >= times);
        let title = stage.page().title().await.expect("a title");
        assert!(title.starts_with("There is no page here"), "{title}");
    }
    let rebound = address.replace("127.0.0.1:", "rebound.example:");
    let before = stage.strays.count("host");
    let script = "fetch(arguments[0], { mode: 'no-cors' }).then(answer => done([answer.type, answer.status]));";
    let answer = stage.attack(EVIL, script, text(&rebound)).await;
    assert_eq!(answer, json!(["opaque", 0]));
    assert!(stage.strays.count("host") > before);
    stage.completes(pending).await;
}

/// A page loads the answer's address as everything that a page can load.
#[tokio::test]
async fn a42_no_part_of_a_page_in_a_real_browser_brings_the_answer() {
    let stage = Stage::new().await;
    let pending = stage.pending().await;
    let address = pending.callback.address();
    let parts = "
        const address = arguments[0];
        const element = (name, change) => new Promise(ended => {
            const made = Object.assign(document.createElement(name), change);
            made.onload = made.onerror = () => ended();
            document.body.append(made);
        });
        const ended = ask => ask.then(() => {}, () => {});
        const parts = {
            image: () => element('img', { src: address }),
            frame: () => element('iframe', { src: address }),
            script: () => element('script', { src: address }),
            module: () => element('script', { src: address, type: 'module' }),
            style: () => element('link', { rel: 'stylesheet', href: address }),
            object: () => element('object', { data: address }),
            embed: () => element('embed', { src: address }),
            video: () => element('video', { src: address }),
            opaque: () => ended(fetch(address, { mode: 'no-cors', credentials: 'include' })),
            open: () => ended(fetch(address)),
            events: () => new Promise(ended => { new EventSource(address).onerror = ended; }),
            import: () => ended(import(address)),
            socket: () => new Promise(ended => { new WebSocket(address.replace('http', 'ws')).onerror = ended; }),
        };
        parts[arguments[1]]().then(() => done());";
    let all = [
        "image", "frame", "script", "module", "style", "object", "embed", "video", "opaque",
        "open", "events", "import",
    ];
    for (before, part) in all.iter().enumerate() {
        stage
            .attack(EVIL, parts, vec![json!(address), json!(part)])
            .await;
        stage.strays.told(before + 1, "fetch").await;
        assert!(!pending.finished.is_finished(), "{part}");
    }
    // A socket says where it comes from, and nothing else.
    stage
        .attack(EVIL, parts, vec![json!(address), json!("socket")])
        .await;
    stage.strays.told(1, "origin").await;
    // What sends a form sends it by POST, also in a tab of its own.
    let beacon = "
        const sent = navigator.sendBeacon(arguments[0], new URLSearchParams({ a: 'b' }));
        done(sent);";
    assert_eq!(stage.attack(EVIL, beacon, text(&address)).await, true);
    stage.strays.told(1, "method").await;
    let form = "
        const form = Object.assign(document.createElement('form'), { action: arguments[0], method: 'post' });
        document.body.append(form);
        form.submit();
        done();";
    stage.attack(EVIL, form, text(&address)).await;
    stage.strays.told(2, "method").await;
    stage.completes(pending).await;
}
