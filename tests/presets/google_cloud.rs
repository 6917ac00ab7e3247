//! Google Cloud.

use doorkey_tests::Result;
use serde_json::json;

use crate::place::Preset;

const PRESET: Preset = Preset {
    id: "google-cloud",
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

/// What the person did not allow is named, by the program and in words.
#[tokio::test]
async fn consent_to_a_part_is_told() -> Result<()> {
    const SCOPE: &str = "https://www.googleapis.com/auth/cloud-platform";
    let mut place = PRESET.start().await?;
    place.doorkey = place.doorkey.with("DOORKEY_AGENT_UNTICK", SCOPE);
    let told = place.ok(&["login"]).await?;
    assert_eq!(told["not_granted"], json!([SCOPE]));
    let profile = place.profile();
    let status = place
        .doorkey
        .output(&["status", "--profile", profile])
        .await?;
    let line = format!("Not granted: {SCOPE}. Sign in again and allow it if you need it.");
    assert_eq!(status.lines().last(), Some(line.as_str()));
    Ok(())
}
