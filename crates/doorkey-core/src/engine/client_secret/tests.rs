//! Where a client secret goes, where it stays, and where it is never seen.

use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use doorkey_double::{Fault, Keychain};

use super::*;
use crate::double::{self, Asked, Double};
use crate::trace::{Step, Value};
use crate::vault::MemoryStore;

const SECRET: &str = "canary-secret+&%";
const POST: &str = "client_id = \"x:1\"\ntoken_endpoint_auth_method = \"client_secret_post\"";
const BASIC: &str = "client_id = \"x:1\"\ntoken_endpoint_auth_method = \"client_secret_basic\"";

/// An engine with a folder and a store, and what it tells.
struct Home {
    folder: tempfile::TempDir,
    store: MemoryStore,
    steps: Arc<Mutex<Vec<Step>>>,
    doorkey: Doorkey,
}

impl Home {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let store = MemoryStore::default();
        let steps = Arc::new(Mutex::new(Vec::new()));
        let told = Arc::clone(&steps);
        let doorkey = Doorkey::builder(folder.path())
            .store(store.clone())
            .observer(move |step: Step| told.lock().expect("the steps").push(step))
            .build();
        Self {
            folder,
            store,
            steps,
            doorkey,
        }
    }

    async fn set(&self, profile: &Profile) {
        let secret = ClientSecret::new(SECRET);
        let kept = self.doorkey.set_client_secret(profile, secret).await;
        assert_eq!(kept.expect("to keep it"), Storage::Keychain);
    }
}

fn name(text: &str) -> ProfileName {
    text.parse().expect("a name")
}

/// Has the secret in its body, and not in a header.
fn assert_post(asked: &Asked) {
    assert_eq!(asked.form["client_id"], "x:1");
    assert_eq!(asked.form["client_secret"], SECRET);
    assert!(!asked.headers.contains_key("authorization"));
}

/// Has the secret in a header, and neither it nor the client's id in its body.
fn assert_basic(asked: &Asked) {
    let pair = STANDARD.encode("x%3A1:canary-secret%2B%26%25");
    assert_eq!(asked.headers["authorization"], format!("Basic {pair}"));
    assert!(!asked.form.contains_key("client_id") && !asked.form.contains_key("client_secret"));
}

