//! Whether the provider relied on another one, as far as its ID token tells. No standard has a claim for that; what follows
//! are customs, and what they do not tell is not guessed.

use serde_json::{Map, Value};

use super::account::text;
use super::claims::Expected;

/// The claims that name who authenticated the person, first one first: brokers with a mapper for it, Microsoft Entra ID and
/// IdentityServer among them.
const CLAIMS: [&str; 2] = ["identity_provider", "idp"];
/// What those claims hold when the provider did it by itself, besides its issuer.
const ITSELF: [&str; 1] = ["local"];
/// The connections of a subject such as `google-oauth2|1234` that are the provider's own: password, e-mail and text message.
const OWN_CONNECTIONS: [&str; 3] = ["auth0", "email", "sms"];
/// A connection with a longer name is none.
const LONGEST_CONNECTION: usize = 64;

/// The name of the other provider, and what it was read from.
pub(super) fn upstream(
    claims: &Map<String, Value>,
    expected: &Expected<'_>,
) -> Option<(&'static str, String)> {
    let shown = |value: &Value| text(value, expected.access_token);
    for claim in CLAIMS {
        if let Some(value) = claims.get(claim).filter(|value| value.is_string()) {
            let name = shown(value)?;
            let is_itself =
                name == expected.issuer || ITSELF.contains(&name.as_str()) || is_opaque(&name);
            return (!is_itself).then_some((claim, name));
        }
    }
    let (connection, id) = claims.get("sub")?.as_str()?.split_once('|')?;
    let is_connection = !id.is_empty()
        && !connection.is_empty()
        && connection.len() <= LONGEST_CONNECTION
        && connection
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
        && !OWN_CONNECTIONS.contains(&connection);
    let name = shown(&Value::from(connection)).filter(|_| is_connection)?;
    Some(("connection", name))
}

/// An id that means something at the provider only, and stands there for the provider itself as well: Okta's have 20
/// letters and digits.
fn is_opaque(name: &str) -> bool {
    name.len() == 20
        && name.starts_with('0')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
}
