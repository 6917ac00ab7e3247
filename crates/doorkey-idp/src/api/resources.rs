//! What there is to read.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use serde_json::json;

use crate::{
    api::{Api, caller::Caller},
    people::Person,
    scope::{Scope, Scopes},
};

/// `GET /`: the one thing that needs no token.
pub(super) async fn index(State(api): State<Arc<Api>>) -> Response {
    Json(json!({
        "name": "Doorkey demo API",
        "notice": "For trying and testing. In production put your API behind Keycloak, Auth0, Okta, Microsoft Entra ID or another provider that somebody keeps safe.",
        "issuer": api.issuer,
        "resources": api.shape.resources.iter().map(|(path, _)| path).collect::<Vec<_>>(),
    }))
    .into_response()
}

/// `GET /.well-known/oauth-protected-resource` ([RFC 9728]).
///
/// [RFC 9728]: https://www.rfc-editor.org/rfc/rfc9728
pub(super) async fn metadata(State(api): State<Arc<Api>>) -> Response {
    let mut scopes: Vec<_> = Scope::API
        .iter()
        .map(|scope| api.vocabulary.name_of(*scope))
        .collect();
    scopes.dedup();
    Json(json!({
        "resource": api.audience,
        "authorization_servers": [api.issuer],
        "scopes_supported": scopes,
        "bearer_methods_supported": ["header"],
    }))
    .into_response()
}

/// `GET /api/me`: the person behind the token. Needs a token, and no scope.
pub(super) async fn me(State(api): State<Arc<Api>>, headers: HeaderMap) -> Response {
    match api.caller(&headers, None).await {
        Ok(caller) => Json(json!({
            "id": caller.user.id,
            "username": caller.user.username,
            "name": caller.user.name,
            "email": caller.user.email,
            "client": caller.claims.client_id,
            "scope": caller.claims.scope,
            "token_expires_at": caller.claims.exp,
        }))
        .into_response(),
        Err(response) => response,
    }
}

/// Whose token it is, as servers tell that know their accounts by a number.
pub(super) async fn account(State(api): State<Arc<Api>>, headers: HeaderMap) -> Response {
    let caller = match api.caller(&headers, None).await {
        Ok(caller) => caller,
        Err(response) => return response,
    };
    let user = &caller.user;
    let scopes = Scopes::from(caller.claims.scope.as_str());
    let email = api
        .vocabulary
        .allow(&scopes, Scope::Email)
        .then_some(&user.email);
    Json(json!({
        "id": Person::number_of(&user.username),
        "login": user.username,
        "name": user.name,
        "email": email,
    }))
    .into_response()
}

/// Whose token it is, as a Flyte cluster tells it.
pub(super) async fn subject(State(api): State<Arc<Api>>, headers: HeaderMap) -> Response {
    match api.caller(&headers, None).await {
        Ok(Caller { user, .. }) => Json(json!({
            "subject": user.id,
            "name": user.name,
            "preferred_username": user.username,
            "given_name": user.given_name,
            "family_name": user.family_name,
            "email": user.email,
        }))
        .into_response(),
        Err(response) => response,
    }
}

/// A project, with the workflows that belong to it.
struct Project {
    id: &'static str,
    name: &'static str,
    description: &'static str,
    workflows: &'static [Workflow],
}

struct Workflow {
    id: &'static str,
    name: &'static str,
    version: &'static str,
}

const PROJECTS: [Project; 3] = [
    Project {
        id: "tide-tables",
        name: "Tide tables",
        description: "Forecasts for forty harbours, twice a day",
        workflows: &[
            Workflow {
                id: "tides.forecast",
                name: "Forecast",
                version: "2026.4",
            },
            Workflow {
                id: "tides.backfill",
                name: "Backfill a year",
                version: "2026.1",
            },
        ],
    },
    Project {
        id: "seed-vault",
        name: "Seed vault",
        description: "Germination records and what to sow next",
        workflows: &[Workflow {
            id: "seeds.germination",
            name: "Germination report",
            version: "7",
        }],
    },
    Project {
        id: "night-trains",
        name: "Night trains",
        description: "Connections that still exist",
        workflows: &[
            Workflow {
                id: "trains.import",
                name: "Import timetables",
                version: "12",
            },
            Workflow {
                id: "trains.routes",
                name: "Find routes",
                version: "31",
            },
        ],
    },
];

/// `GET /api/v1/projects`.
pub(super) async fn projects(State(api): State<Arc<Api>>, headers: HeaderMap) -> Response {
    if let Err(response) = api.caller(&headers, Some(Scope::ProjectsRead)).await {
        return response;
    }
    let projects: Vec<_> = PROJECTS
        .iter()
        .map(|project| {
            json!({
                "id": project.id,
                "name": project.name,
                "description": project.description,
            })
        })
        .collect();
    Json(json!({ "projects": projects })).into_response()
}

/// The projects, as a list of repositories.
pub(super) async fn repositories(State(api): State<Arc<Api>>, headers: HeaderMap) -> Response {
    let caller = match api.caller(&headers, None).await {
        Ok(caller) => caller,
        Err(response) => return response,
    };
    let owner = caller.user.username;
    let repositories: Vec<_> = PROJECTS
        .iter()
        .map(|project| {
            json!({
                "name": project.id,
                "full_name": format!("{owner}/{}", project.id),
                "description": project.description,
                "private": true,
            })
        })
        .collect();
    Json(repositories).into_response()
}

/// `GET /api/v1/workflows`.
pub(super) async fn workflows(State(api): State<Arc<Api>>, headers: HeaderMap) -> Response {
    if let Err(response) = api.caller(&headers, Some(Scope::WorkflowsRead)).await {
        return response;
    }
    let workflows: Vec<_> = PROJECTS
        .iter()
        .flat_map(|project| {
            project
                .workflows
                .iter()
                .map(move |workflow| (project, workflow))
        })
        .map(|(project, workflow)| {
            json!({
                "id": workflow.id,
                "name": workflow.name,
                "version": workflow.version,
                "project": project.id,
            })
        })
        .collect();
    Json(json!({ "workflows": workflows })).into_response()
}

/// The project and workflow with these ids, if they belong together. Without a
/// project, the workflow says which it is.
pub(super) fn find_workflow(
    project: Option<&str>,
    workflow: &str,
) -> Option<(&'static str, &'static str)> {
    PROJECTS
        .iter()
        .filter(|candidate| project.is_none_or(|id| id == candidate.id))
        .find_map(|candidate| {
            let found = candidate
                .workflows
                .iter()
                .find(|known| known.id == workflow)?;
            Some((candidate.id, found.id))
        })
}
