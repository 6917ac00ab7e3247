//! G10 and G26: the page is led elsewhere, in every way that a page has.

#![expect(clippy::expect_used, reason = "a test may fail")]

use doorkey_double::Recorder;
use doorkey_tests::Result;
use serde_json::{Value, json};

use crate::desktop::Desktop;

/// Goes somewhere in a way. It is refused without a word, so that what counts is seen afterwards.
const GO: &str = r#"
const [way, address] = arguments;
const add = (name, change) => {
  const made = Object.assign(document.createElement(name), change);
  document.body.append(made);
  return made;
};
const ways = {
  href: () => { location.href = address; },
  replace: () => location.replace(address),
  link: () => add("a", { href: address }).click(),
  tab: () => add("a", { href: address, target: "_blank" }).click(),
  opener: () => add("a", { href: address, target: "_blank", rel: "opener" }).click(),
  window: () => window.open(address),
  popup: () => window.open(address, "evil", "width=100"),
  form: () => add("form", { action: address }).submit(),
  posted: () => add("form", { action: address, method: "post", target: "_blank" }).submit(),
  refresh: () => add("meta", { httpEquiv: "refresh", content: "0;url=" + address }),
  frame: () => add("iframe", { src: address }),
  object: () => add("object", { data: address }),
};
try { ways[way](); } catch {}
"#;

const WAYS: [&str; 12] = [
    "href", "replace", "link", "tab", "opener", "window", "popup", "form", "posted", "refresh",
    "frame", "object",
];

/// The page is led to a stranger's page, to one with the name of our own, and to what is no web page.
#[tokio::test]
async fn g10_g26_the_window_goes_nowhere_in_any_way() -> Result<()> {
    let desktop = Desktop::start().await?;
    let window = desktop.open_signed_in().await?;
    let recorder = Recorder::start().await.expect("a port");
    // Names that look like our own page's on systems where that is an address of the web.
    let port = recorder.origin().rsplit(':').next().expect("a port");
    let page = window.driver();
    page.execute("window.mark = 'ours'", Vec::new()).await?;
    for address in [
        format!("{}/authorize", recorder.origin()),
        format!("http://tauri.evil.example:{port}/"),
        format!("http://tauri.localhost:{port}/"),
        "tauri://evil.example/".to_owned(),
        "data:text/html,<script>parent.mark = 1</script>".to_owned(),
        "file:///etc/passwd".to_owned(),
        "javascript:window.mark='theirs'".to_owned(),
    ] {
        for way in WAYS {
            page.execute(GO, vec![json!(way), json!(address)]).await?;
        }
        // The same page, of the same origin, and the app still talks to it.
        let is_here = "const done = arguments[0];
            window.__TAURI_INTERNALS__.invoke('view').then((view) => done([window.mark, location.href, Array.isArray(view.profiles)]));";
        let here: Value = page.execute_async(is_here, Vec::new()).await?;
        assert_eq!(
            here,
            json!(["ours", "tauri://localhost", true]),
            "{address}"
        );
        assert_eq!(page.windows().await?.len(), 1, "{address}");
    }
    // The web view may connect on a guess before the app has refused: what counts is that it asks for nothing.
    assert!(recorder.requests().is_empty(), "{:?}", recorder.requests());
    window.close().await
}
