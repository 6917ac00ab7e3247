//! Laws of what a provider issues to somebody who types a code elsewhere.

use serde_json::Value;
use url::Url;

use super::authorization::DeviceAuthorization;
use crate::fuzzing::{Verdict, assert_inert, assert_tellable};
use crate::profile::{is_private, secure_url};

/// What a person may be asked to type, in characters.
const LONGEST_CODE: usize = 64;
/// What a QR code may hold, in bytes.
const LONGEST_ADDRESS: usize = 1024;
const DAY: u64 = 24 * 60 * 60;

/// The body of a device authorization response of a public provider.
pub(crate) fn device_authorization(bytes: &[u8]) -> Verdict {
    let authorization = match DeviceAuthorization::parse(bytes, false) {
        Ok(authorization) => authorization,
        Err(error) => {
            assert_tellable(&error);
            return Verdict::Refused;
        }
    };
    assert!(authorization.device_code.len() > 0);
    assert_inert(&authorization.user_code, LONGEST_CODE);
    assert!(!authorization.user_code.is_empty());
    assert_can_be_shown(&authorization.verification_uri);
    if let Some(complete) = &authorization.verification_uri_complete {
        assert_can_be_shown(complete);
        assert_eq!(complete.origin(), authorization.verification_uri.origin());
    }
    assert!((1..=DAY).contains(&authorization.lifetime.as_secs()));
    assert!(authorization.interval.as_secs() > 0, "a question at a time");

    // White space and order of members change nothing, and to somebody who may be private no less is said.
    if let Ok(document) = serde_json::from_slice::<Value>(bytes) {
        let again = DeviceAuthorization::parse(document.to_string().as_bytes(), true);
        let again = again.expect("the same document");
        assert_eq!(format!("{again:?}"), format!("{authorization:?}"));
        assert_eq!(again.device_code, authorization.device_code);
    }
    Verdict::Accepted
}

fn assert_can_be_shown(url: &Url) {
    assert!(
        secure_url(url.as_str()).is_ok() && !is_private(url),
        "{url}"
    );
    assert!(url.as_str().len() <= LONGEST_ADDRESS);
    assert!(url.as_str().is_ascii());
}
