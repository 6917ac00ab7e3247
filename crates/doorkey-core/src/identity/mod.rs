//! Who signed in: ID-token verification, userinfo, and the account that people see.
//!
//! A token is taken apart by [`jws`], judged by [`claims`], and believed once a key of the provider
//! ([`keys`]) says that it is genuine. Everything that is read from it or from userinfo is text of
//! others until [`account`] has made it fit to be shown.

mod account;
mod algorithm;
mod claims;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod fuzzing;
mod id_token;
mod json;
mod jwk;
mod jws;
mod keys;
mod picture;
mod token_facts;
mod upstream;
mod userinfo;

#[cfg(test)]
mod tests;

pub use account::Account;
pub(crate) use claims::{Expected, Occasion};
pub(crate) use id_token::verify;
pub(crate) use keys::Keys;
pub use picture::Picture;
pub(crate) use picture::picture;
pub use token_facts::{
    AccessTokenFacts, Claim, ClaimValue, IdTokenFacts, TokenContents, TokenFacts,
};
pub(crate) use userinfo::{userinfo, who_am_i};
