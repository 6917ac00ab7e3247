//! Profiles made of addresses, against the embedded provider as every provider that it plays.

#![expect(clippy::expect_used, reason = "a test may fail")]

use doorkey_core::{Code, Doorkey};
use doorkey_double::Provider;
use doorkey_idp::{Config, Personality, Running};

async fn playing(personality: &Personality) -> Running {
    doorkey_idp::start(Config {
        port: 0,
        personality: personality.clone(),
        ..Config::default()
    })
    .await
    .expect("the embedded provider")
}

#[tokio::test]
async fn an_issuer_or_the_address_of_its_metadata_is_enough() {
    let doorkey = Doorkey::in_memory().build();
    let with_metadata = Personality::all()
        .filter(|plays| !plays.addresses.metadata.is_empty() && plays.addresses.tenants.is_none());
    for personality in with_metadata {
        let provider = playing(personality).await;
        let issuer = provider.issuer();
        let metadata = personality.addresses.metadata.iter();
        let metadata = metadata.map(|path| format!("{}{path}", provider.origin()));
        // People forget a last slash, or write one.
        let spellings = [
            issuer.trim_end_matches('/').to_owned(),
            format!("{}/", issuer.trim_end_matches('/')),
        ];
        for address in metadata.chain(spellings) {
            let source = doorkey.source_at(&address, "b").await;
            let source = source.expect(&address);
            let name = source.suggested_name().expect("a name");
            let profile = source
                .api("https://api.example.com")
                .build(&name)
                .expect("a profile");
            let found = profile.issuer().expect("an issuer");
            assert_eq!(found.as_str(), issuer, "{}: {address}", personality.id);
            assert!(name.as_str().starts_with("127.0.0.1-"), "{name}");
        }
    }
}

#[tokio::test]
async fn metadata_that_names_somebody_else_makes_no_profile() {
    let doorkey = Doorkey::in_memory().build();
    let provider = Provider::start().await.expect("a provider");
    provider.metadata(|members| {
        members.insert("issuer".to_owned(), "https://evil.example".into());
    });
    for address in [
        provider.issuer().to_owned(),
        format!("{}/.well-known/openid-configuration", provider.issuer()),
    ] {
        let error = doorkey.source_at(&address, "b").await.expect_err(&address);
        assert_eq!(error.code(), Code::IssuerMismatch);
    }
    for (address, code) in [
        ("http://login.example.com", Code::InsecureEndpoint),
        ("javascript:alert(1)", Code::ProfileInvalid),
        ("https://", Code::ProfileInvalid),
        ("http://127.0.0.1:1", Code::Offline),
    ] {
        let error = doorkey.source_at(address, "b").await.expect_err(address);
        assert_eq!(error.code(), code, "{address}");
    }
}

#[tokio::test]
async fn a_server_without_keys_is_asked_for_no_id_token() {
    let doorkey = Doorkey::in_memory().build();
    let provider = Provider::start().await.expect("a provider");
    provider.metadata(|members| {
        members.remove("jwks_uri");
    });
    let source = doorkey
        .source_at(provider.issuer(), "b")
        .await
        .expect("a source");
    let profile = source
        .build(&"work".parse().expect("a name"))
        .expect("a profile");
    assert!(profile.scopes().is_empty());
}
