//! One sign-in, refresh or sign-out.

use doorkey_core::{Party, Step, StepKind};

use super::shown;
use crate::view::{FlowKind, FlowOutcome, FlowStep, FlowSummary};

/// How many stray requests of one flow are shown. Anybody on this computer can make more.
pub(super) const MOST_STRAYS: usize = 8;

#[derive(Debug)]
pub(super) struct Record {
    pub(super) summary: FlowSummary,
    /// Which of the engine's flows it is; none of them if an earlier run of the program saw it.
    flow_id: Option<u64>,
    steps: Vec<FlowStep>,
    strays: usize,
    /// Where steps belong that are told only after the answer: before it.
    answer: Option<usize>,
}

impl Record {
    pub(super) fn new(summary: FlowSummary, flow_id: u64) -> Self {
        Self {
            summary,
            flow_id: Some(flow_id),
            steps: Vec::new(),
            strays: 0,
            answer: None,
        }
    }

    /// A flow of an earlier run of the program.
    pub(super) fn past(summary: FlowSummary, steps: Vec<FlowStep>) -> Self {
        Self {
            summary,
            flow_id: None,
            steps,
            strays: 0,
            answer: None,
        }
    }

    pub(super) fn belongs(&self, kind: FlowKind, flow_id: u64) -> bool {
        self.summary.kind == kind && self.flow_id == Some(flow_id)
    }

    pub(super) fn has_ended(&self) -> bool {
        self.summary.outcome != FlowOutcome::Running
    }

    pub(super) fn steps(&self) -> &[FlowStep] {
        &self.steps
    }

    /// Takes a step. False if it is none that is worth keeping.
    pub(super) fn add(&mut self, step: &Step) -> bool {
        if step.kind == StepKind::StrayRequest {
            if self.strays < MOST_STRAYS {
                self.strays += 1;
                self.steps.push(shown::step(step));
            }
            return false;
        }
        if step.kind == StepKind::AuthorizationResponse && self.answer.is_none() {
            self.answer = Some(self.steps.len());
        }
        let mut shown = shown::step(step);
        match &mut self.answer {
            // What happens beyond the provider is known only from what the provider says in the end.
            Some(answer) if is_upstream(step.kind) => {
                if let Some(later) = self.steps.get(*answer) {
                    shown.at = shown.at.min(later.at);
                }
                self.steps.insert(*answer, shown);
                *answer += 1;
            }
            _ => self.steps.push(shown),
        }
        // What the person has broken off stays so, even if it was too late to stop it.
        if self.summary.outcome != FlowOutcome::Cancelled {
            self.summary.outcome = outcome(self.summary.outcome, step);
        }
        true
    }
}

fn is_upstream(kind: StepKind) -> bool {
    kind.from() == Party::Upstream || kind.to() == Party::Upstream
}

/// How a flow stands after a step.
fn outcome(before: FlowOutcome, step: &Step) -> FlowOutcome {
    match step.kind {
        StepKind::SignInFailed | StepKind::RefreshFailed => FlowOutcome::Failed,
        StepKind::AuthorizationResponse if step.failure.is_some() => FlowOutcome::Failed,
        // Storing the new tokens follows. Should they be of no use after all, `RefreshFailed` does.
        StepKind::SignedIn | StepKind::RefreshResponse | StepKind::RefreshAdopted => {
            FlowOutcome::Done
        }
        // What was taken over had expired as well.
        StepKind::RefreshRequest => FlowOutcome::Running,
        _ => before,
    }
}
