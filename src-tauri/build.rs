//! Lets Tauri generate what the window may do, from this package's own place for capabilities.

#[expect(dead_code, reason = "the app uses more of it")]
#[path = "src/updates/source.rs"]
mod source;

use tauri_build::{AppManifest, Attributes, try_build};

/// Every command there is. What is not named here has no permission, and cannot be called.
const COMMANDS: &[&str] = &[
    "view",
    "select_profile",
    "sign_in",
    "sign_in_over_loopback",
    "sign_in_with_code",
    "cancel_sign_in",
    "open_again",
    "copy_link",
    "paste_address",
    "refresh",
    "sign_out",
    "dismiss",
    "call_api",
    "cancel_call",
    "copy_curl",
    "tokens",
    "past_call",
    "forget_calls",
    "flow",
    "export_flow",
    "reveal_export",
    "copy_problem",
    "change_setting",
    "keychain_state",
    "test_keychain",
    "unlock_keychain",
    "presets",
    "profile_form",
    "save_profile",
    "remove_profile",
    "test_profile",
    "redirect_uris",
    "client_secret",
    "keep_client_secret",
    "forget_client_secret",
    "import_profile",
    "share_profile",
    "export_profile",
    "update",
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    check_update_source()?;
    // Tauri looks for changes in its own usual place only.
    println!("cargo::rerun-if-changed=src-tauri/capabilities");
    let attributes = Attributes::new()
        .capabilities_path_pattern("./src-tauri/capabilities/**/*")
        .app_manifest(AppManifest::new().commands(COMMANDS));
    try_build(attributes)?;
    Ok(())
}

/// A release with half of what it takes to look for updates would never look, and nobody would notice.
fn check_update_source() -> Result<(), String> {
    let [key, address] = [source::KEY, source::ADDRESS].map(|name| {
        println!("cargo::rerun-if-env-changed={name}");
        std::env::var(name).ok()
    });
    source::Source::parse(key.as_deref(), address.as_deref(), false).map(|_| ())
}
