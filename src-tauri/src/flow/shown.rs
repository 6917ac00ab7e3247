//! A step of the engine as the window shows it.

use doorkey_core::{Party, Step, Value};

use super::milliseconds;
use crate::problem::sentence;
use crate::view;

/// No text of a step is longer, in characters. What a provider sends has no such limit.
const LONGEST_TEXT: usize = 2_048;

/// The step, with the number to be given when it is shown.
pub(super) fn step(step: &Step) -> view::FlowStep {
    view::FlowStep {
        number: 0,
        from: party(step.kind.from()),
        to: party(step.kind.to()),
        label: step.kind.label().to_owned(),
        why: step.kind.why().to_owned(),
        at: milliseconds(step.at),
        fields: step
            .fields
            .iter()
            .map(|(name, value)| field(name, value))
            .collect(),
        failure: step
            .failure
            .as_deref()
            .map(|failure| cut(&sentence(failure))),
    }
}

/// As much of a text as is kept; the rest becomes an ellipsis.
pub(crate) fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST_TEXT - 1) {
        Some((end, last)) if end + last.len_utf8() < text.len() => format!("{}…", &text[..end]),
        _ => text.to_owned(),
    }
}

fn party(party: Party) -> view::Party {
    match party {
        Party::Person => view::Party::You,
        Party::Doorkey => view::Party::Doorkey,
        Party::Provider => view::Party::Provider,
        Party::Upstream => view::Party::Upstream,
        Party::Api => view::Party::Api,
    }
}

fn field(name: &str, value: &Value) -> view::FlowField {
    let value = match value {
        Value::Shown(text) => view::FlowValue::Shown { text: cut(text) },
        Value::Hidden(length) => view::FlowValue::Hidden {
            length: u32::try_from(*length).unwrap_or(u32::MAX),
        },
    };
    view::FlowField {
        name: name.to_owned(),
        value,
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use doorkey_core::{Flow, StepKind};

    use super::*;

    #[test]
    fn it_keeps_what_may_be_seen_and_only_the_length_of_the_rest() {
        let told = Step {
            flow: Flow::SignIn,
            flow_id: 1,
            kind: StepKind::TokenResponse,
            at: UNIX_EPOCH + Duration::from_millis(1_500),
            fields: vec![
                ("token_type", Value::Shown("Bearer".to_owned())),
                ("access_token", Value::Hidden(812)),
            ],
            failure: Some("the code was used before".to_owned()),
        };
        let field = |name: &str, value| view::FlowField {
            name: name.to_owned(),
            value,
        };
        assert_eq!(
            step(&told),
            view::FlowStep {
                number: 0,
                from: view::Party::Provider,
                to: view::Party::Doorkey,
                label: "Issue tokens".to_owned(),
                why: StepKind::TokenResponse.why().to_owned(),
                at: 1_500,
                fields: vec![
                    field(
                        "token_type",
                        view::FlowValue::Shown {
                            text: "Bearer".to_owned()
                        }
                    ),
                    field("access_token", view::FlowValue::Hidden { length: 812 }),
                ],
                failure: Some("The code was used before.".to_owned()),
            }
        );
    }

    #[test]
    fn a_long_text_is_cut_between_letters() {
        let fits = "é".repeat(LONGEST_TEXT);
        assert_eq!(cut(&fits), fits);
        let cut = cut(&format!("{fits}é"));
        assert_eq!(cut.chars().count(), LONGEST_TEXT);
        assert!(cut.ends_with("é…"));
    }
}
