//! A provider in a role, and an app that knows how it is reached.

use std::collections::BTreeMap;

use doorkey_idp::{Config, Personality, Running, Secret, start};
use reqwest::{RequestBuilder, Response, StatusCode, header::HeaderMap};
use serde_json::Value;
use url::Url;

use crate::agent::{Agent, CHALLENGE, Page, Stop, VERIFIER, app, text};

pub(crate) type Parameters = BTreeMap<&'static str, String>;

/// A started personality.
pub(crate) struct Play {
    pub(crate) provider: Running,
    pub(crate) personality: Personality,
}

/// An answer, whatever it is written in.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) async fn read(response: Response) -> Self {
        Self {
            status: response.status(),
            headers: response.headers().clone(),
            body: response.text().await.unwrap(),
        }
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    /// The status and the error that it names.
    pub(crate) fn error(&self) -> (u16, String) {
        let error = self.json()["error"].as_str().unwrap_or_default().to_owned();
        (self.status.as_u16(), error)
    }
}

pub(crate) fn personality(id: &str) -> Personality {
    Personality::named(id).unwrap().clone()
}

/// The standard with something else.
pub(crate) fn standard_but(change: impl FnOnce(&mut Personality)) -> Personality {
    let mut personality = Personality::STANDARD;
    change(&mut personality);
    personality
}

impl Play {
    pub(crate) async fn named(id: &str) -> Self {
        Self::of(personality(id)).await
    }

    pub(crate) async fn of(personality: Personality) -> Self {
        let config = Config {
            port: 0,
            personality: personality.clone(),
            ..Config::default()
        };
        Self {
            provider: start(config).await.unwrap(),
            personality,
        }
    }

    /// An address at the provider; `{tenant}` is that of all of them.
    pub(crate) fn at(&self, path: &str) -> String {
        let tenants = self.personality.addresses.tenants;
        let tenant = tenants.map_or("", |tenants| tenants.several[0]);
        format!(
            "{}{}",
            self.provider.origin(),
            path.replace("{tenant}", tenant)
        )
    }

    /// A redirect URI as an app would use it: on some port where any will do.
    pub(crate) fn redirect_uri(&self) -> String {
        let registered = self.personality.client.redirect_uris[0];
        let rule = &self.personality.redirects;
        let host = rule
            .any_port
            .iter()
            .find(|host| registered.starts_with(**host));
        match host {
            None => registered.to_owned(),
            Some(host) => match registered.strip_prefix(host).unwrap() {
                "" => format!("{host}:9/callback"),
                path => format!("{host}:9{path}"),
            },
        }
    }

    /// The parameters of a good authorization request for everything.
    pub(crate) fn request(&self) -> Parameters {
        let names = self.personality.scopes.names.iter();
        let names: Vec<_> = names.map(|scope| scope.name).collect();
        BTreeMap::from([
            ("response_type", "code".to_owned()),
            ("client_id", self.personality.client.client_id.to_owned()),
            ("redirect_uri", self.redirect_uri()),
            ("scope", names.join(" ")),
            ("state", "a-state".to_owned()),
            ("nonce", "a-nonce".to_owned()),
            ("access_type", "offline".to_owned()),
            ("audience", self.provider.api().to_owned()),
            ("code_challenge", CHALLENGE.to_owned()),
            ("code_challenge_method", "S256".to_owned()),
        ])
    }

