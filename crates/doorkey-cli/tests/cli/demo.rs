//! `doorkey demo --as`: a provider that plays another one, and the profile that leads there.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

use serde_json::{Value, json};

use crate::doorkey::Doorkey;

/// A demo that runs until it is dropped.
struct Running {
    child: Child,
    told: Value,
}

impl Running {
    fn start(doorkey: &Doorkey, personality: &str) -> Self {
        let mut child = doorkey
            .command()
            .args(["demo", "--as", personality, "--port", "0", "--json"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        stdout.read_line(&mut line).unwrap();
        let told = serde_json::from_str(&line).unwrap();
        Self { child, told }
    }

    fn text(&self, member: &str) -> &str {
        self.told[member].as_str().unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

fn shown(doorkey: &Doorkey, profile: &str) -> toml::Table {
    let text = std::fs::read_to_string(doorkey.profile(profile)).unwrap();
    text.parse().unwrap()
}

#[test]
fn a_personality_leaves_the_profile_that_its_preset_makes() {
    let doorkey = Doorkey::new();
    let demo = Running::start(&doorkey, "passport");
    let base = demo.text("issuer");
    assert_eq!(
        demo.told,
        json!({ "issuer": base, "api": base, "profile": "demo-passport" })
    );
    let profile = shown(&doorkey, "demo-passport");
    assert_eq!(profile["preset"].as_str(), Some("passport"));
    let token = profile["endpoints"]["token"].as_str().unwrap();
    assert_eq!(token, format!("{base}/oauth/token"));
}

#[test]
fn two_personalities_run_beside_each_other_with_a_database_each() {
    let doorkey = Doorkey::new();
    let (one, other) = (
        Running::start(&doorkey, "keycloak"),
        Running::start(&doorkey, "auth0"),
    );
    assert_ne!(one.text("issuer"), other.text("issuer"));
    for name in ["keycloak", "auth0"] {
        let database = doorkey.folder().join("demo").join(format!("{name}.sqlite"));
        assert!(database.exists(), "{}", database.display());
    }
    let issuer = |profile| shown(&doorkey, profile)["issuer"].clone();
    assert_eq!(issuer("demo-keycloak").as_str(), Some(one.text("issuer")));
    assert_eq!(issuer("demo-auth0").as_str(), Some(other.text("issuer")));
}

#[test]
fn the_profile_follows_when_the_demo_has_moved() {
    let doorkey = Doorkey::new();
    let before = Running::start(&doorkey, "okta").text("issuer").to_owned();
    let again = Running::start(&doorkey, "okta");
    assert_ne!(again.text("issuer"), before);
    let issuer = shown(&doorkey, "demo-okta")["issuer"].clone();
    assert_eq!(issuer.as_str(), Some(again.text("issuer")));
}

#[test]
fn whoever_is_unknown_is_answered_with_the_list_that_shells_complete() {
    let doorkey = Doorkey::new();
    let (code, told) = doorkey.json(&["demo", "--as", "acme"]);
    let message = told["error"]["message"].as_str().unwrap();
    assert_eq!((code, told["error"]["code"].as_str()), (2, Some("usage")));
    let (_, script, _) = doorkey.run(&["completions", "bash"]);
    let (_, presets) = doorkey.json(&["profile", "list", "--presets"]);
    for preset in presets["presets"].as_array().unwrap() {
        let id = preset["id"].as_str().unwrap();
        assert!(message.contains(id), "{message}");
        assert!(script.contains(id), "{id}");
    }
}
