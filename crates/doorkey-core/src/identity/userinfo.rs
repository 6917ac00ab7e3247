//! Asking the provider who the bearer of the access token is. The sign-in succeeds without an answer.

use std::time::Duration;

use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderName, HeaderValue};
use reqwest::{Request, StatusCode};
use serde_json::{Map, Value};
use url::Url;
use zeroize::Zeroizing;

use super::account::{Account, Pointers};
use super::json;
use crate::error::{Code, Error, Result};
use crate::http::{Answer, Http, Limits};
use crate::profile::WhoAmI;
use crate::token::AccessToken;
use crate::trace::{StepKind, Trace, Value as Field, shown};

/// A person waits for this, and it is not worth much waiting.
const LIMITS: Limits = Limits {
    deadline: Duration::from_secs(5),
    cap: 256 * 1024,
};

/// What became of a question to the userinfo endpoint.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum UserInfo {
    /// The account, of the same person as the ID token.
    Account(Account),
    /// The answer is about somebody else; nothing of it was kept.
    AnotherPerson,
    /// There was no usable answer; the trace says why.
    Unavailable,
}

impl UserInfo {
    /// The account, if there is one that counts.
    pub(crate) fn account(self) -> Option<Account> {
        match self {
            Self::Account(account) => Some(account),
            Self::AnotherPerson | Self::Unavailable => None,
        }
    }
}

/// Asks the userinfo endpoint about the person of the ID token
/// ([OpenID Connect Core §5.3](https://openid.net/specs/openid-connect-core-1_0.html#UserInfo)).
pub(crate) async fn userinfo(
    http: &Http,
    endpoint: &Url,
    token: &AccessToken,
    expected_subject: &str,
    trace: &Trace,
) -> UserInfo {
    let claims = match ask(http, endpoint, &AUTHORIZATION, token, trace).await {
        Ok(claims) => claims,
        Err(error) => {
            trace.failed(StepKind::ProfileResponse, &error);
            return UserInfo::Unavailable;
        }
    };
    let Some(account) = account_of(&claims, token, expected_subject) else {
        let error = Error::new(
            Code::UserInfoMismatch,
            "The userinfo endpoint speaks of another person than the ID token, so its answer was discarded",
        );
        trace.failed(StepKind::ProfileResponse, &error);
        return UserInfo::AnotherPerson;
    };
    trace.step(StepKind::ProfileResponse, || fields(&account));
    UserInfo::Account(account)
}

/// Asks a server without ID tokens whose access token this is, which it takes under this header.
///
/// # Errors
/// [`Code::Unavailable`] or a network error if there was no usable answer. The account is unnamed then.
pub(crate) async fn who_am_i(
    http: &Http,
    question: &WhoAmI,
    header: &HeaderName,
    token: &AccessToken,
    trace: &Trace,
) -> Result<Account> {
    let pointers = Pointers {
        subject: &question.subject,
        name: question.name.as_deref(),
        email: question.email.as_deref(),
    };
    match ask(http, &question.url, header, token, trace).await {
        Ok(answer) => {
            let account = Account::from_pointers(&Value::Object(answer), &pointers, token);
            trace.step(StepKind::ProfileResponse, || fields(&account));
            Ok(account)
        }
        Err(error) => {
            trace.failed(StepKind::ProfileResponse, &error);
            Err(error)
        }
    }
}

async fn ask(
    http: &Http,
    url: &Url,
    header: &HeaderName,
    token: &AccessToken,
    trace: &Trace,
) -> Result<Map<String, Value>> {
    trace.step(StepKind::ProfileRequest, || {
        vec![
            ("url", shown(without_query(url))),
            ("access_token", Field::Hidden(token.len())),
        ]
    });
    let request = request(http, url, header, token).await?;
    members(&http.send(request, LIMITS).await?)
}

/// The account, if the answer is about the person of the ID token
/// ([OpenID Connect Core §5.3.2](https://openid.net/specs/openid-connect-core-1_0.html#UserInfoResponse)).
pub(super) fn account_of(
    claims: &Map<String, Value>,
    token: &AccessToken,
    expected_subject: &str,
) -> Option<Account> {
    let is_same = claims.get("sub").and_then(Value::as_str) == Some(expected_subject);
    is_same.then(|| Account::from_claims(claims, Some(token)))
}

/// What a usable answer says.
pub(super) fn members(answer: &Answer) -> Result<Map<String, Value>> {
    let unavailable = |what: &str| {
        Err(Error::new(
            Code::Unavailable,
            format!("The answer about the account {what}"),
        ))
    };
    match answer.status {
        StatusCode::OK => {}
        status if status.is_redirection() => {
            return unavailable("is a redirect, which is never followed");
        }
        status => return unavailable(&format!("is HTTP {}", status.as_u16())),
    }
    if !answer.has_media_type("application/json") {
        return unavailable("is not application/json");
    }
    json::object(&answer.body).or_else(|why| unavailable(&why.to_string()))
}

/// The token goes into the header and nowhere else
/// ([RFC 6750 §2.1](https://www.rfc-editor.org/rfc/rfc6750#section-2.1)).
async fn request(
    http: &Http,
    url: &Url,
    header: &HeaderName,
    token: &AccessToken,
) -> Result<Request> {
    let credentials = Zeroizing::new(format!("Bearer {}", token.expose()));
    // The library's errors here could only repeat the header or the address.
    let mut value = HeaderValue::from_str(&credentials).map_err(|_| {
        Error::new(
            Code::TokenResponseInvalid,
            "The access token has characters that no token has",
        )
    })?;
    value.set_sensitive(true);
    let request = http
        .client(url)
        .await?
        .get(url.clone())
        .header(ACCEPT, "application/json")
        .header(header, value);
    request.build().map_err(|_| {
        Error::new(
            Code::Internal,
            "The question about the account cannot be sent",
        )
    })
}

fn without_query(url: &Url) -> Url {
    let mut url = url.clone();
    url.set_query(None);
    url
}

pub(super) fn fields(account: &Account) -> Vec<(&'static str, Field)> {
    let texts = [
        ("sub", account.subject()),
        ("name", account.name()),
        ("preferred_username", account.username()),
        ("email", account.email()),
        ("picture", account.picture().map(Url::as_str)),
    ];
    texts
        .into_iter()
        .filter_map(|(name, text)| Some((name, shown(text?))))
        .collect()
}
