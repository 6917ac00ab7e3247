//! Other providers, as they are played: each switch does what it is named for, and nothing while it is off.

mod addresses;
mod api;
mod authorization;
mod everybody;
mod play;
mod redirects;
mod refresh;
mod sign_out;
mod tokens;
