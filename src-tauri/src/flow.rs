//! The engine's steps as the window shows them: one flow at a time, numbered, and the last API call behind it.

use std::time::{SystemTime, UNIX_EPOCH};

use doorkey_core::{Flow, Party, Step, StepKind, Value};

use crate::problem::sentence;
use crate::view;

/// How many stray requests of one flow are shown. Anybody on this computer can make more.
const MOST_STRAYS: usize = 8;

/// The flow that is shown.
#[derive(Debug, Default)]
pub struct Score {
    steps: Vec<Step>,
}

impl Score {
    /// Takes the next step: it goes on with the flow that is shown, or begins a new one.
    pub fn add(&mut self, step: Step) {
        match step.flow {
            Flow::Call => {
                if step.kind == StepKind::ApiRequest {
                    self.steps.retain(|earlier| earlier.flow != Flow::Call);
                }
            }
            // Looking up whether the provider can end its session is no sign-out.
            Flow::SignOut if step.kind != StepKind::WipedLocally && !self.shows(Flow::SignOut) => {
                return;
            }
            // A call that waits for a fresh token shows how it gets one.
            Flow::Refresh if self.is_calling() => {}
            flow => {
                if !self.shows(flow) || self.begins_again(&step) {
                    self.steps.clear();
                }
            }
        }
        if step.kind == StepKind::StrayRequest && self.count(StepKind::StrayRequest) >= MOST_STRAYS
        {
            return;
        }
        self.steps.push(step);
    }

    /// Shows nothing until the next step.
    pub fn clear(&mut self) {
        self.steps.clear();
    }

    /// The steps, numbered from 1.
    pub fn view(&self) -> Vec<view::FlowStep> {
        (1..)
            .zip(&self.steps)
            .map(|(number, step)| shown(number, step))
            .collect()
    }

    fn shows(&self, flow: Flow) -> bool {
        self.steps.first().is_some_and(|first| first.flow == flow)
    }

    fn is_calling(&self) -> bool {
        self.count(StepKind::ApiRequest) > self.count(StepKind::ApiResponse)
    }

    fn begins_again(&self, step: &Step) -> bool {
        match step.flow {
            Flow::SignIn => step.kind == StepKind::SignInStarted,
            Flow::SignOut => step.kind == StepKind::WipedLocally,
            // A refresh has no first step of its own: it may need the metadata, find a newer session, or ask at once.
            Flow::Refresh => {
                matches!(
                    step.kind,
                    StepKind::MetadataRequest | StepKind::RefreshRequest | StepKind::RefreshAdopted
                ) && (self.count(StepKind::RefreshRequest)
                    + self.count(StepKind::RefreshAdopted)
                    + self.count(StepKind::RefreshFailed))
                    > 0
            }
            Flow::Call => false,
        }
    }

    fn count(&self, kind: StepKind) -> usize {
        self.steps.iter().filter(|step| step.kind == kind).count()
    }
}

/// Milliseconds since the Unix epoch; zero for times before it.
pub(crate) fn milliseconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).map_or(0, |elapsed| {
        u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX)
    })
}

fn shown(number: u32, step: &Step) -> view::FlowStep {
    view::FlowStep {
        number,
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
        failure: step.failure.as_deref().map(sentence),
    }
}

fn party(party: Party) -> view::Party {
    match party {
        Party::Person => view::Party::You,
        Party::Doorkey => view::Party::Doorkey,
        Party::Provider | Party::Upstream => view::Party::Provider,
        Party::Api => view::Party::Api,
    }
}

