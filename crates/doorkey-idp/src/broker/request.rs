//! The authorization request, read once; after that only typed values exist.

use axum::response::Response;
use serde::{Deserialize, Serialize};

use crate::{
    broker::{
        Broker,
        answer::Destination,
        authorize::Asked,
        device::{self, Device},
        wanted::Wanted,
    },
    clock::now_millis,
    fault::Fault,
    parameters::Parameters,
    personality::{Proof, Resource},
    proof::Challenge,
    scope::Scopes,
    token::{ID_TOKEN_TYPE, IdClaims},
};

/// A valid authorization request ([RFC 6749 4.1.1], [OpenID Connect 3.1.2.1]).
///
/// [RFC 6749 4.1.1]: https://www.rfc-editor.org/rfc/rfc6749#section-4.1.1
/// [OpenID Connect 3.1.2.1]: https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct AuthorizationRequest {
    pub(super) client_id: String,
    pub(super) client_name: String,
    pub(super) destination: Destination,
    pub(super) scopes: Scopes,
    /// Whether the access token is for the API.
    pub(super) api_access: bool,
    /// Whether `access_type` asks for a refresh token.
    offline: bool,
    pub(super) challenge: Option<Challenge>,
    pub(super) nonce: Option<String>,
    pub(super) prompt: Prompt,
    /// Seconds.
    pub(super) max_age: Option<i64>,
    pub(super) login_hint: Option<String>,
    /// Who must be signed in, from `id_token_hint`.
    pub(super) expected_user: Option<String>,
    /// Milliseconds.
    pub(super) received_at: i64,
    /// The code of the device that waits for the answer, if one does and not an app at the redirect URI.
    pub(super) device: Option<String>,
}

/// What `prompt` asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Prompt {
    pub(super) none: bool,
    pub(super) login: bool,
    pub(super) consent: bool,
    pub(super) select_account: bool,
}

/// Why a request is not answered with a code.
#[derive(Debug)]
pub(super) enum Refusal {
    /// Told to the person on a page: nobody trustworthy to tell otherwise.
    Page {
        sentence: &'static str,
        words: &'static str,
    },
    /// Told to the app.
    Answer {
        destination: Destination,
        error: &'static str,
        description: String,
    },
    /// We failed.
    Fault(Fault),
}

impl<E: Into<Fault>> From<E> for Refusal {
    fn from(error: E) -> Self {
        Self::Fault(error.into())
    }
}

/// The longest `state`, `nonce` and `login_hint` that are carried along.
const LONGEST: usize = 4096;

impl AuthorizationRequest {
    pub(super) async fn parse(broker: &Broker, parameters: &Parameters) -> Result<Self, Refusal> {
        let page = |sentence, words| Refusal::Page { sentence, words };
        if parameters.is_repeated("client_id") || parameters.is_repeated("redirect_uri") {
            return Err(page(
                "The request names its app or its return address more than once.",
                "invalid_request, client_id, redirect_uri",
            ));
        }
        let client_id = parameters.value("client_id").ok_or_else(|| {
            page(
                "The request does not name an app.",
                "invalid_request, client_id",
            )
        })?;
        let client = broker.store.client(client_id).await?.ok_or_else(|| {
            page(
                "The app that sent you here is not registered.",
                "invalid_client, client_id",
            )
        })?;
        let redirect_uri = parameters.value("redirect_uri").ok_or_else(|| {
            page(
                "The request has no return address.",
                "invalid_request, redirect_uri",
            )
        })?;
        if !client.may_redirect_to(redirect_uri, &broker.personality.redirects) {
            return Err(page(
                "The return address is not registered for this app.",
                broker.personality.redirects.mismatch,
            ));
        }
        let destination = Destination::new(redirect_uri, parameters);
        Self::parse_rest(broker, parameters, client_id, &client.name, &destination).map_err(
            |(error, description)| Refusal::Answer {
                destination,
                error,
                description,
            },
        )
    }

