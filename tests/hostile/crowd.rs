//! A50: a crowd at the door of the real process.

use std::fs;
use std::sync::Arc;
use std::time::Duration;

use doorkey_double::{Endpoint, Provider};
use doorkey_tests::{
    Result,
    command_line::{CommandLine, ran},
    keychain::Keyring,
    process::READY,
};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::timeout;

const CROWD: usize = 1000;
/// How many connections Doorkey keeps at once; the oldest makes room for the newest.
const KEPT: usize = 64;
/// How much of a head each of the slow ones has sent: together almost three times what the process may grow by.
const HALF_A_HEAD: usize = 60 * 1024;
/// How much the process may grow, in KiB: for each connection that is kept, what Doorkey reads of a head at most, and as much
/// again for what the allocator does not give back.
const MAY_GROW: u64 = 64 * 128 * 2;

/// A thousand clients connect to `doorkey login`: idle, slow, and with half of a request that is as large as it may be. In
/// the middle of them the person's browser comes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a50_a_thousand_connections_cost_the_real_process_neither_the_answer_nor_memory()
-> Result<()> {
    let doorkey = CommandLine::start(Keyring::Unlocked).await?;
    let provider = Provider::start().await.expect("a port");
    let api = format!("{}/api", provider.issuer());
    let mut login = doorkey.spawn(&[
        "login",
        "--profile",
        "work",
        "--issuer",
        provider.issuer(),
        "--client-id",
        doorkey_double::CLIENT,
        "--api",
        &api,
        "--no-browser",
    ])?;
    let link = login.line("link", READY, |line| {
        url::Url::parse(line.strip_prefix("open: ")?).ok()
    });
    let callback = provider.agree(&link.await?);
    let before = resident(login.id());

    let slow = format!("GET /callback HTTP/1.1\r\nX: {}", "x".repeat(HALF_A_HEAD));
    let starts = ["", "G", &slow, &slow, &slow, &slow, &slow, &slow].map(str::to_owned);
    // More than Doorkey keeps, few enough for a system that grants 256 files.
    let room = Arc::new(Semaphore::new(KEPT + 36));
    let mut crowd = JoinSet::new();
    for number in 0..CROWD {
        let permit = Arc::clone(&room).acquire_owned().await.expect("room");
        let mut stream = callback.connect().await.expect("a connection");
        let start = starts[number % starts.len()].clone();
        crowd.spawn(async move {
            let _ = stream.write_all(start.as_bytes()).await;
            let _ = stream.read_to_end(&mut Vec::new()).await;
            drop(permit);
        });
    }
    // All but those that are kept have been sent away, so that all of them have been there.
    for _ in 0..CROWD - KEPT {
        let gone = timeout(READY, crowd.join_next()).await;
        gone.expect("room for others")
            .expect("a crowd")
            .expect("an end");
    }
    assert_eq!(provider.asked(Endpoint::Token).len(), 0);
    let grown = resident(login.id()).saturating_sub(before);
    assert!(grown < MAY_GROW, "{grown} KiB more than {before}");

    // With the rest of the crowd still inside, the browser has its page long before they are sent away for being slow.
    let page = timeout(Duration::from_secs(8), callback.send()).await;
    let page = page.expect("the page of the sign-in");
    assert!(
        page.status == 200 && page.body.contains("You are signed in"),
        "{page:?}"
    );
    let ended = ran(&mut login).await?;
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_eq!(provider.asked(Endpoint::Token).len(), 1);
    Ok(())
}

/// How much memory a process has, in KiB.
fn resident(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).expect("a process");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    number.expect("VmRSS")
}
