//! The end of a sign-in at the broker, whoever checked the person.

use axum::response::Response;

use crate::{
    broker::{
        Broker,
        answer::{see_other, with_query},
        interaction::{Returned, with_cookie},
    },
    clock::now_millis,
    fault::Fault,
    store::{Session, User},
};

/// What is known about a person who has just been checked.
pub(super) struct Identity {
    pub(super) user_id: String,
    pub(super) username: String,
    pub(super) name: String,
    pub(super) given_name: String,
    pub(super) family_name: String,
    pub(super) email: String,
    /// When they showed who they are, in milliseconds.
    pub(super) authenticated_at: i64,
}

/// Keeps the record of the person up to date, signs the browser in and goes on
/// to what is missing still.
pub(super) async fn finish(
    broker: &Broker,
    returned: Returned,
    identity: Identity,
) -> Result<Response, Fault> {
    let session = Session {
        user_id: identity.user_id.clone(),
        authenticated_at: identity.authenticated_at,
    };
    broker
        .store
        .put_user(User {
            id: identity.user_id,
            username: identity.username,
            name: identity.name,
            given_name: identity.given_name,
            family_name: identity.family_name,
            email: identity.email,
            updated_at: now_millis(),
        })
        .await?;
    let cookie = broker
        .cookies
        .sign_in(&broker.store, &returned.browser, session)
        .await?;
    let response = see_other(&with_query("/consent", &[("interaction", returned.sealed)]));
    Ok(with_cookie(response, cookie))
}
