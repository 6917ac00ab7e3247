//! A provider for tests: it answers each path as it was told, and keeps what it was asked.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
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
    /// The path without its query.
    pub(crate) path: String,
    /// By name in lower case.
    pub(crate) headers: HashMap<String, String>,
    /// The body as a form.
    pub(crate) form: HashMap<String, String>,
}

type Answers = Arc<Mutex<HashMap<String, (u16, String)>>>;

pub(crate) struct Double {
    pub(crate) url: String,
    answers: Answers,
    asked: Arc<Mutex<Vec<Asked>>>,
    server: JoinHandle<()>,
}

impl Double {
    /// Listens on a free port, and answers `/token` with [`TOKENS`]. What it was not told is not found.
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let (answers, asked) = (Answers::default(), Arc::default());
        let server = tokio::spawn(serve(listener, Arc::clone(&answers), Arc::clone(&asked)));
        let double = Self {
            url,
            answers,
            asked,
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
        let asked = self.asked.lock().expect("what was asked");
        let here = asked.iter().filter(|asked| asked.path == path);
        here.cloned().collect()
    }

    /// The last request to a path.
    pub(crate) fn last(&self, path: &str) -> Asked {
        self.asked(path).pop().expect("it was asked")
    }
}

impl Drop for Double {
    fn drop(&mut self) {
        self.server.abort();
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
    let mut back = Url::parse(&sent["redirect_uri"]).expect("a redirect URI");
    back.query_pairs_mut()
        .append_pair("code", "canary-code")
        .append_pair("state", &sent["state"]);
    tokio::spawn(async move {
        let authority = format!(
            "{}:{}",
            back.host_str().expect("a host"),
            back.port().expect("a port")
        );
        let mut stream = TcpStream::connect(&authority).await.expect("the port");
        let target = &back[url::Position::BeforePath..];
        let request =
            format!("GET {target} HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.expect("to ask");
        let mut page = Vec::new();
        stream.read_to_end(&mut page).await.expect("a page");
    });
    Ok(())
}

async fn serve(listener: TcpListener, answers: Answers, asked: Arc<Mutex<Vec<Asked>>>) {
    while let Ok((mut stream, _)) = listener.accept().await {
        let Some(request) = read(&mut stream).await else {
            continue;
        };
        let known = answers
            .lock()
            .expect("the answers")
            .get(&request.path)
            .cloned();
        asked.lock().expect("what was asked").push(request);
        let (status, body) = known.unwrap_or((404, "{}".to_owned()));
        let answer = format!(
            "HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        );
        // A client that has heard enough may have gone.
        drop(stream.write_all(answer.as_bytes()).await);
    }
}

/// A whole request; none from a connection that was opened and not used.
async fn read(stream: &mut TcpStream) -> Option<Asked> {
    let mut request = Vec::new();
    loop {
        if stream.read_buf(&mut request).await.ok()? == 0 {
            return None;
        }
        let text = String::from_utf8_lossy(&request);
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let headers: HashMap<_, _> = head
            .lines()
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect();
        let length = headers
            .get("content-length")
            .map_or(0, |length| length.parse().expect("a length"));
        if body.len() < length {
            continue;
        }
        let target = head.split(' ').nth(1).expect("a target");
        let path = target.split('?').next().unwrap_or(target).to_owned();
        let form = url::form_urlencoded::parse(body.as_bytes()).into_owned();
        return Some(Asked {
            path,
            form: form.collect(),
            headers,
        });
    }
}
