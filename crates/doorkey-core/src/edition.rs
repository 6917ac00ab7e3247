//! Which Doorkey this build is: the one that people install, or one that is being developed.
//!
//! Both may live on one computer. They share nothing: neither folder, keychain items, links, nor the place of the one
//! running app, so that a build on somebody's workbench never touches a session that is somebody's.

/// The names that keep one Doorkey apart from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Edition {
    /// What people read.
    pub name: &'static str,
    /// What systems tell programs apart by: a domain name in reverse order.
    pub identifier: &'static str,
    /// The scheme of the app's links, which [RFC 8252 §7.1](https://www.rfc-editor.org/rfc/rfc8252#section-7.1) wants to be
    /// a domain name in reverse order too.
    pub scheme: &'static str,
    /// The desktop entry for links that the app writes on Linux where no package has brought one.
    pub links_entry: &'static str,
    /// The folder in the person's config folder.
    pub folder: &'static str,
    /// The service under which people find its items in their keychain.
    pub keychain_service: &'static str,
}

impl Edition {
    /// What people install.
    pub const RELEASE: Self = Self {
        name: "Doorkey",
        identifier: "dev.doorkey.app",
        scheme: "dev.doorkey.app",
        links_entry: "doorkey-desktop-handler.desktop",
        folder: "doorkey",
        keychain_service: "doorkey",
    };

    /// What developers build and tests run.
    pub const DEVELOPMENT: Self = Self {
        name: "Doorkey (development)",
        identifier: "dev.doorkey.development",
        scheme: "dev.doorkey.development",
        links_entry: "doorkey-development-handler.desktop",
        folder: "doorkey-development",
        keychain_service: "doorkey-development",
    };
}

/// The edition of this build: with debug assertions, as `cargo build` makes it, the one for development.
pub const EDITION: Edition = if cfg!(debug_assertions) {
    Edition::DEVELOPMENT
} else {
    Edition::RELEASE
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_editions_share_no_name() {
        let names = |edition: Edition| {
            [
                edition.name,
                edition.identifier,
                edition.scheme,
                edition.links_entry,
                edition.folder,
                edition.keychain_service,
            ]
        };
        for (release, development) in names(Edition::RELEASE)
            .into_iter()
            .zip(names(Edition::DEVELOPMENT))
        {
            assert_ne!(release, development);
        }
    }

    #[test]
    fn schemes_are_domain_names_in_reverse_order() {
        for edition in [Edition::RELEASE, Edition::DEVELOPMENT] {
            let allowed = |character: char| character.is_ascii_lowercase() || character == '.';
            assert!(edition.scheme.contains('.'), "{edition:?}");
            assert!(edition.scheme.chars().all(allowed), "{edition:?}");
        }
    }
}
