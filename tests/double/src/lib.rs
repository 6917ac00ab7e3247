//! A provider, an API, a browser of raw bytes and a host that must stay silent: for tests of what real parts do not do.
//!
//! The [`Provider`] does everything right until it is [bent](Provider::bend). Each [`Answer`] can have another status,
//! other headers and bytes, begin late, drip, break off or never end; metadata, token headers and claims can be changed,
//! keys rotated, grants ended. [`Provider::agree`] gives the [`Callback`] that a browser would bring home, for a test to
//! change and send; a browser that goes to the authorization endpoint is sent home with it at once. What was asked is kept as [`Request`]s. Nothing of Doorkey is known here.

mod answer;
mod callback;
mod certificate;
mod keys;
mod provider;
mod recorder;
mod request;
mod server;

pub use answer::Answer;
pub use callback::{Callback, Page};
pub use certificate::{Certificate, Flaw};
pub use provider::{CLIENT, Endpoint, Provider, SUBJECT};
pub use recorder::Recorder;
pub use request::Request;
pub use server::Server;
