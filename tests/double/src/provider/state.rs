//! The provider itself: what it knows, and what is right.

use std::collections::HashMap;
use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use super::endpoint::Endpoint;
use crate::answer::Answer;
use crate::callback::Callback;
use crate::keys::Key;
use crate::request::Request;

pub(super) type Members = Map<String, Value>;
pub(super) type Bend = Box<dyn FnMut(&Request, Answer) -> Answer + Send>;
pub(super) type Substitute = Box<dyn FnMut(&Request) -> Answer + Send>;
pub(super) type Change = Box<dyn FnMut(&mut Members) + Send>;

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
    codes: HashMap<String, Code>,
    pub(super) grants: Vec<Grant>,
    /// Whether a used refresh token is taken again.
    pub(super) reuse_forgiven: bool,
    pub(super) pkce_ignored: bool,
    pub(super) lifetime: u64,
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
pub(super) struct Grant {
    scope: String,
    nonce: Option<String>,
    access_tokens: Vec<String>,
    refresh_tokens: Vec<String>,
    pub(super) ended: bool,
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
            codes: HashMap::new(),
            grants: Vec::new(),
            reuse_forgiven: false,
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
