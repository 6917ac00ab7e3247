//! `doorkey logout`: forgets, revokes, and ends the provider's own session.

use clap::Args;
use doorkey_core::{Doorkey, Profile, ProfileName, SignOutReport, SignOutStep};
use serde::Serialize;

use crate::arguments::ProfileOption;
use crate::browser;
use crate::context::Context;
use crate::exit::{Exit, Failure, Outcome};

/// Sign out
///
/// The session is forgotten here, its tokens are revoked, and the provider's own session in the
/// browser is ended where it can be. What happened is printed.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  doorkey logout
  doorkey logout --all")]
pub(crate) struct Logout {
    #[command(flatten)]
    profile: ProfileOption,

    /// Sign out of every profile
    #[arg(long, conflicts_with = "profile")]
    all: bool,
}

/// What happened to the session of one profile.
#[derive(Serialize)]
struct Document<'a> {
    profile: &'a str,
    local: Told<'a>,
    revoked: Told<'a>,
    session_ended: Told<'a>,
}

#[derive(Serialize)]
struct Documents<'a> {
    signed_out: Vec<Document<'a>>,
}

#[derive(Serialize)]
#[serde(tag = "outcome", rename_all = "lowercase")]
enum Told<'a> {
    Done,
    Skipped { reason: &'a str },
    Failed { code: &'static str, reason: String },
}

/// A session that has ended.
struct SignedOut {
    name: ProfileName,
    report: SignOutReport,
}

impl Logout {
    pub(super) async fn run(self, context: &Context) -> Outcome {
        let doorkey = context.engine().doorkey;
        if self.all {
            return all(context, &doorkey).await;
        }
        let profile = context.profile(&self.profile.profile)?;
        let Some(ended) = sign_out(&doorkey, &profile).await? else {
            return Err(Failure::not_signed_in(profile.name()));
        };
        context.output.answer(&ended.document(), || ended.text())?;
        Ok(ended.exit())
    }
}

async fn all(context: &Context, doorkey: &Doorkey) -> Outcome {
    let mut all = Vec::new();
    let mut exit = Exit::Done;
    for name in context.profiles().names()? {
        let ended = match context.profile(&name) {
            Ok(profile) => sign_out(doorkey, &profile).await,
            Err(error) => Err(error.into()),
        };
        match ended {
            Ok(ended) => all.extend(ended),
            Err(failure) => {
                // One that cannot be read does not keep the others signed in.
                context.output.complain(&failure);
                exit = failure.exit;
            }
        }
    }
    exit = all
        .iter()
        .map(SignedOut::exit)
        .find(|exit| *exit != Exit::Done)
        .unwrap_or(exit);
    let documents = Documents {
        signed_out: all.iter().map(SignedOut::document).collect(),
    };
    context.output.answer(&documents, || match all.as_slice() {
        [] => "Nobody is signed in.".to_owned(),
        all => all
            .iter()
            .map(SignedOut::text)
            .collect::<Vec<_>>()
            .join("\n"),
    })?;
    Ok(exit)
}

async fn sign_out(doorkey: &Doorkey, profile: &Profile) -> Result<Option<SignedOut>, Failure> {
    let Some(session) = doorkey.restore(profile).await? else {
        return Ok(None);
    };
    Ok(Some(SignedOut {
        name: profile.name().clone(),
        report: session.sign_out(browser::if_any(profile)).await,
    }))
}

impl SignedOut {
    fn document(&self) -> Document<'_> {
        Document {
            profile: self.name.as_str(),
            local: Told::of(&self.report.local),
            revoked: Told::of(&self.report.revoked),
            session_ended: Told::of(&self.report.session_ended),
        }
    }

    fn text(&self) -> String {
        format!(
            "Signed out of profile {}.\n  local          {}\n  revoked        {}\n  session ended  {}",
            self.name,
            sentence(&self.report.local),
            sentence(&self.report.revoked),
            sentence(&self.report.session_ended),
        )
    }

    /// What cannot be reached elsewhere does not undo that nobody is signed in here.
    fn exit(&self) -> Exit {
        match &self.report.local {
            SignOutStep::Failed(error) => error.fault().into(),
            _ => Exit::Done,
        }
    }
}

impl<'a> Told<'a> {
    fn of(step: &'a SignOutStep) -> Self {
        match step {
            SignOutStep::Done => Self::Done,
            SignOutStep::Skipped(reason) => Self::Skipped { reason },
            SignOutStep::Failed(error) => Self::Failed {
                code: error.code().as_str(),
                reason: error.message(),
            },
        }
    }
}

fn sentence(step: &SignOutStep) -> String {
    match step {
        SignOutStep::Done => "yes".to_owned(),
        SignOutStep::Skipped(reason) => format!("no: {reason}"),
        SignOutStep::Failed(error) => format!("no: {}", error.message()),
    }
}

#[cfg(test)]
mod tests {
    use doorkey_core::{Code, Error};

    use super::*;

    fn ended(local: SignOutStep) -> SignedOut {
        let failed = SignOutStep::Failed(Error::new(Code::Offline, "Cannot reach a.example"));
        let report = SignOutReport {
            local,
            revoked: failed,
            session_ended: SignOutStep::Skipped("it was not asked for"),
        };
        SignedOut {
            name: "work".parse().unwrap(),
            report,
        }
    }

    #[test]
    fn each_of_the_three_is_told() {
        let document = serde_json::json!({
            "profile": "work",
            "local": { "outcome": "done" },
            "revoked": { "outcome": "failed", "code": "offline", "reason": "Cannot reach a.example" },
            "session_ended": { "outcome": "skipped", "reason": "it was not asked for" },
        });
        let ended = ended(SignOutStep::Done);
        assert_eq!(serde_json::to_value(ended.document()).unwrap(), document);
        let text = "Signed out of profile work.\n  local          yes\n  revoked        no: Cannot reach a.example\n  \
                    session ended  no: it was not asked for";
        assert_eq!(ended.text(), text);
    }

    #[test]
    fn only_what_stays_here_is_a_failure() {
        assert_eq!(ended(SignOutStep::Done).exit(), Exit::Done);
        assert_eq!(
            ended(SignOutStep::Failed(Error::new(
                Code::KeychainLocked,
                "locked"
            )))
            .exit(),
            Exit::Keychain
        );
    }
}
