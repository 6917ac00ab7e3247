//! A provider and an API that repeat every secret they are told, and some that they make up.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::{
    Form, Json, Router,
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
    routing::{any, get, post},
};
use doorkey_tests::{Error, Result};
use serde_json::json;
use tokio::net::TcpListener;

/// The running provider.
pub(crate) struct Echo {
    origin: String,
    state: Arc<Mutex<Remembered>>,
}

#[derive(Default)]
struct Remembered {
    mode: String,
    made: usize,
    secrets: Vec<String>,
    last_access_token: String,
}

type Shared = State<Arc<Mutex<Remembered>>>;

impl Echo {
    pub(crate) async fn start() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")
            .await
            .map_err(Error::io("listen"))?;
        let address = listener.local_addr().map_err(Error::io("read a port"))?;
        let state = Arc::<Mutex<Remembered>>::default();
        let router = Router::new()
            .route("/authorize", get(authorize))
            .route("/token", post(token))
            .route("/revoke", post(revoke))
            .route("/me", get(me))
            .route("/repeat/{status}", any(repeat))
            .with_state(Arc::clone(&state));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(Self {
            origin: format!("http://{address}"),
            state,
        })
    }

    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }

    /// `issue`, `refuse`, `parrot`, `garbage`, `redirect`, `mac` or `unavailable`.
    pub(crate) fn answer_tokens_with(&self, mode: &str) {
        lock(&self.state).mode = mode.to_owned();
    }

    pub(crate) fn last_access_token(&self) -> String {
        lock(&self.state).last_access_token.clone()
    }

    /// Every secret that was made here or came here.
    pub(crate) fn secrets(&self) -> Vec<String> {
        lock(&self.state).secrets.clone()
    }
}

fn lock(state: &Mutex<Remembered>) -> MutexGuard<'_, Remembered> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Remembered {
    fn make(&mut self, kind: &str) -> String {
        self.made += 1;
        // The number comes last, since the end of a secret is what is looked for.
        let secret = format!("canary-{kind}-{}-{:016}", std::process::id(), self.made);
        self.secrets.push(secret.clone());
        secret
    }
}

async fn authorize(State(state): Shared, Query(query): Query<HashMap<String, String>>) -> Response {
    let code = lock(&state).make("code");
    let value = |name: &str| query.get(name).cloned().unwrap_or_default();
    Redirect::to(&format!(
        "{}?code={code}&state={}",
        value("redirect_uri"),
        value("state")
    ))
    .into_response()
}

async fn token(State(state): Shared, Form(form): Form<HashMap<String, String>>) -> Response {
    let mut state = lock(&state);
    let told: Vec<String> = ["code", "code_verifier", "refresh_token"]
        .iter()
        .filter_map(|name| form.get(*name))
        .cloned()
        .collect();
    state.secrets.extend(told.iter().cloned());
    let (access_token, refresh_token) = (state.make("access"), state.make("refresh"));
    let everything = format!("{} {access_token} {refresh_token}", told.join(" "));
    let issued = json!({
        "access_token": access_token,
        "refresh_token": refresh_token,
        "token_type": if state.mode == "mac" { access_token.as_str() } else { "Bearer" },
        "expires_in": 3600,
        "scope": "",
    });
    match state.mode.as_str() {
        "refuse" => {
            let refusal = json!({ "error": "invalid_grant", "error_description": everything, "error_uri": format!("https://a.example/?{everything}") });
            (StatusCode::BAD_REQUEST, Json(refusal)).into_response()
        }
        "parrot" => {
            let refusal = json!({ "error": told.last() });
            (StatusCode::BAD_REQUEST, Json(refusal)).into_response()
        }
        "garbage" => format!("{{\"access_token\": \"{everything}\", nonsense").into_response(),
        "redirect" => {
            Redirect::to(&format!("/token?{}", everything.replace(' ', "&"))).into_response()
        }
        "unavailable" => (StatusCode::SERVICE_UNAVAILABLE, everything).into_response(),
        _ => {
            state.last_access_token = access_token;
            Json(issued).into_response()
        }
    }
}

async fn revoke(Form(form): Form<HashMap<String, String>>) -> Response {
    let token = form.get("token").cloned().unwrap_or_default();
    (
        StatusCode::BAD_REQUEST,
        Json(json!({ "error": token, "error_description": token })),
    )
        .into_response()
}

async fn me(headers: HeaderMap) -> Response {
    let token = bearer(&headers);
    Json(json!({ "id": token, "token": token })).into_response()
}

async fn repeat(State(state): Shared, Path(status): Path<u16>, headers: HeaderMap) -> Response {
    let token = bearer(&headers);
    lock(&state).secrets.push(token.clone());
    let challenge = format!(
        "Bearer realm=\"{token}\", error=\"insufficient_scope\", scope=\"{token}\", error_description=\"{token}\""
    );
    let headers = [
        (header::WWW_AUTHENTICATE, challenge),
        (header::LOCATION, format!("/elsewhere?access_token={token}")),
        (header::SET_COOKIE, format!("token={token}")),
        (header::ETAG, format!("\"{token}\"")),
    ];
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    (status, headers, format!("{{\"token\": \"{token}\"}}")).into_response()
}

fn bearer(headers: &HeaderMap) -> String {
    let value = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    value.trim_start_matches("Bearer ").to_owned()
}
