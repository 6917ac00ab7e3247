//! The sign-in pages.

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
        interaction::{self, Returned},
        sign_in::{self, Identity},
    },
    fault::Fault,
    pages::{self, Party, PasswordPage},
    parameters::Parameters,
    people::Person,
};

/// `GET /login`: how do you want to sign in?
pub(super) async fn choose(
    State(broker): State<Arc<Broker>>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let parameters = Parameters::parse(query.unwrap_or_default().as_bytes());
    match interaction::open(&broker, &headers, &parameters) {
        Ok(returned) => choices(&broker, &returned, None),
        Err(response) => response,
    }
}

/// The choices, after a problem or without one.
pub(super) fn choices(broker: &Broker, returned: &Returned, problem: Option<&str>) -> Response {
    let request = &returned.interaction.request;
    pages::choose(&request.client_name, &returned.sealed, problem)
        .leading_to(broker.upstream.issuer.as_str())
        .leading_to(pages::source_of(&request.destination.redirect_uri))
        .into_response()
}

/// `GET /login/password`.
pub(super) async fn ask_password(
    State(broker): State<Arc<Broker>>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let parameters = Parameters::parse(query.unwrap_or_default().as_bytes());
    match interaction::open(&broker, &headers, &parameters) {
        Ok(returned) => {
            let hint = returned
                .interaction
                .request
                .login_hint
                .clone()
                .unwrap_or_default();
            password_page(&returned, &hint, false)
        }
        Err(response) => response,
    }
}

/// `POST /login/password`.
pub(super) async fn check_password(
    State(broker): State<Arc<Broker>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let parameters = Parameters::from_form(&headers, &body).unwrap_or_default();
    let returned = match interaction::open(&broker, &headers, &parameters) {
        Ok(returned) => returned,
        Err(response) => return response,
    };
    let username = parameters.value("username").unwrap_or_default();
    let password = parameters.value("password").unwrap_or_default();
    match Person::checked(username, password) {
        Some(person) => sign_in_as(&broker, returned, person)
            .await
            .unwrap_or_else(IntoResponse::into_response),
        None => password_page(&returned, username, true),
    }
}

/// `POST /login/cancel`: the app learns that the person does not want to.
pub(super) async fn cancel(
    State(broker): State<Arc<Broker>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let parameters = Parameters::from_form(&headers, &body).unwrap_or_default();
    match interaction::open(&broker, &headers, &parameters) {
        Ok(returned) => returned
            .interaction
            .request
            .deny(&broker, "The person cancelled the sign-in."),
        Err(response) => response,
    }
}

async fn sign_in_as(
    broker: &Broker,
    returned: Returned,
    person: &Person,
) -> Result<Response, Fault> {
    let identity = Identity {
        user_id: format!("demo|{}", person.username),
        username: person.username.to_owned(),
        name: person.name(),
        given_name: person.given_name.to_owned(),
        family_name: person.family_name.to_owned(),
        email: person.email(),
        authenticated_at: crate::clock::now_millis(),
    };
    sign_in::finish(broker, returned, identity).await
}

fn password_page(returned: &Returned, username: &str, wrong: bool) -> Response {
    pages::password(&PasswordPage {
        party: Party::Broker,
        continue_to: &returned.interaction.request.client_name,
        action: "/login/password",
        interaction: &returned.sealed,
        username,
        wrong,
    })
    .into_response()
}
