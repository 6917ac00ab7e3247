//! Grants: what came of a redeemed code, and the refresh tokens in its line.

use std::time::Duration;

use rusqlite::{OptionalExtension, Transaction, params};
use sha2::{Digest, Sha256};

use crate::{
    clock::now_millis,
    scope::Scopes,
    store::{Store, StoreError, User, users},
};

/// A living grant and the person who gave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Grant {
    pub(crate) id: String,
    pub(crate) client_id: String,
    pub(crate) user: User,
    pub(crate) scopes: Scopes,
    /// Whether its access tokens are for the API.
    pub(crate) api_access: bool,
    /// Milliseconds.
    pub(crate) authenticated_at: i64,
}

/// What a code carries over into its grant.
#[derive(Debug)]
pub(crate) struct NewGrant {
    pub(crate) id: String,
    pub(crate) client_id: String,
    pub(crate) user_id: String,
    pub(crate) scopes: Scopes,
    pub(crate) api_access: bool,
    pub(crate) authenticated_at: i64,
    /// The first refresh token, if the scopes allow one.
    pub(crate) refresh_token: Option<String>,
}

/// What became of a code.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Redemption {
    /// First use: the grant now exists.
    Granted(Box<Grant>),
    /// Used before: the grant that came of it has been ended.
    Reused,
    /// The person's record is gone.
    UserMissing,
}

/// What became of a refresh token.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Rotation {
    /// It is good, and its successor has taken its place if there is one.
    Accepted(Box<Grant>),
    /// Used before: the whole grant has been ended.
    Reused,
    /// Never issued, expired, of an ended grant or of another client.
    Refused,
    /// The grant does not cover the scopes that were asked for.
    TooWide,
}

impl Store {
    /// Makes the grant of a code and remembers the code's id until it expires,
    /// in one transaction.
    pub(crate) async fn redeem_code(
        &self,
        code_id: String,
        code_expires_at: i64,
        grant: NewGrant,
        refresh_token_lifetime: Duration,
    ) -> Result<Redemption, StoreError> {
        self.transact(move |transaction| {
            let now = now_millis();
            transaction
                .prepare_cached("DELETE FROM used_code WHERE expires_at < ?1")?
                .execute([now])?;
            let used: Option<String> = transaction
                .prepare_cached("SELECT grant_id FROM used_code WHERE id = ?1")?
                .query_row([&code_id], |row| row.get(0))
                .optional()?;
            if let Some(grant_id) = used {
                end(transaction, &grant_id, now)?;
                return Ok(Redemption::Reused);
            }
            let Some(user) = users::find(transaction, &grant.user_id)? else {
                return Ok(Redemption::UserMissing);
            };
            transaction
                .prepare_cached(
                    "INSERT INTO authorization_grant
                         (id, client_id, user_id, scope, authenticated_at, created_at, api_access)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                )?
                .execute(params![
                    grant.id,
                    grant.client_id,
                    grant.user_id,
                    grant.scopes.to_string(),
                    grant.authenticated_at,
                    now,
                    grant.api_access
                ])?;
            transaction
                .prepare_cached(
                    "INSERT INTO used_code (id, grant_id, expires_at) VALUES (?1, ?2, ?3)",
                )?
                .execute(params![code_id, grant.id, code_expires_at])?;
            if let Some(refresh_token) = &grant.refresh_token {
                insert_refresh_token(
                    transaction,
                    refresh_token,
                    &grant.id,
                    now,
                    refresh_token_lifetime,
                )?;
            }
            Ok(Redemption::Granted(Box::new(Grant {
                id: grant.id,
                client_id: grant.client_id,
                user,
                scopes: grant.scopes,
                api_access: grant.api_access,
                authenticated_at: grant.authenticated_at,
            })))
        })
        .await
    }

