//! A provider that nobody here wrote: npm `oidc-provider`, certified by the OpenID Foundation.
//!
//! ```no_run
//! # async fn example() -> doorkey_tests::Result<()> {
//! use doorkey_tests::peer::{CLIENT, Provider};
//!
//! let provider = Provider::start().await?;
//! let login = ["login", "--issuer", provider.issuer(), "--client-id", CLIENT, "--api", provider.api()];
//! # Ok(()) }
//! ```

use std::{process::Command, time::Duration};

use serde::Deserialize;

use crate::{
    Error, Result,
    process::{READY, Running},
    program,
};

/// The public native client that the provider knows: any loopback port, PKCE S256, refresh tokens
/// that rotate, and a whole family revoked when one of them comes back.
pub const CLIENT: &str = "doorkey";

/// A running provider.
#[derive(Debug)]
pub struct Provider {
    _server: Running,
    place: Place,
}

/// What the script prints when it is ready.
#[derive(Debug, Deserialize)]
struct Place {
    issuer: String,
    api: String,
}

impl Provider {
    /// Starts a provider whose access tokens live an hour.
    ///
    /// # Errors
    ///
    /// If Node or the package is missing, or the provider does not start.
    pub async fn start() -> Result<Self> {
        Self::with_access_token_lifetime(Duration::from_secs(3600)).await
    }

    /// Starts a provider whose access tokens live this long, in whole seconds.
    ///
    /// # Errors
    ///
    /// As for [`Provider::start`].
    pub async fn with_access_token_lifetime(lifetime: Duration) -> Result<Self> {
        let folder = program::repository().join("tests/peers");
        if !folder.join("node_modules/oidc-provider").is_dir() {
            return Err(Error::Missing {
                what: "npm package oidc-provider".to_owned(),
                fix: "run `npm ci` in tests/peers, or `cargo xtask test`, which does".to_owned(),
            });
        }
        let mut command = Command::new("node");
        command.args([
            "provider.mjs",
            "--access-token-lifetime",
            &lifetime.as_secs().to_string(),
        ]);
        command.current_dir(folder);
        let mut server = Running::start("oidc-provider", command)?;
        let place = server
            .line("the issuer", READY, |line| serde_json::from_str(line).ok())
            .await?;
        Ok(Self {
            _server: server,
            place,
        })
    }

    /// The issuer, without a trailing slash.
    pub fn issuer(&self) -> &str {
        &self.place.issuer
    }

    /// The base of the protected API: `GET me` answers with the subject and scope of the token.
    pub fn api(&self) -> &str {
        &self.place.api
    }
}