fn field(name: &str, value: &Value) -> view::FlowField {
    let value = match value {
        Value::Shown(text) => view::FlowValue::Shown { text: text.clone() },
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
    use super::*;

    fn score(steps: &[(Flow, StepKind)]) -> Vec<StepKind> {
        let mut score = Score::default();
        for (flow, kind) in steps {
            score.add(Step {
                flow: *flow,
                flow_id: 1,
                kind: *kind,
                at: UNIX_EPOCH,
                fields: Vec::new(),
                failure: None,
            });
        }
        score.steps.iter().map(|step| step.kind).collect()
    }

    #[test]
    fn each_attempt_begins_a_new_flow() {
        use StepKind::{MetadataRequest, SignInFailed, SignInStarted};
        let kinds = score(&[
            (Flow::SignIn, SignInStarted),
            (Flow::SignIn, SignInFailed),
            (Flow::SignIn, SignInStarted),
            (Flow::SignIn, MetadataRequest),
        ]);
        assert_eq!(kinds, [SignInStarted, MetadataRequest]);
    }

    #[test]
    fn each_refresh_begins_a_new_flow_wherever_it_begins() {
        use StepKind::{
            MetadataRequest, RefreshAdopted, RefreshFailed, RefreshRequest, RefreshResponse,
            SignedIn,
        };
        let refresh = |kind| (Flow::Refresh, kind);
        let first = [
            (Flow::SignIn, SignedIn),
            refresh(RefreshRequest),
            refresh(RefreshResponse),
        ];
        assert_eq!(score(&first), [RefreshRequest, RefreshResponse]);
        let next = [
            &first[..],
            &[
                refresh(MetadataRequest),
                refresh(RefreshRequest),
                refresh(RefreshFailed),
            ],
        ]
        .concat();
        assert_eq!(
            score(&next),
            [MetadataRequest, RefreshRequest, RefreshFailed]
        );
        let adopted = [&next[..], &[refresh(RefreshAdopted)]].concat();
        assert_eq!(score(&adopted), [RefreshAdopted]);
    }

    #[test]
    fn the_last_call_follows_the_flow_and_shows_its_refresh() {
        use StepKind::{ApiRequest, ApiResponse, RefreshRequest, SignedIn};
        let kinds = score(&[
            (Flow::SignIn, SignedIn),
            (Flow::Call, ApiRequest),
            (Flow::Call, ApiResponse),
            (Flow::Call, ApiRequest),
            (Flow::Refresh, RefreshRequest),
            (Flow::Call, ApiResponse),
        ]);
        assert_eq!(kinds, [SignedIn, ApiRequest, RefreshRequest, ApiResponse]);
    }

    #[test]
    fn a_question_about_signing_out_is_no_sign_out() {
        use StepKind::{MetadataRequest, RevocationRequest, SignedIn, WipedLocally};
        let asked = [(Flow::SignIn, SignedIn), (Flow::SignOut, MetadataRequest)];
        assert_eq!(score(&asked), [SignedIn]);
        let left = [
            &asked[..],
            &[
                (Flow::SignOut, WipedLocally),
                (Flow::SignOut, RevocationRequest),
            ],
        ]
        .concat();
        assert_eq!(score(&left), [WipedLocally, RevocationRequest]);
    }

    #[test]
    fn strangers_cannot_fill_the_window() {
        let mut steps = vec![(Flow::SignIn, StepKind::SignInStarted)];
        steps.extend([(Flow::SignIn, StepKind::StrayRequest); 1_000]);
        assert_eq!(score(&steps).len(), 1 + MOST_STRAYS);
    }

    #[test]
    fn a_step_keeps_what_may_be_seen_and_only_the_length_of_the_rest() {
        let mut score = Score::default();
        score.add(Step {
            flow: Flow::SignIn,
            flow_id: 1,
            kind: StepKind::TokenResponse,
            at: UNIX_EPOCH + std::time::Duration::from_millis(1_500),
            fields: vec![
                ("token_type", Value::Shown("Bearer".to_owned())),
                ("access_token", Value::Hidden(812)),
            ],
            failure: Some("the code was used before".to_owned()),
        });
        let field = |name: &str, value| view::FlowField {
            name: name.to_owned(),
            value,
        };
        assert_eq!(
            score.view(),
            [view::FlowStep {
                number: 1,
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
            }]
        );
    }
}
