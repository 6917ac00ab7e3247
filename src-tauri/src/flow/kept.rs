//! The last flows in a file, as they were shown: an update of the program may name its steps otherwise, and what
//! happened before it still reads as it did.
//!
//! No secret is ever in a step. What a step says about a person is left out too: that belongs into the keychain.

use std::path::Path;

use doorkey_core::ProfileName;
use serde::{Deserialize, Serialize};

use super::MOST_FLOWS;
use super::personal::is_personal;
use super::record::Record;
use super::shown::cut;
use crate::kept_file::KeptFile;
use crate::view::{FlowField, FlowKind, FlowOutcome, FlowStep, FlowSummary, FlowValue, Party};

/// Where the files are, below the config folder.
pub(super) const FOLDER: &str = "flows";

const VERSION: u32 = 1;

/// No flow of ours has a higher number: one a second would take a lifetime.
const HIGHEST: u32 = u32::MAX / 2;

#[derive(Serialize, Deserialize)]
struct Content {
    next: u32,
    flows: Vec<KeptFlow>,
}

#[derive(Serialize, Deserialize)]
struct KeptFlow {
    id: u32,
    kind: FlowKind,
    started: u64,
    outcome: FlowOutcome,
    steps: Vec<KeptStep>,
}

#[derive(Serialize, Deserialize)]
struct KeptStep {
    #[serde(with = "PartyName")]
    from: Party,
    #[serde(with = "PartyName")]
    to: Party,
    label: String,
    why: String,
    at: u64,
    fields: Vec<KeptField>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    failure: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Party", rename_all = "camelCase")]
enum PartyName {
    You,
    Doorkey,
    Provider,
    Upstream,
    Api,
}

#[derive(Serialize, Deserialize)]
struct KeptField {
    name: String,
    value: KeptValue,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum KeptValue {
    Shown(String),
    Hidden(u32),
}

pub(super) fn file(config: &Path, profile: &ProfileName) -> KeptFile {
    KeptFile::new(config, FOLDER, profile)
}

/// The number of the next flow, and the flows, oldest first.
pub(super) fn read(file: &KeptFile) -> Option<(u32, Vec<Record>)> {
    file.read(VERSION, |content: Content| {
        let ids: Vec<u32> = content.flows.iter().map(|flow| flow.id).collect();
        let ours = ids.len() <= MOST_FLOWS
            && ids.is_sorted_by(|earlier, later| earlier < later)
            && ids.last().is_none_or(|last| *last < content.next)
            && content.next <= HIGHEST
            && content.flows.iter().all(|flow| flow.kind != FlowKind::Call);
        let records = content.flows.into_iter().map(KeptFlow::into_record);
        ours.then(|| (content.next, records.collect()))
    })
}

/// Puts as many of the last flows into the file as fit.
pub(super) fn put(file: &KeptFile, next: u32, records: &[Record]) {
    let mut content = Content {
        next,
        flows: records.iter().map(KeptFlow::of).collect(),
    };
    while !file.put(VERSION, &content) && !content.flows.is_empty() {
        content.flows.remove(0);
    }
}

impl KeptFlow {
    fn of(record: &Record) -> Self {
        let FlowSummary {
            id,
            kind,
            started,
            outcome,
        } = record.summary;
        Self {
            id,
            kind,
            started,
            outcome,
            steps: record.steps().iter().map(KeptStep::of).collect(),
        }
    }

    fn into_record(self) -> Record {
        let summary = FlowSummary {
            id: self.id,
            kind: self.kind,
            started: self.started,
            outcome: match self.outcome {
                FlowOutcome::Running => FlowOutcome::Cancelled,
                ended => ended,
            },
        };
        let steps = self.steps.into_iter().map(KeptStep::into_step);
        Record::past(summary, steps.collect())
    }
}

impl KeptStep {
    fn of(step: &FlowStep) -> Self {
        Self {
            from: step.from,
            to: step.to,
            label: step.label.clone(),
            why: step.why.clone(),
            at: step.at,
            fields: step.fields.iter().map(KeptField::of).collect(),
            failure: step.failure.clone(),
        }
    }

    fn into_step(self) -> FlowStep {
        FlowStep {
            number: 0,
            from: self.from,
            to: self.to,
            label: cut(&self.label),
            why: cut(&self.why),
            at: self.at,
            fields: self.fields.into_iter().map(KeptField::into_field).collect(),
            failure: self.failure.as_deref().map(cut),
        }
    }
}

impl KeptField {
    fn of(field: &FlowField) -> Self {
        let value = match &field.value {
            FlowValue::Shown { text } if is_personal(&field.name) => {
                KeptValue::Hidden(u32::try_from(text.len()).unwrap_or(u32::MAX))
            }
            FlowValue::Shown { text } => KeptValue::Shown(text.clone()),
            FlowValue::Hidden { length } => KeptValue::Hidden(*length),
        };
        Self {
            name: field.name.clone(),
            value,
        }
    }

    fn into_field(self) -> FlowField {
        FlowField {
            name: cut(&self.name),
            value: match self.value {
                KeptValue::Shown(text) => FlowValue::Shown { text: cut(&text) },
                KeptValue::Hidden(length) => FlowValue::Hidden { length },
            },
        }
    }
}
