//! What the command line takes, and what it says of itself.

use serde_json::json;

use crate::doorkey::Doorkey;

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
        &["demo", "--as", "acme"],
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
        std::fs::read_dir(doorkey.folder())
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
            "reset",
            "completions",
            "man",
            "help"
        ]
    );
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
