//! The command that the registry has for a scheme.

use windows_registry::CLASSES_ROOT;

use super::{Receiver, is_ours};

pub(super) fn receiver(scheme: &str) -> Receiver {
    let command = CLASSES_ROOT
        .open(format!(r"{scheme}\shell\open\command"))
        .and_then(|key| key.get_string(""));
    let Ok(command) = command else {
        return Receiver::Nobody;
    };
    match winsplit::split(&command).into_iter().next() {
        Some(program) if is_ours(&program) => Receiver::Doorkey,
        Some(program) => Receiver::Other(program),
        None => Receiver::Nobody,
    }
}
