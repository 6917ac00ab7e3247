//! A provider that does everything right until it is told otherwise.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};
use url::Url;

use crate::answer::Answer;
use crate::callback::Callback;
use crate::certificate::Certificate;
use crate::keys::Key;
use crate::request::Request;
use crate::server::Server;

/// What a client can ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Endpoint {
    /// The OpenID Connect metadata.
    Metadata,
    /// The authorization endpoint, where the person agrees at once.
    Authorization,
    /// The key set.
    Keys,
    /// The token endpoint.
    Token,
    /// Userinfo.
    Userinfo,
    /// Revocation.
    Revocation,
    /// The protected API below `/api`.
    Api,
    /// Whatever else is asked.
    Elsewhere,
}

type Members = Map<String, Value>;
type Bend = Box<dyn FnMut(&Request, Answer) -> Answer + Send>;
type Substitute = Box<dyn FnMut(&Request) -> Answer + Send>;
type Change = Box<dyn FnMut(&mut Members) + Send>;

/// The provider, its API, and what bends them. Clones are the same provider.
#[derive(Clone)]
pub struct Provider {
    server: Arc<Server>,
    state: Arc<Mutex<State>>,
}

/// The person and the client that it knows.
pub const SUBJECT: &str = "ada";
/// The client's id.
pub const CLIENT: &str = "doorkey-test";

struct State {
    issuer: String,
    keys: Vec<Key>,
    /// A key that signs before it is published.
    unpublished: Option<Key>,
    substitutes: HashMap<Endpoint, (Option<usize>, Substitute)>,
    bends: HashMap<Endpoint, Vec<(Option<usize>, Bend)>>,
    metadata: Vec<Change>,
    header: Vec<Change>,
    claims: Vec<Change>,
    codes: HashMap<String, Code>,
    grants: Vec<Grant>,
    /// Whether a used refresh token is taken again.
    reuse_forgiven: bool,
    pkce_ignored: bool,
    lifetime: u64,
    issued: u32,
}

/// What a code stands for.
struct Code {
    challenge: String,
    redirect_uri: String,
    nonce: Option<String>,
    scope: String,
}

/// A family of tokens.
struct Grant {
    scope: String,
    nonce: Option<String>,
    access_tokens: Vec<String>,
    refresh_tokens: Vec<String>,
    ended: bool,
}

impl Provider {
    /// Starts one on a free port.
    ///
    /// # Errors
    /// When there is no port.
    pub async fn start() -> std::io::Result<Self> {
        Self::listen(None).await
    }

    /// Starts one at `https://localhost` with a certificate.
    ///
    /// # Errors
    /// When there is no port.
    pub async fn start_tls(certificate: &Certificate) -> std::io::Result<Self> {
        Self::listen(Some(certificate)).await
    }

    async fn listen(certificate: Option<&Certificate>) -> std::io::Result<Self> {
        let state = Arc::new(Mutex::new(State::new()));
        let asked = Arc::clone(&state);
        let answer = move |request: &Request| lock(&asked).answer(request);
        let server = match certificate {
            Some(certificate) => Server::start_tls(certificate, answer).await?,
            None => Server::start(answer).await?,
        };
        lock(&state).issuer = server.origin().to_owned();
        Ok(Self {
            server: Arc::new(server),
            state,
        })
    }

    /// Its issuer, which is also the origin of its API.
    pub fn issuer(&self) -> &str {
        self.server.origin()
    }

    /// A profile that leads here, with further lines.
    pub fn profile(&self, lines: &str) -> String {
        let issuer = self.issuer();
        format!("issuer = {issuer:?}\nclient_id = {CLIENT:?}\napi = [\"{issuer}/api\"]\n{lines}\n")
    }

    /// The server behind it.
    pub fn server(&self) -> &Server {
        &self.server
    }

    /// What an endpoint was asked, in order.
    pub fn asked(&self, endpoint: Endpoint) -> Vec<Request> {
        let mut requests = self.server.requests();
        requests.retain(|request| Endpoint::of(request) == endpoint);
        requests
    }

