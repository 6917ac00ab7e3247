//! The client secrets of profiles: kept in the keychain, each for one client of one provider.
//!
//! A profile that sends none costs no look into the keychain.

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::{MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{Doorkey, Engine};
use crate::error::{Code, Error, Result};
use crate::profile::{Profile, ProfileName, TokenEndpointAuthMethod};
use crate::session::Storage;
use crate::token::{ClientSecret, Credentials};

/// The format's version. A later one is not understood.
const VERSION: u32 = 1;
/// Real ones have fewer than 100 characters.
const LONGEST: usize = 1024;

/// A secret and what it is for.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct KeptSecret {
    /// The provider and client that it belongs to. It is never sent to another.
    binding: String,
    secret: ClientSecret,
}

#[derive(Serialize)]
struct Written<'a> {
    v: u32,
    binding: &'a str,
    client_secret: &'a str,
}

#[derive(Deserialize)]
struct Read {
    v: u32,
    binding: String,
    client_secret: String,
}

impl Doorkey {
    /// Keeps the client secret of a profile, in place of any before it. It belongs to the provider and client that the profile
    /// names now, and is never sent to others.
    ///
    /// An engine without a keychain keeps it as long as the program runs; so does one that may keep sessions in memory,
    /// where the system has no keychain.
    ///
    /// # Errors
    /// [`Code::ProfileInvalid`] when the profile sends no client secret or this can be none; why the keychain cannot be asked.
    pub async fn set_client_secret(
        &self,
        profile: &Profile,
        secret: ClientSecret,
    ) -> Result<Storage> {
        if !profile.sends_client_secret() {
            return Err(Error::new(
                Code::ProfileInvalid,
                format!("Profile `{}` sends no client secret", profile.name()),
            )
            .with_hint("If the provider insists on one, set `token_endpoint_auth_method` in the profile to client_secret_post or client_secret_basic."));
        }
        // RFC 6749 appendix A.2: client-secret = *VSCHAR
        let is_printable = |byte: u8| matches!(byte, b' '..=b'~');
        let text = secret.expose();
        if text.trim().is_empty() || text.len() > LONGEST || !text.bytes().all(is_printable) {
            return Err(Error::new(
                Code::ProfileInvalid,
                "What was given is no client secret: it is empty, too long, or has characters that none has",
            )
            .with_hint("Copy the client secret again from the provider's registration."));
        }
        let kept = KeptSecret {
            binding: profile.binding(),
            secret,
        };
        self.engine.keep_client_secret(profile.name(), kept).await
    }

    /// Forgets the client secret of a profile, whichever client it is of. None there is no error.
    ///
    /// # Errors
    /// Why the keychain cannot be asked.
    pub async fn forget_client_secret(&self, profile: &Profile) -> Result<()> {
        self.engine.forget_client_secret(profile.name()).await
    }

    /// Whether a client secret is kept that a sign-in with this profile would send.
    ///
    /// # Errors
    /// Why the keychain cannot be asked.
    pub async fn has_client_secret(&self, profile: &Profile) -> Result<bool> {
        Ok(profile.sends_client_secret() && self.engine.client_secret(profile).await?.is_some())
    }
}

impl Engine {
    /// What a sign-in through the browser says at the token endpoint.
    ///
    /// # Errors
    /// [`Code::ClientSecretMissing`], or why the keychain cannot be asked.
    pub(crate) async fn credentials(&self, profile: &Profile) -> Result<Credentials> {
        if !profile.sends_client_secret() {
            return Ok(Credentials::Public);
        }
        let secret = self
            .client_secret(profile)
            .await?
            .ok_or_else(|| missing(profile))?;
        Ok(match profile.token_endpoint_auth_method() {
            TokenEndpointAuthMethod::None => Credentials::Public,
            TokenEndpointAuthMethod::ClientSecretPost => Credentials::Post(secret),
            TokenEndpointAuthMethod::ClientSecretBasic => Credentials::Basic(secret),
        })
    }

    /// What a sign-in with a code to type says there.
    pub(crate) async fn device_credentials(&self, profile: &Profile) -> Result<Credentials> {
        if profile.quirks.public_device_flow {
            return Ok(Credentials::Public);
        }
        self.credentials(profile).await
    }

    /// What a session says there: the secret where there is one, since nobody remembers which way the person came.
    pub(crate) async fn session_credentials(&self, profile: &Profile) -> Result<Credentials> {
        match self.credentials(profile).await {
            Err(error)
                if error.code() == Code::ClientSecretMissing
                    && profile.quirks.public_device_flow =>
            {
                Ok(Credentials::Public)
            }
            credentials => credentials,
        }
    }

