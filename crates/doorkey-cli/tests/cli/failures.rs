//! What goes wrong, and how it is told.

use std::process::Stdio;

use crate::doorkey::Doorkey;

#[test]
fn errors_have_words_a_hint_and_a_code() {
    let doorkey = Doorkey::new();
    let told =
        "error: There is no profile `work`\nhint: List the profiles with: doorkey profile list\n";
    assert_eq!(
        doorkey.run(&["status", "--profile", "work"]),
        (2, String::new(), told.to_owned())
    );
    let (code, insecure) = doorkey.json(&[
        "login",
        "--issuer",
        "http://login.example.com",
        "--client-id",
        "a",
    ]);
    assert_eq!(
        (code, insecure["error"]["code"].as_str()),
        (2, Some("insecure_endpoint"))
    );
    let (code, offline) = doorkey.json(&[
        "login",
        "--issuer",
        "http://127.0.0.1:9",
        "--client-id",
        "a",
    ]);
    assert_eq!(
        (code, offline["error"]["code"].as_str()),
        (6, Some("offline"))
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_computer_without_authorities_is_no_flaw_of_doorkey() {
    let doorkey = Doorkey::new();
    let empty = doorkey.folder().join("authorities.pem");
    std::fs::write(&empty, "").unwrap();
    let login = ["login", "--issuer", "https://127.0.0.1:9"];
    let output = doorkey
        .command()
        .args(login)
        .args(["--client-id", "a", "--json"])
        .env("SSL_CERT_FILE", &empty)
        .env("SSL_CERT_DIR", doorkey.folder())
        .output()
        .unwrap();
    let told: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(6), "{told}");
    assert_eq!(told["error"]["code"], "tls_untrusted");
    let hint = told["error"]["hint"].as_str().unwrap();
    assert!(hint.contains("ca-certificates"), "{hint}");
}

#[test]
fn a_sign_in_whose_answer_would_be_a_link_is_refused_before_anything_is_asked() {
    let doorkey = Doorkey::new();
    let (code, error) = doorkey.json(&[
        "login",
        "--profile",
        "linked",
        "--issuer",
        // Nobody listens there, and nobody finds out.
        "http://127.0.0.1:1",
        "--client-id",
        "abc",
        "--redirect-uri",
        "dev.doorkey.app:/callback",
    ]);
    assert_eq!(code, 1, "{error}");
    let error = &error["error"];
    assert_eq!(error["code"], "deep_link_unavailable");
    let hint = error["hint"].as_str().unwrap();
    assert!(
        hint.contains("app") && hint.contains("http://127.0.0.1/callback"),
        "{hint}"
    );
}

#[cfg(target_os = "linux")]
#[test]
fn without_a_keychain_nobody_is_told_to_be_signed_out() {
    let doorkey = Doorkey::new();
    for command in [
        &["status"][..],
        &["token"],
        &["api", "/"],
        &["logout"],
        &["logout", "--all"],
    ] {
        let (code, stdout, stderr) = doorkey.run(command);
        assert_eq!(code, 7, "{command:?}: {stdout}{stderr}");
        assert!(
            stderr.contains("error: The system keychain cannot be used"),
            "{stderr}"
        );
    }
}

#[test]
fn g21_what_others_have_written_is_not_obeyed() {
    let doorkey = Doorkey::new();
    doorkey.write(
        "work",
        "issuer = \"https://a.example\"\nclient_id = \"b\"\nwho = \"\\u001b[2J\\u202e\"\n",
    );
    let (_, stdout, stderr) = doorkey.run(&["status", "--profile", "work"]);
    assert!(stderr.contains("work.toml, line 3"), "{stderr}");
    doorkey.write(
        "odd",
        "issuer = \"https://a.example/\u{9b}2J\u{202e}\"\nclient_id = \"b\"\n",
    );
    let (_, shown, more) = doorkey.run(&["profile", "show", "odd"]);
    let (_, document) = doorkey.json(&["profile", "show", "odd"]);
    let all = [
        stdout,
        stderr,
        shown,
        more,
        doorkey.run(&["profile", "show", "odd", "--json"]).1,
    ]
    .concat();
    assert!(
        all.chars().all(
            |character| character == '\n' || !character.is_control() && character != '\u{202e}'
        ),
        "{all:?}"
    );
    assert_eq!(document["issuer"], "https://a.example/\u{9b}2J\u{202e}");
}

#[cfg(unix)]
#[test]
fn a_reader_that_goes_away_is_no_failure_and_a_full_disk_is_one() {
    let doorkey = Doorkey::new();
    let mut child = doorkey
        .command()
        .args(["profile", "list", "--presets"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(
        (output.status.code(), output.stderr.as_slice()),
        (Some(0), b"".as_slice())
    );

    if let Ok(full) = std::fs::File::options().write(true).open("/dev/full") {
        let output = doorkey
            .command()
            .args(["profile", "list"])
            .stdout(full)
            .stderr(Stdio::piped())
            .output()
            .unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{stderr}");
        assert!(
            stderr.starts_with("error: Cannot write to standard output: "),
            "{stderr}"
        );
    }
}
