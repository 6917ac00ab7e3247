//! The checks of a set-up against the embedded provider.

#![expect(clippy::expect_used, reason = "a test may fail")]

use std::time::{Duration, SystemTime};

use doorkey_core::{Check, CheckOutcome, Clock, Doorkey, MemoryStore, Profile, ProfileSource};
use doorkey_idp::{Config, Running};

/// A clock that is wrong.
#[derive(Debug)]
struct Ahead(Duration);

impl Clock for Ahead {
    fn now(&self) -> SystemTime {
        SystemTime::now() + self.0
    }
}

async fn provider() -> Running {
    doorkey_idp::start(Config {
        port: 0,
        ..Config::default()
    })
    .await
    .expect("the embedded provider")
}

fn profile(provider: &Running) -> Profile {
    ProfileSource::new(provider.issuer(), "doorkey-desktop")
        .build(&"demo".parse().expect("a name"))
        .expect("a profile")
}

fn outcomes(checks: &[Check]) -> Vec<(&'static str, CheckOutcome)> {
    checks
        .iter()
        // Not every computer that runs this has a browser.
        .filter(|check| check.id != "browser")
        .map(|check| (check.id, check.outcome))
        .collect()
}

#[tokio::test]
async fn a_set_up_that_works_has_nothing_to_complain_about() {
    let provider = provider().await;
    let folder = tempfile::tempdir().expect("a folder");
    let doorkey = Doorkey::builder(folder.path())
        .store(MemoryStore::default())
        .build();
    let checks = doorkey.check(&profile(&provider), None).await;
    let all = [
        "provider",
        "pkce",
        "endpoints",
        "keys",
        "clock",
        "port",
        "redirect_uri",
        "keychain",
    ];
    assert_eq!(
        outcomes(&checks),
        all.map(|id| (id, CheckOutcome::Ok)),
        "{checks:#?}"
    );
}

#[tokio::test]
async fn another_issuer_and_a_wrong_clock_are_told_with_the_fix() {
    let provider = provider().await;
    let issuer = format!("{}/", provider.issuer());
    let profile = ProfileSource::new(&issuer, "doorkey-desktop")
        .build(&"demo".parse().expect("a name"))
        .expect("a profile");
    let doorkey = Doorkey::in_memory()
        .clock(Ahead(Duration::from_secs(600)))
        .build();
    let checks = doorkey.check(&profile, None).await;
    assert_eq!(
        outcomes(&checks)[..2],
        [
            ("provider", CheckOutcome::Failed),
            ("clock", CheckOutcome::Failed)
        ]
    );
    assert!(checks[0].seen.contains(provider.issuer()), "{checks:?}");
    assert!(checks[0].remedy.contains("to the last slash"), "{checks:?}");
    let (seen, remedy) = (&checks[1].seen, &checks[1].remedy);
    assert!(seen.contains("10 minutes ahead of"), "{seen}");
    assert!(remedy.contains("clock"), "{remedy}");
}
