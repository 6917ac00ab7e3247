//! Tokens: types that cannot be seen, and the endpoint that issues, renews and revokes them.

mod credentials;
mod device;
mod endpoint;
mod form;
mod response;
mod secret;

pub(crate) use credentials::Credentials;
pub(crate) use device::DeviceAnswer;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) use endpoint::fuzzing;
pub(crate) use endpoint::{Revocable, TokenEndpoint};
pub(crate) use response::{TokenResponse, lifetime};
pub use secret::{AccessToken, ClientSecret, IdToken, RefreshToken};
pub(crate) use secret::{AuthorizationCode, CodeVerifier, DeviceCode};
