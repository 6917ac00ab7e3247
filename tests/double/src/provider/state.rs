//! The provider itself: what it knows, and what is right.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value, json};

use super::endpoint::Endpoint;
use super::grant::{Code, Grant, Reuse, Revocation};
use crate::answer::Answer;
use crate::callback::Callback;
use crate::keys::Key;
use crate::request::Request;

pub(super) type Members = Map<String, Value>;
pub(super) type Bend = Box<dyn FnMut(&Request, Answer) -> Answer + Send>;
pub(super) type Substitute = Box<dyn FnMut(&Request) -> Answer + Send>;
pub(super) type Change = Box<dyn FnMut(&mut Members) + Send>;
pub(super) type Rewrite = Box<dyn FnMut(String) -> String + Send>;

/// The person and the client that it knows.
pub const SUBJECT: &str = "ada";
/// The client's id.
pub const CLIENT: &str = "doorkey-test";

pub(super) struct State {
    pub(super) issuer: String,
    pub(super) keys: Vec<Key>,
    /// A key that signs before it is published.
    pub(super) unpublished: Option<Key>,
    pub(super) substitutes: HashMap<Endpoint, (Option<usize>, Substitute)>,
    pub(super) bends: HashMap<Endpoint, Vec<(Option<usize>, Bend)>>,
    pub(super) metadata: Vec<Change>,
    pub(super) header: Vec<Change>,
    pub(super) claims: Vec<Change>,
    pub(super) id_tokens: Vec<Rewrite>,
    pub(super) codes: HashMap<String, Code>,
    pub(super) grants: Vec<Grant>,
    /// Tokens that were revoked alone.
    pub(super) revoked: HashSet<String>,
    /// Whether the key set changes between a token's signature and the next request for the keys.
    pub(super) rotates_after_signing: bool,
    pub(super) reuse: Reuse,
    pub(super) refresh_tokens_kept: bool,
    pub(super) revocation: Revocation,
    pub(super) pkce_ignored: bool,
    pub(super) lifetime: u64,
    issued: u32,
}

impl State {
    pub(super) fn new() -> Self {
        Self {
            issuer: String::new(),
            keys: vec![Key::new("key-0")],
            unpublished: None,
            substitutes: HashMap::new(),
            bends: HashMap::new(),
            metadata: Vec::new(),
            header: Vec::new(),
            claims: Vec::new(),
            id_tokens: Vec::new(),
            codes: HashMap::new(),
            grants: Vec::new(),
            revoked: HashSet::new(),
            rotates_after_signing: false,
            reuse: Reuse::EndsFamily,
            refresh_tokens_kept: false,
            revocation: Revocation::WholeGrant,
            pkce_ignored: false,
            lifetime: 3600,
            issued: 0,
        }
    }

    pub(super) fn next(&mut self) -> u32 {
        self.issued += 1;
        self.issued
    }

    pub(super) fn answer(&mut self, request: &Request) -> Answer {
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
            Endpoint::EndSession => self.end_session(request),
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

    pub(super) fn agree(&mut self, asked: &HashMap<String, String>) -> Callback {
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

    fn living(&self, request: &Request) -> Option<&Grant> {
        let token = request.header("authorization")?.strip_prefix("Bearer ")?;
        if self.revoked.contains(token) {
            return None;
        }
        self.grants.iter().find(|grant| grant.takes_access(token))
    }

    fn userinfo(&self, request: &Request) -> Answer {
        match self.living(request) {
            Some(_) => Answer::json(&json!({ "sub": SUBJECT, "email": "ada@example.com" })),
            None => unauthorized(),
        }
    }

    fn api(&self, request: &Request) -> Answer {
        match self.living(request) {
            Some(grant) => Answer::json(&json!({ "sub": SUBJECT, "scope": grant.scope })),
            None => unauthorized(),
        }
    }

    /// The page at the end of the provider's session, which wants a token of its own as the hint.
    fn end_session(&self, request: &Request) -> Answer {
        let hint = url::form_urlencoded::parse(request.query.as_bytes())
            .find(|(name, _)| name == "id_token_hint")
            .map(|(_, value)| value.into_owned());
        let is_ours = |grant: &Grant| grant.id_token.is_some() && grant.id_token == hint;
        if self.grants.iter().any(is_ours) {
            Answer::bytes("text/html", "<title>You are signed out</title>")
        } else {
            Answer::bytes("text/html", "<title>Who are you?</title>").with_status(400)
        }
    }
}

fn unauthorized() -> Answer {
    Answer::challenge(401, "Bearer error=\"invalid_token\"")
}
