//! What a claims set must say before it is believed.

use std::borrow::Cow;
use std::time::{Duration, SystemTime};

use serde_json::{Map, Value};
use subtle::ConstantTimeEq as _;

use super::algorithm::Algorithm;
use crate::clock::unix_seconds;
use crate::error::{Code, Error, Result};
use crate::profile::TENANT;
use crate::text::{clean, is_clean};
use crate::token::AccessToken;

/// How far the clocks of this computer and of the provider may be apart.
const SKEW: Duration = Duration::from_secs(5 * 60);
/// How long the way from the provider's signature to this computer may take at sign-in.
const FRESHNESS: Duration = Duration::from_secs(10 * 60);
/// `sub` has at most 255 characters ([OpenID Connect Core §2](https://openid.net/specs/openid-connect-core-1_0.html#IDToken)).
const LONGEST_SUBJECT: usize = 255;
/// The last second of the year 9999. What is beyond is no time, but an error or an attack.
pub(super) const END_OF_TIME: u64 = 253_402_300_799;
/// How much of an issuer or audience a message quotes.
const LONGEST_QUOTE: usize = 120;

/// What an ID token must agree with.
#[derive(Clone, Copy)]
pub(crate) struct Expected<'a> {
    /// Byte for byte; `{tenantid}` in it stands for the token's `tid`.
    pub(crate) issuer: &'a str,
    pub(crate) client_id: &'a str,
    /// Who else the token may be for.
    pub(crate) additional_audiences: &'a [String],
    /// What the metadata lists as `id_token_signing_alg_values_supported`; empty if it lists nothing.
    pub(crate) algorithms: &'a [String],
    /// The access token that came with the ID token, for `at_hash`.
    pub(crate) access_token: Option<&'a AccessToken>,
    pub(crate) occasion: Occasion<'a>,
    pub(crate) now: SystemTime,
}

/// When an ID token came.
#[derive(Clone, Copy)]
pub(crate) enum Occasion<'a> {
    /// At the end of a sign-in
    /// ([OpenID Connect Core §3.1.3.7](https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation)).
    /// It must be fresh.
    SignIn {
        /// What the authorization request sent.
        nonce: &'a str,
        /// What the authorization request sent as `max_age`.
        max_age: Option<Duration>,
        /// What the authorization request sent as `acr_values`, separated by spaces; empty for nothing.
        acr_values: &'a str,
    },
    /// At the end of a sign-in with a device code, whose request has no nonce
    /// ([RFC 8628 §3.1](https://www.rfc-editor.org/rfc/rfc8628#section-3.1)). It must be fresh. What ties it to this sign-in is
    /// the device code, which never left this program; a nonce would belong to a request that nobody here made.
    Device {
        /// What the device authorization request sent as `max_age`.
        max_age: Option<Duration>,
        /// What it sent as `acr_values`, separated by spaces; empty for nothing.
        acr_values: &'a str,
    },
    /// With a refreshed access token
    /// ([OpenID Connect Core §12.2](https://openid.net/specs/openid-connect-core-1_0.html#RefreshTokenResponse)).
    /// `iat` should be new, but servers exist that repeat the first token; `exp` bounds its age.
    Refresh {
        /// Who has signed in.
        subject: &'a str,
        /// What the authorization request sent, if it is still known. The token need not repeat it.
        nonce: Option<&'a str>,
    },
}

impl Occasion<'_> {
    /// Whether somebody has just signed in.
    pub(super) fn is_sign_in(&self) -> bool {
        match self {
            Self::SignIn { .. } | Self::Device { .. } => true,
            Self::Refresh { .. } => false,
        }
    }
}

/// What was read from the claims.
#[derive(Debug)]
pub(super) struct Checked {
    pub(super) subject: String,
    /// In seconds since the Unix epoch.
    pub(super) expires_at: u64,
}

/// Judges the claims of a token of this algorithm.
pub(super) fn check(
    claims: &Map<String, Value>,
    algorithm: Algorithm,
    expected: &Expected<'_>,
) -> Result<Checked> {
    issuer(claims, expected)?;
    audience(claims, expected)?;
    let expires_at = times(claims, expected)?;
    nonce(claims, expected)?;
    let subject = subject(claims, expected)?;
    access_token_hash(claims, algorithm, expected)?;
    authentication(claims, expected)?;
    Ok(Checked {
        subject,
        expires_at,
    })
}

fn issuer(claims: &Map<String, Value>, expected: &Expected<'_>) -> Result<()> {
    let mismatch = |what: String| {
        Err(Error::new(
            Code::IssuerMismatch,
            format!("The ID token's `iss` {what}"),
        ))
    };
    let wanted = issuer_of_tenant(claims, expected.issuer)?;
    match claims.get("iss") {
        Some(Value::String(issuer)) if *issuer == wanted => Ok(()),
        Some(Value::String(issuer)) => {
            mismatch(format!("is {}, not {}", quote(issuer), quote(&wanted)))
        }
        Some(_) => mismatch("is not a string".to_owned()),
        None => mismatch("is missing".to_owned()),
    }
}

