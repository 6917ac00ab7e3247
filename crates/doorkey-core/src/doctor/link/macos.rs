//! The application that the system would start. Which one that is, bundles say and the person can change.

use super::Receiver;
use crate::application::application_for;
use crate::edition::EDITION;

pub(super) fn receiver(scheme: &str) -> Receiver {
    match application_for(&format!("{scheme}:/")) {
        Some(application) if application.identifier.as_deref() == Some(EDITION.identifier) => {
            Receiver::Doorkey
        }
        Some(application) => Receiver::Other(application.name),
        None => Receiver::Nobody,
    }
}
