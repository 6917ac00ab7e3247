//! Devices that wait for their person. They live as long as the process: a device that is told nothing starts again.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use crate::{clock::now_millis, fault::Fault, scope::Scopes};

/// More than this at once is no household.
const MOST_PENDING: usize = 10_000;
/// What each question that comes too early adds to the interval, in milliseconds.
const SLOW_DOWN: i64 = 5_000;
/// Consonants, so that no word appears and nothing looks like a digit
/// ([RFC 8628 6.1](https://www.rfc-editor.org/rfc/rfc8628#section-6.1)).
const LETTERS: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";

/// The devices, by device code.
#[derive(Default)]
pub(crate) struct PendingDevices(Mutex<HashMap<String, Device>>);

/// One device, and what has become of its code.
#[derive(Clone, Debug)]
pub(in crate::broker) struct Device {
    pub(super) id: String,
    /// As it is shown, such as `WDJB-MJHT`.
    pub(in crate::broker) user_code: String,
    pub(in crate::broker) client_id: String,
    pub(in crate::broker) client_name: String,
    pub(in crate::broker) scopes: Scopes,
    pub(in crate::broker) api_access: bool,
    pub(in crate::broker) login_hint: Option<String>,
    pub(in crate::broker) max_age: Option<i64>,
    /// Milliseconds.
    pub(super) interval: i64,
    /// Milliseconds.
    pub(super) asked_at: Option<i64>,
    /// Milliseconds.
    pub(super) expires_at: i64,
    pub(super) decision: Option<Decision>,
}

/// What the person said.
#[derive(Clone, Debug)]
pub(super) enum Decision {
    Allowed {
        user_id: String,
        scopes: Scopes,
        api_access: bool,
        /// Milliseconds.
        authenticated_at: i64,
    },
    Denied,
}

/// The answer to a device that asks.
#[derive(Debug)]
pub(super) enum Answer {
    /// Never issued, to another client, or used.
    Unknown,
    Expired,
    TooEarly,
    Pending,
    /// Told once: the code is used up.
    Decided(Box<Device>, Decision),
}

impl PendingDevices {
    /// Keeps a device. Says no when there are too many.
    pub(super) fn put(&self, device_code: String, device: Device) -> bool {
        let mut devices = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if devices.len() >= MOST_PENDING {
            let now = now_millis();
            devices.retain(|_, device| device.expires_at > now);
        }
        let has_room = devices.len() < MOST_PENDING;
        if has_room {
            devices.insert(device_code, device);
        }
        has_room
    }

    /// The device that shows this code and waits for its person still.
    pub(super) fn waiting(&self, user_code: &str) -> Option<Device> {
        let devices = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        devices
            .values()
            .find(|device| device.waits_as(user_code))
            .cloned()
    }

    /// Keeps what the person said, the first time and in time.
    pub(super) fn decide(&self, user_code: &str, decision: Decision) -> bool {
        let mut devices = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let device = devices
            .values_mut()
            .find(|device| device.waits_as(user_code));
        device.is_some_and(|device| {
            device.decision = Some(decision);
            true
        })
    }

    /// Answers a device that asks.
    pub(super) fn question(&self, device_code: &str, client_id: &str) -> Answer {
        let mut devices = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(device) = devices
            .get_mut(device_code)
            .filter(|device| device.client_id == client_id)
        else {
            return Answer::Unknown;
        };
        let now = now_millis();
        if device.expires_at <= now {
            return Answer::Expired;
        }
        if let Some(decision) = device.decision.take() {
            return match devices.remove(device_code) {
                Some(device) => Answer::Decided(Box::new(device), decision),
                None => Answer::Unknown,
            };
        }
        let before = device.asked_at.replace(now);
        if before.is_some_and(|before| now - before < device.interval) {
            device.interval += SLOW_DOWN;
            return Answer::TooEarly;
        }
        Answer::Pending
    }
}

impl Device {
    fn waits_as(&self, user_code: &str) -> bool {
        self.user_code == user_code && self.decision.is_none() && self.expires_at > now_millis()
    }
}

