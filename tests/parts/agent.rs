use std::process::Command;

use doorkey_tests::{
    Result,
    peer::Provider,
    process::{READY, Running},
    program,
};

use crate::peer::{answer, authorization_request, callback};

#[tokio::test]
async fn the_program_returns_at_once_and_the_answer_arrives_later() -> Result<()> {
    let provider = Provider::start().await?;
    let (redirect_uri, listener) = callback().await?;
    let url = authorization_request(&provider, &redirect_uri, &[])?;
    let mut command = Command::new(program::agent()?);
    command.arg(url.as_str());
    let mut agent = Running::start("doorkey-agent", command)?;
    assert!(agent.exit(READY).await?.success());
    assert_eq!(agent.stdout(), "");
    // Nobody has listened until here: whoever has ended cannot have delivered anything.
    answer(listener).await
}

#[tokio::test]
async fn in_the_foreground_it_names_each_page() -> Result<()> {
    let provider = Provider::start().await?;
    let (redirect_uri, listener) = callback().await?;
    let url = authorization_request(&provider, &redirect_uri, &[])?;
    let mut command = Command::new(program::agent()?);
    command
        .args(["--foreground", url.as_str()])
        .env("DOORKEY_AGENT_DENY", "0");
    let mut agent = Running::start("doorkey-agent", command)?;
    let (status, ()) = tokio::try_join!(agent.exit(READY), answer(listener))?;
    assert!(status.success(), "{}", agent.stderr());
    let stdout = agent.stdout();
    let titles: Vec<_> = stdout
        .lines()
        .filter_map(|line| line.split("  (").next())
        .collect();
    assert_eq!(titles, ["Sign-in", "Sign-in", "home"]);
    assert!(!stdout.contains("code="), "{stdout}");
    Ok(())
}

#[tokio::test]
async fn a_dead_end_is_a_failure() -> Result<()> {
    let provider = Provider::start().await?;
    let url = authorization_request(&provider, "http://127.0.0.1/elsewhere", &[])?;
    let mut command = Command::new(program::agent()?);
    command.args(["--foreground", url.as_str()]);
    let mut agent = Running::start("doorkey-agent", command)?;
    assert_eq!(agent.exit(READY).await?.code(), Some(1));
    assert!(
        agent.stderr().contains("nothing to press"),
        "{}",
        agent.stderr()
    );
    Ok(())
}

#[tokio::test]
async fn a_failure_does_not_tell_the_code() -> Result<()> {
    let provider = Provider::start().await?;
    let (redirect_uri, listener) = callback().await?;
    // Nobody takes the answer.
    drop(listener);
    let url = authorization_request(&provider, &redirect_uri, &[])?;
    let mut command = Command::new(program::agent()?);
    command.args(["--foreground", url.as_str()]);
    let mut agent = Running::start("doorkey-agent", command)?;
    assert_eq!(agent.exit(READY).await?.code(), Some(1));
    assert!(agent.stderr().contains("refused"), "{}", agent.stderr());
    assert!(!agent.stderr().contains("code="), "{}", agent.stderr());
    Ok(())
}
