//! Commands that nobody wrote: whatever a page could send, the app answers, and goes on.

use doorkey_tests::Result;
use serde_json::Value;

use crate::desktop::Desktop;

/// Sends each command many wrong arguments, the same ones each time, and counts what came back.
const FUZZ: &str = r#"
const done = arguments[1];
let seed = 20261122;
const random = (below) => { seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0; return seed % below; };
const long = "x".repeat(10_000_000);
const value = (depth) => {
  switch (random(depth > 3 ? 9 : 12)) {
    case 0: return null;
    case 1: return random(2) === 0;
    case 2: return -random(2 ** 31);
    case 3: return random(2 ** 31) / 7;
    case 4: return Number.MAX_SAFE_INTEGER;
    case 5: return "";
    case 6: return "../../etc/passwd\u0000\u202e<img src=x onerror=alert(1)>";
    case 7: return random(40) === 0 ? long : "a".repeat(random(5000));
    case 8: return ["demo", "theme", "GET", "/", "oidc", "issuer"][random(6)];
    case 9: return Array.from({ length: random(6) }, () => value(depth + 1));
    default: return object(depth + 1);
  }
};
const names = ["profile", "endSession", "request", "id", "text", "change", "form", "replaces", "problem", "setting", "value",
  "method", "path", "headers", "body", "name", "preset", "values", "field", "secret", "file", "code", "message", "hint", "wish"];
const object = (depth) => Object.fromEntries(Array.from({ length: random(6) }, () => [names[random(names.length)], value(depth)]));
const invoke = window.__TAURI_INTERNALS__.invoke;
(async () => {
  const seen = { taken: 0, typed: 0, refused: 0, other: [] };
  // Beside the page's own way to speak to the app: what is no message at all.
  for (const message of ["", "{}", "[]", "null", "\u0000", '{"cmd":3,"callback":-1,"error":"x"}', '{"cmd":"view"}', long])
    window.ipc.postMessage(message);
  for (const command of arguments[0]) {
    for (let round = 0; round < 12; round++) {
      const send = round === 0 ? undefined : object(0);
      try { await invoke(command, send); seen.taken++; }
      catch (reason) {
        if (typeof reason === "object" && reason && typeof reason.code === "string" && reason.hint) seen.typed++;
        else if (typeof reason === "string" && /invalid args|missing required key|command/.test(reason)) seen.refused++;
        else seen.other.push([command, String(JSON.stringify(reason)).slice(0, 200)]);
      }
    }
  }
  done(seen);
})();
"#;

/// The commands that open the keychain's prompt, a browser or the file manager, or forget what the others need.
const LEFT_OUT: [&str; 6] = [
    "sign_in",
    "sign_in_over_loopback",
    "reveal_export",
    "test_keychain",
    "unlock_keychain",
    "remove_profile",
];

/// Every command but those that open the keychain's prompt, a browser or the file manager.
const COMMANDS: [&str; 33] = [
    "view",
    "select_profile",
    "sign_in_with_code",
    "cancel_sign_in",
    "open_again",
    "copy_link",
    "paste_address",
    "refresh",
    "sign_out",
    "dismiss",
    "call_api",
    "cancel_call",
    "copy_curl",
    "tokens",
    "past_call",
    "forget_calls",
    "flow",
    "export_flow",
    "copy_problem",
    "change_setting",
    "keychain_state",
    "presets",
    "profile_form",
    "save_profile",
    "test_profile",
    "redirect_uris",
    "client_secret",
    "keep_client_secret",
    "forget_client_secret",
    "import_profile",
    "share_profile",
    "export_profile",
    "update",
];

#[tokio::test]
async fn g16_whatever_the_page_sends_is_answered_and_the_app_goes_on() -> Result<()> {
    let desktop = Desktop::start().await?;
    let window = desktop.open_signed_in().await?;
    window
        .driver()
        .execute("window.onerror = null", Vec::new())
        .await?;
    let seen = window
        .driver()
        .execute_async(FUZZ, vec![serde_json::json!(&COMMANDS[..])])
        .await?;
    assert_eq!(seen["other"], Value::Array(Vec::new()), "{seen}");
    for kind in ["taken", "typed", "refused"] {
        assert!(seen[kind].as_u64() > Some(20), "{kind}: {seen}");
    }
    assert!(!window.output().contains("panicked"), "{}", window.output());
    // It was signed out by one of them, or not; it works.
    let view: Value = window
        .driver()
        .execute_async(
            "window.__TAURI_INTERNALS__.invoke('view').then(arguments[0])",
            Vec::new(),
        )
        .await?;
    assert!(view["profiles"].is_array(), "{view}");
    window.close().await
}

#[test]
fn g16_no_command_is_forgotten() -> Result<()> {
    let file = doorkey_tests::program::repository().join("src-tauri/capabilities/main.json");
    let text =
        std::fs::read_to_string(file).map_err(doorkey_tests::Error::io("read the capability"))?;
    let capability: Value = serde_json::from_str(&text).unwrap_or_default();
    let allowed = capability["permissions"].as_array().into_iter().flatten();
    let mut allowed: Vec<_> = allowed
        .filter_map(|permission| permission.as_str()?.strip_prefix("allow-"))
        .map(|command| command.replace('-', "_"))
        .collect();
    let mut sent = [&COMMANDS[..], &LEFT_OUT].concat();
    allowed.sort();
    sent.sort_unstable();
    assert_eq!(allowed, sent);
    Ok(())
}
