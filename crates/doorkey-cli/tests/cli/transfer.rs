//! Profiles handed from one person to another.

use serde_json::json;

use crate::doorkey::Doorkey;

const WORK: &str = "issuer = \"https://login.example.com\"\nclient_id = \"desktop\"\napi = [\"https://api.example.com/v1\"]\nbrowser = \"firefox -P ada %s\"\n";

#[test]
fn a_profile_goes_from_one_person_to_another() {
    let (ada, grace) = (Doorkey::new(), Doorkey::new());
    ada.write("work", WORK);
    let file = ada.folder().join("team.toml");
    let file = file.to_str().unwrap();
    let (code, stdout, stderr) = ada.run(&["profile", "export", "work", file]);
    assert_eq!(
        (code, stdout),
        (0, format!("Exported profile work to {file}.\n"))
    );
    assert_eq!(stderr, "Left out:\n  browser: It is this computer's.\n");

    let (code, imported) = grace.json(&["profile", "import", file]);
    assert_eq!(code, 0, "{imported}");
    let expected = json!({
        "profile": "team",
        "file": grace.profile("team"),
        "provider": "login.example.com",
        "client_id": "desktop",
        "api": ["https://api.example.com/v1/"],
        "redirect_uris": ["http://127.0.0.1/callback"],
        "left_out": [],
        "signed_out": false,
    });
    assert_eq!(imported, expected);
    let written = std::fs::read_to_string(grace.profile("team")).unwrap();
    assert!(!written.contains("firefox"), "{written}");
    let (code, exported) = grace.json(&["profile", "export", "team"]);
    assert_eq!(
        (code, exported["text"].as_str().unwrap()),
        (0, std::fs::read_to_string(file).unwrap().as_str())
    );
}

#[test]
fn nothing_is_overwritten_unless_that_is_asked_for() {
    let doorkey = Doorkey::new();
    doorkey.write("work", WORK);
    let file = doorkey.folder().join("mine.toml");
    std::fs::write(&file, "client_id = \"b\"\nissuer = \"https://a.example\"\n").unwrap();
    let path = file.to_str().unwrap();

    let (code, told) = doorkey.json(&["profile", "export", "work", path]);
    assert_eq!((code, &told["error"]["code"]), (2, &json!("usage")));
    assert!(
        std::fs::read_to_string(&file)
            .unwrap()
            .contains("a.example")
    );
    let (code, told) = doorkey.json(&["profile", "import", path, "work"]);
    assert_eq!(
        (code, &told["error"]["code"]),
        (2, &json!("profile_exists"))
    );
    assert!(
        told["error"]["hint"]
            .as_str()
            .unwrap()
            .contains("--replace")
    );
    assert_eq!(
        std::fs::read_to_string(doorkey.profile("work")).unwrap(),
        WORK
    );

    let (code, told) = doorkey.json(&["profile", "import", path, "work", "--replace"]);
    assert_eq!((code, &told["client_id"]), (0, &json!("b")), "{told}");
    let (code, _) = doorkey.json(&["profile", "export", "work", path, "--replace"]);
    assert_eq!(code, 0);
    assert!(
        std::fs::read_to_string(&file)
            .unwrap()
            .starts_with("# A profile for Doorkey")
    );
}

#[test]
fn flytes_config_file_is_enough() {
    let doorkey = Doorkey::new();
    let file = doorkey.folder().join("config.yaml");
    let text =
        "admin:\n  endpoint: dns:///flyte.example.com\n  authType: Pkce\n  command: [evil]\n";
    std::fs::write(&file, text).unwrap();
    let (code, stdout, stderr) = doorkey.run(&["profile", "import", file.to_str().unwrap()]);
    assert_eq!((code, stderr.as_str()), (0, ""), "{stdout}");
    for said in [
        "Imported profile flyte.example.com to ",
        "\nIts token may go to: https://flyte.example.com/\n",
        "\nLeft out:\n  admin.command: Doorkey runs no command",
        "\nSign in: doorkey login --profile flyte.example.com\n",
    ] {
        assert!(stdout.contains(said), "{stdout}");
    }
    let (_, shown) = doorkey.json(&["profile", "show", "flyte.example.com"]);
    assert_eq!(shown["settings"]["preset"], "flyte");
}

#[test]
fn what_cannot_be_imported_is_told_with_its_line() {
    let doorkey = Doorkey::new();
    let file = doorkey.folder().join("work.toml");
    let path = file.to_str().unwrap();
    let message = |arguments: &[&str]| {
        let (code, told) = doorkey.json(arguments);
        assert_eq!(code, 2, "{told}");
        told["error"]["message"].as_str().unwrap().to_owned()
    };
    assert!(message(&["profile", "import", path]).starts_with("Cannot read "));
    std::fs::write(&file, "client_id = \"b\"\nclient_secret = \"hunter2\"\n").unwrap();
    let told = message(&["profile", "import", path]);
    assert!(
        told.contains("work.toml, line 2: ") && !told.contains("hunter2"),
        "{told}"
    );
    std::fs::write(&file, vec![b'#'; 2 * 1024 * 1024]).unwrap();
    assert!(message(&["profile", "import", path]).contains("larger than 64 KiB"));
    assert!(
        message(&["profile", "import", path, "--client-id", "b"]).contains("A file says itself")
    );
    assert!(message(&["profile", "import", "https://a.example"]).contains("which client"));
    let plain = ["profile", "import", "http://a.example", "--client-id", "b"];
    assert!(message(&plain).contains("not encrypted"));
    assert_eq!(std::fs::read_dir(doorkey.folder()).unwrap().count(), 1);
}
