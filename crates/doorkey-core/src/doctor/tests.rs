//! The whole list, against a provider that cannot be reached and one that is a plain server.

use super::*;
use crate::engine::Doorkey;

fn profile(lines: &str) -> Profile {
    Profile::parse(&"work".parse().expect("a name"), lines).expect("a profile")
}

fn outcomes(checks: &[Check]) -> Vec<(&'static str, CheckOutcome)> {
    checks
        .iter()
        .filter(|check| check.id != "browser")
        .map(|check| (check.id, check.outcome))
        .collect()
}

#[tokio::test]
async fn what_does_not_depend_on_the_provider_is_checked_without_it() {
    // A port that nobody listens on, and one that somebody has.
    let free = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let gone = free.local_addr().expect("an address").port();
    drop(free);
    let taken = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let port = taken.local_addr().expect("an address").port();
    let profile = profile(&format!(
        "issuer = \"http://127.0.0.1:{gone}\"\nclient_id = \"b\"\nredirect_uri = \"http://127.0.0.1:{port}/callback\"\n"
    ));
    let checks = Doorkey::in_memory().build().check(&profile, None).await;
    assert_eq!(
        outcomes(&checks),
        [
            ("provider", CheckOutcome::Failed),
            ("clock", CheckOutcome::Failed),
            ("port", CheckOutcome::Failed),
            ("redirect_uri", CheckOutcome::Ok),
            ("keychain", CheckOutcome::Warning),
        ]
    );
    for check in &checks {
        assert!(check.seen.ends_with('.'), "{check:?}");
        assert!(
            check.outcome == CheckOutcome::Ok || !check.remedy.is_empty(),
            "{check:?}"
        );
    }
}
