//! What the engine says of a real keychain, and how it has one unlocked.
//!
//! Which keychain a process means is decided by its environment, so each question is asked by a process of its own: this program,
//! started once more for the one test that is left out otherwise.

#![expect(clippy::expect_used, reason = "a test may fail")]
#![expect(clippy::print_stdout, reason = "the process that is asked answers so")]

use std::path::Path;
use std::process::Command;

use doorkey_core::{Doorkey, Profile, config_folder};
use doorkey_double::Provider;
use doorkey_tests::display::Display;
use doorkey_tests::keychain::{Keyring, PASSWORD, PrivateSession};
use doorkey_tests::process::{READY, Running};

const QUESTION: &str = "DOORKEY_TEST_QUESTION";
const ANSWER: &str = "answer: ";

#[tokio::test]
#[ignore = "asked by the other tests, each with an environment of its own"]
async fn asked() {
    let question = std::env::var(QUESTION).expect("a question");
    let folder = config_folder().expect("a folder");
    let doorkey = Doorkey::builder(&folder).build();
    let result = match question.as_str() {
        "state" => {
            println!("\n{ANSWER}{:?}", doorkey.keychain().await);
            return;
        }
        "test" => doorkey.test_keychain().await,
        "unlock" => doorkey.unlock_keychain().await,
        "begin" => begun(&folder).await,
        _ => {
            // The person has seen the question, and changes their mind.
            let mut line = String::new();
            tokio::select! {
                biased;
                _ = doorkey.unlock_keychain() => {}
                _ = tokio::task::spawn_blocking(move || std::io::stdin().read_line(&mut line)) => {}
            }
            println!("\n{ANSWER}dropped");
            // The process goes on, as the app does.
            std::future::pending().await
        }
    };
    match result {
        Ok(()) => println!("\n{ANSWER}done"),
        Err(error) => println!(
            "\n{ANSWER}{}: {}. {}",
            error.code().as_str(),
            error.message(),
            error.hint()
        ),
    }
}

/// Begins a sign-in whose session must be kept. The browser would be opened next.
async fn begun(folder: &Path) -> doorkey_core::Result<()> {
    let provider = Provider::start().await.expect("a port");
    let name = "work".parse().expect("a name");
    let profile = Profile::parse(&name, &provider.profile("")).expect("a profile");
    let doorkey = Doorkey::builder(folder).require_keychain().build();
    doorkey.begin(&profile).await.map(drop)
}

fn start(session: &PrivateSession, question: &str) -> Running {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command
        .args(["asked", "--exact", "--ignored", "--nocapture"])
        .envs(session.environment())
        .env(QUESTION, question);
    Running::start("a question", command).expect("to ask")
}

async fn answer(running: &mut Running) -> String {
    running
        .line("an answer", READY, |line| {
            line.strip_prefix(ANSWER).map(str::to_owned)
        })
        .await
        .expect("an answer")
}

async fn ask(session: &PrivateSession, question: &str) -> String {
    answer(&mut start(session, question)).await
}

/// Runs a program in the session and returns what it prints.
async fn output(session: &PrivateSession, program: &str, arguments: &[&str]) -> String {
    let mut command = Command::new(program);
    command.args(arguments).envs(session.environment());
    let mut running = Running::start(program, command).expect("to start it");
    running
        .line(program, READY, |line| Some(line.to_owned()))
        .await
        .unwrap_or_default()
}

#[tokio::test]
async fn d29_the_state_follows_the_keychain_from_open_to_locked_and_back() {
    let session = PrivateSession::start(Keyring::Unlocked)
        .await
        .expect("a session");
    let ready = "Ready { name: Some(\"Login (GNOME Keyring)\") }";
    assert_eq!(ask(&session, "state").await, ready);
    assert_eq!(ask(&session, "test").await, "done");
    assert_eq!(ask(&session, "unlock").await, "done");
    assert_eq!(ask(&session, "begin").await, "done");
    session.lock().await.expect("to lock");
    assert_eq!(
        ask(&session, "state").await,
        "Locked { name: Some(\"Login (GNOME Keyring)\") }"
    );
    let locked = "keychain_locked: The keychain is locked. Unlock the keychain and try again.";
    assert_eq!(ask(&session, "test").await, locked);
    assert_eq!(ask(&session, "begin").await, locked);
    session.unlock().await.expect("to unlock");
    assert_eq!(ask(&session, "state").await, ready);
    // Nothing is left of the test.
    assert_eq!(session.items().await.expect("the items"), []);
}

#[tokio::test]
async fn d30_where_nothing_can_be_kept_the_reason_is_in_plain_words() {
    for (keyring, state) in [
        (Keyring::NeverUnlocked, "NeverSetUp"),
        (
            Keyring::Absent,
            "Absent { reason: \"No program on this computer offers a keychain\" }",
        ),
        (
            Keyring::NoBus,
            "Absent { reason: \"There is no desktop session (D-Bus) through which the system keychain could be reached\" }",
        ),
    ] {
        let session = PrivateSession::start(keyring).await.expect("a session");
        assert_eq!(ask(&session, "state").await, state);
        for question in ["unlock", "begin"] {
            let refused = ask(&session, question).await;
            assert!(refused.starts_with("keychain_"), "{question}: {refused}");
        }
    }
    let session = PrivateSession::start(Keyring::Locked)
        .await
        .expect("a session");
    // Without a display nobody can be asked.
    assert_eq!(
        ask(&session, "unlock").await,
        "keychain_locked: The keychain was not unlocked. Unlock the keychain and try again."
    );
}

#[tokio::test]
async fn d29_the_system_asks_the_person_who_unlocks_the_keychain_or_changes_their_mind() {
    let display = Display::start().await.expect("a display");
    let session = PrivateSession::start_on(&display, Keyring::Locked)
        .await
        .expect("a session");
    let windows = ["search", "--sync", "--onlyvisible", "--class", "prompter"];
    let mut asked = start(&session, "unlock");
    let window = output(&session, "xdotool", &windows).await;
    let typed = ["windowfocus", "--sync", &window, "type", PASSWORD];
    output(&session, "xdotool", &typed).await;
    output(&session, "xdotool", &["key", "Return"]).await;
    assert_eq!(answer(&mut asked).await, "done");
    let state = ask(&session, "state").await;
    assert!(state.starts_with("Ready"), "{state}");

    session.lock().await.expect("to lock");
    let mut asked = start(&session, "change of mind");
    output(&session, "xdotool", &windows).await;
    drop(asked.stdin().expect("its input"));
    assert_eq!(answer(&mut asked).await, "dropped");
    // The keychain has survived it.
    let state = ask(&session, "state").await;
    assert!(state.starts_with("Locked"), "{state}");
}