    /// Changes each answer of an endpoint from now on. What would be right is handed in; what was done for it is done.
    pub fn bend(
        &self,
        endpoint: Endpoint,
        bend: impl FnMut(&Request, Answer) -> Answer + Send + 'static,
    ) {
        self.bend_times(endpoint, None, Box::new(bend));
    }

    /// Changes the next answer of an endpoint.
    pub fn bend_once(
        &self,
        endpoint: Endpoint,
        bend: impl FnMut(&Request, Answer) -> Answer + Send + 'static,
    ) {
        self.bend_times(endpoint, Some(1), Box::new(bend));
    }

    fn bend_times(&self, endpoint: Endpoint, times: Option<usize>, bend: Bend) {
        let mut state = self.state();
        state.bends.entry(endpoint).or_default().push((times, bend));
    }

    /// Answers for an endpoint from now on without doing what it should: no code is used up, no token rotated.
    pub fn replace(
        &self,
        endpoint: Endpoint,
        answer: impl FnMut(&Request) -> Answer + Send + 'static,
    ) {
        let mut state = self.state();
        state.substitutes.insert(endpoint, (None, Box::new(answer)));
    }

    /// The same for the next request only.
    pub fn replace_once(
        &self,
        endpoint: Endpoint,
        answer: impl FnMut(&Request) -> Answer + Send + 'static,
    ) {
        let mut state = self.state();
        state
            .substitutes
            .insert(endpoint, (Some(1), Box::new(answer)));
    }

    /// Lets an endpoint answer as it should again.
    pub fn straighten(&self, endpoint: Endpoint) {
        let mut state = self.state();
        state.substitutes.remove(&endpoint);
        state.bends.remove(&endpoint);
    }

    /// Changes members of the metadata.
    pub fn metadata(&self, change: impl FnMut(&mut Members) + Send + 'static) {
        self.state().metadata.push(Box::new(change));
    }

    /// Changes the header of each ID token from now on.
    pub fn header(&self, change: impl FnMut(&mut Members) + Send + 'static) {
        self.state().header.push(Box::new(change));
    }

    /// Changes the claims of each ID token from now on.
    pub fn claims(&self, change: impl FnMut(&mut Members) + Send + 'static) {
        self.state().claims.push(Box::new(change));
    }

    /// Publishes a new key and signs with it; the old one is gone.
    pub fn rotate_key(&self) {
        let mut state = self.state();
        let id = format!("key-{}", state.next());
        state.keys = vec![Key::new(&id)];
    }

    /// Signs with a key that is not published.
    pub fn sign_with_unpublished_key(&self) {
        let mut state = self.state();
        let id = format!("key-{}", state.next());
        state.unpublished = Some(Key::new(&id));
    }

    /// Takes a used refresh token again, as providers with a reuse window do. Otherwise it ends the whole grant.
    pub fn forgive_reuse(&self) {
        self.state().reuse_forgiven = true;
    }

    /// Redeems codes with any verifier, as a careless provider does.
    pub fn ignore_pkce(&self) {
        self.state().pkce_ignored = true;
    }

    /// How long access tokens issued from now on are good for, in seconds.
    pub fn set_lifetime(&self, seconds: u64) {
        self.state().lifetime = seconds;
    }

    /// Forgets what was asked and all grants that have ended: for tests that go on for long.
    pub fn forget(&self) {
        self.server.forget();
        self.state().grants.retain(|grant| !grant.ended);
    }

    /// Ends every grant, as an administrator does.
    pub fn revoke_everything(&self) {
        for grant in &mut self.state().grants {
            grant.ended = true;
        }
    }

    /// What the person's browser is sent back with after they have agreed. Nothing is sent yet.
    pub fn agree(&self, authorization_url: &Url) -> Callback {
        let asked = authorization_url.query_pairs().into_owned().collect();
        self.state().agree(&asked)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }
}

