//! A large answer in the real window: only what is in sight is drawn, and nothing of it is lost.

use std::net::SocketAddr;

use axum::{Router, extract::State, http::HeaderMap, routing::get};
use doorkey_tests::{Error, Result, window::Window};
use fantoccini::{Locator, key::Key};
use serde_json::{Value, json};

use crate::desktop::{Desktop, becomes};

/// Bytes that the answer has at least.
const SIZE: usize = 5_000_000;

/// Elements that the whole window may have. A row for each line would be hundreds of thousands.
const ELEMENTS: u64 = 800;

/// How many elements there are, which rows can be seen, and whether they leave a gap in the pane.
const SIGHT: &str = r#"
const pane = document.querySelector('[data-testid="api-body"]');
const { top, bottom } = pane.getBoundingClientRect();
const placed = [...pane.querySelectorAll(".row")].map((row) => ({ row, place: row.getBoundingClientRect() }));
const seen = placed.filter(({ place }) => place.bottom > top && place.top < top + pane.clientHeight);
return {
  elements: document.querySelectorAll("*").length,
  seen: seen.map(({ row }) => row.textContent.replace(/\n$/, "")),
  filled: seen.length > 0 && seen[0].place.top < top + seen[0].place.height && seen.at(-1).place.bottom > top + pane.clientHeight - seen[0].place.height,
  whole: seen.length > 0 && seen.at(-1).place.bottom <= bottom + 1,
};
"#;

/// Hears what is pasted, without drawing it.
const HEAR: &str = r#"
window.pasted = null;
document.addEventListener("paste", (event) => {
  event.preventDefault();
  window.pasted = event.clipboardData.getData("text/plain");
}, { capture: true });
"#;

/// A list of at least [`SIZE`] bytes whose entries say which they are.
fn list() -> Value {
    let entry = |number: usize| {
        json!({
            "number": number,
            "id": format!("entry-{number}"),
            "tags": ["large", "\u{e9}\u{4e2d}", ""],
            "nested": { "empty": {}, "none": null, "exact": 12_345_678_901_234_567_890_u64 },
        })
    };
    let length = entry(1_000_000).to_string().len();
    Value::Array((0..SIZE.div_ceil(length - 16)).map(entry).collect())
}

/// Serves a body to whoever brings a bearer token, and says where.
async fn serve(body: String) -> Result<SocketAddr> {
    async fn answer(
        State(body): State<String>,
        headers: HeaderMap,
    ) -> ([(&'static str, &'static str); 1], String) {
        let token = headers
            .get("authorization")
            .and_then(|value| value.to_str().ok())
            .is_some_and(|value| value.starts_with("Bearer "));
        let body = if token { body } else { String::new() };
        ([("content-type", "application/json")], body)
    }
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .map_err(Error::io("listen"))?;
    let address = listener.local_addr().map_err(Error::io("read a port"))?;
    let router = Router::new().route("/list", get(answer)).with_state(body);
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(address)
}

/// What is in sight once the rows that the scrolling brings are drawn.
async fn sight(window: &Window, awaited: &str) -> Result<Value> {
    let sight = || async { window.driver().execute(SIGHT, Vec::new()).await };
    becomes(awaited, || async {
        sight().await.is_ok_and(|sight| {
            sight["seen"]
                .as_array()
                .is_some_and(|rows| rows.iter().any(|row| row == awaited))
        })
    })
    .await?;
    Ok(sight().await?)
}

#[tokio::test]
async fn five_megabytes_are_drawn_as_far_as_they_are_seen_and_copied_whole() -> Result<()> {
    let list = list();
    let body = list.to_string();
    assert!(body.len() >= SIZE);
    let laid_out = serde_json::to_string_pretty(&list)
        .map_err(|error| Error::unexpected("list", error.to_string()))?;
    let lines = laid_out.lines().count();
    let address = serve(body.clone()).await?;
    let desktop = Desktop::start().await?;
    let issuer = desktop.demo_issuer()?;
    desktop.write_profile(
        "demo",
        &format!(
            "issuer = \"{issuer}\"\nclient_id = \"doorkey-desktop\"\nscopes = [\"openid\", \"profile\", \"email\"]\napi = [\"http://{address}\"]\n"
        ),
    )?;
    let window = desktop.open_signed_in().await?;
    window.click("tab-api").await?;
    let path = window.element("api-path").await?;
    path.clear().await?;
    path.send_keys("/list").await?;
    window.click("api-send").await?;
    assert!(window.text("api-status").await?.contains("200"));

    let pane = Locator::Css("[data-testid=api-body][aria-busy=false]");
    let pane = window.driver().wait().for_element(pane).await?;
    let label = pane.attr("aria-label").await?.unwrap_or_default();
    let told: String = label.chars().filter(char::is_ascii_digit).collect();
    assert_eq!(told, lines.to_string(), "{label}");
    let top = sight(&window, "    \"id\": \"entry-0\",").await?;
    desktop.picture("large").await?;

    // By keyboard, as a person does.
    pane.click().await?;
    pane.send_keys(&String::from(char::from(Key::End))).await?;
    let last = list.as_array().map_or(0, Vec::len) - 1;
    let end = sight(&window, &format!("    \"number\": {last},")).await?;
    let last_seen = end["seen"].as_array().and_then(|rows| rows.last());
    assert_eq!(last_seen, Some(&json!("]")), "the end is not in sight");
    assert_eq!(end["whole"], json!(true), "the last line is cut");
    desktop.picture("large-end").await?;

    let half =
        "const pane = arguments[0]; pane.scrollTop = (pane.scrollHeight - pane.clientHeight) / 2;";
    let element = serde_json::to_value(&pane)
        .map_err(|error| Error::unexpected("pane", error.to_string()))?;
    window.driver().execute(half, vec![element]).await?;
    let mut about_the_middle = laid_out.lines().skip(lines / 2 - 7).take(14);
    let unique = about_the_middle.find(|line| line.contains("\"id\""));
    let middle = sight(&window, unique.unwrap_or_default()).await?;
    for (place, sight) in [("top", &top), ("middle", &middle), ("end", &end)] {
        assert_eq!(sight["filled"], json!(true), "{place} has a gap: {sight}");
        let elements = sight["elements"].as_u64().unwrap_or(u64::MAX);
        assert!(elements < ELEMENTS, "{place}: {elements} elements");
    }

    window.driver().execute(HEAR, Vec::new()).await?;
    window.click("api-copy-body").await?;
    let said = Locator::XPath("//*[text()='Body copied.']");
    window.driver().wait().for_element(said).await?;
    desktop.run("xdotool", &["key", "ctrl+v"]).await?;
    becomes("that the body is pasted", || async {
        let pasted = window
            .driver()
            .execute("return window.pasted !== null", Vec::new());
        pasted.await.is_ok_and(|pasted| pasted == json!(true))
    })
    .await?;
    let pasted = window
        .driver()
        .execute("return window.pasted", Vec::new())
        .await?;
    assert!(pasted == json!(body), "what was copied is not the body");
    window.close().await
}