#[tokio::test]
async fn it_goes_with_each_request_to_the_provider_as_the_profile_says() {
    for lines in [POST, BASIC] {
        let assert_sent = if lines == POST {
            assert_post
        } else {
            assert_basic
        };
        let (double, home) = (Double::start().await, Home::new());
        double.answer("/revoke", 200, "{}");
        let profile = double.profile(lines);
        home.set(&profile).await;
        let (session, url) = double::sign_in(&home.doorkey, &profile)
            .await
            .expect("a session");
        assert!(!url.as_str().contains("canary"), "{url}");
        let exchange = double.last("/token");
        assert_sent(&exchange);
        assert_eq!(exchange.form["code_verifier"].len(), 43);
        session.refresh().await.expect("to refresh");
        let refresh = double.last("/token");
        assert_eq!(refresh.form["grant_type"], "refresh_token");
        assert_sent(&refresh);
        assert!(session.sign_out(None).await.revoked.is_done());
        assert_sent(&double.last("/revoke"));

        double.answer("/device", 200, r#"{"device_code":"d","user_code":"u","verification_uri":"HOME/a","expires_in":60,"interval":1}"#);
        let device = home.doorkey.begin_device(&profile).await.expect("a code");
        assert_sent(&double.last("/device"));
        device.finish().await.expect("a session");
        assert_sent(&double.last("/token"));
    }
}

#[tokio::test]
async fn a_sign_in_without_it_ends_before_anybody_is_asked() {
    let (double, home) = (Double::start().await, Home::new());
    let profile = double.profile(POST);
    for begun in [
        home.doorkey.begin(&profile).await.map(drop),
        home.doorkey.begin_device(&profile).await.map(drop),
    ] {
        let error = begun.expect_err("no secret");
        assert_eq!(error.code(), Code::ClientSecretMissing);
        assert!(error.hint().ends_with("doorkey profile secret work"));
    }
    assert!(double.asked("/device").is_empty());
    assert!(
        !home
            .doorkey
            .has_client_secret(&profile)
            .await
            .expect("to know")
    );
}

#[tokio::test]
async fn a_refresh_without_it_fails_and_the_session_lives_on() {
    let (double, home) = (Double::start().await, Home::new());
    let profile = double.profile(POST);
    home.set(&profile).await;
    let (session, _) = double::sign_in(&home.doorkey, &profile)
        .await
        .expect("a session");
    home.doorkey
        .forget_client_secret(&profile)
        .await
        .expect("to forget");
    let error = session.refresh().await.expect_err("no secret");
    assert_eq!(error.code(), Code::ClientSecretMissing);
    assert_eq!(double.asked("/token").len(), 1);
    assert!(!session.info().ended);
    let restored = home.doorkey.restore(&profile).await.expect("to restore");
    assert!(restored.is_some());
    home.set(&profile).await;
    session.refresh().await.expect("to refresh");
}

#[tokio::test]
async fn a_code_needs_none_where_the_profile_says_so() {
    let (double, home) = (Double::start().await, Home::new());
    let profile = double.profile(POST).to_toml();
    let profile = format!("{profile}[quirks]\npublic_device_flow = true\n");
    let profile = Profile::parse(&name("work"), &profile).expect("a profile");
    let body = r#"{"device_code":"d","user_code":"u","verification_uri":"HOME/a","expires_in":60,"interval":1}"#;
    double.answer("/device", 200, body);
    let sign_in = home.doorkey.begin_device(&profile).await.expect("a code");
    let session = sign_in.finish().await.expect("a session");
    session.refresh().await.expect("to refresh");
    for path in ["/device", "/token"] {
        for asked in double.asked(path) {
            assert_eq!(asked.form["client_id"], "x:1");
            assert!(!asked.form.contains_key("client_secret"));
        }
    }
    let browser = home.doorkey.begin(&profile).await.expect_err("no secret");
    assert_eq!(browser.code(), Code::ClientSecretMissing);
}

#[tokio::test]
async fn it_is_never_sent_to_another_provider_or_for_another_client() {
    let (double, other, home) = (Double::start().await, Double::start().await, Home::new());
    home.set(&double.profile(POST)).await;
    for profile in [
        other.profile(POST),
        double.profile(&POST.replace("x:1", "y")),
    ] {
        assert!(
            !home
                .doorkey
                .has_client_secret(&profile)
                .await
                .expect("to know")
        );
        let error = home
            .doorkey
            .begin(&profile)
            .await
            .expect_err("another's secret");
        assert_eq!(error.code(), Code::ClientSecretMissing);
    }
    let basic = double.profile(BASIC);
    assert!(
        home.doorkey
            .has_client_secret(&basic)
            .await
            .expect("to know")
    );
    let public = double.profile("client_id = \"x:1\"");
    assert!(
        !home
            .doorkey
            .has_client_secret(&public)
            .await
            .expect("to know")
    );
    let refused = home
        .doorkey
        .set_client_secret(&public, ClientSecret::new("a"))
        .await;
    assert_eq!(
        refused.expect_err("sends none").code(),
        Code::ProfileInvalid
    );
}

#[tokio::test]
async fn what_cannot_be_a_secret_is_refused_and_not_repeated() {
    let (double, home) = (Double::start().await, Home::new());
    let long = "canary".repeat(200);
    for text in ["", " ", "canary\n", "canary\u{e9}", "canary\0", &long] {
        let profile = double.profile(POST);
        let set = home
            .doorkey
            .set_client_secret(&profile, ClientSecret::new(text));
        let error = set.await.expect_err("no secret");
        assert_eq!(error.code(), Code::ProfileInvalid);
        assert!(!format!("{error:?} {}", error.hint()).contains("canary"));
    }
    assert!(home.store.names().is_empty());
}

#[tokio::test]
async fn it_goes_with_its_profile_and_with_nothing_else() {
    let (double, home) = (Double::start().await, Home::new());
    let profiles = home.doorkey.profiles().expect("a folder");
    let work = double.profile(POST);
    let add = home
        .doorkey
        .add_profile(&work, Some(ClientSecret::new(SECRET)));
    assert_eq!(add.await.expect("to add"), Some(Storage::Keychain));
    assert_eq!(home.store.names(), ["work/client_secret"]);

    let office = home
        .doorkey
        .rename_profile(&name("work"), &name("office"))
        .await;
    let office = office.expect("to rename");
    assert_eq!(home.store.names(), ["office/client_secret"]);
    assert!(
        home.doorkey
            .has_client_secret(&office)
            .await
            .expect("to know")
    );

    let copy = profiles
        .duplicate(&name("office"), &name("copy"))
        .expect("to duplicate");
    assert!(
        !home
            .doorkey
            .has_client_secret(&copy)
            .await
            .expect("to know")
    );

    let basic = double.profile(BASIC).named(&name("office"));
    home.doorkey
        .change_profile(&basic)
        .await
        .expect("to change");
    assert!(
        home.doorkey
            .has_client_secret(&basic)
            .await
            .expect("to know")
    );
    let other = double
        .profile(&POST.replace("x:1", "y"))
        .named(&name("office"));
    home.doorkey
        .change_profile(&other)
        .await
        .expect("to change");
    assert!(home.store.names().is_empty());

    home.set(&other).await;
    let public = double.profile("client_id = \"y\"").named(&name("office"));
    home.doorkey
        .change_profile(&public)
        .await
        .expect("to change");
    assert!(home.store.names().is_empty());

    home.doorkey
        .change_profile(&other)
        .await
        .expect("to change");
    home.set(&other).await;
    home.doorkey
        .remove_profile(&name("office"))
        .await
        .expect("to remove");
    assert!(home.store.names().is_empty());

    let refused = home.doorkey.add_profile(&work, Some(ClientSecret::new("")));
    assert_eq!(
        refused.await.expect_err("no secret").code(),
        Code::ProfileInvalid
    );
    assert!(profiles.vacant(&name("work")).is_ok());
}

#[tokio::test]
async fn an_engine_without_a_keychain_keeps_it_in_memory() {
    let double = Double::start().await;
    let (doorkey, profile) = (Doorkey::in_memory().build(), double.profile(POST));
    let kept = doorkey
        .set_client_secret(&profile, ClientSecret::new(SECRET))
        .await;
    assert_eq!(kept.expect("to keep it"), Storage::Memory { reason: None });
    assert!(doorkey.has_client_secret(&profile).await.expect("to know"));
    double::sign_in(&doorkey, &profile)
        .await
        .expect("a session");
    assert_post(&double.last("/token"));
    doorkey
        .forget_client_secret(&profile)
        .await
        .expect("to forget");
    assert!(!doorkey.has_client_secret(&profile).await.expect("to know"));
}

#[tokio::test]
async fn without_a_keychain_it_lasts_as_long_as_the_program_or_is_refused() {
    let (double, folder) = (
        Double::start().await,
        tempfile::tempdir().expect("a folder"),
    );
    let profile = double.profile(POST);
    let keychain = Keychain::new();
    keychain.refuse(Fault::Absent);
    let builder = || Doorkey::builder(folder.path()).store(keychain.clone());
    let doorkey = builder().build();
    assert!(!doorkey.has_client_secret(&profile).await.expect("to know"));
    let kept = doorkey
        .set_client_secret(&profile, ClientSecret::new(SECRET))
        .await;
    assert!(matches!(kept, Ok(Storage::Memory { reason: Some(_) })));
    assert!(doorkey.has_client_secret(&profile).await.expect("to know"));
    let doorkey = builder().require_keychain().build();
    let kept = doorkey
        .set_client_secret(&profile, ClientSecret::new(SECRET))
        .await;
    assert_eq!(
        kept.expect_err("no keychain").code(),
        Code::KeychainUnavailable
    );
}

#[tokio::test]
async fn a_public_client_costs_no_look_into_the_keychain() {
    let (double, folder) = (
        Double::start().await,
        tempfile::tempdir().expect("a folder"),
    );
    let keychain = Keychain::new();
    let builder = Doorkey::builder(folder.path()).store(keychain.clone());
    let doorkey = builder.build();
    let profile = double.profile("client_id = \"x\"");
    assert!(!doorkey.has_client_secret(&profile).await.expect("to know"));
    let credentials = doorkey.engine.session_credentials(&profile).await;
    assert_eq!(credentials.expect("none needed"), Credentials::Public);
    assert_eq!(keychain.calls(), 0);
}

#[tokio::test]
async fn a_refused_client_is_told_what_to_do_and_never_the_secret() {
    let (double, home) = (Double::start().await, Home::new());
    let profile = double.profile(POST);
    home.set(&profile).await;
    for (status, code) in [
        (401, "invalid_client"),
        (200, "incorrect_client_credentials"),
    ] {
        let body = format!(r#"{{"error":"{code}","error_description":"{SECRET} is wrong"}}"#);
        double.answer("/token", status, &body);
        let error = double::sign_in(&home.doorkey, &profile)
            .await
            .expect_err("refused");
        assert_eq!(error.code(), Code::TokenRequestRefused);
        assert!(
            error.hint().ends_with("doorkey profile secret work"),
            "{}",
            error.hint()
        );
        assert!(!format!("{error:?} {error}").contains("canary"));
    }
    let body = r#"{"error":"invalid_request","error_description":"client_secret is missing."}"#;
    double.answer("/token", 400, body);
    let public = double.profile("client_id = \"x:1\"");
    let error = double::sign_in(&home.doorkey, &public)
        .await
        .expect_err("refused");
    assert!(
        error.hint().contains("token_endpoint_auth_method"),
        "{}",
        error.hint()
    );
}

#[tokio::test]
async fn g03_no_step_file_or_debug_text_has_it() {
    let (double, home) = (Double::start().await, Home::new());
    double.answer("/revoke", 200, "{}");
    let profile = double.profile(POST);
    let secret = ClientSecret::new(SECRET);
    assert!(!format!("{secret:?}").contains("canary"));
    home.doorkey
        .add_profile(&profile, Some(secret))
        .await
        .expect("to add");
    let (session, _) = double::sign_in(&home.doorkey, &profile)
        .await
        .expect("a session");
    session.refresh().await.expect("to refresh");
    session.sign_out(None).await;
    let steps = home.steps.lock().expect("the steps").clone();
    let hidden = ("client_secret", Value::Hidden(SECRET.len()));
    let told = steps
        .iter()
        .filter(|step| step.fields.contains(&hidden))
        .count();
    assert_eq!(told, 3, "exchange, refresh and revocation");
    assert!(!format!("{steps:?} {profile:?} {:?}", home.doorkey).contains("canary-secret"));
    let mut files = vec![home.folder.path().to_owned()];
    let mut seen = 0;
    while let Some(path) = files.pop() {
        if path.is_dir() {
            let entries = std::fs::read_dir(&path).expect("a folder");
            files.extend(entries.map(|entry| entry.expect("an entry").path()));
        } else {
            let bytes = std::fs::read(&path).expect("a file");
            assert!(
                !String::from_utf8_lossy(&bytes).contains("canary"),
                "{path:?}"
            );
            seen += 1;
        }
    }
    assert!(seen > 1, "a profile and a stamp at least");
}