impl Endpoint {
    fn of(request: &Request) -> Self {
        match request.path.as_str() {
            "/.well-known/openid-configuration" => Self::Metadata,
            "/authorize" => Self::Authorization,
            "/jwks" => Self::Keys,
            "/token" => Self::Token,
            "/userinfo" => Self::Userinfo,
            "/revoke" => Self::Revocation,
            path if path == "/api" || path.starts_with("/api/") => Self::Api,
            _ => Self::Elsewhere,
        }
    }
}

impl State {
    fn new() -> Self {
        Self {
            issuer: String::new(),
            keys: vec![Key::new("key-0")],
            unpublished: None,
            substitutes: HashMap::new(),
            bends: HashMap::new(),
            metadata: Vec::new(),
            header: Vec::new(),
            claims: Vec::new(),
            codes: HashMap::new(),
            grants: Vec::new(),
            reuse_forgiven: false,
            pkce_ignored: false,
            lifetime: 3600,
            issued: 0,
        }
    }

    fn next(&mut self) -> u32 {
        self.issued += 1;
        self.issued
    }

    fn answer(&mut self, request: &Request) -> Answer {
        let endpoint = Endpoint::of(request);
        match self.substitutes.get_mut(&endpoint) {
            None | Some((Some(0), _)) => {}
            Some((times, substitute)) => {
                *times = times.map(|times| times - 1);
                return substitute(request);
            }
        }
        let mut answer = match endpoint {
            Endpoint::Metadata => Answer::json(&Value::Object(self.document())),
            Endpoint::Authorization => {
                let asked = url::form_urlencoded::parse(request.query.as_bytes());
                let callback = self.agree(&asked.into_owned().collect());
                Answer::redirect(302, &callback.address())
            }
            Endpoint::Keys => {
                let keys: Vec<_> = self.keys.iter().map(Key::jwk).collect();
                Answer::json(&json!({ "keys": keys }))
            }
            Endpoint::Token => self.token(request),
            Endpoint::Userinfo => self.userinfo(request),
            Endpoint::Revocation => self.revoke(request),
            Endpoint::Api => self.api(request),
            Endpoint::Elsewhere => Answer::status(404),
        };
        for (times, bend) in self.bends.entry(endpoint).or_default() {
            match times {
                Some(0) => continue,
                Some(times) => *times -= 1,
                None => {}
            }
            answer = bend(request, answer);
        }
        answer
    }

    fn document(&mut self) -> Members {
        let at = |path: &str| format!("{}{path}", self.issuer);
        let document = json!({
            "issuer": self.issuer,
            "authorization_endpoint": at("/authorize"),
            "token_endpoint": at("/token"),
            "jwks_uri": at("/jwks"),
            "userinfo_endpoint": at("/userinfo"),
            "revocation_endpoint": at("/revoke"),
            "end_session_endpoint": at("/logout"),
            "code_challenge_methods_supported": ["S256"],
            "id_token_signing_alg_values_supported": ["ES256"],
            "authorization_response_iss_parameter_supported": true,
            "scopes_supported": ["openid", "profile", "email", "offline_access"],
        });
        let mut members = document.as_object().cloned().unwrap_or_default();
        for change in &mut self.metadata {
            change(&mut members);
        }
        members
    }

    fn agree(&mut self, asked: &HashMap<String, String>) -> Callback {
        let of = |name: &str| asked.get(name).cloned().unwrap_or_default();
        let code = format!("canary-code-{}", self.next());
        let redirect_uri = of("redirect_uri");
        self.codes.insert(
            code.clone(),
            Code {
                challenge: of("code_challenge"),
                redirect_uri: redirect_uri.clone(),
                nonce: asked.get("nonce").cloned(),
                scope: of("scope"),
            },
        );
        Callback::new(&redirect_uri)
            .with("code", &code)
            .with("state", &of("state"))
            .with("iss", &self.issuer)
    }

    fn token(&mut self, request: &Request) -> Answer {
        match request.field("grant_type").as_str() {
            "authorization_code" => self.redeem(request),
            "refresh_token" => self.refresh(request),
            _ => Answer::error("unsupported_grant_type"),
        }
    }

