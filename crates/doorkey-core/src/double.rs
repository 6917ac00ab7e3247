//! A provider for tests: it answers each path as it was told, and keeps what it was asked.

mod adaptors;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use doorkey_double::{Answer, Callback, Request, Server};
use url::Url;

use crate::engine::Doorkey;
use crate::error::Result;
use crate::profile::Profile;
use crate::session::Session;

/// A token response that can be refreshed.
pub(crate) const TOKENS: &str = r#"{"access_token":"canary-access","refresh_token":"canary-refresh","token_type":"Bearer","expires_in":600}"#;

/// A request as it came.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// By name in lower case.
    pub(crate) headers: HashMap<String, String>,
    /// The body as a form.
    pub(crate) form: HashMap<String, String>,
}

type Answers = Arc<Mutex<HashMap<String, (u16, String)>>>;

pub(crate) struct Double {
    pub(crate) url: String,
    answers: Answers,
    server: Server,
}

impl Double {
    /// Listens on a free port, and answers `/token` with [`TOKENS`]. What it was not told is not found.
    pub(crate) async fn start() -> Self {
        let answers = Answers::default();
        let told = Arc::clone(&answers);
        let server = Server::start(move |request| {
            let known = told.lock().expect("the answers");
            let (status, body) = match known.get(&request.path) {
                Some((status, body)) => (*status, body.as_str()),
                None => (404, "{}"),
            };
            Answer::bytes("application/json", body).with_status(status)
        });
        let server = server.await.expect("a port");
        let double = Self {
            url: server.origin().to_owned(),
            answers,
            server,
        };
        double.answer("/token", 200, TOKENS);
        double
    }

    /// Answers a path like this from now on. `HOME` in the body is the address of the double.
    pub(crate) fn answer(&self, path: &str, status: u16, body: &str) {
        let answer = (status, body.replace("HOME", &self.url));
        let mut answers = self.answers.lock().expect("the answers");
        answers.insert(path.to_owned(), answer);
    }

    /// A profile of its endpoints, with these lines before them.
    pub(crate) fn profile(&self, lines: &str) -> Profile {
        let url = &self.url;
        let text = format!(
            "{lines}\n[endpoints]\nauthorization = \"{url}/authorize\"\ntoken = \"{url}/token\"\n\
             device_authorization = \"{url}/device\"\nrevocation = \"{url}/revoke\"\n"
        );
        Profile::parse(&"work".parse().expect("a name"), &text).expect("a profile")
    }

    /// What it was asked at a path, in order.
    pub(crate) fn asked(&self, path: &str) -> Vec<Asked> {
        let asked = self.server.requests();
        let here = asked.iter().filter(|request| request.path == path);
        here.map(Asked::of).collect()
    }

    /// The last request to a path.
    pub(crate) fn last(&self, path: &str) -> Asked {
        self.asked(path).pop().expect("it was asked")
    }
}

impl Asked {
    fn of(request: &Request) -> Self {
        let headers = request.headers.iter();
        Self {
            headers: headers
                .map(|(name, value)| (name.to_ascii_lowercase(), value.clone()))
                .collect(),
            form: request.form(),
        }
    }
}

/// Signs in with a browser that agrees at once. Also gives the address that the browser was sent to.
pub(crate) async fn sign_in(doorkey: &Doorkey, profile: &Profile) -> Result<(Session, Url)> {
    let sign_in = doorkey.begin(profile).await?;
    let url = sign_in.authorization_url().clone();
    sign_in.open(&agree)?;
    let session = sign_in.answer().await?.finish().await?;
    Ok((session, url))
}

fn agree(url: &Url) -> Result<()> {
    let sent: HashMap<_, _> = url.query_pairs().into_owned().collect();
    let callback = Callback::new(&sent["redirect_uri"])
        .with("code", "canary-code")
        .with("state", &sent["state"]);
    tokio::spawn(async move { callback.send().await });
    Ok(())
}
