//! Google.

use doorkey_tests::Result;
use serde_json::json;

use crate::place::Preset;

const PRESET: Preset = Preset {
    id: "google",
    account: &[("name", "Ada Moreno"), ("email", "ada@example.com")],
    call: ("/api/me", "/name"),
    revoked: "done",
    session_ended: "skipped",
    has_ports: false,
};

#[tokio::test]
async fn signs_in() -> Result<()> {
    PRESET.signs_in().await
}

#[tokio::test]
async fn is_restored() -> Result<()> {
    PRESET.is_restored().await
}

#[tokio::test]
async fn refreshes() -> Result<()> {
    PRESET.refreshes().await
}

#[tokio::test]
async fn calls() -> Result<()> {
    PRESET.calls().await
}

#[tokio::test]
async fn signs_out() -> Result<()> {
    PRESET.signs_out().await
}

#[tokio::test]
async fn signs_in_with_a_code() -> Result<()> {
    PRESET.signs_in_with_a_code().await
}

/// A person may allow a part of what is asked for.
#[tokio::test]
async fn consent_to_a_part_is_told() -> Result<()> {
    let mut place = PRESET.start().await?;
    place.doorkey = place.doorkey.with("DOORKEY_AGENT_UNTICK", "email");
    let told = place.ok(&["login"]).await?;
    let scopes = told["scopes"].as_array().cloned().unwrap_or_default();
    assert!(scopes.contains(&json!("openid")), "{told}");
    assert!(!scopes.contains(&json!("email")), "{told}");
    // Who somebody is, is told by what the account says.
    assert_eq!(told["account"]["email"], json!(null));
    assert_eq!(told["not_granted"], json!(null));
    place.calls().await
}
