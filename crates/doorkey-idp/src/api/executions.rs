//! Starting workflows, and seeing what was started.

use std::sync::Arc;

use axum::{
    Json,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    api::{Api, answers::problem, caller::Caller, resources::find_workflow},
    clock::now_millis,
    fault::Fault,
    random,
    scope::Scope,
    store::Execution,
};

/// The most executions that one answer lists.
const MOST: u32 = 50;

/// What to start: `{"workflow": "tides.forecast", "inputs": {...}}`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewExecution {
    workflow: String,
    project: Option<String>,
    #[serde(default)]
    inputs: serde_json::Map<String, Value>,
}

/// `GET /api/v1/executions`: what this person started, newest first.
pub(super) async fn list(State(api): State<Arc<Api>>, headers: HeaderMap) -> Response {
    let caller = match api.caller(&headers, Some(Scope::WorkflowsRead)).await {
        Ok(caller) => caller,
        Err(response) => return response,
    };
    match api.store.executions(&caller.user.id, MOST).await {
        Ok(executions) => {
            let executions: Vec<Value> = executions.iter().map(shown).collect();
            Json(json!({ "executions": executions })).into_response()
        }
        Err(error) => Fault::from(error).into_response(),
    }
}

/// `POST /api/v1/executions`.
pub(super) async fn create(
    State(api): State<Arc<Api>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    // The token first: what is wrong with the body is nobody else's business.
    let caller = match api.caller(&headers, Some(Scope::ExecutionsWrite)).await {
        Ok(caller) => caller,
        Err(response) => return response,
    };
    if !is_json(&headers) {
        return problem(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported_media_type",
            "The body must be application/json.",
        );
    }
    let Ok(new) = serde_json::from_slice::<NewExecution>(&body) else {
        return problem(
            StatusCode::BAD_REQUEST,
            "invalid_body",
            "The body must be an object with workflow, and may have project and inputs.",
        );
    };
    let Some((project, workflow)) = find_workflow(new.project.as_deref(), &new.workflow) else {
        return problem(
            StatusCode::UNPROCESSABLE_ENTITY,
            "unknown_workflow",
            "There is no such workflow in that project; GET /api/v1/workflows lists them.",
        );
    };
    start(&api, &caller, project, workflow, new.inputs)
        .await
        .unwrap_or_else(IntoResponse::into_response)
}

async fn start(
    api: &Api,
    caller: &Caller,
    project: &str,
    workflow: &str,
    inputs: serde_json::Map<String, Value>,
) -> Result<Response, Fault> {
    let execution = Execution {
        id: random::identifier()?,
        user_id: caller.user.id.clone(),
        project: project.to_owned(),
        workflow: workflow.to_owned(),
        inputs: serde_json::to_string(&inputs)?,
        created_at: now_millis(),
    };
    api.store.put_execution(execution.clone()).await?;
    Ok((StatusCode::CREATED, Json(shown(&execution))).into_response())
}

/// Nothing runs here: an execution is queued, and stays so.
fn shown(execution: &Execution) -> Value {
    let inputs: Value = serde_json::from_str(&execution.inputs).unwrap_or_default();
    json!({
        "id": execution.id,
        "project": execution.project,
        "workflow": execution.workflow,
        "inputs": inputs,
        "state": "queued",
        "created_at": execution.created_at / 1000,
    })
}

fn is_json(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|media_type| media_type.trim().eq_ignore_ascii_case("application/json"))
}
