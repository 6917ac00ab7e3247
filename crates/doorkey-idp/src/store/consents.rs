//! What a person has allowed an app before.

use rusqlite::{OptionalExtension, params};

use crate::{
    clock::now_millis,
    scope::Scopes,
    store::{Store, StoreError},
};

impl Store {
    /// The scopes that this person has allowed this app, if any.
    pub(crate) async fn consent(
        &self,
        user_id: &str,
        client_id: &str,
    ) -> Result<Scopes, StoreError> {
        let (user_id, client_id) = (user_id.to_owned(), client_id.to_owned());
        self.transact(move |transaction| {
            let scope: Option<String> = transaction
                .prepare_cached("SELECT scope FROM consent WHERE user_id = ?1 AND client_id = ?2")?
                .query_row([user_id, client_id], |row| row.get(0))
                .optional()?;
            Ok(scope.map(Scopes::from).unwrap_or_default())
        })
        .await
    }

    pub(crate) async fn put_consent(
        &self,
        user_id: &str,
        client_id: &str,
        scopes: &Scopes,
    ) -> Result<(), StoreError> {
        let row = (user_id.to_owned(), client_id.to_owned(), scopes.to_string());
        self.transact(move |transaction| {
            let (user_id, client_id, scope) = row;
            transaction
                .prepare_cached(
                    "INSERT INTO consent (user_id, client_id, scope, given_at) VALUES (?1, ?2, ?3, ?4)
                     ON CONFLICT (user_id, client_id)
                     DO UPDATE SET scope = excluded.scope, given_at = excluded.given_at",
                )?
                .execute(params![user_id, client_id, scope, now_millis()])?;
            Ok(())
        })
        .await
    }
}
