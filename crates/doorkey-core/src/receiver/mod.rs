//! Where the answer arrives: a listener on this computer that takes one authorization response and turns
//! everything else away ([RFC 8252 §7.3](https://www.rfc-editor.org/rfc/rfc8252#section-7.3)).

mod gate;
mod loopback;
mod pages;
mod pasted;
mod port;
mod reception;
mod server;
#[cfg(test)]
mod tests;

pub(crate) use loopback::{Loopback, Reply};
pub use pasted::PasteHandle;
