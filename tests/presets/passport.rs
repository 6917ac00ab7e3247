//! Laravel Passport.

use doorkey_tests::Result;

use crate::place::Preset;

const PRESET: Preset = Preset {
    id: "passport",
    account: &[("name", "Ada Moreno"), ("email", "ada@example.com")],
    call: ("/api/user", "/name"),
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
async fn has_no_codes() -> Result<()> {
    PRESET.has_no_codes().await
}
