//! Signing and sealing keys, so that a restart keeps people signed in.

use rusqlite::{OptionalExtension, params};

use crate::{
    clock::now_millis,
    start::Role,
    store::{Store, StoreError},
};

/// A signing key as it lies in the database.
pub(crate) struct StoredKey {
    pub(crate) kid: String,
    pub(crate) pkcs8: Vec<u8>,
    /// Milliseconds; `None` for the key that signs.
    pub(crate) retired_at: Option<i64>,
}

impl Store {
    /// The keys of a role that were retired after `since`, and the one that
    /// signs, newest first. Older ones are thrown away.
    pub(crate) async fn signing_keys(
        &self,
        role: Role,
        since: i64,
    ) -> Result<Vec<StoredKey>, StoreError> {
        self.transact(move |transaction| {
            transaction.execute(
                "DELETE FROM signing_key WHERE role = ?1 AND retired_at < ?2",
                params![role.as_str(), since],
            )?;
            transaction
                .prepare(
                    "SELECT kid, pkcs8, retired_at FROM signing_key WHERE role = ?1
                     ORDER BY retired_at IS NULL DESC, retired_at DESC",
                )?
                .query_map([role.as_str()], |row| {
                    Ok(StoredKey {
                        kid: row.get(0)?,
                        pkcs8: row.get(1)?,
                        retired_at: row.get(2)?,
                    })
                })?
                .collect()
        })
        .await
    }

    /// Retires the key that signs and puts another in its place.
    pub(crate) async fn replace_signing_key(
        &self,
        role: Role,
        kid: String,
        pkcs8: Vec<u8>,
    ) -> Result<(), StoreError> {
        self.transact(move |transaction| {
            let now = now_millis();
            transaction.execute(
                "UPDATE signing_key SET retired_at = ?2 WHERE role = ?1 AND retired_at IS NULL",
                params![role.as_str(), now],
            )?;
            transaction.execute(
                "INSERT INTO signing_key (kid, role, pkcs8, created_at) VALUES (?1, ?2, ?3, ?4)",
                params![kid, role.as_str(), pkcs8, now],
            )?;
            Ok(())
        })
        .await
    }

    /// The sealing key of a role; `fresh` becomes it if there is none yet.
    pub(crate) async fn sealing_key(
        &self,
        role: Role,
        fresh: Vec<u8>,
    ) -> Result<Vec<u8>, StoreError> {
        self.transact(move |transaction| {
            let kept: Option<Vec<u8>> = transaction
                .query_row(
                    "SELECT key FROM sealing_key WHERE role = ?1",
                    [role.as_str()],
                    |row| row.get(0),
                )
                .optional()?;
            if let Some(kept) = kept {
                return Ok(kept);
            }
            transaction.execute(
                "INSERT INTO sealing_key (role, key) VALUES (?1, ?2)",
                params![role.as_str(), fresh],
            )?;
            Ok(fresh)
        })
        .await
    }
}
