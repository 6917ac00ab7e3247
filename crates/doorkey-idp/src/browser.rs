//! The browser on the other side: two cookies, and nothing else that is kept
//! there.

use axum::http::{HeaderMap, HeaderValue, header::COOKIE};

use crate::{
    fault::Fault,
    random,
    start::Role,
    store::{Session, Store, StoreError},
};

/// Names of one role's cookies. Cookies ignore ports, so the port is in the
/// name: two providers on one machine do not sign each other out.
#[derive(Clone, Debug)]
pub(crate) struct Cookies {
    role: Role,
    browser: String,
    session: String,
}

/// A browser, known by a random name that it keeps while it is open. Forms are
/// sealed to that name, so a form of one browser is worth nothing in another.
#[derive(Debug)]
pub(crate) struct Browser {
    pub(crate) name: String,
    is_new: bool,
    session_secret: Option<String>,
}

impl Cookies {
    pub(crate) fn new(role: Role, port: u16) -> Self {
        let role_name = role.as_str();
        Self {
            role,
            browser: format!("doorkey-{role_name}-{port}-browser"),
            session: format!("doorkey-{role_name}-{port}-session"),
        }
    }

    /// Recognises the browser, or names it.
    pub(crate) fn browser(&self, headers: &HeaderMap) -> Result<Browser, Fault> {
        let known = cookie(headers, &self.browser).filter(|name| name.len() == 43);
        Ok(Browser {
            is_new: known.is_none(),
            name: match known {
                Some(name) => name.to_owned(),
                None => random::secret()?,
            },
            session_secret: cookie(headers, &self.session).map(str::to_owned),
        })
    }

    /// The cookie to set if the browser was named just now.
    pub(crate) fn remember(&self, browser: &Browser) -> Option<HeaderValue> {
        browser
            .is_new
            .then(|| set(&self.browser, &browser.name, None))
            .flatten()
    }

    /// The session of this browser, if it is signed in here.
    pub(crate) async fn session(
        &self,
        store: &Store,
        browser: &Browser,
    ) -> Result<Option<Session>, StoreError> {
        match &browser.session_secret {
            Some(secret) => store.session(self.role, secret).await,
            None => Ok(None),
        }
    }

    /// Signs a person in, under a secret that no page has seen before.
    pub(crate) async fn sign_in(
        &self,
        store: &Store,
        browser: &Browser,
        session: Session,
    ) -> Result<Option<HeaderValue>, Fault> {
        if let Some(old) = &browser.session_secret {
            store.end_session(old).await?;
        }
        let secret = random::secret()?;
        store.put_session(self.role, &secret, session).await?;
        let lifetime = crate::store::SESSION_LIFETIME / 1000;
        Ok(set(&self.session, &secret, Some(lifetime)))
    }

    /// Signs the browser out.
    pub(crate) async fn sign_out(
        &self,
        store: &Store,
        browser: &Browser,
    ) -> Result<Option<HeaderValue>, StoreError> {
        if let Some(secret) = &browser.session_secret {
            store.end_session(secret).await?;
        }
        Ok(set(&self.session, "", Some(0)))
    }
}

fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|header| header.to_str().ok())
        .flat_map(|header| header.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name).then_some(value))
}

/// Without `Secure`: the loopback interface has no TLS, and only some browsers
/// send a secure cookie there.
fn set(name: &str, value: &str, max_age: Option<i64>) -> Option<HeaderValue> {
    let age = max_age
        .map(|seconds| format!("; Max-Age={seconds}"))
        .unwrap_or_default();
    HeaderValue::from_str(&format!(
        "{name}={value}; Path=/; HttpOnly; SameSite=Lax{age}"
    ))
    .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_keeps_its_name_and_a_short_one_is_replaced() {
        let cookies = Cookies::new(Role::Broker, 4180);
        let mut headers = HeaderMap::new();
        let first = cookies.browser(&headers).unwrap();
        assert!(cookies.remember(&first).is_some());

        let header = format!("other=1; doorkey-broker-4180-browser={}", first.name);
        headers.insert(COOKIE, header.parse().unwrap());
        let again = cookies.browser(&headers).unwrap();
        assert_eq!(again.name, first.name);
        assert!(cookies.remember(&again).is_none());

        headers.insert(COOKIE, "doorkey-broker-4180-browser=x".parse().unwrap());
        assert!(cookies.browser(&headers).unwrap().is_new);
    }
}
