//! GitHub.

use doorkey_tests::Result;

use crate::place::Preset;

const PRESET: Preset = Preset {
    id: "github",
    account: &[("name", "ada"), ("email", "ada@example.com")],
    call: ("user", "/login"),
    revoked: "skipped",
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
async fn does_not_refresh() -> Result<()> {
    PRESET.does_not_refresh().await
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
