//! The command line as a program sees it, where no keychain and no provider is needed.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop")]

mod checks;
mod client_secrets;
mod demo;
mod doorkey;
mod failures;
mod identity;
mod profiles;
mod transfer;
mod usage;
