//! The command line as a program sees it, where no keychain and no provider is needed.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop")]

use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

/// `doorkey` with a folder of its own and no keychain.
struct Doorkey {
    folder: tempfile::TempDir,
}

impl Doorkey {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_doorkey"));
        command
            .env("DOORKEY_CONFIG_DIR", self.folder.path())
            .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
            .env("BROWSER", "/nonexistent")
            .env_remove("RUST_LOG")
            .stdin(Stdio::null());
        command
    }

    fn run(&self, arguments: &[&str]) -> (i32, String, String) {
        let Output {
            status,
            stdout,
            stderr,
        } = self.command().args(arguments).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (status.code().unwrap(), text(stdout), text(stderr))
    }

    /// The exit code and the one object on standard output; nothing may be on standard error.
    fn json(&self, arguments: &[&str]) -> (i32, Value) {
        let (code, stdout, stderr) = self.run(&[arguments, &["--json"]].concat());
        assert_eq!(stderr, "", "{arguments:?}");
        assert_eq!(stdout.lines().count(), 1, "{arguments:?}: {stdout}");
        (code, serde_json::from_str(&stdout).unwrap())
    }

    fn profile(&self, name: &str) -> PathBuf {
        self.folder
            .path()
            .join("profiles")
            .join(format!("{name}.toml"))
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::create_dir_all(self.folder.path().join("profiles")).unwrap();
        std::fs::write(self.profile(name), text).unwrap();
    }
}

#[test]
fn wrong_usage_is_code_2_in_words_and_in_json() {
    let doorkey = Doorkey::new();
    for arguments in [
        &["logn"][..],
        &["login", "--device", "--no-browser"],
        &["login", "--issuer", "https://a.example"],
        &["login", "--client-id", "a"],
        &["login", "--scope", "a"],
        &["login", "--timeout", "0"],
        &["login", "--profile", "../x"],
        &["token", "--exec-credential", "--id-token"],
        &["completions", "tcsh"],
        &["man", "logn"],
        &["token", "--min-ttl", "-1"],
        &["api"],
        &["api", "GET"],
        &["api", "/x", "-H", "no colon"],
        &["logout", "--all", "--profile", "demo"],
        &["profile", "add", "work", "--preset", "acme"],
        &[
            "profile", "add", "work", "--preset", "oidc", "--set", "issuer",
        ],
        &["profile", "show"],
        &["demo", "--as", "passport"],
        &["demo", "--port", "65534"],
        &["doctr"],
    ] {
        let (code, stdout, stderr) = doorkey.run(arguments);
        assert_eq!((code, stdout.as_str()), (2, ""), "{arguments:?}");
        assert!(stderr.starts_with("error: "), "{arguments:?}: {stderr}");
        let (code, told) = doorkey.json(arguments);
        let error = &told["error"];
        assert_eq!(
            (code, error["code"].as_str()),
            (2, Some("usage")),
            "{arguments:?}"
        );
        assert!(
            error["message"]
                .as_str()
                .is_some_and(|text| !text.is_empty() && !text.contains('\n')),
            "{told}"
        );
        assert!(
            error["hint"]
                .as_str()
                .is_some_and(|text| !text.is_empty() && !text.contains('\n')),
            "{told}"
        );
        assert_eq!(told.as_object().map(serde_json::Map::len), Some(1));
    }
    assert_eq!(
        std::fs::read_dir(doorkey.folder.path())
            .unwrap()
            .filter(|entry| entry.as_ref().unwrap().file_name() != "demo")
            .count(),
        0
    );
}

#[test]
fn a_usage_error_names_what_was_meant() {
    let expected = json!({ "error": {
        "code": "usage",
        "message": "unrecognized subcommand 'tokn'",
        "hint": "a similar subcommand exists: 'token'",
    } });
    assert_eq!(Doorkey::new().json(&["tokn"]), (2, expected));
}

#[test]
fn help_and_version_are_no_errors() {
    let doorkey = Doorkey::new();
    for arguments in [
        &["--help"][..],
        &["--version"],
        &["login", "-h"],
        &["profile", "add", "--help"],
        &["help", "api"],
    ] {
        let (code, stdout, stderr) = doorkey.run(arguments);
        assert_eq!((code, stderr.as_str()), (0, ""), "{arguments:?}");
        assert!(!stdout.is_empty(), "{arguments:?}");
    }
    let (code, stdout, stderr) = doorkey.run(&[]);
    assert_eq!((code, stdout.as_str()), (2, ""));
    assert!(stderr.contains("Usage: doorkey"), "{stderr}");
}

