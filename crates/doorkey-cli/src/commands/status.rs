//! `doorkey status`: who is signed in, and until when. Nobody is asked but the keychain.

use clap::Args;
use doorkey_core::{Account, SessionInfo, Storage};
use serde::Serialize;

use crate::arguments::ProfileOption;
use crate::context::Context;
use crate::exit::{self, Exit, Outcome};
use crate::when;

/// Say who is signed in and until when
///
/// Works offline. A session that can be renewed is signed in, whether or not its token has expired.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  doorkey status
  doorkey status --profile work >/dev/null || doorkey login --profile work

Exits with 0 if somebody is signed in, and with 3 if not.")]
pub(crate) struct Status {
    #[command(flatten)]
    profile: ProfileOption,
}

#[derive(Serialize)]
struct Document<'a> {
    profile: &'a str,
    signed_in: bool,
    #[serde(flatten)]
    signed: Option<Signed<'a>>,
}

/// What is told of a session.
#[derive(Serialize)]
pub(super) struct Signed<'a> {
    account: &'a Account,
    expires_at: Option<String>,
    refreshable: bool,
    scopes: &'a [String],
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    not_granted: &'a [String],
    storage: &'static str,
}

impl Status {
    pub(super) async fn run(self, context: &Context) -> Outcome {
        let profile = context.profile(&self.profile.profile)?;
        let (name, host) = (profile.name(), profile.provider_host());
        let info = context
            .engine()
            .doorkey
            .restore(&profile)
            .await?
            .map(|session| session.info());
        let alive = info
            .as_ref()
            .is_some_and(|info| info.refreshable || !is_expired(info));
        let document = Document {
            profile: name.as_str(),
            signed_in: alive,
            signed: info.as_ref().map(Signed::of),
        };
        context.output.answer(&document, || match &info {
            Some(info) if alive => {
                format!(
                    "{} is signed in with profile {name} ({host}).\n{}",
                    person(&info.account),
                    lifetime(info)
                )
            }
            Some(info) => format!(
                "The session of {} with profile {name} ({host}) has expired.\n{}",
                person(&info.account),
                exit::sign_in(name)
            ),
            None => format!(
                "Nobody is signed in with profile {name} ({host}).\n{}",
                exit::sign_in(name)
            ),
        })?;
        Ok(if alive { Exit::Done } else { Exit::NotSignedIn })
    }
}

impl<'a> Signed<'a> {
    /// Of a session.
    pub(super) fn of(info: &'a SessionInfo) -> Self {
        Self {
            account: &info.account,
            expires_at: info.expires_at.and_then(when::rfc3339),
            refreshable: info.refreshable,
            scopes: &info.scopes,
            not_granted: &info.not_granted,
            storage: match info.storage {
                Storage::Keychain => "keychain",
                Storage::Memory { .. } => "memory",
            },
        }
    }
}

/// The person in a few words: `Ada Moreno (ada@example.com)`.
pub(super) fn person(account: &Account) -> String {
    match (account.display_name(), account.email()) {
        (name, Some(email)) if name != email => format!("{name} ({email})"),
        (name, _) => name.to_owned(),
    }
}

/// How long it lasts, in a sentence, and what was not granted, in another.
pub(super) fn lifetime(info: &SessionInfo) -> String {
    let token = match info.expires_at {
        None => "The access token is used until it is refused".to_owned(),
        Some(end) => match when::left(end) {
            Some(left) => format!("The access token is good for {}", when::span(left)),
            None => "The access token has expired".to_owned(),
        },
    };
    let then = if info.refreshable {
        "and is renewed when it is needed"
    } else {
        "and cannot be renewed"
    };
    let refused = match info.not_granted.as_slice() {
        [] => String::new(),
        scopes => format!(
            "\nNot granted: {}. Sign in again and allow it if you need it.",
            scopes.join(" ")
        ),
    };
    format!("{token} {then}.{refused}")
}

fn is_expired(info: &SessionInfo) -> bool {
    info.expires_at.is_some_and(|end| when::left(end).is_none())
}
