//! What the page may do, and what it must not learn.

use doorkey_tests::Result;
use serde_json::{Value, json};

use crate::desktop::{Desktop, becomes};

/// Notes each breach of the policy from now on.
const WATCH: &str = "window.broken = []; \
                     document.addEventListener('securitypolicyviolation', (breach) => window.broken.push(breach.effectiveDirective));";

/// What the policy refused so far, and what it refuses when tried.
const TRY: &str = r#"
const done = arguments[0];
(async () => {
  const refused = [];
  const early = [...window.broken];
  const attempt = async (name, act) => {
    try { await act(); refused.push([name, false]); } catch { refused.push([name, true]); }
  };
  await attempt("fetch", () => fetch("http://127.0.0.1:9/"));
  await attempt("eval", () => (0, eval)("1"));
  await attempt("function", () => new Function("return 1")());
  await attempt("prototype", () => { "use strict"; Object.prototype.stolen = 1; if ({}.stolen !== 1) throw new Error(); });
  await attempt("unknown command", () => window.__TAURI_INTERNALS__.invoke("format_disk"));
  await attempt("tauri's own", () => window.__TAURI_INTERNALS__.invoke("plugin:window|set_title", { value: "x" }));
  await attempt("emit", () => window.__TAURI_INTERNALS__.invoke("plugin:event|emit", { event: "view", payload: {} }));
  await attempt("wrong type", () => window.__TAURI_INTERNALS__.invoke("sign_in", { profile: 3 }));
  await attempt("missing argument", () => window.__TAURI_INTERNALS__.invoke("call_api", {}));
  await attempt("endless name", () => window.__TAURI_INTERNALS__.invoke("select_profile", { profile: "x".repeat(10_000_000) }));
  const inline = document.createElement("script");
  inline.textContent = "window.inlineRan = true";
  document.head.append(inline);
  const opened = window.open("https://example.com/");
  const framed = new Promise((resolve) => document.addEventListener("securitypolicyviolation", (breach) => {
    if (breach.effectiveDirective === "frame-src") resolve(true);
  }));
  const frame = document.createElement("iframe");
  frame.src = "https://example.com/";
  document.body.append(frame);
  await framed;
  const picture = document.querySelector("img");
  done({
    early,
    late: window.broken,
    refused,
    inline: window.inlineRan === true,
    opened: opened !== null,
    global: "__TAURI__" in window,
    stored: localStorage.length + sessionStorage.length,
    picture: picture ? picture.naturalWidth > 0 : null,
    styled: getComputedStyle(document.body).margin,
  });
})();
"#;

