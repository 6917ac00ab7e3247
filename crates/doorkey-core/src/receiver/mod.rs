//! Where the answer arrives, and takes one authorization response and turns everything else away: a listener on this
//! computer ([RFC 8252 §7.3](https://www.rfc-editor.org/rfc/rfc8252#section-7.3)), or a link that the system hands to
//! this program ([RFC 8252 §7.1](https://www.rfc-editor.org/rfc/rfc8252#section-7.1)).

mod channel;
mod deep_link;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod fuzzing;
mod gate;
mod loopback;
mod pages;
mod pasted;
mod pending;
mod port;
mod reception;
mod reply;
mod server;
#[cfg(test)]
mod tests;

pub(crate) use channel::{Channel, Receiver};
pub use deep_link::{LinkOutcome, Links};
pub use pasted::PasteHandle;
pub(crate) use reply::Reply;
