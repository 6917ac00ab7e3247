//! The device authorization response: what the person is shown, and what stays here.

use std::time::Duration;

use serde::Deserialize;
use url::Url;

use crate::error::{Code, Error, Result};
use crate::profile::{is_private, secure_url};
use crate::text::clean;
use crate::token::{DeviceCode, lifetime};

/// How long to wait between two questions when the provider does not say
/// ([RFC 8628 §3.2](https://www.rfc-editor.org/rfc/rfc8628#section-3.2)).
const DEFAULT_INTERVAL: u64 = 5;
/// No code lives longer than this, whatever the server says.
const LONGEST_LIFETIME: u64 = 24 * 60 * 60;
/// What is longer is no code for a person to type.
const LONGEST_USER_CODE: usize = 64;
/// What is longer fits no QR code that a phone can read.
const LONGEST_ADDRESS: usize = 1024;

/// What the device authorization endpoint issued, fit to be shown.
#[derive(Debug)]
pub(super) struct DeviceAuthorization {
    pub(super) device_code: DeviceCode,
    pub(super) user_code: String,
    pub(super) verification_uri: Url,
    pub(super) verification_uri_complete: Option<Url>,
    pub(super) lifetime: Duration,
    pub(super) interval: Duration,
}

/// The response as it is parsed ([RFC 8628 §3.2](https://www.rfc-editor.org/rfc/rfc8628#section-3.2)). Google still
/// writes `verification_url`, as a draft had it.
#[derive(Deserialize)]
struct Wire {
    device_code: String,
    user_code: String,
    #[serde(alias = "verification_url")]
    verification_uri: String,
    #[serde(default, alias = "verification_url_complete")]
    verification_uri_complete: Option<String>,
    #[serde(default, deserialize_with = "lifetime")]
    expires_in: Option<u64>,
    #[serde(default, deserialize_with = "lifetime")]
    interval: Option<u64>,
}

impl DeviceAuthorization {
    /// Parses the body of a successful answer. Addresses of a private network are good only for a provider that is
    /// there itself.
    pub(super) fn parse(body: &[u8], private_allowed: bool) -> Result<Self> {
        // Neither the body nor the parser's words are kept: they may hold the device code.
        let wire: Wire = serde_json::from_slice(body)
            .map_err(|_| invalid("lacks a member or has one of the wrong type"))?;
        if wire.device_code.is_empty() {
            return Err(invalid("has an empty `device_code`"));
        }
        let user_code = clean(&wire.user_code, LONGEST_USER_CODE + 1);
        if user_code.is_empty() || user_code.chars().count() > LONGEST_USER_CODE {
            return Err(invalid("has a `user_code` that nobody can type"));
        }
        let address = |text: &str| {
            let url = secure_url(text).map_err(|fault| fault.what)?;
            if is_private(&url) && !private_allowed {
                return Err("points into a private network".to_owned());
            }
            if url.as_str().len() > LONGEST_ADDRESS {
                return Err("is too long to be shown".to_owned());
            }
            Ok(url)
        };
        let verification_uri = address(&wire.verification_uri)
            .map_err(|what| invalid(format!("has a `verification_uri` that {what}")))?;
        // An address elsewhere would lead somebody who trusts the shown one away from it.
        let verification_uri_complete = wire
            .verification_uri_complete
            .and_then(|text| address(&text).ok())
            .filter(|url| url.origin() == verification_uri.origin());
        let lifetime = wire
            .expires_in
            .filter(|seconds| *seconds > 0)
            .ok_or_else(|| invalid("does not say how long the code is good (`expires_in`)"))?;
        Ok(Self {
            device_code: DeviceCode::new(wire.device_code),
            user_code,
            verification_uri,
            verification_uri_complete,
            lifetime: Duration::from_secs(lifetime.min(LONGEST_LIFETIME)),
            interval: Duration::from_secs(wire.interval.unwrap_or(DEFAULT_INTERVAL).max(1)),
        })
    }
}

