//! Whole sign-ins with the real engine and the real provider, with no window and no browser.

mod app;
mod calls;
mod secrets;
mod sessions;
mod sign_in;
mod tokens;
