//! Executions started through the API.

use rusqlite::params;

use crate::store::{Store, StoreError};

/// One started workflow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Execution {
    pub(crate) id: String,
    pub(crate) user_id: String,
    pub(crate) project: String,
    pub(crate) workflow: String,
    /// JSON text.
    pub(crate) inputs: String,
    /// Milliseconds.
    pub(crate) created_at: i64,
}

impl Store {
    pub(crate) async fn put_execution(&self, execution: Execution) -> Result<(), StoreError> {
        self.transact(move |transaction| {
            transaction
                .prepare_cached(
                    "INSERT INTO execution (id, user_id, project, workflow, inputs, created_at)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                )?
                .execute(params![
                    execution.id,
                    execution.user_id,
                    execution.project,
                    execution.workflow,
                    execution.inputs,
                    execution.created_at
                ])?;
            Ok(())
        })
        .await
    }

    /// The latest executions that this person started, newest first.
    pub(crate) async fn executions(
        &self,
        user_id: &str,
        limit: u32,
    ) -> Result<Vec<Execution>, StoreError> {
        let user_id = user_id.to_owned();
        self.transact(move |transaction| {
            transaction
                .prepare_cached(
                    "SELECT id, user_id, project, workflow, inputs, created_at FROM execution
                     WHERE user_id = ?1 ORDER BY created_at DESC, id LIMIT ?2",
                )?
                .query_map(params![user_id, limit], |row| {
                    Ok(Execution {
                        id: row.get(0)?,
                        user_id: row.get(1)?,
                        project: row.get(2)?,
                        workflow: row.get(3)?,
                        inputs: row.get(4)?,
                        created_at: row.get(5)?,
                    })
                })?
                .collect()
        })
        .await
    }
}
