//! Who the command is on macOS.

use doorkey_core::Edition;

#[test]
fn command_and_app_have_one_identifier() {
    let list = include_str!("../../macos/Info.plist");
    let identifier = format!(
        "<key>CFBundleIdentifier</key>\n    <string>{}</string>",
        Edition::RELEASE.identifier
    );
    assert!(list.contains(&identifier), "{list}");
}
