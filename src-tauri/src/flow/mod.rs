//! The engine's steps as the window shows them: the last flows of a profile, and the last API call behind the latest.

mod diagram;
mod export;
mod inert;
mod kept;
mod left_out;
mod personal;
mod record;
mod shown;

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use doorkey_core::{Flow, ProfileName, Step, StepKind};

pub(crate) use export::{About, write_export};
pub(crate) use shown::cut;

use crate::kept_file::{KeptFile, Writing};
use crate::view::{FlowKind, FlowOutcome, FlowStep, FlowSummary, FlowView};
use record::Record;

/// How many sign-ins, refreshes and sign-outs are kept.
const MOST_FLOWS: usize = 10;

/// The last flows of a profile.
#[derive(Debug)]
pub(crate) struct Flows {
    file: KeptFile,
    /// The number of the next flow. None is given twice.
    next: u32,
    /// Oldest first.
    records: Vec<Record>,
    /// The API call that came last since the latest flow, or because of which that one began.
    call: Option<Call>,
    is_shown: bool,
}

#[derive(Debug)]
struct Call {
    /// Its number while there is no flow that it stands behind.
    id: u32,
    flow_id: u64,
    outcome: FlowOutcome,
    steps: Vec<FlowStep>,
    /// How many of its steps came before the latest flow, which it waits for.
    steps_before: usize,
}

impl Flows {
    /// The flows that were kept. What was under way when the program ended is cancelled.
    pub(crate) fn load(config: &Path, profile: &ProfileName) -> Self {
        let file = kept::file(config, profile);
        let (next, records) = kept::read(&file).unwrap_or((1, Vec::new()));
        Self {
            file,
            next,
            records,
            call: None,
            is_shown: true,
        }
    }

    /// Takes a step: it goes on with the flow that it belongs to, or begins one. What comes back is to be run where
    /// waiting is allowed; there is something when a flow has ended.
    pub(crate) fn add(&mut self, step: &Step) -> Option<Writing> {
        if step.flow == Flow::Call {
            self.add_to_call(step);
            return None;
        }
        let record = self.record(step)?;
        let is_news = record.add(step) && record.has_ended();
        self.is_shown = true;
        is_news.then(|| self.save())
    }

    /// The attempt to sign in was broken off. If that came too late to stop it, it was signed out again, and that is over.
    pub(crate) fn cancelled(&mut self) -> Option<Writing> {
        let signed_out = self.end(FlowKind::SignOut, FlowOutcome::Done);
        let latest = self.latest(FlowKind::SignIn)?;
        let is_undone = signed_out.is_some() && latest.summary.outcome == FlowOutcome::Done;
        if latest.has_ended() && !is_undone {
            return signed_out;
        }
        latest.summary.outcome = FlowOutcome::Cancelled;
        Some(self.save())
    }

    /// The latest flow of a kind is over, whether or not its steps say so: what a sign-out still has to do, they do not.
    pub(crate) fn ended(&mut self, kind: FlowKind, ok: bool) -> Option<Writing> {
        let outcome = if ok {
            FlowOutcome::Done
        } else {
            FlowOutcome::Failed
        };
        self.end(kind, outcome)
    }

    /// The API call that is under way was broken off.
    pub(crate) fn call_cancelled(&mut self) {
        if let Some(call) = &mut self.call
            && call.outcome == FlowOutcome::Running
        {
            call.outcome = FlowOutcome::Cancelled;
            if let Some(step) = call.steps.last_mut() {
                step.failure = Some("You cancelled the call.".to_owned());
            }
        }
    }

    /// Shows nothing until the next step. What there was is still in the list.
    pub(crate) fn clear(&mut self) {
        self.is_shown = false;
        self.call = None;
    }

    /// The latest flow, and the last API call since.
    pub(crate) fn view(&self) -> Option<FlowView> {
        if !self.is_shown {
            return None;
        }
        match self.records.last() {
            Some(latest) => Some(self.around(latest)),
            None => self.call.as_ref().map(Call::view),
        }
    }

    /// The last sign-ins, refreshes and sign-outs, newest first.
    pub(crate) fn summaries(&self) -> Vec<FlowSummary> {
        let records = self.records.iter().rev();
        records.map(|record| record.summary.clone()).collect()
    }

    /// The flow of that number, if it is still kept.
    pub(crate) fn get(&self, id: u32) -> Option<FlowView> {
        let position = self
            .records
            .iter()
            .position(|record| record.summary.id == id);
        match position {
            Some(position) if position + 1 == self.records.len() => {
                self.records.get(position).map(|latest| self.around(latest))
            }
            Some(position) => self
                .records
                .get(position)
                .map(|record| numbered(&record.summary, record.steps())),
            None => self
                .call
                .as_ref()
                .filter(|call| call.id == id && self.records.is_empty())
                .map(Call::view),
        }
    }

    /// Keeps the flows as they are now, to be run where waiting is allowed.
    pub(crate) fn save(&self) -> Writing {
        kept::put(&self.file, self.next, &self.records);
        self.file.write()
    }

