//! Sign-ins and sessions of a profile that leaves its client to the server, and documents that would do harm.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use crate::api::ApiRequest;
use crate::doctor::CheckOutcome;
use crate::double::{self, Double};
use crate::engine::Doorkey;
use crate::error::{Code, Error};
use crate::profile::{Profile, ProfileName};
use crate::trace::{Step, StepKind, Value as Field};
use crate::vault::MemoryStore;

const SETTINGS: &str = "/config/v1/flyte_client";

/// A cluster that is its own provider, and an engine.
struct Cluster {
    double: Double,
    _folder: tempfile::TempDir,
    steps: Arc<Mutex<Vec<Step>>>,
    doorkey: Doorkey,
    /// Another program on the same computer.
    other: Doorkey,
}

impl Cluster {
    async fn start() -> Self {
        let double = Double::start().await;
        double.answer("/me", 200, "{}");
        let folder = tempfile::tempdir().expect("a folder");
        let store = MemoryStore::default();
        let steps = Arc::new(Mutex::new(Vec::new()));
        let told = Arc::clone(&steps);
        let builder = || Doorkey::builder(folder.path()).store(store.clone());
        let doorkey = builder()
            .observer(move |step: Step| told.lock().expect("the steps").push(step))
            .build();
        let other = builder().build();
        let cluster = Self {
            double,
            _folder: folder,
            steps,
            doorkey,
            other,
        };
        cluster.says(&usual());
        cluster
    }

    fn says(&self, document: &Value) {
        self.double.answer(SETTINGS, 200, &document.to_string());
    }

    fn profile(&self, lines: &str) -> Profile {
        let url = &self.double.url;
        self.double.profile(&format!(
            "client_settings = \"{url}{SETTINGS}\"\napi = [\"{url}\"]\n{lines}"
        ))
    }

    /// Signs in, and gives what the browser was sent to the provider with.
    async fn sent(&self, profile: &Profile) -> HashMap<String, String> {
        let (_, url) = double::sign_in(&self.doorkey, profile)
            .await
            .expect("a session");
        url.query_pairs().into_owned().collect()
    }

    async fn refusal(&self, profile: &Profile) -> Error {
        self.doorkey
            .begin(profile)
            .await
            .map(drop)
            .expect_err("refused")
    }
}

fn usual() -> Value {
    json!({
        "client_id": "flytectl",
        "redirect_uri": "http://localhost/cb",
        "scopes": ["all", "offline", "all"],
        "audience": "HOME",
        "authorization_metadata_key": "flyte-authorization",
        "service_http_endpoint": "https://elsewhere.example",
        "more": { "x": [1] },
    })
}

fn with(member: &str, value: Value) -> Value {
    let mut document = usual();
    document[member] = value;
    document
}

#[tokio::test]
async fn the_server_says_which_client_to_be() {
    let cluster = Cluster::start().await;
    let profile = cluster.profile("");
    assert_eq!((profile.client_id(), profile.scopes()), ("", &[][..]));
    assert_eq!(profile.redirect_uris_to_register(), [""; 0]);
    let own = cluster.profile("redirect_uri = \"http://localhost/own\"");
    assert_eq!(own.redirect_uris_to_register(), ["http://localhost/own"]);
    let (session, url) = double::sign_in(&cluster.doorkey, &profile)
        .await
        .expect("a session");
    let sent: HashMap<_, _> = url.query_pairs().into_owned().collect();
    assert_eq!(sent["client_id"], "flytectl");
    assert_eq!(sent["scope"], "all offline");
    assert_eq!(sent["audience"], cluster.double.url);
    assert!(sent["redirect_uri"].starts_with("http://localhost:"));
    let exchange = cluster.double.last("/token").form;
    assert_eq!(exchange["client_id"], "flytectl");
    assert_eq!(exchange["redirect_uri"], sent["redirect_uri"]);
    assert_eq!(session.profile().client_id(), "flytectl");
    assert_eq!(
        session.profile().authorization_header(),
        "flyte-authorization"
    );
    assert_eq!(session.profile().to_toml(), profile.to_toml());

    let steps = cluster.steps.lock().expect("the steps").clone();
    let step = steps
        .iter()
        .find(|step| step.kind == StepKind::SettingsResponse);
    let fields = &step.expect("the settings are told").fields;
    let told = Field::Shown("https://elsewhere.example".to_owned());
    assert!(
        fields.contains(&("service_http_endpoint", told)),
        "{fields:?}"
    );
}

