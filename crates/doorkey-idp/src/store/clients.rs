//! Clients and the addresses that they registered.

use rusqlite::{OptionalExtension, Transaction, params};

use crate::{
    client::Client,
    store::{Store, StoreError},
};

impl Store {
    pub(crate) async fn client(&self, id: &str) -> Result<Option<Client>, StoreError> {
        let id = id.to_owned();
        self.transact(move |transaction| find(transaction, &id))
            .await
    }

    /// Adds a client, or replaces the one with the same id.
    pub(crate) async fn put_client(&self, client: Client) -> Result<(), StoreError> {
        self.transact(move |transaction| put(transaction, &client))
            .await
    }
}

fn find(transaction: &Transaction<'_>, id: &str) -> rusqlite::Result<Option<Client>> {
    let name: Option<String> = transaction
        .prepare_cached("SELECT name FROM client WHERE id = ?1")?
        .query_row([id], |row| row.get(0))
        .optional()?;
    let Some(name) = name else { return Ok(None) };
    let mut statement = transaction
        .prepare_cached("SELECT uri FROM client_uri WHERE client_id = ?1 AND purpose = ?2")?;
    let mut uris = |purpose: &str| -> rusqlite::Result<Vec<String>> {
        statement
            .query_map([id, purpose], |row| row.get(0))?
            .collect()
    };
    Ok(Some(Client {
        id: id.to_owned(),
        name,
        redirect_uris: uris("sign_in")?,
        post_logout_redirect_uris: uris("sign_out")?,
    }))
}

pub(super) fn put(transaction: &Transaction<'_>, client: &Client) -> rusqlite::Result<()> {
    transaction
        .prepare_cached(
            "INSERT INTO client (id, name) VALUES (?1, ?2)
             ON CONFLICT (id) DO UPDATE SET name = excluded.name",
        )?
        .execute([&client.id, &client.name])?;
    transaction.execute("DELETE FROM client_uri WHERE client_id = ?1", [&client.id])?;
    let mut insert = transaction.prepare_cached(
        "INSERT OR IGNORE INTO client_uri (client_id, purpose, uri) VALUES (?1, ?2, ?3)",
    )?;
    for (purpose, uris) in [
        ("sign_in", &client.redirect_uris),
        ("sign_out", &client.post_logout_redirect_uris),
    ] {
        for uri in uris {
            insert.execute(params![client.id, purpose, uri])?;
        }
    }
    Ok(())
}
