//! What Doorkey is measured beside: the same requests with nothing around them.
//!
//! The programs `bare-login` and `bare-keychain-read` are made of this; so is the load for a token endpoint.

pub mod bare;
