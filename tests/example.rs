//! The engine's example, as another program's developer would run it.

#![expect(clippy::expect_used, reason = "a test may fail")]

use std::process::Command;

use doorkey_idp::Config;
use doorkey_tests::process::{READY, Running};
use doorkey_tests::program;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn signs_in_and_calls_an_api_with_the_engine_alone() {
    let provider = doorkey_idp::start(Config {
        port: 0,
        ..Config::default()
    })
    .await
    .expect("the embedded provider");
    let mut command = Command::new(program::example("sign_in").expect("the example"));
    command
        .args([provider.issuer(), "doorkey-desktop", provider.api()])
        .env("BROWSER", program::agent().expect("the agent"));
    let mut example = Running::start("the example", command).expect("to start it");
    let exit = example.exit(READY).await.expect("it to end");
    let said = example.stdout();
    assert!(exit.success(), "{said}\n{}", example.stderr());
    assert!(said.starts_with("Signed in as Ada Moreno\n200 {"), "{said}");
}
