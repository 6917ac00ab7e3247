//! Flyte.

use doorkey_tests::Result;

use crate::place::Preset;

const PRESET: Preset = Preset {
    id: "flyte",
    account: &[("name", "Ada Moreno"), ("email", "ada@example.com")],
    call: ("/api/v1/projects", "/projects/0/id"),
    revoked: "skipped",
    session_ended: "skipped",
    has_ports: true,
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
