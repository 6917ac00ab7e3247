//! The provider as its callers meet it: over HTTP, with a cookie jar and no
//! script.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop"
)]

mod agent;
mod api;
mod authorization;
mod device;
mod loopback;
mod pages;
mod personalities;
mod restart;
mod sign_in;
mod sign_out;
mod token;
mod tokens_in_parallel;
