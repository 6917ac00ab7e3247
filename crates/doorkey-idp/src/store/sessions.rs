//! Who is signed in, in which browser, at which role.

use rusqlite::{OptionalExtension, params};
use sha2::{Digest, Sha256};

use crate::{
    clock::now_millis,
    start::Role,
    store::{Store, StoreError},
};

/// How long a browser stays signed in: 12 hours, in milliseconds.
pub(crate) const SESSION_LIFETIME: i64 = 12 * 60 * 60 * 1000;

/// A person signed in at one role in one browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Session {
    pub(crate) user_id: String,
    /// When they last showed who they are, in milliseconds.
    pub(crate) authenticated_at: i64,
}

impl Store {
    /// Keeps a session under the hash of the secret that its browser holds.
    pub(crate) async fn put_session(
        &self,
        role: Role,
        secret: &str,
        session: Session,
    ) -> Result<(), StoreError> {
        let hash = hash(secret);
        self.transact(move |transaction| {
            transaction
                .prepare_cached(
                    "INSERT INTO browser_session
                         (secret_hash, role, user_id, authenticated_at, expires_at)
                     VALUES (?1, ?2, ?3, ?4, ?5)",
                )?
                .execute(params![
                    hash,
                    role.as_str(),
                    session.user_id,
                    session.authenticated_at,
                    now_millis() + SESSION_LIFETIME
                ])?;
            Ok(())
        })
        .await
    }

    pub(crate) async fn session(
        &self,
        role: Role,
        secret: &str,
    ) -> Result<Option<Session>, StoreError> {
        let hash = hash(secret);
        self.transact(move |transaction| {
            transaction
                .prepare_cached(
                    "SELECT user_id, authenticated_at FROM browser_session
                     WHERE secret_hash = ?1 AND role = ?2 AND expires_at > ?3",
                )?
                .query_row(params![hash, role.as_str(), now_millis()], |row| {
                    Ok(Session {
                        user_id: row.get(0)?,
                        authenticated_at: row.get(1)?,
                    })
                })
                .optional()
        })
        .await
    }

    pub(crate) async fn end_session(&self, secret: &str) -> Result<(), StoreError> {
        let hash = hash(secret);
        self.transact(move |transaction| {
            transaction
                .prepare_cached("DELETE FROM browser_session WHERE secret_hash = ?1")?
                .execute([hash])?;
            Ok(())
        })
        .await
    }
}

fn hash(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}
