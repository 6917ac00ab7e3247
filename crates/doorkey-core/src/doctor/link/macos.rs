//! The system follows what the app's bundle says, and tells no other program.

use super::Receiver;

pub(super) fn receiver(_scheme: &str) -> Receiver {
    Receiver::Unknown("macOS tells only the app itself")
}
