//! The broker's own record of each person.

use rusqlite::{OptionalExtension, Row, Transaction, params};

use crate::store::{Store, StoreError};

/// A person as the broker knows them: `upstream|ada` or `demo|ada`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct User {
    pub(crate) id: String,
    pub(crate) username: String,
    pub(crate) name: String,
    pub(crate) given_name: String,
    pub(crate) family_name: String,
    pub(crate) email: String,
    /// Milliseconds.
    pub(crate) updated_at: i64,
}

/// How the ids of those begin who came through the upstream.
const FROM_UPSTREAM: &str = "upstream|";

impl User {
    /// The id of a person whom the upstream knows by this subject.
    pub(crate) fn id_from_upstream(subject: &str) -> String {
        format!("{FROM_UPSTREAM}{subject}")
    }

    /// Whether the upstream said who this is.
    pub(crate) fn is_from_upstream(&self) -> bool {
        self.id.starts_with(FROM_UPSTREAM)
    }
}

impl Store {
    pub(crate) async fn user(&self, id: &str) -> Result<Option<User>, StoreError> {
        let id = id.to_owned();
        self.transact(move |transaction| find(transaction, &id))
            .await
    }

    /// Creates the record, or updates it with what was learned just now.
    pub(crate) async fn put_user(&self, user: User) -> Result<(), StoreError> {
        self.transact(move |transaction| {
            transaction
                .prepare_cached(
                    "INSERT INTO user (id, username, name, given_name, family_name, email, updated_at)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                     ON CONFLICT (id) DO UPDATE SET username = excluded.username, name = excluded.name,
                         given_name = excluded.given_name, family_name = excluded.family_name,
                         email = excluded.email, updated_at = excluded.updated_at",
                )?
                .execute(params![
                    user.id,
                    user.username,
                    user.name,
                    user.given_name,
                    user.family_name,
                    user.email,
                    user.updated_at
                ])?;
            Ok(())
        })
        .await
    }
}

pub(super) fn find(transaction: &Transaction<'_>, id: &str) -> rusqlite::Result<Option<User>> {
    transaction
        .prepare_cached(
            "SELECT id, username, name, given_name, family_name, email, updated_at
             FROM user WHERE id = ?1",
        )?
        .query_row([id], read)
        .optional()
}

fn read(row: &Row<'_>) -> rusqlite::Result<User> {
    Ok(User {
        id: row.get(0)?,
        username: row.get(1)?,
        name: row.get(2)?,
        given_name: row.get(3)?,
        family_name: row.get(4)?,
        email: row.get(5)?,
        updated_at: row.get(6)?,
    })
}