/// The issuer of the token's tenant, where the provider's is a template. Only a profile that says so lets one come this far.
fn issuer_of_tenant<'a>(claims: &Map<String, Value>, issuer: &'a str) -> Result<Cow<'a, str>> {
    if !issuer.contains(TENANT) {
        return Ok(Cow::Borrowed(issuer));
    }
    let is_tenant = |tenant: &str| {
        (1..=64).contains(&tenant.len())
            && tenant
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    match claims.get("tid") {
        Some(Value::String(tenant)) if is_tenant(tenant) => {
            Ok(Cow::Owned(issuer.replace(TENANT, tenant)))
        }
        Some(_) => Err(fault("tid", "is not the id of a tenant")),
        None => Err(fault("tid", "is missing, and the issuer is a template")),
    }
}

fn audience(claims: &Map<String, Value>, expected: &Expected<'_>) -> Result<()> {
    let Some(claim) = claims.get("aud") else {
        return Err(fault("aud", "is missing"));
    };
    let audiences: Vec<&str> = match claim {
        Value::String(one) => vec![one],
        Value::Array(several) => several
            .iter()
            .map(|one| {
                one.as_str()
                    .ok_or_else(|| fault("aud", "holds something other than strings"))
            })
            .collect::<Result<_>>()?,
        _ => return Err(fault("aud", "is neither a string nor a list of strings")),
    };
    if !audiences.contains(&expected.client_id) {
        let named = audiences
            .first()
            .map_or_else(|| "nobody".to_owned(), |first| quote(first));
        return Err(fault(
            "aud",
            format!(
                "names {named}, not this client, {}",
                quote(expected.client_id)
            ),
        )
        .with_hint("Check that the client id in the profile is exactly the registered one."));
    }
    let others = || {
        audiences
            .iter()
            .filter(|audience| **audience != expected.client_id)
    };
    if let Some(stranger) = others().find(|other| {
        !expected
            .additional_audiences
            .iter()
            .any(|listed| listed == *other)
    }) {
        return Err(fault(
            "aud",
            format!(
                "also names {}, which the profile does not list",
                quote(stranger)
            ),
        )
        .with_hint(
            "Add it to `additional_audiences` in the profile if the token may be for both.",
        ));
    }
    match claims.get("azp") {
        Some(Value::String(party)) if party == expected.client_id => Ok(()),
        Some(_) => Err(fault("azp", "names another client than this one")),
        None if others().next().is_some() => {
            Err(fault("azp", "is missing although `aud` names several"))
        }
        None => Ok(()),
    }
}

/// Checks `exp`, `nbf` and `iat`; returns `exp`.
fn times(claims: &Map<String, Value>, expected: &Expected<'_>) -> Result<u64> {
    let now = unix_seconds(expected.now);
    let skew = SKEW.as_secs();
    let required = |claim| time(claims, claim)?.ok_or_else(|| fault(claim, "is missing"));
    let expires_at = required("exp")?;
    if now >= expires_at + skew {
        return Err(untimely(
            "exp",
            format!("expired {} ago", spoken(now - expires_at)),
        ));
    }
    if let Some(not_before) = time(claims, "nbf")?
        && not_before > now + skew
    {
        return Err(untimely(
            "nbf",
            format!("is not valid for another {}", spoken(not_before - now)),
        ));
    }
    let issued_at = required("iat")?;
    if issued_at > now + skew {
        return Err(untimely(
            "iat",
            format!("was issued {} in the future", spoken(issued_at - now)),
        ));
    }
    let must_be_fresh = expected.occasion.is_sign_in();
    if must_be_fresh && now > issued_at + FRESHNESS.as_secs() + skew {
        return Err(untimely(
            "iat",
            format!(
                "was issued {} ago, not for this sign-in",
                spoken(now - issued_at)
            ),
        ));
    }
    Ok(expires_at)
}

fn nonce(claims: &Map<String, Value>, expected: &Expected<'_>) -> Result<()> {
    let (sent, is_required) = match expected.occasion {
        Occasion::SignIn { nonce, .. } => (Some(nonce), true),
        Occasion::Refresh { nonce, .. } => (nonce, false),
        Occasion::Device { .. } if claims.contains_key("nonce") => {
            return Err(fault("nonce", "is there, although none was sent").with_hint(START_AGAIN));
        }
        Occasion::Device { .. } => return Ok(()),
    };
    match (claims.get("nonce"), sent) {
        (Some(Value::String(nonce)), Some(sent))
            if nonce.as_bytes().ct_eq(sent.as_bytes()).into() =>
        {
            Ok(())
        }
        (Some(Value::String(_)), Some(_)) => {
            Err(fault("nonce", "belongs to another sign-in").with_hint(START_AGAIN))
        }
        (Some(Value::String(_)), None) => Ok(()),
        (Some(_), _) => Err(fault("nonce", "is not a string").with_hint(START_AGAIN)),
        (None, _) if is_required => Err(fault("nonce", "is missing").with_hint(START_AGAIN)),
        (None, _) => Ok(()),
    }
}

