//! The application that macOS opens an address with.

use objc2::rc::autoreleasepool;
use objc2_app_kit::NSWorkspace;
use objc2_foundation::{NSBundle, NSString, NSURL};

/// An application of this Mac.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Application {
    /// The name of its bundle, without `.app`.
    pub name: String,
    /// What macOS tells it apart by, if its bundle says so.
    pub identifier: Option<String>,
}

/// The application that opens addresses like this one, if there is any. Reads what the system knows, and starts nothing.
pub fn application_for(address: &str) -> Option<Application> {
    autoreleasepool(|_| {
        let address = NSURL::URLWithString(&NSString::from_str(address))?;
        let place = NSWorkspace::sharedWorkspace().URLForApplicationToOpenURL(&address)?;
        let name = place.lastPathComponent()?.to_string();
        let identifier = NSBundle::bundleWithURL(&place)
            .and_then(|bundle| bundle.bundleIdentifier())
            .map(|identifier| identifier.to_string());
        Some(Application {
            name: name.strip_suffix(".app").unwrap_or(&name).to_owned(),
            identifier,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn web_addresses_are_opened_and_unheard_of_ones_are_not() {
        let browser = application_for("https://localhost/").expect("every Mac has a browser");
        assert!(!browser.name.ends_with(".app"), "{browser:?}");
        assert_eq!(application_for("dev.doorkey.nobody:/callback"), None);
        assert_eq!(application_for(""), None);
    }
}
