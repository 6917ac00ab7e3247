//! A flow as a Markdown file that can be attached to a bug report.

use std::fmt::Write as _;

use chrono::{DateTime, Local};

use super::diagram::{diagram, name};
use super::inert::{code, words};
use super::left_out::LeftOut;
use crate::download::{self, Exported};
use crate::view::{FlowKind, FlowOutcome, FlowStep, FlowSummary, FlowValue, FlowView, Problem};

/// Where a flow happened.
#[derive(Clone, Debug)]
pub(crate) struct About {
    /// Doorkey's version.
    pub(crate) version: String,
    /// The operating system and its version.
    pub(crate) system: String,
    /// The provider's host.
    pub(crate) provider: String,
    /// The issuer, unless the profile names each endpoint.
    pub(crate) issuer: Option<String>,
}

/// Writes a flow into a file of its own, which takes its time.
///
/// # Errors
/// As [`download::write`].
pub(crate) fn write_export(flow: &FlowView, about: &About) -> Result<Exported, Problem> {
    download::write(&stem(&flow.summary), "md", &export(flow, about))
}

/// The file's name without its ending, by the clock on the wall.
fn stem(flow: &FlowSummary) -> String {
    let started = i64::try_from(flow.started)
        .ok()
        .and_then(DateTime::from_timestamp_millis)
        .unwrap_or_default();
    format!(
        "doorkey-{}-{}",
        kind(flow.kind),
        started.with_timezone(&Local).format("%Y-%m-%d-%H%M%S")
    )
}

/// The flow as Markdown, with a diagram. Secrets were never in it; what says something about the person is left out,
/// and what others have sent is inert.
fn export(flow: &FlowView, about: &About) -> String {
    let home = dirs::home_dir();
    let home = home.as_deref().and_then(std::path::Path::to_str);
    written(flow, about, &LeftOut::of(flow, home))
}

/// The name of a flow's kind in a file's name.
fn kind(kind: FlowKind) -> &'static str {
    match kind {
        FlowKind::SignIn => "sign-in",
        FlowKind::Refresh => "refresh",
        FlowKind::SignOut => "sign-out",
        FlowKind::Call => "call",
    }
}

fn written(flow: &FlowView, about: &About, left_out: &LeftOut) -> String {
    let mut text = head(flow, about);
    let _ = write!(
        text,
        "\n```mermaid\n{}```\n\n## Step by step\n",
        diagram(&flow.steps)
    );
    for step in &flow.steps {
        text.push_str(&section(step, flow.summary.started, left_out));
    }
    text
}

fn head(flow: &FlowView, about: &About) -> String {
    let FlowSummary {
        kind: what,
        started,
        outcome,
        ..
    } = &flow.summary;
    let mut text = format!(
        "# Doorkey: {}, {}\n\n\
         Tokens, codes and other secrets are never recorded. Names, e-mail addresses and whatever else the provider \
         told about the person are left out. Read it before you pass it on.\n\n",
        kind(*what),
        stands(*outcome)
    );
    let _ = writeln!(text, "- Doorkey: {}", code(&about.version));
    let _ = writeln!(text, "- System: {}", code(&about.system));
    let _ = writeln!(text, "- Provider: {}", code(&about.provider));
    if let Some(issuer) = &about.issuer {
        let _ = writeln!(text, "- Issuer: {}", code(issuer));
    }
    let _ = writeln!(text, "- Began: {}", moment(*started));
    let failed = flow.steps.iter().filter(|step| step.failure.is_some());
    let failed: Vec<_> = failed.map(|step| step.number.to_string()).collect();
    let at = match failed.as_slice() {
        [] => String::new(),
        [one] => format!("; step {one} failed"),
        several => format!("; steps {} failed", several.join(", ")),
    };
    let _ = writeln!(text, "- Outcome: {}{at}", stands(*outcome));
    text
}

fn section(step: &FlowStep, started: u64, left_out: &LeftOut) -> String {
    let (from, to) = (name(step.from), name(step.to));
    let parties = if step.from == step.to {
        format!("{from}, in private")
    } else {
        format!("{from} to {to}")
    };
    let mut text = format!(
        "\n### {}. {}\n\n{parties}, {}. {}\n",
        step.number,
        words(&step.label),
        offset(step.at, started),
        words(&step.why)
    );
    if !step.fields.is_empty() || step.failure.is_some() {
        text.push('\n');
    }
    for field in &step.fields {
        let value = match &field.value {
            FlowValue::Hidden { length } => format!("hidden, {length} bytes"),
            FlowValue::Shown { text } => left_out
                .field(step, &field.name, text)
                .map_or_else(|| "left out".to_owned(), |text| code(&text)),
        };
        let _ = writeln!(text, "- {}: {value}", code(&field.name));
    }
    if let Some(failure) = &step.failure {
        let _ = writeln!(text, "- **Failed:** {}", code(&left_out.text(failure)));
    }
    text
}

fn stands(outcome: FlowOutcome) -> &'static str {
    match outcome {
        FlowOutcome::Running => "under way",
        FlowOutcome::Done => "done",
        FlowOutcome::Failed => "failed",
        FlowOutcome::Cancelled => "cancelled",
    }
}

/// A time that says nothing about where the person lives.
fn moment(milliseconds: u64) -> String {
    i64::try_from(milliseconds)
        .ok()
        .and_then(DateTime::from_timestamp_millis)
        .map_or_else(
            || "unknown".to_owned(),
            |time| time.format("%Y-%m-%d %H:%M:%S UTC").to_string(),
        )
}

/// Seconds since the flow began. A clock that was set back makes them negative.
fn offset(at: u64, started: u64) -> String {
    let sign = if at < started { '-' } else { '+' };
    let milliseconds = at.abs_diff(started);
    format!(
        "{sign}{}.{:03} s",
        milliseconds / 1_000,
        milliseconds % 1_000
    )
}

#[cfg(test)]
mod tests;
