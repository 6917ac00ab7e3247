//! The tables, version by version.

use rusqlite::Connection;

use crate::{
    client::Client,
    clock::now_millis,
    store::{StoreError, clients},
};

/// One step for each schema version; a released step never changes.
const STEPS: [&str; 2] = [include_str!("schema_1.sql"), include_str!("schema_2.sql")];

/// Sets the connection up, brings the schema up to date, registers the client and
/// throws away what has expired.
pub(super) fn prepare(connection: &mut Connection, client: &Client) -> Result<(), StoreError> {
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    connection.set_prepared_statement_cache_capacity(64);
    // An in-memory database answers "memory" here, which is as good.
    connection.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
    connection.execute_batch("PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;")?;

    let found: u32 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let known = u32::try_from(STEPS.len()).unwrap_or(u32::MAX);
    if found > known {
        return Err(StoreError::NewerSchema { found, known });
    }
    let transaction = connection.transaction()?;
    for step in STEPS.iter().skip(found as usize) {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "user_version", known)?;
    clients::put(&transaction, client)?;
    for expired in [
        "DELETE FROM used_code WHERE expires_at < ?1",
        "DELETE FROM refresh_token WHERE expires_at < ?1",
        "DELETE FROM browser_session WHERE expires_at < ?1",
    ] {
        transaction.execute(expired, [now_millis()])?;
    }
    transaction.commit()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::personality::Registration;

    fn client() -> Client {
        Client::registered(&Registration::STANDARD)
    }

    #[test]
    fn preparing_twice_changes_nothing() {
        let mut connection = Connection::open_in_memory().unwrap();
        prepare(&mut connection, &client()).unwrap();
        prepare(&mut connection, &client()).unwrap();
        let clients: u32 = connection
            .query_row("SELECT count(*) FROM client", [], |row| row.get(0))
            .unwrap();
        assert_eq!(clients, 1);
    }

    #[test]
    fn a_later_schema_is_left_alone() {
        let mut connection = Connection::open_in_memory().unwrap();
        connection.pragma_update(None, "user_version", 99).unwrap();
        assert!(matches!(
            prepare(&mut connection, &client()),
            Err(StoreError::NewerSchema {
                found: 99,
                known: 2
            })
        ));
    }
}
