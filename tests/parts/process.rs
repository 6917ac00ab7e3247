use std::{os::fd::OwnedFd, time::Duration};

use doorkey_tests::{
    Error, Result,
    process::{READY, Running},
};
use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    process::{Pid, PidfdFlags, pidfd_open},
};

use crate::command;

#[tokio::test]
async fn the_whole_group_ends_with_the_value() -> Result<()> {
    let script = "sleep 600 & echo child $!; wait";
    let mut shell = Running::start("shell", command("sh", &["-c", script]))?;
    let child = shell
        .line("child", READY, |line| {
            Pid::from_raw(line.strip_prefix("child ")?.parse().ok()?)
        })
        .await?;
    let child = pidfd_open(child, PidfdFlags::empty())
        .map_err(|error| Error::io("watch the child")(error.into()))?;
    assert!(
        !has_ended(&child, Duration::ZERO),
        "the child should run while the value lives"
    );
    drop(shell);
    assert!(
        has_ended(&child, READY),
        "the child should have ended with its group"
    );
    Ok(())
}

#[tokio::test]
async fn the_end_tells_code_signal_and_output() -> Result<()> {
    let mut shell = Running::start(
        "shell",
        command("sh", &["-c", "echo out; echo err >&2; exit 7"]),
    )?;
    assert_eq!(shell.exit(READY).await?.code(), Some(7));
    assert_eq!(
        (shell.stdout(), shell.stderr()),
        ("out\n".to_owned(), "err\n".to_owned())
    );

    let mut waiting = Running::start(
        "shell",
        // Whoever started the tests may have told them to ignore interrupts, which children inherit.
        command(
            "env",
            &[
                "--default-signal=INT",
                "sh",
                "-c",
                "echo ready; exec sleep 600",
            ],
        ),
    )?;
    waiting
        .line("ready", READY, |line| (line == "ready").then_some(()))
        .await?;
    waiting.interrupt()?;
    assert_eq!(waiting.exit(READY).await?.code(), None);
    Ok(())
}

#[tokio::test]
async fn an_error_shows_what_the_process_said() -> Result<()> {
    let mut shell = Running::start("shell", command("sh", &["-c", "echo no such thing >&2"]))?;
    let error = shell
        .line("a port", READY, |_| None::<()>)
        .await
        .err()
        .map(|error| error.to_string());
    assert!(error.is_some_and(|error| error.contains("no such thing")));
    assert!(matches!(
        Running::start("x", command("no-such-program", &[])),
        Err(Error::Missing { .. })
    ));
    Ok(())
}

/// Waits for the end of a process that is not ours to wait for.
fn has_ended(process: &OwnedFd, deadline: Duration) -> bool {
    let deadline = Timespec::try_from(deadline).ok();
    poll(
        &mut [PollFd::new(process, PollFlags::IN)],
        deadline.as_ref(),
    )
    .is_ok_and(|ready| ready == 1)
}
