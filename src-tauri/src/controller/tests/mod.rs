//! Whole sign-ins with the real engine and the real provider, with no window and no browser.

mod app;
mod calls;
mod client_secret;
mod deep_link;
mod ending;
mod profiles;
mod releases;
mod secrets;
mod sessions;
mod settings;
mod sign_in;
mod tokens;
mod updates;
mod with_code;
