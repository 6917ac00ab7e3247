//! Who signed in: ID-token verification, userinfo, and the account that people see.
//!
//! A token is taken apart by [`jws`], judged by [`claims`], and believed once a key of the provider
//! ([`keys`]) says that it is genuine. Everything that is read from it or from userinfo is text of
//! others until [`account`] has made it fit to be shown.

mod account;
mod algorithm;
mod claims;
mod id_token;
mod json;
mod jwk;
mod jws;
mod keys;
mod picture;
mod text;
mod userinfo;

#[cfg(test)]
mod double;
#[cfg(test)]
mod signer;

pub use account::Account;
pub(crate) use claims::{Expected, Occasion};
pub(crate) use id_token::{VerifiedIdToken, verify};
pub(crate) use keys::Keys;
pub(crate) use picture::{Picture, picture};
pub(crate) use userinfo::{UserInfo, userinfo, who_am_i};