    fn parse_rest(
        broker: &Broker,
        parameters: &Parameters,
        client_id: &str,
        client_name: &str,
        destination: &Destination,
    ) -> Result<Self, (&'static str, String)> {
        let invalid = |text: &str| ("invalid_request", text.to_owned());
        if let Some(name) = parameters.repeated() {
            return Err((
                "invalid_request",
                format!("The parameter {name} comes more than once."),
            ));
        }
        for (name, error) in [
            ("request", "request_not_supported"),
            ("request_uri", "request_uri_not_supported"),
            ("registration", "registration_not_supported"),
        ] {
            if parameters.value(name).is_some() {
                return Err((error, format!("The parameter {name} is not supported.")));
            }
        }
        match parameters.value("response_type") {
            Some("code") => {}
            Some(_) => {
                let text = "Only response_type=code is supported.".to_owned();
                return Err(("unsupported_response_type", text));
            }
            None => return Err(invalid("response_type is missing.")),
        }
        match parameters.value("response_mode") {
            None | Some("query" | "form_post") => {}
            Some(_) => return Err(invalid("response_mode must be query or form_post.")),
        }
        if broker.personality.authorization.resource == Resource::Indicator
            && parameters
                .value("resource")
                .is_some_and(|resource| resource.trim_end_matches('/') != broker.audience)
        {
            let text = format!("The only resource is {}.", broker.audience);
            return Err(("invalid_target", text));
        }
        let challenge =
            challenge(broker.personality.authorization.proof, parameters).map_err(invalid)?;
        let Wanted { scopes, api_access } = Wanted::parse(broker, parameters)?;
        let carried = |name: &str| -> Result<Option<String>, (&'static str, String)> {
            match parameters.value(name) {
                Some(value) if value.len() > LONGEST => Err((
                    "invalid_request",
                    format!("{name} is longer than {LONGEST} bytes."),
                )),
                value => Ok(value.map(str::to_owned)),
            }
        };
        carried("state")?;
        let nonce = carried("nonce")?;
        let login_hint = carried("login_hint")?;
        let max_age = match parameters.value("max_age").map(str::parse::<u32>) {
            None => None,
            Some(Ok(seconds)) => Some(i64::from(seconds)),
            Some(Err(_)) => return Err(invalid("max_age must be a number of seconds.")),
        };
        let expected_user = match parameters.value("id_token_hint") {
            None => None,
            Some(hint) => Some(
                broker
                    .keys
                    .claims_of_own::<IdClaims>(ID_TOKEN_TYPE, hint)
                    .filter(|claims| claims.iss == broker.issuer)
                    .map(|claims| claims.sub)
                    .ok_or_else(|| invalid("id_token_hint is not an ID token of this provider."))?,
            ),
        };
        Ok(Self {
            client_id: client_id.to_owned(),
            client_name: client_name.to_owned(),
            destination: destination.clone(),
            scopes,
            api_access,
            offline: parameters.value("access_type") == Some("offline"),
            challenge,
            nonce,
            prompt: Prompt::parse(
                parameters.value("prompt"),
                broker.personality.authorization.prompts,
            )
            .map_err(invalid)?,
            max_age,
            login_hint,
            expected_user,
            received_at: now_millis(),
            device: None,
        })
    }

    /// What a device asks for. Whoever typed its code is always asked: that somebody is signed in here does not mean that
    /// the device is theirs ([RFC 8628 5.4]).
    ///
    /// [RFC 8628 5.4]: https://www.rfc-editor.org/rfc/rfc8628#section-5.4
    pub(super) fn of_device(origin: &str, device: Device) -> Self {
        Self {
            client_id: device.client_id,
            client_name: device.client_name,
            destination: Destination::new(&format!("{origin}/device/end"), &Parameters::default()),
            scopes: device.scopes,
            api_access: device.api_access,
            offline: false,
            challenge: None,
            nonce: None,
            prompt: Prompt {
                consent: true,
                ..Prompt::default()
            },
            max_age: device.max_age,
            login_hint: device.login_hint,
            expected_user: None,
            received_at: now_millis(),
            device: Some(device.user_code),
        }
    }

    /// Whether its code brings a refresh token.
    pub(super) fn gives_refresh_token(&self, broker: &Broker, asked: Asked) -> bool {
        broker.gives_refresh_token(&self.scopes, self.offline && asked == Asked::JustNow)
    }

    /// Tells whoever waits that the person does not want to.
    pub(super) fn deny(&self, broker: &Broker, description: &str) -> Response {
        match &self.device {
            Some(code) => device::deny(broker, code),
            None => self
                .destination
                .fail(broker.issuer_in_answers(), "access_denied", description),
        }
    }
}

/// What the request says of PKCE.
fn challenge(proof: Proof, parameters: &Parameters) -> Result<Option<Challenge>, &'static str> {
    let Some(challenge) = parameters.value("code_challenge") else {
        return match proof {
            Proof::Optional => Ok(None),
            Proof::S256 | Proof::PlainUnlessNamed => {
                Err("code_challenge is missing: PKCE is required.")
            }
        };
    };
    match (parameters.value("code_challenge_method"), proof) {
        (Some("S256"), _) => Challenge::s256(challenge)
            .map(Some)
            .ok_or("code_challenge must be 43 base64url characters."),
        (_, Proof::S256) => Err("code_challenge_method must be S256."),
        (None | Some("plain"), _) => Challenge::plain(challenge)
            .map(Some)
            .ok_or("code_challenge must be 43 to 128 unreserved characters."),
        (Some(_), _) => Err("code_challenge_method must be S256 or plain."),
    }
}

impl Prompt {
    const KNOWN: [&str; 4] = ["none", "login", "consent", "select_account"];

    fn parse(text: Option<&str>, possible: &[&str]) -> Result<Self, &'static str> {
        let mut prompt = Self::default();
        for word in text
            .unwrap_or_default()
            .split(' ')
            .filter(|word| !word.is_empty())
        {
            match word {
                known if Self::KNOWN.contains(&known) && !possible.contains(&known) => {
                    return Err("This value of prompt is not supported.");
                }
                "none" => prompt.none = true,
                "login" => prompt.login = true,
                "consent" => prompt.consent = true,
                "select_account" => prompt.select_account = true,
                _ => return Err("prompt must be none, login, consent or select_account."),
            }
        }
        if prompt.none && (prompt.login || prompt.consent || prompt.select_account) {
            return Err("prompt=none cannot be combined.");
        }
        Ok(prompt)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prompt_none_stands_alone() {
        let parse = |text| Prompt::parse(text, &Prompt::KNOWN);
        assert!(parse(Some("none")).unwrap().none);
        assert!(parse(Some("none login")).is_err());
        assert!(parse(Some("login consent")).is_ok());
        assert!(parse(Some("create")).is_err());
        assert_eq!(parse(None), Ok(Prompt::default()));
        assert!(Prompt::parse(Some("select_account"), &["none", "login"]).is_err());
    }
}
