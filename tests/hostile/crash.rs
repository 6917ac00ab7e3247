//! G04: what a crash leaves behind.

use doorkey_tests::{
    Result,
    command_line::CommandLine,
    keychain::Keyring,
    process::{READY, Running},
};

use crate::shell::after;

/// What the system lets a process leave behind when it crashes.
fn limit(process: &Running) -> Option<String> {
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", process.id())).ok()?;
    let line = limits
        .lines()
        .find(|line| line.starts_with("Max core file size"))?;
    line.split_whitespace().nth(4).map(str::to_owned)
}

#[tokio::test]
async fn g04_a_crash_writes_no_memory_to_a_file() -> Result<()> {
    let doorkey = CommandLine::start(Keyring::Unlocked).await?;
    let _demo = doorkey.demo().await?;
    let allowed = "ulimit -S -c $(ulimit -H -c)";
    let mut login = after(allowed, &doorkey, "login --no-browser")?;
    login
        .line("link", READY, |line| {
            line.starts_with("open: ").then_some(())
        })
        .await?;
    assert_eq!(limit(&login).as_deref(), Some("0"));
    Ok(())
}
