//! A flow as a Mermaid sequence diagram, which GitHub draws.

use std::fmt::Write as _;

use super::inert::words;
use crate::view::{FlowStep, Party};

/// The lanes, in their order.
const LANES: [Party; 5] = [
    Party::You,
    Party::Doorkey,
    Party::Provider,
    Party::Upstream,
    Party::Api,
];

/// The diagram's text: nothing in it comes from others but words.
pub(super) fn diagram(steps: &[FlowStep]) -> String {
    let mut text = String::from("sequenceDiagram\n");
    for lane in LANES {
        if steps
            .iter()
            .any(|step| step.from == lane || step.to == lane)
        {
            let _ = writeln!(text, "    participant {} as {}", id(lane), name(lane));
        }
    }
    for step in steps {
        let arrow = match step {
            step if step.failure.is_some() => "-x",
            // Out of sight: drawn from what is told of it.
            step if step.from == Party::Upstream || step.to == Party::Upstream => "-->>",
            _ => "->>",
        };
        let _ = writeln!(
            text,
            "    {}{arrow}{}: {}. {}",
            id(step.from),
            id(step.to),
            step.number,
            words(&step.label)
        );
    }
    text
}

/// A party as people know it.
pub(super) fn name(party: Party) -> &'static str {
    match party {
        Party::You => "Person and browser",
        Party::Doorkey => "Doorkey",
        Party::Provider => "Provider",
        Party::Upstream => "Upstream",
        Party::Api => "API",
    }
}

fn id(party: Party) -> &'static str {
    match party {
        Party::You => "P",
        Party::Doorkey => "D",
        Party::Provider => "I",
        Party::Upstream => "U",
        Party::Api => "A",
    }
}