#[test]
fn the_commands_are_those_of_the_contract() {
    let (_, help, _) = Doorkey::new().run(&["--help"]);
    let commands: Vec<_> = help
        .lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert_eq!(
        commands,
        [
            "login",
            "status",
            "token",
            "api",
            "logout",
            "profile",
            "demo",
            "doctor",
            "completions",
            "man",
            "help"
        ]
    );
}

#[test]
fn profiles_are_added_shown_listed_and_removed() {
    let doorkey = Doorkey::new();
    let add = [
        "profile",
        "add",
        "work",
        "--preset",
        "oidc",
        "--set",
        "issuer=https://login.example.com",
        "--set",
        "client_id=desktop",
        "--set",
        "scopes=openid a:b",
        "--set",
        "api=https://api.example.com/v1",
        "--set",
        "redirect_uri=http://localhost:53593/callback",
    ];
    let file = doorkey.profile("work");
    let (code, added) = doorkey.json(&add);
    assert_eq!(
        (code, &added["profile"], &added["file"]),
        (0, &json!("work"), &json!(file))
    );
    assert_eq!(
        added["redirect_uris"],
        json!(["http://localhost:53593/callback"])
    );
    let again = json!({ "error": {
        "code": "profile_exists",
        "message": "There is a profile `work` already",
        "hint": "Choose another name, or remove the profile first.",
    } });
    assert_eq!(doorkey.json(&add), (2, again));

    let shown = json!({
        "name": "work",
        "file": file,
        "issuer": "https://login.example.com",
        "client_id": "desktop",
        "scopes": ["openid", "a:b"],
        "redirect_uri": "http://localhost:53593/callback",
        "api": ["https://api.example.com/v1/"],
        "settings": {
            "issuer": "https://login.example.com",
            "client_id": "desktop",
            "scopes": ["openid", "a:b"],
            "redirect_uri": "http://localhost:53593/callback",
            "api": ["https://api.example.com/v1"],
        },
    });
    assert_eq!(doorkey.json(&["profile", "show", "work"]), (0, shown));
    let (code, text, _) = doorkey.run(&["profile", "show", "work"]);
    let content = std::fs::read_to_string(&file).unwrap();
    assert_eq!(
        (code, text),
        (0, format!("# {}\n{content}", file.display()))
    );

    doorkey.write("broken", "issuer = 3\n");
    let (code, listed) = doorkey.json(&["profile", "list"]);
    let profiles = listed["profiles"].as_array().unwrap();
    assert_eq!(code, 0);
    assert!(
        profiles[0]["error"]
            .as_str()
            .unwrap()
            .contains("broken.toml, line 1"),
        "{listed}"
    );
    let usable = [
        json!({ "name": "demo", "provider": "127.0.0.1:4180", "client_id": "doorkey-desktop" }),
        json!({ "name": "work", "provider": "login.example.com", "client_id": "desktop" }),
    ];
    assert_eq!(profiles[1..], usable);

    assert_eq!(
        doorkey.json(&["profile", "remove", "work"]),
        (0, json!({ "profile": "work", "signed_out": false }))
    );
    assert_eq!(doorkey.json(&["profile", "show", "work"]).0, 2);
    assert_eq!(
        doorkey.json(&["profile", "remove", "work"]).1["error"]["code"],
        "profile_not_found"
    );
    assert_eq!(
        doorkey.json(&["profile", "remove", "demo"]).0,
        2,
        "there is only the built-in one"
    );
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
            "clock",
            "port",
            "redirect_uri",
            "keychain",
            "browser"
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

#[test]
fn the_presets_are_listed_with_their_fields() {
    let (code, listed) = Doorkey::new().json(&["profile", "list", "--presets"]);
    let ids: Vec<_> = listed["presets"]
        .as_array()
        .unwrap()
        .iter()
        .map(|preset| preset["id"].as_str().unwrap())
        .collect();
    assert_eq!(
        (code, ids),
        (
            0,
            vec![
                "oidc",
                "auth0",
                "google",
                "google-cloud",
                "okta",
                "entra",
                "adfs",
                "keycloak",
                "passport",
                "flyte",
                "github",
                "oauth2"
            ]
        )
    );
    let issuer = json!({ "name": "issuer", "required": true, "about": "The issuer, exactly as the provider writes it" });
    assert_eq!(listed["presets"][0]["fields"][0], issuer);
}

#[test]
fn a_provider_is_added_with_what_to_do_in_its_console() {
    let doorkey = Doorkey::new();
    let add = [
        "profile",
        "add",
        "work",
        "--preset",
        "okta",
        "--set",
        "domain=acme.okta.com",
        "--set",
        "client_id=abc",
    ];
    let (code, added) = doorkey.json(&add);
    assert_eq!(code, 0, "{added}");
    assert_eq!(
        added["redirect_uris"],
        json!([
            "http://127.0.0.1:8714/callback",
            "http://127.0.0.1:8715/callback",
            "http://127.0.0.1:8716/callback"
        ])
    );
    assert!(!added["checklist"].as_array().unwrap().is_empty());
    let (code, shown) = doorkey.json(&["profile", "show", "work"]);
    assert_eq!(
        (code, &shown["issuer"], &shown["settings"]["preset"]),
        (0, &json!("https://acme.okta.com"), &json!("okta"))
    );
    let again = [&add[..2], &["other"], &add[3..]].concat();
    let (code, stdout, _) = doorkey.run(&again);
    assert_eq!(code, 0);
    assert!(
        stdout.contains("\n  http://127.0.0.1:8715/callback\n"),
        "{stdout}"
    );
    let old = [
        "profile",
        "add",
        "old",
        "--preset",
        "adfs",
        "--set",
        "host=fs.example.com",
        "--set",
        "client_id=abc",
        "--set",
        "windows_server=2016",
    ];
    let (code, told) = doorkey.json(&old);
    assert_eq!(
        (code, told["error"]["code"].as_str()),
        (5, Some("unsupported_provider"))
    );
}

#[test]
fn a_plain_oauth_server_can_be_added() {
    let doorkey = Doorkey::new();
    let add = [
        "profile",
        "add",
        "forge",
        "--preset",
        "oauth2",
        "--set",
        "authorization_endpoint=https://forge.example/authorize",
        "--set",
        "token_endpoint=https://forge.example/token",
        "--set",
        "revocation_endpoint=https://forge.example/revoke",
        "--set",
        "client_id=desktop",
        "--set",
        "who_am_i=https://forge.example/user",
        "--set",
        "who_am_i_name=/login",
    ];
    assert_eq!(doorkey.json(&add).0, 0);
    let settings = json!({
        "client_id": "desktop",
        "endpoints": {
            "authorization": "https://forge.example/authorize",
            "token": "https://forge.example/token",
            "revocation": "https://forge.example/revoke",
        },
        "who_am_i": { "url": "https://forge.example/user", "subject": "/id", "name": "/login" },
    });
    assert_eq!(
        doorkey.json(&["profile", "show", "forge"]).1["settings"],
        settings
    );
}

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

#[test]
fn a_shell_completes_every_command() {
    let doorkey = Doorkey::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let (code, script, stderr) = doorkey.run(&["completions", shell]);
        assert_eq!((code, stderr.as_str()), (0, ""), "{shell}");
        for word in ["login", "token", "doctor", "device", "exec-credential"] {
            assert!(script.contains(word), "{shell} lacks {word}");
        }
    }
    let (_, script, _) = doorkey.run(&["completions", "bash"]);
    let (code, told) = doorkey.json(&["completions", "bash"]);
    assert_eq!((code, told["script"].as_str()), (0, Some(script.as_str())));
}

#[test]
fn the_manual_has_a_page_for_all_and_one_for_each() {
    let doorkey = Doorkey::new();
    let (code, page, _) = doorkey.run(&["man"]);
    assert_eq!(code, 0);
    assert!(
        page.contains(".TH doorkey 1") && page.contains("doorkey\\-login"),
        "{page}"
    );
    let (code, page, _) = doorkey.run(&["man", "login"]);
    assert_eq!(code, 0);
    assert!(
        page.contains(".TH doorkey-login 1") && page.contains("\\-\\-device"),
        "{page}"
    );
    let (_, told) = doorkey.json(&["man", "login"]);
    assert_eq!(told["name"], "doorkey-login");
}