    /// The same with changes; an empty value leaves a parameter out.
    pub(crate) fn request_with(&self, changes: &[(&'static str, &str)]) -> Parameters {
        let mut request = self.request();
        for (name, value) in changes {
            request.insert(name, (*value).to_owned());
        }
        request
    }

    pub(crate) fn authorize_url(&self, request: &Parameters) -> Url {
        let address = self.at(self.personality.addresses.authorization);
        Url::parse_with_params(&address, request).unwrap()
    }

    /// What a browser gets to see, or the app, without anybody doing anything.
    pub(crate) async fn open(&self, request: &Parameters) -> Stop {
        Agent::new().open(self.authorize_url(request)).await
    }

    /// The page that asks a person whether to allow it.
    pub(crate) async fn consent(&self, agent: &Agent, request: &Parameters) -> Page {
        let page = agent.open(self.authorize_url(request)).await.page();
        let page = agent
            .press(&page, "Use a demo name and password", &[])
            .await
            .page();
        let fields = [("username", "ada"), ("password", "demo")];
        agent.press(&page, "Sign in", &fields).await.page()
    }

    /// Signs in, allows everything and gives what comes home.
    pub(crate) async fn sign_in(&self, request: &Parameters) -> BTreeMap<String, String> {
        let agent = Agent::new();
        let page = self.consent(&agent, request).await;
        agent.press(&page, "Allow", &[]).await.home()
    }

    pub(crate) fn token_request(&self) -> RequestBuilder {
        app()
            .post(self.at(self.personality.addresses.token))
            .header("accept", "application/json")
    }

    /// The form that redeems a code, with what the app has to know.
    pub(crate) fn redemption<'a>(
        &'a self,
        code: &'a str,
        redirect_uri: &'a str,
    ) -> Vec<(&'static str, &'a str)> {
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("client_id", self.personality.client.client_id),
            ("code", code),
            ("redirect_uri", redirect_uri),
            ("code_verifier", VERIFIER),
        ];
        form.extend(self.secret());
        form
    }

    pub(crate) fn secret(&self) -> Option<(&'static str, &'static str)> {
        let secret = self.personality.client.client_secret;
        let is_sent = self.personality.tokens.secret != Secret::Never;
        secret
            .filter(|_| is_sent)
            .map(|secret| ("client_secret", secret))
    }

    pub(crate) async fn token(&self, form: &[(&str, &str)]) -> Answer {
        Answer::read(self.token_request().form(form).send().await.unwrap()).await
    }

    pub(crate) async fn redeem(&self, code: &str) -> Answer {
        self.token(&self.redemption(code, &self.redirect_uri()))
            .await
    }

    pub(crate) async fn refresh(&self, refresh_token: &str) -> Answer {
        let mut form = vec![
            ("grant_type", "refresh_token"),
            ("client_id", self.personality.client.client_id),
            ("refresh_token", refresh_token),
        ];
        form.extend(self.secret());
        self.token(&form).await
    }

    /// The tokens of a sign-in with this request.
    pub(crate) async fn tokens_of(&self, request: &Parameters) -> Value {
        let home = self.sign_in(request).await;
        let answer = self.redeem(&home["code"]).await;
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        answer.json()
    }

    pub(crate) async fn tokens(&self) -> Value {
        self.tokens_of(&self.request()).await
    }

    /// Calls the API below the address that apps know, with the token where the API wants it.
    pub(crate) async fn call(&self, path: &str, tokens: &Value) -> Answer {
        let header = self.personality.api.header;
        self.call_with(path, header, text(tokens, "access_token"))
            .await
    }

    pub(crate) async fn call_with(&self, path: &str, header: &str, token: &str) -> Answer {
        let request = app()
            .get(format!("{}{path}", self.provider.api()))
            .header(header, format!("Bearer {token}"));
        Answer::read(request.send().await.unwrap()).await
    }

    /// Asks an address, without anything.
    pub(crate) async fn get(&self, path: &str) -> Answer {
        let address = format!("{}{path}", self.provider.origin());
        Answer::read(app().get(address).send().await.unwrap()).await
    }

    /// What the userinfo endpoint tells.
    pub(crate) async fn userinfo(&self, tokens: &Value) -> Value {
        let path = self.personality.addresses.userinfo.unwrap();
        let request = app()
            .get(self.at(path))
            .bearer_auth(text(tokens, "access_token"));
        Answer::read(request.send().await.unwrap()).await.json()
    }

    /// A device's code, for everything.
    pub(crate) async fn device_code(&self) -> Value {
        let path = self.personality.addresses.device_authorization.unwrap();
        let request = self.request();
        let form = [
            ("client_id", request["client_id"].as_str()),
            ("scope", request["scope"].as_str()),
        ];
        let request = app()
            .post(self.at(path))
            .header("accept", "application/json")
            .form(&form);
        Answer::read(request.send().await.unwrap()).await.json()
    }

    /// A device's question, without a secret.
    pub(crate) async fn ask(&self, device_code: &str) -> Answer {
        let form = [
            ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
            ("client_id", self.personality.client.client_id),
            ("device_code", device_code),
        ];
        self.token(&form).await
    }
}