#[tokio::test]
async fn the_token_goes_under_the_header_that_the_server_names() {
    let cluster = Cluster::start().await;
    let profile = cluster.profile("");
    let (session, _) = double::sign_in(&cluster.doorkey, &profile)
        .await
        .expect("a session");
    cluster
        .double
        .answer("/me", 200, r#"{"token":"canary-access"}"#);
    let answer = session
        .call(ApiRequest::get("/me"))
        .await
        .expect("an answer");
    assert_eq!(answer.text(), r#"{"token":"[token]"}"#);
    let asked = cluster.double.last("/me").headers;
    assert_eq!(asked["flyte-authorization"], "Bearer canary-access");
    assert!(!asked.contains_key("authorization"));

    let own = ApiRequest::get("/me").header("Flyte-Authorization", "Bearer x");
    let refused = session
        .call(own)
        .await
        .expect_err("the header is not the caller's");
    assert_eq!(refused.code(), Code::RequestInvalid);
    let elsewhere = ApiRequest::get("https://elsewhere.example/me");
    let refused = session.call(elsewhere).await.expect_err("only told");
    assert_eq!(refused.code(), Code::OriginNotAllowed);

    let who = format!(
        "[who_am_i]\nurl = \"{}/me\"\nsubject = \"/subject\"\n",
        cluster.double.url
    );
    let named = Profile::parse(profile.name(), &format!("{}{who}", profile.to_toml()));
    cluster.double.answer("/me", 200, r#"{"subject":"ada"}"#);
    let (session, _) = double::sign_in(&cluster.doorkey, &named.expect("a profile"))
        .await
        .expect("a session");
    assert_eq!(session.info().account.subject(), Some("ada"));
    let asked = cluster.double.last("/me").headers;
    assert_eq!(asked["flyte-authorization"], "Bearer canary-access");

    cluster.double.answer("/refuses", 401, "{}");
    let answer = session
        .call(ApiRequest::get("/refuses"))
        .await
        .expect("an answer");
    assert_eq!(answer.status, 401);
    let asked = cluster.double.asked("/refuses");
    assert_eq!(asked.len(), 2, "once more after a refresh");
    for asked in asked {
        assert_eq!(asked.headers["flyte-authorization"], "Bearer canary-access");
    }
}

#[tokio::test]
async fn a_session_keeps_its_client_whatever_the_server_says_later() {
    let cluster = Cluster::start().await;
    let profile = cluster.profile("");
    cluster.sent(&profile).await;
    let asked = cluster.double.asked(SETTINGS).len();
    cluster.says(&with("client_id", json!("another")));
    let restored = cluster.other.restore(&profile).await.expect("to restore");
    let session = restored.expect("a session");
    assert_eq!(session.profile().client_id(), "flytectl");
    session.refresh().await.expect("to refresh");
    assert_eq!(cluster.double.last("/token").form["client_id"], "flytectl");
    session
        .call(ApiRequest::get("/me"))
        .await
        .expect("an answer");
    assert!(
        cluster
            .double
            .last("/me")
            .headers
            .contains_key("flyte-authorization")
    );
    cluster.double.answer("/revoke", 200, "{}");
    session.sign_out(None).await;
    assert_eq!(cluster.double.last("/revoke").form["client_id"], "flytectl");
    assert_eq!(
        cluster.double.asked(SETTINGS).len(),
        asked,
        "only a sign-in asks"
    );
}

#[tokio::test]
async fn a_profile_that_asks_no_more_goes_by_its_own_word() {
    let cluster = Cluster::start().await;
    let asks = cluster.profile("client_id = \"mine\"");
    cluster.sent(&asks).await;
    let lines = format!("api = [\"{}\"]\nclient_id = \"mine\"", cluster.double.url);
    let restored = cluster
        .doorkey
        .restore(&cluster.double.profile(&lines))
        .await;
    let session = restored.expect("to restore").expect("the same client");
    session
        .call(ApiRequest::get("/me"))
        .await
        .expect("an answer");
    assert!(
        cluster
            .double
            .last("/me")
            .headers
            .contains_key("authorization")
    );
}

#[tokio::test]
async fn each_sign_in_asks_anew_and_other_programs_follow() {
    let cluster = Cluster::start().await;
    let profile = cluster.profile("");
    let (session, _) = double::sign_in(&cluster.doorkey, &profile)
        .await
        .expect("a session");
    cluster.says(&json!({
        "client_id": "another",
        "redirect_uri": "",
        "authorization_metadata_key": "x-token",
    }));
    let (_, url) = double::sign_in(&cluster.other, &profile)
        .await
        .expect("a session");
    let sent: HashMap<_, _> = url.query_pairs().into_owned().collect();
    assert_eq!(sent["client_id"], "another");
    assert!(sent["redirect_uri"].starts_with("http://127.0.0.1:"));
    assert!(!sent.contains_key("audience") && !sent.contains_key("scope"));

    session
        .call(ApiRequest::get("/me"))
        .await
        .expect("an answer");
    let asked = cluster.double.last("/me").headers;
    assert!(asked.contains_key("x-token") && !asked.contains_key("flyte-authorization"));
    session.refresh().await.expect("to refresh");
    assert_eq!(cluster.double.last("/token").form["client_id"], "another");
}

#[tokio::test]
async fn a_sign_in_with_a_code_asks_as_well() {
    let cluster = Cluster::start().await;
    let body = r#"{"device_code":"d","user_code":"u","verification_uri":"HOME/a","expires_in":60,"interval":1}"#;
    cluster.double.answer("/device", 200, body);
    let profile = cluster.profile("");
    let sign_in = cluster
        .doorkey
        .begin_device(&profile)
        .await
        .expect("a code");
    let asked = cluster.double.last("/device").form;
    assert_eq!(
        (asked["client_id"].as_str(), asked["scope"].as_str()),
        ("flytectl", "all offline")
    );
    assert_eq!(asked["audience"], cluster.double.url);
    let session = sign_in.finish().await.expect("a session");
    assert_eq!(
        session.profile().authorization_header(),
        "flyte-authorization"
    );
}

#[tokio::test]
async fn what_the_profile_says_counts_more() {
    let cluster = Cluster::start().await;
    let lines = "client_id = \"mine\"\nscopes = [\"a\"]\nredirect_uri = \"http://127.0.0.1/mine\"\n\
                 authorization_header = \"X-Mine\"\nauthorization_parameters = { audience = \"b\" }\n";
    // What does not count need not be right.
    cluster.says(&json!({
        "client_id": "\n",
        "redirect_uri": "https://evil.example/",
        "scopes": ["a b"],
        "audience": "https://evil.example",
        "authorization_metadata_key": "Cookie",
    }));
    let sent = cluster.sent(&cluster.profile(lines)).await;
    assert_eq!(
        (sent["client_id"].as_str(), sent["scope"].as_str()),
        ("mine", "a")
    );
    assert_eq!(sent["audience"], "b");
    assert!(sent["redirect_uri"].ends_with("/mine"));
    let restored = cluster.doorkey.restore(&cluster.profile(lines)).await;
    let session = restored.expect("to restore").expect("a session");
    assert_eq!(session.profile().authorization_header(), "x-mine");
    let silent = cluster.profile(&lines.replace("\"b\"", "\"\""));
    assert!(!cluster.sent(&silent).await.contains_key("audience"));
}

#[tokio::test]
async fn a_hostile_document_is_refused_before_the_browser_opens() {
    let cluster = Cluster::start().await;
    let profile = cluster.profile("");
    let many: Vec<_> = (0..65).map(|number| number.to_string()).collect();
    let long = "a".repeat(1025);
    let cases = [
        ("client_id", json!("")),
        ("client_id", json!("a\r\nb")),
        ("client_id", json!(" ")),
        ("client_id", json!(long)),
        ("redirect_uri", json!("https://evil.example/cb")),
        ("redirect_uri", json!("http://evil.example/cb")),
        ("redirect_uri", json!("http://localhost.evil.example/cb")),
        ("redirect_uri", json!("http://0.0.0.0/cb")),
        ("redirect_uri", json!("http://localhost:0/cb")),
        ("redirect_uri", json!("http://localhost/cb?x=1")),
        ("redirect_uri", json!("http://user@localhost/cb")),
        ("redirect_uri", json!("dev.doorkey.app:/callback")),
        ("redirect_uri", json!("com.bank.app:/callback")),
        ("redirect_uri", json!("javascript:alert(1)")),
        ("scopes", json!(["all offline"])),
        ("scopes", json!(["\"all\""])),
        ("scopes", json!([""])),
        ("scopes", json!([long])),
        ("scopes", json!(many)),
        ("audience", json!("https://payroll.example")),
        ("audience", json!("https://payroll.example/api")),
        ("audience", json!("a\nb")),
        ("audience", json!(long)),
        ("authorization_metadata_key", json!("Cookie")),
        ("authorization_metadata_key", json!("Host")),
        ("authorization_metadata_key", json!("Content-Length")),
        ("authorization_metadata_key", json!("Proxy-Authorization")),
        ("authorization_metadata_key", json!("x: y\r\nCookie")),
    ];
    for (member, value) in cases {
        cluster.says(&with(member, value.clone()));
        let error = cluster.refusal(&profile).await;
        assert_eq!(error.code(), Code::MetadataInvalid, "{member} {value}");
        let message = error.message();
        assert!(
            message.contains(&format!("`{member}` ")),
            "{value}: {message}"
        );
        assert!(
            error.hint().contains("What the profile says"),
            "{}",
            error.hint()
        );
    }
    for (member, value) in [
        ("client_id", json!(7)),
        ("scopes", json!("all")),
        ("scopes", json!([1])),
        ("redirect_uri", json!({})),
        ("authorization_metadata_key", json!(["a"])),
    ] {
        cluster.says(&with(member, value.clone()));
        let error = cluster.refusal(&profile).await;
        assert_eq!(error.code(), Code::MetadataInvalid, "{member} {value}");
    }
    let steps = cluster.steps.lock().expect("the steps").clone();
    assert!(steps.iter().all(|step| step.kind != StepKind::SecretsMade));
    assert!(cluster.double.asked("/token").is_empty());
}

#[tokio::test]
async fn only_a_small_json_object_from_that_very_address_is_taken() {
    let cluster = Cluster::start().await;
    let profile = cluster.profile("");
    let good = usual().to_string();
    let twice = good.replacen('{', "{\"client_id\":\"evil\",", 1);
    let large = with("more", json!("a".repeat(64 * 1024))).to_string();
    for (status, body, code) in [
        (200, twice.as_str(), Code::MetadataInvalid),
        (200, "[]", Code::MetadataInvalid),
        (200, "null", Code::MetadataInvalid),
        (200, "", Code::MetadataInvalid),
        (200, "<html>", Code::MetadataInvalid),
        (200, &large, Code::ResponseTooLarge),
        (302, &good, Code::MetadataInvalid),
        (404, &good, Code::MetadataInvalid),
        (401, &good, Code::MetadataInvalid),
        (503, &good, Code::Unavailable),
        (429, &good, Code::Unavailable),
    ] {
        cluster.double.answer(SETTINGS, status, body);
        assert_eq!(
            cluster.refusal(&profile).await.code(),
            code,
            "{status} {body:.40}"
        );
    }
    cluster.double.answer(SETTINGS, 200, &good);
    assert!(cluster.doorkey.begin(&profile).await.is_ok());
}

#[tokio::test]
async fn endpoints_are_none_of_its_business() {
    let cluster = Cluster::start().await;
    let mut document = usual();
    for member in ["issuer", "authorization_endpoint", "token_endpoint", "api"] {
        document[member] = json!("https://evil.example/");
    }
    cluster.says(&document);
    let (session, url) = double::sign_in(&cluster.doorkey, &cluster.profile(""))
        .await
        .expect("a session");
    assert!(
        url.as_str()
            .starts_with(&format!("{}/authorize?", cluster.double.url))
    );
    let api: Vec<_> = session
        .profile()
        .api()
        .iter()
        .map(url::Url::as_str)
        .collect();
    assert_eq!(api, [format!("{}/", cluster.double.url)]);
}

#[tokio::test]
async fn a_check_looks_at_the_client_that_the_server_names() {
    let cluster = Cluster::start().await;
    let profile = cluster.profile("");
    let checks = cluster.doorkey.check(&profile, None).await;
    assert_eq!(checks[0].id, "client_settings");
    assert!(
        checks[0].seen.ends_with("names the client \"flytectl\"."),
        "{checks:?}"
    );
    let redirect = checks.iter().find(|check| check.id == "redirect_uri");
    assert!(
        redirect
            .expect("a line")
            .seen
            .contains("http://localhost/cb"),
        "{checks:?}"
    );
    cluster.says(&with("client_id", json!("")));
    let checks = cluster.doorkey.check(&profile, None).await;
    assert_eq!(checks[0].outcome, CheckOutcome::Failed);
    assert!(
        checks.iter().all(|check| check.id != "authorization"),
        "{checks:?}"
    );
}

#[test]
fn whose_word_it_is_is_for_the_profile_to_say() {
    let name: ProfileName = "work".parse().expect("a name");
    let read = |settings: &str, more: &str| {
        let text = format!(
            "issuer = \"https://login.example\"\napi = [\"https://flyte.example/x\"]\nclient_settings = \"{settings}\"\n{more}"
        );
        Profile::parse(&name, &text)
    };
    for good in [
        "https://login.example/c",
        "https://flyte.example/config/v1/flyte_client",
    ] {
        assert!(read(good, "").is_ok(), "{good}");
    }
    for bad in [
        "https://evil.example/c",
        "https://flyte.example:8443/c",
        "http://flyte.example/c",
        "https://flyte.example@evil.example/c",
        "file:///c",
        "/c",
    ] {
        let error = read(bad, "").expect_err(bad);
        assert!(
            error.message().contains("`client_settings`"),
            "{}",
            error.message()
        );
    }
    let post = "token_endpoint_auth_method = \"client_secret_post\"\n";
    let error = read("https://flyte.example/c", post).expect_err("whose secret");
    assert!(
        error
            .message()
            .contains("`client_id` is missing, and a client secret"),
        "{}",
        error.message()
    );
    let named = format!("{post}client_id = \"a\"\n");
    assert!(read("https://flyte.example/c", &named).is_ok());
    assert!(read("https://flyte.example/c", "client_id = \" \"\n").is_err());
    let header = "authorization_header = \"Cookie\"\n";
    assert!(read("https://flyte.example/c", header).is_err());
}
