//! Laws of a file that somebody else has written.

use std::path::Path;

use crate::fuzzing::{Verdict, assert_tellable};
use crate::profile::{Profile, RedirectUri};

/// Names that say what a file is, and one that leaves it to its content.
const FILES: [&str; 3] = ["a.toml", "config.yaml", "a"];

/// A file to import.
pub(crate) fn import(bytes: &[u8]) -> Verdict {
    let mut is_accepted = false;
    for file in FILES {
        match Profile::import(bytes, Path::new(file)) {
            Ok(imported) => {
                assert_harmless(&imported.profile);
                for left_out in &imported.left_out {
                    assert!(!left_out.field.is_empty() && !left_out.why.is_empty());
                }
                assert_travels(&imported.profile);
                is_accepted = true;
            }
            Err(error) => {
                assert_tellable(&error);
                assert!(error.message().starts_with(file), "{}", error.message());
            }
        }
    }
    Verdict::of(is_accepted)
}

/// It runs nothing here, trusts nobody more, and lets no answer go elsewhere.
fn assert_harmless(profile: &Profile) {
    assert!(profile.browser().is_none());
    assert!(profile.ca_file.is_none());
    assert!(!profile.allow_private_endpoints);
    for name in ["login_hint", "login", "id_token_hint"] {
        assert!(!profile.authorization_parameters.contains_key(name));
    }
    match profile.redirect_uri() {
        RedirectUri::Loopback(uri) => assert!(uri.path().starts_with('/')),
        RedirectUri::PrivateUse(uri) => assert!(uri.scheme().contains('.')),
    }
}

/// Given away and taken in again it is the same.
fn assert_travels(profile: &Profile) {
    let exported = profile.export();
    assert!(exported.left_out.is_empty(), "{:?}", exported.left_out);
    let again =
        Profile::import(exported.text.as_bytes(), Path::new("a.toml")).expect("our own file");
    assert!(again.left_out.is_empty(), "{:?}", again.left_out);
    assert_eq!(again.profile.to_toml(), profile.to_toml());
}
