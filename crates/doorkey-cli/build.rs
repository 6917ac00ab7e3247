//! Puts the app's identifier into the command on macOS. Whoever signs it takes the identifier from there, so that the
//! keychain lets both programs read what either has written.

fn main() {
    println!("cargo::rerun-if-changed=macos/Info.plist");
    if std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|system| system == "macos") {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/macos/Info.plist");
        for argument in ["-sectcreate", "__TEXT", "__info_plist", file] {
            println!("cargo::rustc-link-arg-bins={argument}");
        }
    }
}