    /// Replaces a refresh token by its successor, in one transaction: of any
    /// number of callers with the same token, one succeeds.
    pub(crate) async fn rotate_refresh_token(
        &self,
        old: &str,
        new: String,
        client_id: &str,
        asked: Option<Scopes>,
        lifetime: Duration,
        grace: Duration,
    ) -> Result<Rotation, StoreError> {
        let (old, client_id) = (hash(old), client_id.to_owned());
        let grace = i64::try_from(grace.as_millis()).unwrap_or(i64::MAX);
        self.transact(move |transaction| {
            let now = now_millis();
            let found: Option<(String, i64, Option<i64>)> = transaction
                .prepare_cached(
                    "SELECT grant_id, expires_at, used_at FROM refresh_token WHERE hash = ?1",
                )?
                .query_row([&old], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
                .optional()?;
            let Some((grant_id, expires_at, used_at)) = found else {
                return Ok(Rotation::Refused);
            };
            let Some(grant) = find_active(transaction, &grant_id)? else {
                return Ok(Rotation::Refused);
            };
            if grant.client_id != client_id {
                return Ok(Rotation::Refused);
            }
            if used_at.is_some_and(|used_at| now.saturating_sub(used_at) >= grace) {
                end(transaction, &grant_id, now)?;
                return Ok(Rotation::Reused);
            }
            if expires_at <= now {
                return Ok(Rotation::Refused);
            }
            if asked.is_some_and(|asked| !grant.scopes.covers(&asked)) {
                return Ok(Rotation::TooWide);
            }
            transaction
                .prepare_cached(
                    "UPDATE refresh_token SET used_at = coalesce(used_at, ?2) WHERE hash = ?1",
                )?
                .execute(params![old, now])?;
            insert_refresh_token(transaction, &new, &grant_id, now, lifetime)?;
            Ok(Rotation::Accepted(Box::new(grant)))
        })
        .await
    }

    /// The grant, unless it has ended.
    pub(crate) async fn active_grant(&self, id: &str) -> Result<Option<Grant>, StoreError> {
        let id = id.to_owned();
        self.transact(move |transaction| find_active(transaction, &id))
            .await
    }

    /// The grant that a refresh token belongs to, used or not.
    pub(crate) async fn grant_of_refresh_token(
        &self,
        token: &str,
    ) -> Result<Option<Grant>, StoreError> {
        let hash = hash(token);
        self.transact(move |transaction| {
            let id: Option<String> = transaction
                .prepare_cached("SELECT grant_id FROM refresh_token WHERE hash = ?1")?
                .query_row([hash], |row| row.get(0))
                .optional()?;
            id.map_or(Ok(None), |id| find_active(transaction, &id))
        })
        .await
    }

    /// Uses a refresh token that stays what it is.
    pub(crate) async fn use_refresh_token(
        &self,
        token: &str,
        client_id: &str,
        asked: Option<Scopes>,
    ) -> Result<Rotation, StoreError> {
        let (token, client_id) = (hash(token), client_id.to_owned());
        self.transact(move |transaction| {
            let grant_id: Option<String> = transaction
                .prepare_cached(
                    "SELECT grant_id FROM refresh_token WHERE hash = ?1 AND expires_at > ?2",
                )?
                .query_row(params![token, now_millis()], |row| row.get(0))
                .optional()?;
            let grant = match grant_id {
                Some(id) => find_active(transaction, &id)?,
                None => None,
            };
            Ok(match grant.filter(|grant| grant.client_id == client_id) {
                None => Rotation::Refused,
                Some(grant) if asked.is_some_and(|asked| !grant.scopes.covers(&asked)) => {
                    Rotation::TooWide
                }
                Some(grant) => Rotation::Accepted(Box::new(grant)),
            })
        })
        .await
    }

    /// Ends every grant of a person.
    pub(crate) async fn end_grants_of(&self, user_id: &str) -> Result<(), StoreError> {
        let user_id = user_id.to_owned();
        self.transact(move |transaction| {
            transaction
                .prepare_cached(
                    "UPDATE authorization_grant SET ended_at = ?2
                     WHERE user_id = ?1 AND ended_at IS NULL",
                )?
                .execute(params![user_id, now_millis()])?;
            Ok(())
        })
        .await
    }

    /// Ends a grant: none of its tokens is good any more.
    pub(crate) async fn end_grant(&self, id: &str) -> Result<(), StoreError> {
        let id = id.to_owned();
        self.transact(move |transaction| end(transaction, &id, now_millis()))
            .await
    }
}

fn find_active(transaction: &Transaction<'_>, id: &str) -> rusqlite::Result<Option<Grant>> {
    let row: Option<(String, String, String, bool, i64)> = transaction
        .prepare_cached(
            "SELECT client_id, user_id, scope, api_access, authenticated_at
             FROM authorization_grant WHERE id = ?1 AND ended_at IS NULL",
        )?
        .query_row([id], |row| {
            Ok((
                row.get(0)?,
                row.get(1)?,
                row.get(2)?,
                row.get(3)?,
                row.get(4)?,
            ))
        })
        .optional()?;
    let Some((client_id, user_id, scope, api_access, authenticated_at)) = row else {
        return Ok(None);
    };
    Ok(users::find(transaction, &user_id)?.map(|user| Grant {
        id: id.to_owned(),
        client_id,
        user,
        scopes: Scopes::from(scope),
        api_access,
        authenticated_at,
    }))
}

fn end(transaction: &Transaction<'_>, id: &str, now: i64) -> rusqlite::Result<()> {
    transaction
        .prepare_cached(
            "UPDATE authorization_grant SET ended_at = ?2 WHERE id = ?1 AND ended_at IS NULL",
        )?
        .execute(params![id, now])?;
    Ok(())
}

fn insert_refresh_token(
    transaction: &Transaction<'_>,
    token: &str,
    grant_id: &str,
    now: i64,
    lifetime: Duration,
) -> rusqlite::Result<()> {
    let lifetime = i64::try_from(lifetime.as_millis()).unwrap_or(i64::MAX);
    transaction
        .prepare_cached(
            "INSERT INTO refresh_token (hash, grant_id, expires_at) VALUES (?1, ?2, ?3)",
        )?
        .execute(params![hash(token), grant_id, now.saturating_add(lifetime)])?;
    Ok(())
}

fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}
