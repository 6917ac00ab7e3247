//! `doorkey doctor` where the provider cannot be reached.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;

use serde_json::{Value, json};

use crate::doorkey::Doorkey;

/// The lines of a profile for a provider beyond a proxy.
fn checks(proxy: &str) -> Vec<Value> {
    let doorkey = Doorkey::new();
    doorkey.write(
        "work",
        "issuer = \"https://login.example.com\"\nclient_id = \"b\"\n",
    );
    let output = doorkey
        .command()
        .args(["doctor", "--profile", "work", "--json"])
        .env("HTTPS_PROXY", proxy)
        .env_remove("NO_PROXY")
        .env_remove("no_proxy")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(!text.contains("hunter2"), "{text}");
    let document: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        (&document["profile"], &document["outcome"]),
        (&json!("work"), &json!("failed"))
    );
    document["checks"].as_array().unwrap().clone()
}

fn line<'a>(checks: &'a [Value], id: &str) -> [&'a str; 3] {
    let line = checks.iter().find(|check| check["id"] == id).unwrap();
    ["outcome", "seen", "remedy"].map(|member| line[member].as_str().unwrap())
}

#[test]
fn the_proxy_is_named_and_is_the_first_thing_to_look_at() {
    let gone = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let checks = checks(&format!("http://ada:hunter2@{gone}"));
    let [outcome, seen, _] = line(&checks, "proxy");
    assert_eq!(outcome, "ok");
    assert_eq!(
        seen,
        format!("login.example.com is asked through the proxy http://{gone}.")
    );
    let [outcome, _, remedy] = line(&checks, "provider");
    assert_eq!(outcome, "failed");
    assert!(
        remedy.contains(&format!("Check the proxy http://{gone}")),
        "{remedy}"
    );
}

#[test]
fn a_proxy_that_wants_a_password_is_told_as_that() {
    let proxy = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = proxy.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in proxy.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 4096]);
            let refusal =
                b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n";
            let _ = stream.write_all(refusal);
        }
    });
    let checks = checks(&format!("http://{address}"));
    let [outcome, seen, remedy] = line(&checks, "provider");
    assert_eq!(outcome, "failed");
    assert!(seen.contains("proxy authorization required"), "{seen}");
    assert!(remedy.contains("NAME:PASSWORD"), "{remedy}");
}

#[test]
fn the_doctor_tells_each_check_and_is_0_only_when_nothing_failed() {
    let doorkey = Doorkey::new();
    let unused = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = unused.local_addr().unwrap().port();
    drop(unused);
    doorkey.write(
        "work",
        &format!("issuer = \"http://127.0.0.1:{port}\"\nclient_id = \"a\"\n"),
    );
    let (code, told) = doorkey.json(&["doctor", "--profile", "work"]);
    assert_eq!(
        (code, &told["profile"], &told["outcome"]),
        (1, &json!("work"), &json!("failed"))
    );
    let checks = told["checks"].as_array().unwrap();
    let ids: Vec<_> = checks
        .iter()
        .map(|check| check["id"].as_str().unwrap())
        .collect();
    assert_eq!(
        ids,
        [
            "provider",
            "port",
            "browser",
            "redirect_uri",
            "keychain",
            "locks"
        ]
    );
    let seen = checks[0]["seen"].as_str().unwrap();
    assert!(seen.starts_with("Cannot reach 127.0.0.1"), "{seen}");
    let (code, text, _) = doorkey.run(&["doctor", "--profile", "work"]);
    assert_eq!(code, 1);
    assert!(
        text.starts_with("failed   Provider      Cannot reach"),
        "{text}"
    );
}
