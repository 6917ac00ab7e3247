//! The account that people see: who signed in, in words fit to be shown.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use url::Url;

use super::claims::parse_subject;
use super::text::clean;
use crate::profile::secure_url;
use crate::token::AccessToken;

/// How many characters of a name are kept.
const LONGEST_TEXT: usize = 256;
/// A picture with a longer address is left out: an address cannot be cut.
const LONGEST_ADDRESS: usize = 1024;

/// Who signed in, as far as the provider tells.
///
/// Made of verified claims and of what userinfo adds to them
/// ([OpenID Connect Core §5.1](https://openid.net/specs/openid-connect-core-1_0.html#StandardClaims)). Every text
/// is plain text of at most 256 characters without controls, changes of direction or invisible
/// characters. None of it is proof of anything but the [subject](Self::subject).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Stored")]
pub struct Account {
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    username: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    picture: Option<Url>,
}

impl Account {
    /// The provider's own name of the person: unique there, never reassigned, at most 255 characters.
    pub fn subject(&self) -> Option<&str> {
        self.subject.as_deref()
    }

    /// The full name.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// The name that the person uses to sign in, `preferred_username` on the wire.
    pub fn username(&self) -> Option<&str> {
        self.username.as_deref()
    }

    /// The e-mail address. Whether it is the person's is between them and the provider.
    pub fn email(&self) -> Option<&str> {
        self.email.as_deref()
    }

    /// Where a picture of the person is: an `https:` address, or `http:` on this computer.
    pub fn picture(&self) -> Option<&Url> {
        self.picture.as_ref()
    }

    /// What to call the person: the best of name, user name, e-mail address and subject.
    pub fn display_name(&self) -> &str {
        [&self.name, &self.username, &self.email, &self.subject]
            .into_iter()
            .find_map(Option::as_deref)
            .unwrap_or("Unnamed account")
    }

    /// One or two letters that stand in for a picture; a question mark for an account without a name.
    pub fn initials(&self) -> String {
        let Some(name) = [&self.name, &self.username, &self.email].into_iter().find_map(Option::as_deref) else {
            return "?".to_owned();
        };
        // In an address, what follows the @ is not the person.
        let person = name.split('@').find(|part| !part.is_empty()).unwrap_or(name);
        let mut letters = person.split_whitespace().filter_map(|word| word.chars().find(|letter| letter.is_alphanumeric()));
        let first = letters.next();
        let initials: String = first.into_iter().chain(letters.last()).flat_map(char::to_uppercase).collect();
        if initials.is_empty() { "?".to_owned() } else { initials }
    }

    /// The account of a claims set. Claims that are not strings are left out, and so is any that
    /// repeats the access token.
    pub(super) fn from_claims(claims: &Map<String, Value>, token: Option<&AccessToken>) -> Self {
        let text = |name: &str| claims.get(name).and_then(|value| text(value, token));
        Self {
            subject: claims.get("sub").and_then(|value| subject(value, token)),
            name: text("name"),
            username: text("preferred_username"),
            email: text("email"),
            picture: claims.get("picture").and_then(|value| address(value, token)),
        }
    }

    /// The account of an answer in a form of the server's own, read at JSON pointers
    /// ([RFC 6901](https://www.rfc-editor.org/rfc/rfc6901)).
    pub(super) fn from_pointers(answer: &Value, pointers: &Pointers<'_>, token: &AccessToken) -> Self {
        let at = |pointer: Option<&str>| answer.pointer(pointer?);
        Self {
            // Many servers number their accounts.
            subject: at(Some(pointers.subject)).and_then(|value| match value {
                Value::Number(number) if !number.is_f64() => Some(number.to_string()),
                other => subject(other, Some(token)),
            }),
            name: at(pointers.name).and_then(|value| text(value, Some(token))),
            username: None,
            email: at(pointers.email).and_then(|value| text(value, Some(token))),
            picture: None,
        }
    }

    /// The same account with what it lacks taken from another source about the same person.
    pub(crate) fn completed_by(self, other: Self) -> Self {
        Self {
            subject: self.subject.or(other.subject),
            name: self.name.or(other.name),
            username: self.username.or(other.username),
            email: self.email.or(other.email),
            picture: self.picture.or(other.picture),
        }
    }
}

/// Where an answer says what.
pub(super) struct Pointers<'a> {
    pub(super) subject: &'a str,
    pub(super) name: Option<&'a str>,
    pub(super) email: Option<&'a str>,
}

/// An account as it was stored, which is checked like one from the network.
#[derive(Deserialize)]
struct Stored {
    #[serde(default)]
    subject: Value,
    #[serde(default)]
    name: Value,
    #[serde(default)]
    username: Value,
    #[serde(default)]
    email: Value,
    #[serde(default)]
    picture: Value,
}

impl From<Stored> for Account {
    fn from(stored: Stored) -> Self {
        Self {
            subject: subject(&stored.subject, None),
            name: text(&stored.name, None),
            username: text(&stored.username, None),
            email: text(&stored.email, None),
            picture: address(&stored.picture, None),
        }
    }
}

fn subject(value: &Value, token: Option<&AccessToken>) -> Option<String> {
    let subject = parse_subject(value).ok()?;
    (!repeats(subject, token)).then(|| subject.to_owned())
}

fn text(value: &Value, token: Option<&AccessToken>) -> Option<String> {
    // Cleaned whole first: an invisible character within a token must not hide it.
    let whole = clean(value.as_str()?, usize::MAX);
    (!whole.is_empty() && !repeats(&whole, token)).then(|| clean(&whole, LONGEST_TEXT))
}

fn address(value: &Value, token: Option<&AccessToken>) -> Option<Url> {
    let text = value.as_str()?;
    if text.len() > LONGEST_ADDRESS || repeats(text, token) {
        return None;
    }
    secure_url(text).ok().filter(|url| !repeats(url.as_str(), token))
}

/// A server that sends the token back must not get it into the view.
fn repeats(text: &str, token: Option<&AccessToken>) -> bool {
    token.is_some_and(|token| text.contains(token.expose()))
}
