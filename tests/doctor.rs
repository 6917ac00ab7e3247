//! The checks of a set-up against the embedded provider as every provider that it plays, and against bad certificates.

#![expect(clippy::expect_used, reason = "a test may fail")]

use std::time::Duration;

use doorkey_core::{Check, CheckOutcome, Doorkey, MemoryStore, Profile, ProfileSource};
use doorkey_double::{Certificate, Flaw, Provider};
use doorkey_idp::{Config, Personality, Running};
use doorkey_tests::doubles::Time;

async fn provider() -> Running {
    playing(Personality::STANDARD).await
}

async fn playing(personality: Personality) -> Running {
    doorkey_idp::start(Config {
        port: 0,
        personality,
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

fn line<'a>(checks: &'a [Check], id: &str) -> &'a Check {
    let line = checks.iter().find(|check| check.id == id);
    line.expect("a line of this id")
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
        "port",
        "authorization",
        "redirect_uri",
        "keys",
        "clock",
        "keychain",
        "locks",
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
    let ahead = Time::running();
    ahead.advance(Duration::from_secs(600));
    let doorkey = Doorkey::in_memory().clock(ahead).build();
    let checks = doorkey.check(&profile, None).await;
    let mismatch = line(&checks, "provider");
    assert_eq!(mismatch.outcome, CheckOutcome::Failed);
    assert!(mismatch.seen.contains(provider.issuer()), "{mismatch:?}");
    assert!(
        mismatch.remedy.contains("to the last slash"),
        "{mismatch:?}"
    );
    let clock = line(&checks, "clock");
    assert_eq!(clock.outcome, CheckOutcome::Failed);
    assert!(clock.seen.contains("10 minutes ahead of"), "{clock:?}");
    assert!(clock.remedy.contains("clock"), "{clock:?}");
}

/// A profile for what the embedded provider plays, which comes back to this redirect URI.
fn profile_for(provider: &Running, personality: &Personality, lines: &str) -> Profile {
    let addresses = &personality.addresses;
    let server = if addresses.metadata.is_empty() {
        format!(
            "[endpoints]\nauthorization = \"{0}{1}\"\ntoken = \"{0}{2}\"\n",
            provider.origin(),
            addresses.authorization,
            addresses.token
        )
    } else {
        let issuer = format!("issuer = \"{}\"\n", provider.issuer());
        return parsed(&format!("{issuer}{lines}"));
    };
    parsed(&format!("{lines}{server}"))
}

fn parsed(text: &str) -> Profile {
    Profile::parse(&"demo".parse().expect("a name"), text).expect("a profile")
}

#[tokio::test]
async fn whether_a_redirect_uri_is_refused_is_found_out_without_signing_in() {
    let doorkey = Doorkey::in_memory().build();
    // One whose metadata is for every tenant needs a profile that says so; its preset's own tests make one.
    let personalities = Personality::all().filter(|plays| plays.addresses.tenants.is_none());
    for personality in personalities {
        let provider = playing(personality.clone()).await;
        let registered = personality.client.redirect_uris.first().expect("one");
        let client = personality.client.client_id;
        for (redirect_uri, outcome) in [
            (*registered, CheckOutcome::Ok),
            ("com.example.other:/never-registered", CheckOutcome::Failed),
        ] {
            let lines = format!("client_id = \"{client}\"\nredirect_uri = \"{redirect_uri}\"\n");
            let profile = profile_for(&provider, personality, &lines);
            let checks = doorkey.check(&profile, None).await;
            let told = line(&checks, "redirect_uri");
            assert_eq!(told.outcome, outcome, "{}: {checks:#?}", personality.id);
            let is_accepted = told.seen.contains("the provider knows that")
                || told.seen.contains("did not refuse that before the sign-in");
            assert_eq!(is_accepted, outcome == CheckOutcome::Ok, "{told:?}");
        }
        let lines = format!("client_id = \"nobody\"\nredirect_uri = \"{registered}\"\n");
        let checks = doorkey
            .check(&profile_for(&provider, personality, &lines), None)
            .await;
        let failed = checks.iter().any(|check| {
            matches!(check.id, "redirect_uri" | "authorization")
                && check.outcome != CheckOutcome::Ok
        });
        assert!(failed, "{}: {checks:#?}", personality.id);
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_certificate_is_told_with_what_helps() {
    let folder = tempfile::tempdir().expect("a folder");
    for (flaw, helps) in [
        (Flaw::SelfSigned, "SSL_CERT_FILE"),
        (Flaw::Expired, "clock"),
        (Flaw::WrongHost, "belongs to another server"),
    ] {
        let certificate = Certificate::with(flaw).expect("a certificate");
        let provider = Provider::start_tls(&certificate).await.expect("a provider");
        let authority = folder.path().join("authority.pem");
        std::fs::write(&authority, certificate.authority()).expect("to write");
        let text = provider.profile(&format!("ca_file = '{}'\n", authority.display()));
        let checks = Doorkey::in_memory()
            .build()
            .check(&parsed(&text), None)
            .await;
        assert_eq!(line(&checks, "certificates").outcome, CheckOutcome::Ok);
        let told = line(&checks, "provider");
        assert_eq!(told.outcome, CheckOutcome::Failed, "{told:?}");
        assert!(told.remedy.contains(helps), "{told:?}");
    }
}

#[tokio::test]
async fn a_trusted_certificate_and_the_double_behind_it_pass() {
    let folder = tempfile::tempdir().expect("a folder");
    let certificate = Certificate::with(Flaw::None).expect("a certificate");
    let provider = Provider::start_tls(&certificate).await.expect("a provider");
    let authority = folder.path().join("authority.pem");
    std::fs::write(&authority, certificate.authority()).expect("to write");
    let text = provider.profile(&format!("ca_file = '{}'\n", authority.display()));
    let checks = Doorkey::in_memory()
        .build()
        .check(&parsed(&text), None)
        .await;
    for id in ["certificates", "provider", "pkce"] {
        assert_eq!(line(&checks, id).outcome, CheckOutcome::Ok, "{checks:#?}");
    }
}
