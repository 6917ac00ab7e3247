//! A sign-in on its way through the pages. It travels sealed, in addresses and
//! forms, so a challenge never becomes a row here; and it is bound to one
//! browser, so it is also what makes a form unforgeable.

use std::time::Duration;

use axum::{
    http::{HeaderMap, HeaderValue, header::SET_COOKIE},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};

use crate::{
    broker::{Broker, request::AuthorizationRequest},
    browser::Browser,
    fault::Fault,
    pages::{self, Party},
    parameters::Parameters,
    seal::Purpose,
};

/// How long a person may take over the pages.
const LIFETIME: Duration = Duration::from_secs(30 * 60);

/// What the pages carry along.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Interaction {
    pub(super) request: AuthorizationRequest,
    /// Who the consent page was shown to.
    pub(super) shown_to: Option<String>,
}

/// An interaction that came back, in the browser that it was made for.
pub(super) struct Returned {
    pub(super) browser: Browser,
    pub(super) interaction: Interaction,
    /// The sealed text, to hand on as it is.
    pub(super) sealed: String,
}

impl Interaction {
    pub(super) fn seal(&self, broker: &Broker, browser: &Browser) -> Result<String, Fault> {
        broker
            .seal
            .seal(Purpose::Interaction, &browser.name, LIFETIME, self)
    }
}

/// Opens the interaction of a query or form. The error is the page that says
/// so, or our failure.
#[expect(
    clippy::result_large_err,
    reason = "a response is what the caller sends next"
)]
pub(super) fn open(
    broker: &Broker,
    headers: &HeaderMap,
    parameters: &Parameters,
) -> Result<Returned, Response> {
    let browser = broker
        .cookies
        .browser(headers)
        .map_err(IntoResponse::into_response)?;
    let sealed = parameters
        .value("interaction")
        .unwrap_or_default()
        .to_owned();
    open_in(broker, browser, sealed)
}

/// The same, for a browser that has been recognised already.
#[expect(
    clippy::result_large_err,
    reason = "a response is what the caller sends next"
)]
pub(super) fn open_in(
    broker: &Broker,
    browser: Browser,
    sealed: String,
) -> Result<Returned, Response> {
    match broker
        .seal
        .open(Purpose::Interaction, &browser.name, &sealed)
    {
        Ok(interaction) => Ok(Returned {
            browser,
            interaction,
            sealed,
        }),
        Err(_) => Err(pages::too_old(Party::Broker).into_response()),
    }
}

/// Adds a cookie to a response, if there is one to set.
pub(super) fn with_cookie(mut response: Response, cookie: Option<HeaderValue>) -> Response {
    if let Some(cookie) = cookie {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}
