//! The steps of a flow as they happen: told with `-v`, and watched for what must not be broken off.

use std::sync::Arc;
use std::time::SystemTime;

use doorkey_core::{Flow, Observer, Party, Step, StepKind, Value};
use tokio::sync::watch;

use crate::inert;
use crate::output::Output;

/// Observes every flow of the engine.
pub(crate) struct Steps {
    output: Arc<Output>,
    verbosity: u8,
    started: SystemTime,
    refreshing: watch::Sender<bool>,
}

impl Steps {
    /// Tells steps from one `-v` on, and why each exists from two on.
    pub(crate) fn new(output: Arc<Output>, verbosity: u8) -> (Self, watch::Receiver<bool>) {
        let (refreshing, watched) = watch::channel(false);
        (
            Self {
                output,
                verbosity,
                started: SystemTime::now(),
                refreshing,
            },
            watched,
        )
    }
}

impl Steps {
    fn refresh_is_under_way(&self, under_way: bool) {
        self.refreshing.send_replace(under_way);
    }
}

impl Observer for Steps {
    fn step(&self, step: Step) {
        if step.flow == Flow::Refresh {
            match step.kind {
                StepKind::RefreshRequest => self.refresh_is_under_way(true),
                StepKind::SessionStored | StepKind::RefreshFailed => {
                    self.refresh_is_under_way(false);
                }
                _ => {}
            }
        }
        if self.verbosity > 0 {
            self.output
                .note(&shown(&step, self.started, self.verbosity > 1));
        }
    }
}

fn shown(step: &Step, started: SystemTime, with_why: bool) -> String {
    let elapsed = step.at.duration_since(started).unwrap_or_default();
    let mut text = format!(
        "{:>8.3} s  {}: {}",
        elapsed.as_secs_f64(),
        parties(step.kind),
        step.kind.label()
    );
    for (name, value) in &step.fields {
        let value = match value {
            Value::Shown(value) => inert::for_line(value),
            Value::Hidden(length) => format!("({length} bytes, hidden)"),
        };
        text.push_str(&format!("\n{:14}{name} = {value}", ""));
    }
    if let Some(failure) = &step.failure {
        text.push_str(&format!("\n{:14}failed: {}", "", inert::for_line(failure)));
    }
    if with_why {
        text.push_str(&format!("\n{:14}why: {}", "", step.kind.why()));
    }
    text
}

fn parties(kind: StepKind) -> String {
    let (from, to) = (kind.from(), kind.to());
    if from == to {
        name(from).to_owned()
    } else {
        format!("{} -> {}", name(from), name(to))
    }
}

fn name(party: Party) -> &'static str {
    match party {
        Party::Person => "browser",
        Party::Doorkey => "doorkey",
        Party::Provider => "provider",
        Party::Upstream => "upstream",
        Party::Api => "API",
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn g21_a_step_shows_no_secret_and_obeys_nobody() {
        let started = SystemTime::UNIX_EPOCH;
        let step = Step {
            flow: Flow::SignIn,
            flow_id: 1,
            kind: StepKind::TokenResponse,
            at: started + Duration::from_millis(1_234),
            fields: vec![
                ("access_token", Value::Hidden(43)),
                ("scope", Value::Shown("a\u{1b}[2Jb\nc".to_owned())),
            ],
            failure: Some("x\u{7}".to_owned()),
        };
        let expected = "   1.234 s  provider -> doorkey: Issue tokens\n              access_token = (43 bytes, hidden)\n              \
                        scope = a\\u{1b}[2Jb\\nc\n              failed: x\\u{7}";
        assert_eq!(shown(&step, started, false), expected);
        assert!(shown(&step, started, true).ends_with(StepKind::TokenResponse.why()));
    }
}