fn invalid(what: impl std::fmt::Display) -> Error {
    Error::new(
        Code::TokenResponseInvalid,
        format!("The answer of the device authorization endpoint {what}"),
    )
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn with(member: &str, value: Value) -> Result<DeviceAuthorization> {
        let mut body = json!({
            "device_code": "canary-device",
            "user_code": "WDJB-MJHT",
            "verification_uri": "https://login.example.com/device",
            "verification_uri_complete": "https://login.example.com/device?user_code=WDJB-MJHT",
            "expires_in": 1800,
            "interval": 7,
        });
        body[member] = value;
        DeviceAuthorization::parse(body.to_string().as_bytes(), false)
    }

    #[test]
    fn the_members_are_read() {
        let read = with("unknown", json!(1)).expect("good");
        assert_eq!(read.device_code.expose(), "canary-device");
        assert_eq!(read.user_code, "WDJB-MJHT");
        assert_eq!(
            read.verification_uri.as_str(),
            "https://login.example.com/device"
        );
        assert_eq!(
            read.verification_uri_complete.map(String::from).as_deref(),
            Some("https://login.example.com/device?user_code=WDJB-MJHT")
        );
        assert_eq!(read.lifetime, Duration::from_secs(1800));
        assert_eq!(read.interval, Duration::from_secs(7));
    }

    #[test]
    fn members_as_real_servers_send_them() {
        let google = r#"{"device_code":"a","user_code":"b","verification_url":"https://www.google.com/device","expires_in":"900"}"#;
        let read = DeviceAuthorization::parse(google.as_bytes(), false).expect("good");
        assert_eq!(
            read.verification_uri.as_str(),
            "https://www.google.com/device"
        );
        assert_eq!(read.interval, Duration::from_secs(5));
        assert_eq!(read.lifetime, Duration::from_secs(900));
        let never = with("interval", json!(0)).expect("good");
        assert_eq!(never.interval, Duration::from_secs(1));
    }

    #[test]
    fn g21_a_user_code_is_shown_and_not_obeyed() {
        for (sent, shown) in [
            ("\u{1b}[2JWDJB\r\nMJHT", "[2JWDJB MJHT"),
            ("A\u{202e}B\u{200b}C", "ABC"),
            ("<b>WDJB</b>", "<b>WDJB</b>"),
            ("ΩΨ-1", "ΩΨ-1"),
        ] {
            assert_eq!(
                with("user_code", json!(sent)).expect("good").user_code,
                shown
            );
        }
        for bad in [
            json!(""),
            json!("\u{200b}"),
            json!("x".repeat(65)),
            json!(7),
        ] {
            assert!(with("user_code", bad.clone()).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_address_is_https_and_public_or_refused() {
        for bad in [
            "http://login.example.com/device",
            "javascript:alert(1)",
            "file:///etc/passwd",
            "https://user@login.example.com/",
            "https://10.0.0.1/device",
            "http://127.0.0.1:80/device",
            "login.example.com/device",
            "",
        ] {
            let error = with("verification_uri", json!(bad)).expect_err(bad);
            assert_eq!(error.code(), Code::TokenResponseInvalid, "{bad}");
        }
    }

    #[test]
    fn an_address_with_the_code_at_another_origin_is_left_out() {
        for other in [
            "https://evil.example/device?user_code=WDJB-MJHT",
            "https://login.example.com:8443/device",
            "http://login.example.com/device",
            "https://login.example.com@evil.example/",
            "javascript:alert(1)",
        ] {
            let read = with("verification_uri_complete", json!(other)).expect(other);
            assert_eq!(read.verification_uri_complete, None, "{other}");
        }
    }

    #[test]
    fn answers_that_are_none_are_refused_without_repeating_them() {
        for (member, value) in [
            ("device_code", json!("")),
            ("device_code", Value::Null),
            ("expires_in", Value::Null),
            ("expires_in", json!(0)),
            ("verification_uri", Value::Null),
        ] {
            let error = with(member, value).expect_err(member);
            assert!(!error.message().contains("canary"), "{}", error.message());
        }
    }
}