    fn redeem(&mut self, request: &Request) -> Answer {
        let Some(code) = self.codes.remove(&request.field("code")) else {
            return Answer::error("invalid_grant");
        };
        let digest = Sha256::digest(request.field("code_verifier"));
        let proved = URL_SAFE_NO_PAD.encode(digest) == code.challenge
            && request.field("redirect_uri") == code.redirect_uri;
        if !proved && !self.pkce_ignored {
            return Answer::error("invalid_grant");
        }
        self.grants.push(Grant {
            scope: code.scope,
            nonce: code.nonce,
            access_tokens: Vec::new(),
            refresh_tokens: Vec::new(),
            ended: false,
        });
        self.issue(self.grants.len() - 1)
    }

    fn refresh(&mut self, request: &Request) -> Answer {
        let presented = request.field("refresh_token");
        let found = self
            .grants
            .iter()
            .position(|grant| grant.refresh_tokens.contains(&presented));
        let Some(index) = found else {
            return Answer::error("invalid_grant");
        };
        let is_newest = self.grants[index].refresh_tokens.last() == Some(&presented);
        if !is_newest && !self.reuse_forgiven {
            self.grants[index].ended = true;
        }
        if self.grants[index].ended {
            return Answer::error("invalid_grant");
        }
        self.issue(index)
    }

    fn issue(&mut self, index: usize) -> Answer {
        let number = self.next();
        let access_token = format!("canary-access-{number}");
        let refresh_token = format!("canary-refresh-{number}");
        let grant = &mut self.grants[index];
        grant.access_tokens.push(access_token.clone());
        grant.refresh_tokens.push(refresh_token.clone());
        let (scope, nonce) = (grant.scope.clone(), grant.nonce.clone());
        let mut response = json!({
            "access_token": access_token,
            "token_type": "Bearer",
            "expires_in": self.lifetime,
            "refresh_token": refresh_token,
            "scope": scope,
        });
        if scope.split(' ').any(|scope| scope == "openid") {
            response["id_token"] = self.id_token(nonce).into();
        }
        Answer::json(&response)
    }

    fn id_token(&mut self, nonce: Option<String>) -> String {
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| since.as_secs());
        let claims = json!({
            "iss": self.issuer, "sub": SUBJECT, "aud": CLIENT, "iat": now, "exp": now + 600,
            "nonce": nonce, "name": "Ada Moreno", "email": "ada@example.com",
        });
        let mut claims = claims.as_object().cloned().unwrap_or_default();
        claims.retain(|_, value| !value.is_null());
        for change in &mut self.claims {
            change(&mut claims);
        }
        let Some(key) = self.unpublished.as_ref().or(self.keys.last()) else {
            return String::new();
        };
        let mut header = key.header();
        for change in &mut self.header {
            change(&mut header);
        }
        key.sign(&header, &claims)
    }

    fn living(&self, request: &Request) -> Option<&Grant> {
        let token = request.header("authorization")?.strip_prefix("Bearer ")?;
        let mut grants = self.grants.iter();
        grants.find(|grant| {
            !grant.ended && grant.access_tokens.last().is_some_and(|last| last == token)
        })
    }

    fn userinfo(&self, request: &Request) -> Answer {
        match self.living(request) {
            Some(_) => Answer::json(&json!({ "sub": SUBJECT, "email": "ada@example.com" })),
            None => unauthorized(),
        }
    }

    fn revoke(&mut self, request: &Request) -> Answer {
        let token = request.field("token");
        for grant in &mut self.grants {
            if grant.refresh_tokens.contains(&token) || grant.access_tokens.contains(&token) {
                grant.ended = true;
            }
        }
        Answer::status(200)
    }

    fn api(&self, request: &Request) -> Answer {
        match self.living(request) {
            Some(grant) => Answer::json(&json!({ "sub": SUBJECT, "scope": grant.scope })),
            None => unauthorized(),
        }
    }
}

fn unauthorized() -> Answer {
    Answer::status(401).header("WWW-Authenticate", "Bearer error=\"invalid_token\"")
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}
