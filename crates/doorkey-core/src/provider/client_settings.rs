//! Asking a server which client a profile is, where the profile leaves that to it.

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use reqwest::header::{ACCEPT, HeaderValue};
use reqwest::{Method, Request, StatusCode};
use url::Url;

use super::metadata::is_object;
use crate::error::{Code, Error, Result};
use crate::http::{Http, Limits, PROVIDER_DEADLINE};
use crate::profile::{ClientSettings, Profile};
use crate::text::clean;
use crate::trace::{StepKind, Trace, shown};

/// Real ones have a few hundred bytes.
const LIMITS: Limits = Limits {
    deadline: PROVIDER_DEADLINE,
    cap: 64 * 1024,
};

/// The profile as it is to be used for a sign-in: with what its client settings say now, if it names any.
///
/// # Errors
/// [`Code::MetadataInvalid`] when they cannot be used, or a network error.
pub(crate) async fn settled<'p>(
    profile: &'p Profile,
    http: &Http,
    trace: &Trace,
) -> Result<Cow<'p, Profile>> {
    let Some(url) = profile.client_settings() else {
        return Ok(Cow::Borrowed(profile));
    };
    trace.step(StepKind::SettingsRequest, || {
        vec![("client_settings", shown(url))]
    });
    let asked = async {
        let settings = fetch(url, http).await?;
        let settled = profile.settled(&settings).map_err(|fault| {
            unusable(url, format!("`{}` {}", fault.member, fault.what)).with_hint(format!(
                "The server's administrator can correct it. What the profile says in `{}` counts in its place.",
                fault.field
            ))
        })?;
        Ok((settled, settings))
    };
    let (settled, settings) = asked
        .await
        .inspect_err(|error| trace.failed(StepKind::SettingsResponse, error))?;
    trace.step(StepKind::SettingsResponse, || {
        let mut fields = vec![
            ("client_id", shown(settled.client_id())),
            ("redirect_uri", shown(settled.redirect_uri())),
            ("scope", shown(settled.scopes().join(" "))),
            (
                "authorization_metadata_key",
                shown(settled.authorization_header()),
            ),
        ];
        let audience = settled.authorization_parameters.get("audience");
        fields.extend(audience.map(|audience| ("audience", shown(audience))));
        let endpoint = settings.service_http_endpoint();
        fields.extend(endpoint.map(|url| ("service_http_endpoint", shown(clean(url, 200)))));
        fields
    });
    Ok(Cow::Owned(settled))
}

async fn fetch(url: &Url, http: &Http) -> Result<ClientSettings> {
    let mut request = Request::new(Method::GET, url.clone());
    request
        .headers_mut()
        .insert(ACCEPT, HeaderValue::from_static("application/json"));
    let answer = http.send(request, LIMITS).await?;
    let status = answer.status;
    if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS {
        return Err(Error::new(
            Code::Unavailable,
            format!("{url} answered {status}"),
        ));
    }
    if status.is_redirection() {
        return Err(unusable(
            url,
            "the server redirects elsewhere, which is not followed",
        ));
    }
    if !status.is_success() {
        return Err(unusable(url, format!("the server answered {status}")));
    }
    parse(url, &answer.body)
}

pub(super) fn parse(url: &Url, body: &[u8]) -> Result<ClientSettings> {
    if !is_object(body) {
        return Err(unusable(url, "they are not a JSON object"));
    }
    serde_json::from_slice(body).map_err(|error| unusable(url, clean(&error.to_string(), 300)))
}

fn unusable(url: &Url, what: impl std::fmt::Display) -> Error {
    Error::new(
        Code::MetadataInvalid,
        format!("The client settings at {url} cannot be used: {what}"),
    )
    .with_hint(
        "Check the address in the profile; the server's administrator can correct what it says.",
    )
}