    /// Moves what is kept to another profile.
    pub(crate) fn rename(&self, config: &Path, to: &ProfileName) -> Writing {
        self.file.rename(config, kept::FOLDER, to)
    }

    /// Removes what is kept. Nothing of these flows is kept any more, whatever happens to them.
    pub(crate) fn remove(&self) -> Writing {
        self.file.remove()
    }

    /// The flow that a step belongs to, which may begin with it. None if the step belongs nowhere.
    fn record(&mut self, step: &Step) -> Option<&mut Record> {
        let kind = kind(step.flow);
        let begins = matches!(step.kind, StepKind::SignInStarted | StepKind::WipedLocally);
        let known = self
            .records
            .iter()
            .rposition(|record| record.belongs(kind, step.flow_id));
        match known {
            Some(position) if !begins => self.records.get_mut(position),
            // A refresh has no first step of its own.
            _ if begins || kind == FlowKind::Refresh => self.begin(kind, step),
            // What is left of a flow that is kept no longer, or a look at what a sign-out could do.
            _ => None,
        }
    }

    fn begin(&mut self, kind: FlowKind, step: &Step) -> Option<&mut Record> {
        // The engine has no two of a kind at once.
        let _ = self.end(kind, FlowOutcome::Cancelled);
        match &mut self.call {
            // A call that waits for a fresh token shows how it gets one.
            Some(call) if kind == FlowKind::Refresh && call.outcome == FlowOutcome::Running => {
                call.steps_before = call.steps.len();
            }
            call => *call = None,
        }
        if self.records.len() == MOST_FLOWS {
            self.records.remove(0);
        }
        let summary = FlowSummary {
            id: self.number(),
            kind,
            started: milliseconds(step.at),
            outcome: FlowOutcome::Running,
        };
        self.records.push(Record::new(summary, step.flow_id));
        self.records.last_mut()
    }

    fn end(&mut self, kind: FlowKind, outcome: FlowOutcome) -> Option<Writing> {
        let latest = self.latest(kind)?;
        if latest.has_ended() {
            return None;
        }
        latest.summary.outcome = outcome;
        Some(self.save())
    }

    fn latest(&mut self, kind: FlowKind) -> Option<&mut Record> {
        let mut latest_first = self.records.iter_mut().rev();
        latest_first.find(|record| record.summary.kind == kind)
    }

    fn add_to_call(&mut self, step: &Step) {
        if step.kind == StepKind::ApiRequest {
            let id = if self.records.is_empty() {
                self.number()
            } else {
                0
            };
            self.call = Some(Call {
                id,
                flow_id: step.flow_id,
                outcome: FlowOutcome::Running,
                steps: vec![shown::step(step)],
                steps_before: 0,
            });
            self.is_shown = true;
            return;
        }
        // An earlier call may end after a later one has begun.
        let Some(call) = self
            .call
            .as_mut()
            .filter(|call| call.flow_id == step.flow_id)
        else {
            return;
        };
        call.steps.push(shown::step(step));
        if step.kind == StepKind::ApiResponse && call.outcome == FlowOutcome::Running {
            call.outcome = match step.failure {
                None => FlowOutcome::Done,
                Some(_) => FlowOutcome::Failed,
            };
        }
    }

    fn number(&mut self) -> u32 {
        let number = self.next;
        self.next = self.next.saturating_add(1);
        number
    }

    /// The latest flow, with the steps of the call before and behind it.
    fn around(&self, latest: &Record) -> FlowView {
        let (before, behind) = match &self.call {
            Some(call) => call.steps.split_at(call.steps_before),
            None => (&[][..], &[][..]),
        };
        let steps = before.iter().chain(latest.steps()).chain(behind);
        numbered(&latest.summary, steps)
    }
}

impl Call {
    fn view(&self) -> FlowView {
        let summary = FlowSummary {
            id: self.id,
            kind: FlowKind::Call,
            started: self.steps.first().map_or(0, |first| first.at),
            outcome: self.outcome,
        };
        numbered(&summary, &self.steps)
    }
}

fn numbered<'a>(summary: &FlowSummary, steps: impl IntoIterator<Item = &'a FlowStep>) -> FlowView {
    FlowView {
        summary: summary.clone(),
        steps: (1..)
            .zip(steps)
            .map(|(number, step)| FlowStep {
                number,
                ..step.clone()
            })
            .collect(),
    }
}

fn kind(flow: Flow) -> FlowKind {
    match flow {
        Flow::SignIn => FlowKind::SignIn,
        Flow::Refresh => FlowKind::Refresh,
        Flow::SignOut => FlowKind::SignOut,
        Flow::Call => FlowKind::Call,
    }
}

/// Milliseconds since the Unix epoch; zero for times before it.
pub(crate) fn milliseconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).map_or(0, |elapsed| {
        u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX)
    })
}

#[cfg(test)]
mod tests;