/// A fresh code for a person to type: 34 bits, more than anybody tries out in ten minutes.
pub(super) fn user_code() -> Result<String, Fault> {
    let mut code = String::with_capacity(9);
    while code.len() < 9 {
        let mut byte = [0];
        getrandom::fill(&mut byte)?;
        // The last 16 values would favour the first letters.
        if byte[0] >= 240 {
            continue;
        }
        if code.len() == 4 {
            code.push('-');
        }
        code.push(char::from(LETTERS[usize::from(byte[0]) % LETTERS.len()]));
    }
    Ok(code)
}

/// What somebody typed, as the code is kept: case and everything but letters do not matter.
pub(super) fn normalized(typed: &str) -> String {
    let mut letters: String = typed
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(16)
        .map(|letter| letter.to_ascii_uppercase())
        .collect();
    if letters.len() > 4 {
        letters.insert(4, '-');
    }
    letters
}

/// Milliseconds.
pub(super) fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn device(interval: i64, lifetime: i64) -> Device {
        Device {
            id: "id".to_owned(),
            user_code: "WDJB-MJHT".to_owned(),
            client_id: "app".to_owned(),
            client_name: "App".to_owned(),
            scopes: Scopes::from("openid"),
            api_access: true,
            login_hint: None,
            max_age: None,
            interval,
            asked_at: None,
            expires_at: now_millis() + lifetime,
            decision: None,
        }
    }

    #[test]
    fn codes_are_made_of_consonants_and_typed_as_people_type() {
        let code = user_code().unwrap();
        assert_eq!(code.len(), 9);
        assert_eq!(code.as_bytes()[4], b'-');
        let is_letter = |byte: u8| byte == b'-' || LETTERS.contains(&byte);
        assert!(code.bytes().all(is_letter), "{code}");
        assert_ne!(code, user_code().unwrap());
        for typed in ["wdjbmjht", " WDJB MJHT ", "wdjb-mjht", "WDJB–MJHT"] {
            assert_eq!(normalized(typed), "WDJB-MJHT");
        }
        assert_eq!(normalized("é"), "");
    }

    #[test]
    fn a_device_that_hurries_is_slowed_down_each_time() {
        let devices = PendingDevices::default();
        devices.put("code".to_owned(), device(60_000, 60_000));
        let ask = || devices.question("code", "app");
        assert!(matches!(ask(), Answer::Pending));
        assert!(matches!(ask(), Answer::TooEarly));
        assert!(matches!(ask(), Answer::TooEarly));
        let interval = devices.waiting("WDJB-MJHT").unwrap().interval;
        assert_eq!(interval, 70_000);
        let patient = PendingDevices::default();
        patient.put("code".to_owned(), device(0, 60_000));
        for _ in 0..3 {
            assert!(matches!(patient.question("code", "app"), Answer::Pending));
        }
    }

    #[test]
    fn a_decision_is_made_once_and_told_once() {
        let devices = PendingDevices::default();
        devices.put("code".to_owned(), device(0, 60_000));
        assert!(matches!(devices.question("code", "other"), Answer::Unknown));
        assert!(devices.decide("WDJB-MJHT", Decision::Denied));
        assert!(!devices.decide("WDJB-MJHT", Decision::Denied));
        assert!(devices.waiting("WDJB-MJHT").is_none());
        let told = devices.question("code", "app");
        assert!(matches!(told, Answer::Decided(_, Decision::Denied)));
        assert!(matches!(devices.question("code", "app"), Answer::Unknown));
    }

    #[test]
    fn nothing_is_decided_after_it_has_expired() {
        let devices = PendingDevices::default();
        devices.put("code".to_owned(), device(0, 0));
        assert!(devices.waiting("WDJB-MJHT").is_none());
        assert!(!devices.decide("WDJB-MJHT", Decision::Denied));
        assert!(matches!(devices.question("code", "app"), Answer::Expired));
    }
}
