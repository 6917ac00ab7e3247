//! G07, G08, G12, G14, G20, G22, G24 and G28: what the window may do, and what it is built from, as it stands in the repository.

use std::collections::BTreeMap;
use std::fs;

use doorkey_tests::program::repository;
use semver::Version;
use serde_json::Value;

fn read(file: &str) -> String {
    fs::read_to_string(repository().join(file)).expect(file)
}

fn json(file: &str) -> Value {
    serde_json::from_str(&read(file)).expect(file)
}

#[test]
fn g07_the_page_may_load_its_own_files_and_talk_to_the_app_only() {
    let config = json("tauri.conf.json");
    let policy = config["app"]["security"]["csp"].as_str().expect("a policy");
    let rules: BTreeMap<_, _> = policy
        .split(';')
        .filter_map(|rule| rule.trim().split_once(' '))
        .collect();
    assert_eq!(rules["default-src"], "'none'");
    assert_eq!(rules["script-src"], "'self'");
    assert_eq!(rules["connect-src"], "ipc: http://ipc.localhost");
    for sources in rules.values() {
        for source in ["unsafe", "*", "http://*", "https:", "blob:"] {
            assert!(!sources.contains(source), "{sources}");
        }
    }
    for closed in ["base-uri", "form-action", "frame-ancestors", "object-src"] {
        assert_eq!(rules[closed], "'none'", "{closed}");
    }
    // Nothing may loosen it at run time, and no page of another origin is trusted.
    assert!(config["app"]["security"]["dangerousDisableAssetCspModification"].is_null());
}

#[test]
fn g08_one_window_has_the_commands_of_doorkey_and_nothing_of_the_system() {
    let folder = repository().join("src-tauri/capabilities");
    let files: Vec<_> = fs::read_dir(folder)
        .expect("the capabilities")
        .map(|entry| entry.expect("an entry").file_name())
        .collect();
    assert_eq!(files, ["main.json"]);
    let capability = json("src-tauri/capabilities/main.json");
    assert_eq!(capability["windows"], serde_json::json!(["main"]));
    assert!(capability["remote"].is_null());
    let permissions = capability["permissions"].as_array().expect("permissions");
    let of_tauri: Vec<_> = permissions
        .iter()
        .filter_map(Value::as_str)
        .filter(|permission| permission.contains(':'))
        .collect();
    // To follow the view, and to be zoomed.
    let expected = [
        "core:event:allow-listen",
        "core:event:allow-unlisten",
        "core:webview:allow-set-webview-zoom",
    ];
    assert_eq!(of_tauri, expected);
}

#[test]
fn g12_g14_the_page_has_no_global_to_take_over() {
    let app = &json("tauri.conf.json")["app"];
    assert_eq!(app["withGlobalTauri"], false);
    assert_eq!(app["security"]["freezePrototype"], true);
    // Nothing leans on a sandbox inside the page: its policy and the list of commands hold by themselves.
    assert!(app["security"]["pattern"].is_null());
    assert_eq!(app["security"]["capabilities"], serde_json::json!(["main"]));
}

/// The versions below which a flaw is known, and what it was about.
const FLOORS: [(&str, &str); 9] = [
    ("tauri", "2.11.1"),
    ("tauri-plugin-shell", "2.2.1"),
    ("tracing-subscriber", "0.3.20"),
    ("reqwest", "0.13.4"),
    ("jsonwebtoken", "10.3.0"),
    ("url", "2.5.4"),
    ("rustls-webpki", "0.103.13"),
    ("h2", "0.4.16"),
    ("time", "0.3.47"),
];

#[test]
fn g24_nothing_is_older_than_the_last_known_flaw() {
    let lock = read("Cargo.lock");
    let lines: Vec<_> = lock.lines().collect();
    for (name, floor) in FLOORS {
        let floor = Version::parse(floor).expect("a version");
        let name = format!("name = {name:?}");
        let found: Vec<_> = lines
            .windows(2)
            .filter(|pair| pair[0] == name)
            .filter_map(|pair| pair[1].split('"').nth(1))
            .map(|version| Version::parse(version).expect("a version"))
            .collect();
        assert!(
            !found.is_empty(),
            "{name} is no longer used: remove its floor"
        );
        for version in found {
            assert!(version >= floor, "{name} {version} is older than {floor}");
        }
    }
}

#[test]
fn g28_what_comes_into_the_tree_is_named_and_locked() {
    let rules = read("deny.toml");
    for line in [
        "[licenses]",
        "[advisories]",
        "[sources]",
        "unknown-registry = \"deny\"",
        "unknown-git = \"deny\"",
    ] {
        assert!(rules.lines().any(|found| found == line), "{line}");
    }
    // One registry, and nothing from anywhere else.
    let sources: std::collections::BTreeSet<_> = read("Cargo.lock")
        .lines()
        .filter(|line| line.starts_with("source = "))
        .map(str::to_owned)
        .collect();
    assert_eq!(sources.len(), 1, "{sources:?}");
}

#[test]
fn g20_g22_nothing_logs_to_the_page_or_reports_home() {
    let lock = read("Cargo.lock");
    for name in ["tauri-plugin-log", "sentry", "opentelemetry", "posthog-rs"] {
        let line = format!("name = {name:?}");
        assert!(!lock.lines().any(|found| found == line), "{name}");
    }
}
