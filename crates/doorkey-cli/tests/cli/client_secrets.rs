//! Client secrets: taken from where nobody else can read, and told by nothing.

use std::io::Write as _;
use std::process::Stdio;

use serde_json::{Value, json};

use crate::doorkey::Doorkey;

const ADD: [&str; 7] = [
    "profile",
    "add",
    "mail",
    "--preset",
    "google",
    "--set",
    "client_id=abc",
];

#[test]
fn a_secret_among_the_arguments_is_refused_and_not_repeated() {
    let doorkey = Doorkey::new();
    for preset in ["google", "github"] {
        let mut add = ADD;
        add[4] = preset;
        let (code, told) = doorkey.json(&[&add[..], &["--set", "client_secret=canary"]].concat());
        assert_eq!((code, told["error"]["code"].as_str()), (2, Some("usage")));
        assert!(!told.to_string().contains("canary"), "{told}");
    }
    let okta = [
        "profile",
        "add",
        "mail",
        "--preset",
        "okta",
        "--set",
        "client_secret=canary",
    ];
    let (code, told) = doorkey.json(&okta);
    assert_eq!(
        (code, told["error"]["code"].as_str()),
        (2, Some("profile_invalid"))
    );
    assert!(!told.to_string().contains("canary"), "{told}");
    assert!(!doorkey.profile("mail").exists());
}

#[test]
fn a_profile_without_its_secret_says_how_to_give_it() {
    let doorkey = Doorkey::new();
    let (code, added) = doorkey.json(&ADD);
    assert_eq!((code, &added["client_secret_kept"]), (0, &json!(false)));
    let (code, shown) = doorkey.json(&["profile", "show", "mail"]);
    assert_eq!((code, &shown["client_secret"]), (0, &json!("unknown")));
    let (_, text, _) = doorkey.run(&["profile", "show", "mail"]);
    assert!(
        text.contains("\n# client secret: the keychain cannot be asked\n"),
        "{text}"
    );
    let text = std::fs::read_to_string(doorkey.profile("mail")).unwrap();
    assert!(text.contains("token_endpoint_auth_method = \"client_secret_post\"\n"));
    assert!(!text.contains("client_secret ="));
}

#[test]
fn a_secret_that_cannot_be_kept_leaves_no_profile_behind() {
    let doorkey = Doorkey::new();
    let file = doorkey.folder().join("secret");
    std::fs::write(&file, "canary-secret\n").unwrap();
    let from_file = format!("client_secret=@{}", file.display());
    let (code, told) = doorkey.json(&[&ADD[..], &["--set", &from_file]].concat());
    assert_eq!(
        (code, told["error"]["code"].as_str()),
        (7, Some("keychain_unavailable"))
    );
    assert!(!doorkey.profile("mail").exists());
    let absent = format!("client_secret=@{}/absent", doorkey.folder().display());
    let (code, told) = doorkey.json(&[&ADD[..], &["--set", &absent]].concat());
    assert_eq!(
        (code, told["error"]["code"].as_str()),
        (1, Some("file_error"))
    );
    assert!(!doorkey.profile("mail").exists());
}

#[test]
fn only_a_profile_that_sends_one_is_given_a_secret() {
    let doorkey = Doorkey::new();
    doorkey.write(
        "work",
        "issuer = \"https://a.example\"\nclient_id = \"a\"\n",
    );
    let (code, told) = given(&doorkey, &["profile", "secret", "work"], "canary");
    assert_eq!(
        (code, told["error"]["code"].as_str()),
        (2, Some("profile_invalid"))
    );
    let hint = told["error"]["hint"].as_str().unwrap();
    assert!(hint.contains("token_endpoint_auth_method"), "{hint}");

    assert_eq!(doorkey.json(&ADD).0, 0);
    let (code, told) = given(&doorkey, &["profile", "secret", "mail"], " \n");
    assert_eq!(
        (code, told["error"]["code"].as_str()),
        (2, Some("profile_invalid"))
    );
    let (code, told) = given(&doorkey, &["profile", "secret", "mail"], "canary\n");
    assert_eq!(
        (code, told["error"]["code"].as_str()),
        (7, Some("keychain_unavailable"))
    );
    assert!(!told.to_string().contains("canary"), "{told}");
}

/// Runs a command with something on its standard input.
fn given(doorkey: &Doorkey, arguments: &[&str], text: &str) -> (i32, Value) {
    let mut child = doorkey
        .command()
        .args(arguments)
        .arg("--json")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that refuses at once reads nothing.
    drop(child.stdin.take().unwrap().write_all(text.as_bytes()));
    let output = child.wait_with_output().unwrap();
    let told = serde_json::from_slice(&output.stdout).unwrap();
    (output.status.code().unwrap(), told)
}
