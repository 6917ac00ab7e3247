//! `doorkey doctor`: what would keep a sign-in from working, and what to do about it.

use clap::Args;
use doorkey_core::{Check, CheckOutcome};
use serde::Serialize;

use crate::arguments::ProfileOption;
use crate::context::Context;
use crate::exit::{Exit, Outcome};

/// Check a set-up from end to end, without signing in
///
/// Each line says what was seen and what to do about it, in the order in which a sign-in needs it. The provider is asked for its
/// metadata and keys, and once to begin a sign-in that nobody will finish: no browser opens. The exit code is 0 only when
/// nothing failed.
#[derive(Debug, Args)]
pub(crate) struct Doctor {
    #[command(flatten)]
    profile: ProfileOption,
}

#[derive(Serialize)]
struct Document<'a> {
    profile: &'a str,
    outcome: &'static str,
    checks: Vec<Line<'a>>,
}

#[derive(Serialize)]
struct Line<'a> {
    id: &'static str,
    title: &'static str,
    outcome: &'static str,
    seen: &'a str,
    remedy: &'a str,
}

impl Doctor {
    pub(super) async fn run(self, context: &Context) -> Outcome {
        let profile = context.profile(&self.profile.profile)?;
        let checks = context.engine().doorkey.check(&profile, None).await;
        let worst = checks.iter().map(|check| check.outcome).max();
        let worst = worst.unwrap_or(CheckOutcome::Ok);
        let document = Document {
            profile: profile.name().as_str(),
            outcome: worst.as_str(),
            checks: checks.iter().map(Line::of).collect(),
        };
        context.output.answer(&document, || text(&checks))?;
        Ok(if worst == CheckOutcome::Failed {
            Exit::Failed
        } else {
            Exit::Done
        })
    }
}

impl<'a> Line<'a> {
    fn of(check: &'a Check) -> Self {
        Self {
            id: check.id,
            title: check.title,
            outcome: check.outcome.as_str(),
            seen: &check.seen,
            remedy: &check.remedy,
        }
    }
}

/// One line for each check, and what to do below it.
fn text(checks: &[Check]) -> String {
    let width = checks
        .iter()
        .map(|check| check.title.len())
        .max()
        .unwrap_or_default();
    let mut lines = Vec::new();
    for check in checks {
        let outcome = check.outcome.as_str();
        lines.push(format!(
            "{outcome:7}  {:width$}  {}",
            check.title, check.seen
        ));
        if !check.remedy.is_empty() {
            lines.push(format!("{:7}  {:width$}  {}", "", "", check.remedy));
        }
    }
    lines.join("\n")
}
