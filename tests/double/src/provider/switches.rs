//! What of the provider can be told to be otherwise, beside its single answers.

use super::Provider;
use super::grant::{Reuse, Revocation};
use super::state::Members;
use crate::keys::Key;

impl Provider {
    /// Changes members of the metadata.
    pub fn metadata(&self, change: impl FnMut(&mut Members) + Send + 'static) {
        self.state().metadata.push(Box::new(change));
    }

    /// Changes the header of each ID token from now on, before it is signed.
    pub fn header(&self, change: impl FnMut(&mut Members) + Send + 'static) {
        self.state().header.push(Box::new(change));
    }

    /// Changes the claims of each ID token from now on, before it is signed.
    pub fn claims(&self, change: impl FnMut(&mut Members) + Send + 'static) {
        self.state().claims.push(Box::new(change));
    }

    /// Changes each ID token from now on, as text, after it was signed.
    pub fn id_token(&self, change: impl FnMut(String) -> String + Send + 'static) {
        self.state().id_tokens.push(Box::new(change));
    }

    /// Publishes a new key and signs with it; the old one is gone.
    pub fn rotate_key(&self) {
        let mut state = self.state();
        let id = format!("key-{}", state.next());
        state.keys = vec![Key::new(&id)];
        state.unpublished = None;
    }

    /// Signs the next ID token with the old key, and has replaced it before anybody can ask for the keys.
    pub fn rotate_key_after_signing(&self) {
        self.state().rotates_after_signing = true;
    }

    /// Signs with a key that is not published.
    pub fn sign_with_unpublished_key(&self) {
        let mut state = self.state();
        let id = format!("key-{}", state.next());
        state.unpublished = Some(Key::new(&id));
    }

    /// Treats refresh tokens that are presented a second time so. By default the family ends.
    pub fn reuse(&self, reuse: Reuse) {
        self.state().reuse = reuse;
    }

    /// Replaces no refresh token, and tells of none when it refreshes.
    pub fn keep_refresh_tokens(&self) {
        self.state().refresh_tokens_kept = true;
    }

    /// Revokes so. By default the whole grant ends.
    pub fn revocation(&self, revocation: Revocation) {
        self.state().revocation = revocation;
    }

    /// Redeems codes with any verifier, as a careless provider does.
    pub fn ignore_pkce(&self) {
        self.state().pkce_ignored = true;
    }

    /// How long access tokens issued from now on are good for, in seconds.
    pub fn set_lifetime(&self, seconds: u64) {
        self.state().lifetime = seconds;
    }
}