fn subject(claims: &Map<String, Value>, expected: &Expected<'_>) -> Result<String> {
    let Some(claim) = claims.get("sub") else {
        return Err(fault("sub", "is missing"));
    };
    let subject = parse_subject(claim).map_err(|what| fault("sub", what))?;
    if let Occasion::Refresh {
        subject: signed_in, ..
    } = expected.occasion
        && subject != signed_in
    {
        return Err(
            fault("sub", "names another person than the one who signed in")
                .with_hint("Sign out, and sign in again."),
        );
    }
    Ok(subject.to_owned())
}

/// A subject is compared byte by byte and shown as it is, so it is taken whole or not at all.
pub(super) fn parse_subject(claim: &Value) -> Result<&str, &'static str> {
    match claim {
        Value::String(subject) if subject.trim().is_empty() => Err("is empty"),
        Value::String(subject) if subject.chars().count() > LONGEST_SUBJECT => {
            Err("is longer than 255 characters")
        }
        Value::String(subject) if !is_clean(subject) => Err("has characters that cannot be seen"),
        Value::String(subject) => Ok(subject),
        _ => Err("is not a string"),
    }
}

fn access_token_hash(
    claims: &Map<String, Value>,
    algorithm: Algorithm,
    expected: &Expected<'_>,
) -> Result<()> {
    let (Some(claim), Some(token)) = (claims.get("at_hash"), expected.access_token) else {
        return Ok(());
    };
    let hash = algorithm.access_token_hash(token.expose());
    match claim {
        Value::String(claimed) if claimed.as_bytes().ct_eq(hash.as_bytes()).into() => Ok(()),
        Value::String(_) => Err(fault(
            "at_hash",
            "belongs to another access token than the one that came with it",
        )),
        _ => Err(fault("at_hash", "is not a string")),
    }
}

/// Whether the person has authenticated as recently and as strongly as was asked for.
fn authentication(claims: &Map<String, Value>, expected: &Expected<'_>) -> Result<()> {
    let (max_age, acr_values) = match expected.occasion {
        Occasion::SignIn {
            max_age,
            acr_values,
            ..
        }
        | Occasion::Device {
            max_age,
            acr_values,
        } => (max_age, acr_values),
        Occasion::Refresh { .. } => return Ok(()),
    };
    let unmet = |what: String| Err(Error::new(Code::StepUpNotSatisfied, what));
    let now = unix_seconds(expected.now);
    let authenticated_at = time(claims, "auth_time")?;
    if authenticated_at.is_some_and(|at| at > now + SKEW.as_secs()) {
        return Err(untimely(
            "auth_time",
            "tells of a sign-in in the future".to_owned(),
        ));
    }
    match (max_age, authenticated_at) {
        (None, _) => {}
        (Some(_), None) => {
            return unmet(
                "The provider did not say when the person last signed in (`auth_time`)".to_owned(),
            );
        }
        (Some(max_age), Some(at))
            if now.saturating_sub(at) > max_age.as_secs().saturating_add(SKEW.as_secs()) =>
        {
            let (ago, wanted) = (spoken(now - at), spoken(max_age.as_secs()));
            return unmet(format!(
                "The person last signed in {ago} ago (`auth_time`), and {wanted} was the most to accept"
            ));
        }
        (Some(_), Some(_)) => {}
    }
    let mut wanted = acr_values.split_ascii_whitespace().peekable();
    let satisfied = claims
        .get("acr")
        .and_then(Value::as_str)
        .is_some_and(|acr| wanted.clone().any(|value| value == acr));
    if wanted.peek().is_some() && !satisfied {
        return unmet("The provider did not confirm that the person signed in as strongly as asked for (`acr`)".to_owned());
    }
    Ok(())
}

/// A claim that, if it is there, is whole seconds since the Unix epoch.
fn time(claims: &Map<String, Value>, claim: &str) -> Result<Option<u64>> {
    match claims.get(claim) {
        None => Ok(None),
        Some(value) => match value.as_u64() {
            Some(seconds) if seconds <= END_OF_TIME => Ok(Some(seconds)),
            _ => Err(fault(claim, "is not a time in whole seconds")),
        },
    }
}

const START_AGAIN: &str = "Start again. If it happens again, tell the provider's administrator.";

/// An error about the token as a whole.
pub(super) fn invalid(what: impl std::fmt::Display) -> Error {
    Error::new(Code::IdTokenInvalid, format!("The ID token {what}"))
}

/// An error about one claim or header member.
pub(super) fn fault(claim: &str, what: impl std::fmt::Display) -> Error {
    Error::new(
        Code::IdTokenInvalid,
        format!("The ID token's `{claim}` {what}"),
    )
}

fn untimely(claim: &str, what: String) -> Error {
    invalid(format!("{what} by this computer's clock (`{claim}`)"))
        .with_hint("Check this computer's date and time, then sign in again.")
}

fn quote(text: &str) -> String {
    format!("`{}`", clean(text, LONGEST_QUOTE))
}

/// A span of time in the largest unit that still tells it well.
fn spoken(seconds: u64) -> String {
    let (count, unit) = match seconds {
        0..120 => (seconds, "second"),
        120..7_200 => (seconds / 60, "minute"),
        7_200..172_800 => (seconds / 3_600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}
