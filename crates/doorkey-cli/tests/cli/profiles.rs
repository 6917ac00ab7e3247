//! Profiles: made from presets, shown, listed, checked and removed.

use serde_json::json;

use crate::doorkey::Doorkey;

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
fn a_cluster_tells_its_client_itself() {
    let doorkey = Doorkey::new();
    let add = [
        "profile",
        "add",
        "cluster",
        "--preset",
        "flyte",
        "--set",
        "base_url=flyte.example.com",
    ];
    let (code, added) = doorkey.json(&add);
    assert_eq!((code, &added["redirect_uris"]), (0, &json!([])), "{added}");
    let (_, shown) = doorkey.json(&["profile", "show", "cluster"]);
    assert_eq!(
        (&shown["client_id"], &shown["settings"]["client_settings"]),
        (
            &json!(null),
            &json!("https://flyte.example.com/config/v1/flyte_client")
        )
    );
    let (_, listed, _) = doorkey.run(&["profile", "list"]);
    assert!(
        listed.contains("cluster  flyte.example.com  (the server says)\n"),
        "{listed}"
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
