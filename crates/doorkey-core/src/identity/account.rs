//! The account that people see: who signed in, in words fit to be shown.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use url::Url;

use super::claims::parse_subject;
use crate::profile::secure_url;
use crate::text::clean;
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
        let Some(name) = [&self.name, &self.username, &self.email]
            .into_iter()
            .find_map(Option::as_deref)
        else {
            return "?".to_owned();
        };
        // In an address, what follows the @ is not the person.
        let person = name
            .split('@')
            .find(|part| !part.is_empty())
            .unwrap_or(name);
        let mut letters = person
            .split_whitespace()
            .filter_map(|word| word.chars().find(|letter| letter.is_alphanumeric()));
        let first = letters.next();
        let initials: String = first
            .into_iter()
            .chain(letters.next_back())
            .flat_map(char::to_uppercase)
            .collect();
        if initials.is_empty() {
            "?".to_owned()
        } else {
            initials
        }
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
            picture: claims
                .get("picture")
                .and_then(|value| address(value, token)),
        }
    }

    /// The account of an answer in a form of the server's own, read at JSON pointers
    /// ([RFC 6901](https://www.rfc-editor.org/rfc/rfc6901)).
    pub(super) fn from_pointers(
        answer: &Value,
        pointers: &Pointers<'_>,
        token: &AccessToken,
    ) -> Self {
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

/// Text that is fit to be shown, unless there is none in it or it repeats the access token.
pub(super) fn text(value: &Value, token: Option<&AccessToken>) -> Option<String> {
    // Cleaned whole first: an invisible character within a token must not hide it.
    let whole = clean(value.as_str()?, usize::MAX);
    (!whole.is_empty() && !repeats(&whole, token)).then(|| clean(&whole, LONGEST_TEXT))
}

fn address(value: &Value, token: Option<&AccessToken>) -> Option<Url> {
    let text = value.as_str()?;
    if text.len() > LONGEST_ADDRESS || repeats(text, token) {
        return None;
    }
    secure_url(text)
        .ok()
        // Written as a URL it may have become longer.
        .filter(|url| url.as_str().len() <= LONGEST_ADDRESS && !repeats(url.as_str(), token))
}

/// A server that sends the token back must not get it into the view.
fn repeats(text: &str, token: Option<&AccessToken>) -> bool {
    token.is_some_and(|token| text.contains(token.expose()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn account(claims: Value) -> Account {
        Account::from_claims(claims.as_object().unwrap(), None)
    }

    #[test]
    fn claims_become_text_that_can_be_shown() {
        let account = account(json!({
            "sub": "auth0|1", "name": "  Ada\u{202E}\r\nLovelace\u{0} ", "preferred_username": "a".repeat(300),
            "email": "<script>alert(1)</script>", "picture": "https://example.com/a.png?s=1",
        }));
        assert_eq!(account.name.as_deref(), Some("Ada Lovelace"));
        assert_eq!(
            account.username.as_deref().map(|text| text.chars().count()),
            Some(256)
        );
        assert_eq!(
            account.email.as_deref(),
            Some("<script>alert(1)</script>"),
            "text is text"
        );
        assert_eq!(
            account.picture.unwrap().as_str(),
            "https://example.com/a.png?s=1"
        );
    }

    #[test]
    fn what_is_not_a_string_is_left_out() {
        for value in [
            json!(null),
            json!(1),
            json!(true),
            json!(["Ada"]),
            json!({ "a": "b" }),
            json!(""),
            json!(" \u{200B}"),
        ] {
            let claims = json!({ "sub": value, "name": value, "preferred_username": value, "email": value, "picture": value });
            assert_eq!(account(claims), Account::default(), "{value}");
        }
    }

    #[test]
    fn a_picture_is_https_or_on_this_computer() {
        let picture = |address: &str| account(json!({ "picture": address })).picture;
        for good in [
            "https://example.com/a.png",
            "http://127.0.0.1:4180/a",
            "http://[::1]/a",
            "http://localhost/a",
        ] {
            assert!(picture(good).is_some(), "{good}");
        }
        let longest = format!("https://example.com/{}", "a".repeat(1004));
        assert_eq!(longest.len(), 1024);
        assert!(picture(&longest).is_some());
        let long = format!("{longest}a");
        let longer_as_a_url = format!("https://example.com/{}", "é".repeat(400));
        for bad in [
            "http://example.com/a.png",
            "javascript:alert(1)",
            "data:image/png;base64,AAAA",
            "file:///a.png",
            "//example.com/a",
            "/a.png",
            "https://user:password@example.com/",
            "https://",
            "",
            &long,
            &longer_as_a_url,
        ] {
            assert_eq!(picture(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_best_name_is_shown() {
        let all = json!({ "sub": "1", "name": "Ada Lovelace", "preferred_username": "ada", "email": "ada@example.com" });
        let mut claims = all.as_object().unwrap().clone();
        for (name, shown) in [
            ("name", "Ada Lovelace"),
            ("preferred_username", "ada"),
            ("email", "ada@example.com"),
            ("sub", "1"),
        ] {
            assert_eq!(Account::from_claims(&claims, None).display_name(), shown);
            claims.remove(name);
        }
        assert_eq!(Account::default().display_name(), "Unnamed account");
    }

    #[test]
    fn initials_stand_in_for_a_picture() {
        for (name, initials) in [
            ("Ada Lovelace", "AL"),
            ("ada", "A"),
            ("Augusta Ada King", "AK"),
            ("ada@example.com", "A"),
            ("山田太郎", "山"),
            ("Élise Ångström", "ÉÅ"),
            ("(Bob) 'Builder'", "BB"),
            ("@", "?"),
            ("@ada", "A"),
            ("***", "?"),
            ("ßen", "SS"),
            ("Ada (work)", "AW"),
        ] {
            assert_eq!(
                account(json!({ "name": name })).initials(),
                initials,
                "{name}"
            );
        }
        assert_eq!(
            account(json!({ "email": "grace@example.com" })).initials(),
            "G"
        );
        assert_eq!(account(json!({ "sub": "auth0|1" })).initials(), "?");
        assert_eq!(Account::default().initials(), "?");
    }

    #[test]
    fn a_stored_account_comes_back_and_is_checked() {
        let whole = account(json!({
            "sub": "auth0|1", "name": "Ada", "preferred_username": "ada", "email": "a@b", "picture": "https://example.com/a",
        }));
        for account in [whole, Account::default()] {
            let stored = serde_json::to_string(&account).unwrap();
            assert_eq!(serde_json::from_str::<Account>(&stored).unwrap(), account);
        }
        assert_eq!(serde_json::to_string(&Account::default()).unwrap(), "{}");
        let damaged =
            r#"{"subject":7,"name":"a\u202eb","picture":"javascript:alert(1)","later":1}"#;
        let read: Account = serde_json::from_str(damaged).unwrap();
        assert_eq!(
            read,
            Account {
                name: Some("ab".to_owned()),
                ..Account::default()
            }
        );
    }

    #[test]
    fn completing_keeps_what_is_there() {
        let known = account(json!({ "sub": "1", "name": "Ada" }));
        let told = account(json!({ "sub": "1", "name": "Countess", "email": "ada@example.com" }));
        let complete = known.completed_by(told);
        assert_eq!(
            (complete.name.as_deref(), complete.email.as_deref()),
            (Some("Ada"), Some("ada@example.com"))
        );
    }

    proptest! {
        #[test]
        fn g18_any_text_becomes_harmless(text in any::<String>()) {
            let account = account(json!({ "sub": text, "name": text, "email": text, "picture": text }));
            let shown = account.display_name();
            prop_assert!(shown.chars().count() <= 256 && !shown.chars().any(char::is_control));
            prop_assert!((1..=6).contains(&account.initials().chars().count()));
        }
    }
}