#[tokio::test]
async fn g07_g08_g10_g14_g26_the_page_can_do_nothing_but_its_work() -> Result<()> {
    let desktop = Desktop::start().await?;
    let window = desktop.open().await?;
    window.driver().execute(WATCH, Vec::new()).await?;
    window.click("sign-in").await?;
    for tab in ["tab-api", "tab-tokens", "tab-flow", "tab-account"] {
        window.click(tab).await?;
    }
    window.element("account-name").await?;
    let mut answer = window.driver().execute_async(TRY, Vec::new()).await?;
    let refused = answer["refused"].take();
    for pair in refused.as_array().into_iter().flatten() {
        assert_eq!(pair[1], json!(true), "{} was possible", pair[0]);
    }
    assert_eq!(refused.as_array().map(Vec::len), Some(10));
    let late: Vec<&str> = answer["late"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    for directive in ["connect-src", "script-src"] {
        assert!(
            late.contains(&directive),
            "{directive} was not seen to be broken: {late:?}"
        );
    }
    assert_eq!(
        answer["early"],
        json!([]),
        "the page itself breaks its policy"
    );
    assert_eq!(answer["inline"], json!(false));
    assert_eq!(answer["opened"], json!(false));
    assert_eq!(answer["global"], json!(false));
    assert_eq!(answer["stored"], json!(0));
    assert_eq!(answer["picture"], json!(true));
    assert_eq!(answer["styled"], json!("0px"));

    // It goes nowhere else, whoever asks.
    window
        .driver()
        .execute("location.href = 'http://127.0.0.1:9/'", Vec::new())
        .await?;
    assert_eq!(window.text("account-name").await?, "Ada Moreno");
    let place: Value = window
        .driver()
        .execute("return location.href", Vec::new())
        .await?;
    assert_eq!(place, json!("tauri://localhost"));
    window.close().await
}

#[tokio::test]
async fn the_window_is_zoomed_by_keyboard() -> Result<()> {
    let desktop = Desktop::start().await?;
    let window = desktop.open().await?;
    window.element("sign-in").await?;
    let width = || async {
        let width: Value = window
            .driver()
            .execute("return innerWidth", Vec::new())
            .await
            .unwrap_or_default();
        width.as_u64().unwrap_or_default()
    };
    let before = width().await;
    let page = window
        .driver()
        .find(fantoccini::Locator::Css("body"))
        .await?;
    let control = char::from(fantoccini::key::Key::Control);
    page.send_keys(&format!("{control}=")).await?;
    becomes("a larger text", || async { width().await < before }).await?;
    page.send_keys(&format!("{control}-")).await?;
    becomes("the text as before", || async { width().await == before }).await?;
    window.close().await
}

#[test]
fn g13_the_program_has_no_inspector() -> Result<()> {
    let program = doorkey_tests::program::desktop()?;
    let bytes = std::fs::read(program).map_err(doorkey_tests::Error::io("read the app"))?;
    let holds = |name: &str| {
        bytes
            .windows(name.len())
            .any(|window| window == name.as_bytes())
    };
    assert!(
        holds("webkit_web_view_load_uri"),
        "functions of the web view are linked by name"
    );
    assert!(!holds("webkit_web_inspector_show"));
    assert!(!holds("webkit_web_view_get_inspector"));
    Ok(())
}

#[tokio::test]
async fn g01_g02_no_token_reaches_the_page_or_the_log() -> Result<()> {
    let mut desktop = Desktop::start().await?;
    let window = desktop.open().await?;
    let item = desktop.item().await?;
    // Everything that the page is told from now on.
    window
        .driver()
        .execute(
            "window.told = []; const listen = window.__TAURI_INTERNALS__.transformCallback((event) => window.told.push(JSON.stringify(event))); \
             return window.__TAURI_INTERNALS__.invoke('plugin:event|listen', { event: 'view', target: { kind: 'Any' }, handler: listen })",
            Vec::new(),
        )
        .await?;
    window.click("sign-in").await?;
    window.element("account-name").await?;
    window.click("refresh").await?;
    window.click("tab-api").await?;
    window.click("api-send").await?;
    window.element("api-status").await?;
    let secrets = secrets(&desktop).await?;
    assert!(secrets.len() >= 3, "access, refresh and ID token");
    window.click("tab-flow").await?;
    let told = window
        .driver()
        .execute("return window.told.join('')", Vec::new())
        .await?;
    assert!(
        told.as_str().is_some_and(|told| told.contains("signedIn")),
        "the views were heard"
    );
    let page = window.driver().source().await?;
    let stored = window
        .driver()
        .execute(
            "return JSON.stringify([localStorage, sessionStorage, document.cookie])",
            Vec::new(),
        )
        .await?;
    item.press("Log out").await?;
    window.click("tab-account").await?;
    window.element("signed-out-report").await?;
    let places = [
        ("an event", told.to_string()),
        ("the page", page),
        ("the page's storage", stored.to_string()),
        ("the log", window.output()),
    ];
    for secret in &secrets {
        for (place, text) in &places {
            assert!(
                !text.contains(secret),
                "{place} has a secret of {} bytes",
                secret.len()
            );
        }
    }
    window.close().await
}

/// Everything in the keychain that is long enough to be a token or a piece of one.
async fn secrets(desktop: &Desktop) -> Result<Vec<String>> {
    let items = desktop.session.items().await?;
    Ok(items
        .iter()
        .filter_map(|item| item.secret.as_deref())
        .flat_map(|secret| {
            String::from_utf8_lossy(secret)
                .split(|letter: char| !letter.is_ascii_alphanumeric() && !"_-".contains(letter))
                .filter(|run| run.len() >= 32)
                .map(str::to_owned)
                .collect::<Vec<_>>()
        })
        .collect())
}
