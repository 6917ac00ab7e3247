//! Asking the person, and what they say.

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::{RawQuery, State},
    http::HeaderMap,
    response::{IntoResponse, Response},
};

use crate::{
    broker::{
        Broker,
        answer::{see_other, with_query},
        authorize::{Asked, Step, issue_code, next_step},
        interaction::{self, Interaction, Returned},
        picture,
    },
    fault::Fault,
    pages::{self, ConsentPage},
    parameters::Parameters,
    scope::{Scope, Scopes},
};

/// `GET /consent`: where every sign-in passes on its way home.
pub(super) async fn show(
    State(broker): State<Arc<Broker>>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let parameters = Parameters::parse(query.unwrap_or_default().as_bytes());
    match interaction::open(&broker, &headers, &parameters) {
        Ok(returned) => page(&broker, returned)
            .await
            .unwrap_or_else(IntoResponse::into_response),
        Err(response) => response,
    }
}

async fn page(broker: &Broker, returned: Returned) -> Result<Response, Fault> {
    let Returned {
        browser,
        interaction,
        sealed,
    } = returned;
    let session = broker.cookies.session(&broker.store, &browser).await?;
    let request = interaction.request;
    let session = match next_step(broker, &request, session.as_ref()).await? {
        Step::Finish(session) => return issue_code(broker, &request, &session, Asked::Before),
        Step::SignIn { .. } => {
            return Ok(see_other(&with_query("/login", &[("interaction", sealed)])));
        }
        Step::Consent(session) => session,
    };
    let user = broker
        .store
        .user(&session.user_id)
        .await?
        .ok_or(Fault::UserMissing)?;
    let sealed = Interaction {
        request: request.clone(),
        shown_to: Some(user.id.clone()),
    }
    .seal(broker, &browser)?;
    let picture = picture::path_of(&user.username);
    Ok(pages::consent(&ConsentPage {
        client_name: &request.client_name,
        user: &user,
        picture: picture.as_deref(),
        scopes: &broker.personality.scopes.allowed(&request.scopes),
        choices: &choices(broker, &request.scopes),
        redirect_uri: &request.destination.redirect_uri,
        device: request.device.as_deref(),
        interaction: &sealed,
    })
    .leading_to(pages::source_of(&request.destination.redirect_uri))
    .into_response())
}

/// `POST /consent`.
pub(super) async fn decide(
    State(broker): State<Arc<Broker>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let parameters = Parameters::from_form(&headers, &body).unwrap_or_default();
    match interaction::open(&broker, &headers, &parameters) {
        Ok(returned) => decision(&broker, returned, &parameters)
            .await
            .unwrap_or_else(IntoResponse::into_response),
        Err(response) => response,
    }
}

async fn decision(
    broker: &Broker,
    returned: Returned,
    parameters: &Parameters,
) -> Result<Response, Fault> {
    let Returned {
        browser,
        interaction,
        sealed,
    } = returned;
    let session = broker.cookies.session(&broker.store, &browser).await?;
    let Interaction {
        mut request,
        shown_to,
    } = interaction;
    let session = match next_step(broker, &request, session.as_ref()).await? {
        Step::Finish(session) | Step::Consent(session) => session,
        Step::SignIn { .. } => {
            return Ok(see_other(&with_query("/login", &[("interaction", sealed)])));
        }
    };
    if shown_to.as_deref() != Some(&session.user_id) {
        // Another person has signed in in this browser since: ask that one.
        return Ok(see_other(&with_query(
            "/consent",
            &[("interaction", sealed)],
        )));
    }
    if parameters.value("decision") != Some("allow") {
        return Ok(request.deny(broker, "The person did not allow it."));
    }
    request.scopes = chosen(broker, &request.scopes, parameters);
    let before = broker
        .store
        .consent(&session.user_id, &request.client_id)
        .await?;
    let agreed = before.union(&request.scopes);
    broker
        .store
        .put_consent(&session.user_id, &request.client_id, &agreed)
        .await?;
    issue_code(broker, &request, &session, Asked::JustNow)
}

/// What the person may leave out: every name but that of the sign-in itself.
fn choices<'a>(broker: &Broker, scopes: &'a Scopes) -> Vec<&'a str> {
    if !broker.personality.authorization.consent_may_be_partial {
        return Vec::new();
    }
    let sign_in = broker.personality.scopes.name_of(Scope::OpenId);
    scopes.names().filter(|name| *name != sign_in).collect()
}

/// What is left of the scopes.
fn chosen(broker: &Broker, scopes: &Scopes, parameters: &Parameters) -> Scopes {
    let choices = choices(broker, scopes);
    let left_out: Vec<&str> = choices
        .iter()
        .enumerate()
        .filter(|(number, name)| parameters.value(&format!("choice-{number}")) != Some(**name))
        .map(|(_, name)| *name)
        .collect();
    broker.personality.scopes.except(scopes, &left_out)
}