    async fn client_secret(&self, profile: &Profile) -> Result<Option<ClientSecret>> {
        let binding = profile.binding();
        let kept = match self.kept_client_secret(profile.name()).await? {
            Some(kept) => Some(kept),
            None => self.secrets_in_memory().get(profile.name()).cloned(),
        };
        Ok(kept
            .filter(|kept| kept.binding == binding)
            .map(|kept| kept.secret))
    }

    /// What the keychain keeps under this name. Where there is none, and where it cannot be read, it is nothing.
    async fn kept_client_secret(&self, name: &ProfileName) -> Result<Option<KeptSecret>> {
        let Some(vault) = self.vault() else {
            return Ok(None);
        };
        let bytes = match vault.read(&item(name)).await {
            Ok(bytes) => bytes,
            Err(error) if self.does_without(&error) => None,
            Err(error) if error.code() == Code::KeychainCorrupt => None,
            Err(error) => return Err(error),
        };
        Ok(bytes.and_then(|bytes| KeptSecret::decode(&bytes)))
    }

    async fn keep_client_secret(&self, name: &ProfileName, kept: KeptSecret) -> Result<Storage> {
        let reason = match self.vault() {
            None => None,
            Some(vault) => match vault.write(&item(name), kept.encode()?).await {
                Ok(()) => {
                    self.secrets_in_memory().remove(name);
                    return Ok(Storage::Keychain);
                }
                Err(error) if self.does_without(&error) => {
                    Some(format!("{}. {}", error.message(), error.hint()))
                }
                Err(error) => return Err(error),
            },
        };
        self.secrets_in_memory().insert(name.clone(), kept);
        Ok(Storage::Memory { reason })
    }

    pub(super) async fn forget_client_secret(&self, name: &ProfileName) -> Result<()> {
        self.secrets_in_memory().remove(name);
        let Some(vault) = self.vault() else {
            return Ok(());
        };
        match vault.delete(&item(name)).await {
            // Where there is no keychain nothing was kept.
            Err(error) if error.code() == Code::KeychainUnavailable => Ok(()),
            forgotten => forgotten,
        }
    }

    /// Copies a secret to a profile of another name, as long as both are the same client.
    pub(super) async fn copy_client_secret(&self, from: &ProfileName, to: &Profile) -> Result<()> {
        if !to.sends_client_secret() {
            return Ok(());
        }
        if let Some(secret) = self.client_secret(&to.clone().named(from)).await? {
            let binding = to.binding();
            self.keep_client_secret(to.name(), KeptSecret { binding, secret })
                .await?;
        }
        Ok(())
    }

    /// Whether it is only that there is no keychain, and this engine goes on without one.
    fn does_without(&self, error: &Error) -> bool {
        error.code() == Code::KeychainUnavailable && !self.requires_keychain()
    }

    fn secrets_in_memory(&self) -> MutexGuard<'_, HashMap<ProfileName, KeptSecret>> {
        self.parts
            .client_secrets
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl KeptSecret {
    fn encode(&self) -> Result<Zeroizing<Vec<u8>>> {
        let written = Written {
            v: VERSION,
            binding: &self.binding,
            client_secret: self.secret.expose(),
        };
        // With room enough, the buffer never moves and leaves no copy behind.
        let room = 2 * (self.binding.len() + self.secret.len()) + 64;
        let mut bytes = Zeroizing::new(Vec::with_capacity(room));
        serde_json::to_writer(&mut *bytes, &written)
            .map_err(|_| Error::new(Code::Internal, "The client secret cannot be written"))?;
        Ok(bytes)
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let read: Read = serde_json::from_slice(bytes).ok()?;
        (read.v == VERSION).then(|| Self {
            binding: read.binding,
            secret: ClientSecret::new(read.client_secret),
        })
    }
}

/// The item's name. No profile has a slash in its own.
fn item(name: &ProfileName) -> String {
    format!("{name}/client_secret")
}

fn missing(profile: &Profile) -> Error {
    Error::new(
        Code::ClientSecretMissing,
        format!(
            "{} insists on a client secret, and none is kept for profile `{}`",
            profile.provider_host(),
            profile.name()
        ),
    )
    .with_hint(format!(
        "Give the one that the provider shows for this client, with: doorkey profile secret {}",
        profile.name()
    ))
}
