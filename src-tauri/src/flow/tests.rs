use std::time::Duration;

use doorkey_core::Value;

use super::record::MOST_STRAYS;
use super::*;
use crate::view::{FlowField, FlowValue};

struct Place {
    config: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        Self {
            config: tempfile::tempdir().unwrap(),
        }
    }

    fn flows(&self) -> Flows {
        Flows::load(self.config.path(), &"work".parse().unwrap())
    }

    fn text(&self) -> String {
        std::fs::read_to_string(self.config.path().join("flows").join("work.json")).unwrap()
    }
}

fn step(flow: Flow, flow_id: u64, kind: StepKind) -> Step {
    Step {
        flow,
        flow_id,
        kind,
        at: UNIX_EPOCH + Duration::from_secs(flow_id),
        fields: Vec::new(),
        failure: None,
    }
}

fn failed(step: Step) -> Step {
    Step {
        failure: Some("it did not work".to_owned()),
        ..step
    }
}

/// Adds steps one after the other, and saves whenever it is time to.
fn add(flows: &mut Flows, steps: &[(Flow, u64, StepKind)]) {
    for (flow, flow_id, kind) in steps {
        take(flows, &step(*flow, *flow_id, *kind));
    }
}

fn take(flows: &mut Flows, step: &Step) -> bool {
    let writing = flows.add(step);
    let is_time = writing.is_some();
    if let Some(writing) = writing {
        writing.run();
    }
    is_time
}

fn labels(view: Option<FlowView>) -> Vec<String> {
    let steps = view.into_iter().flat_map(|view| view.steps);
    steps.map(|step| step.label).collect()
}

fn named(kinds: &[StepKind]) -> Vec<&'static str> {
    kinds.iter().map(|kind| kind.label()).collect()
}

fn stands(flows: &Flows) -> Vec<(FlowKind, FlowOutcome)> {
    let summaries = flows.summaries().into_iter();
    summaries
        .map(|summary| (summary.kind, summary.outcome))
        .collect()
}

use Flow::{Call, Refresh, SignIn, SignOut};
use StepKind::{
    ApiRequest, ApiResponse, AuthorizationRequest, AuthorizationResponse, CodeExchange,
    EndSessionRequest, KeysResponse, MetadataRequest, RefreshAdopted, RefreshFailed,
    RefreshRequest, RefreshResponse, RevocationRequest, RevocationResponse, SessionStored,
    SignInFailed, SignInStarted, SignedIn, StrayRequest, WipedLocally,
};

#[test]
fn each_attempt_is_a_flow() {
    let mut flows = Place::new().flows();
    assert_eq!((flows.view(), flows.summaries()), (None, Vec::new()));
    add(
        &mut flows,
        &[
            (SignIn, 1, SignInStarted),
            (SignIn, 1, SignInFailed),
            (SignIn, 2, SignInStarted),
            (SignIn, 2, MetadataRequest),
            // What the first still has to say does not go to the second.
            (SignIn, 1, KeysResponse),
        ],
    );
    let view = flows.view().unwrap();
    assert_eq!(
        view.summary,
        FlowSummary {
            id: 2,
            kind: FlowKind::SignIn,
            started: 2_000,
            outcome: FlowOutcome::Running
        }
    );
    let numbers: Vec<_> = view.steps.iter().map(|step| step.number).collect();
    assert_eq!(numbers, [1, 2]);
    assert_eq!(labels(Some(view)), named(&[SignInStarted, MetadataRequest]));
    assert_eq!(
        labels(flows.get(1)),
        named(&[SignInStarted, SignInFailed, KeysResponse])
    );
    assert_eq!(
        stands(&flows),
        [
            (FlowKind::SignIn, FlowOutcome::Running),
            (FlowKind::SignIn, FlowOutcome::Failed)
        ]
    );
}

#[test]
fn a_sign_in_ends_as_its_steps_say() {
    let mut flows = Place::new().flows();
    assert!(!take(&mut flows, &step(SignIn, 1, SignInStarted)));
    assert!(take(&mut flows, &step(SignIn, 1, SignedIn)));
    assert!(!take(&mut flows, &step(SignIn, 2, SignInStarted)));
    assert!(!take(&mut flows, &step(SignIn, 2, StepKind::BrowserOpened)));
    // No answer came, or one that said no.
    assert!(take(
        &mut flows,
        &failed(step(SignIn, 2, AuthorizationResponse))
    ));
    assert_eq!(
        stands(&flows),
        [
            (FlowKind::SignIn, FlowOutcome::Failed),
            (FlowKind::SignIn, FlowOutcome::Done)
        ]
    );
}

#[test]
fn a_cancelled_sign_in_stays_cancelled() {
    let mut flows = Place::new().flows();
    assert!(flows.cancelled().is_none());
    add(&mut flows, &[(SignIn, 1, SignInStarted)]);
    assert!(flows.cancelled().is_some());
    assert!(flows.cancelled().is_none());
    // It was too late to stop it, so it is signed out again.
    add(
        &mut flows,
        &[
            (SignIn, 1, CodeExchange),
            (SignIn, 1, SignedIn),
            (SignOut, 2, WipedLocally),
        ],
    );
    assert!(flows.ended(FlowKind::SignOut, true).is_some());
    assert!(flows.cancelled().is_none());
    assert_eq!(
        stands(&flows),
        [
            (FlowKind::SignOut, FlowOutcome::Done),
            (FlowKind::SignIn, FlowOutcome::Cancelled)
        ]
    );
}

#[test]
fn a_sign_in_that_was_cancelled_too_late_is_undone() {
    let mut flows = Place::new().flows();
    add(
        &mut flows,
        &[
            (SignIn, 1, SignInStarted),
            (SignIn, 1, SignedIn),
            (SignOut, 2, WipedLocally),
        ],
    );
    assert!(flows.cancelled().is_some());
    let undone = [
        (FlowKind::SignOut, FlowOutcome::Done),
        (FlowKind::SignIn, FlowOutcome::Cancelled),
    ];
    assert_eq!(stands(&flows), undone);
    // A later attempt that was broken off before its first step changes nothing.
    assert!(flows.cancelled().is_none());
    assert_eq!(stands(&flows), undone);
}

#[test]
fn a_refresh_ends_as_its_last_step_says() {
    let mut flows = Place::new().flows();
    let outcome = |flows: &Flows| stands(flows)[0].1;
    for (steps, expected) in [
        (
            &[RefreshRequest, RefreshResponse, SessionStored][..],
            FlowOutcome::Done,
        ),
        (
            &[MetadataRequest, RefreshRequest, RefreshFailed],
            FlowOutcome::Failed,
        ),
        (&[RefreshAdopted], FlowOutcome::Done),
        (&[RefreshAdopted, RefreshRequest], FlowOutcome::Running),
        (&[RefreshFailed], FlowOutcome::Failed),
        (
            &[RefreshRequest, RefreshResponse, RefreshFailed],
            FlowOutcome::Failed,
        ),
    ] {
        let id = u64::try_from(flows.summaries().len()).unwrap();
        for kind in steps {
            take(&mut flows, &step(Refresh, id, *kind));
        }
        assert_eq!(outcome(&flows), expected, "{steps:?}");
        assert_eq!(labels(flows.view()), named(steps));
    }
    // One that never told how it ended is not under way for ever.
    add(
        &mut flows,
        &[(Refresh, 90, RefreshRequest), (Refresh, 91, RefreshRequest)],
    );
    assert_eq!(stands(&flows)[1].1, FlowOutcome::Cancelled);
    assert!(flows.ended(FlowKind::Refresh, false).is_some());
    assert_eq!(outcome(&flows), FlowOutcome::Failed);
}

#[test]
fn a_sign_out_begins_with_forgetting_and_is_over_when_that_is_said() {
    let mut flows = Place::new().flows();
    add(
        &mut flows,
        &[(SignIn, 1, SignInStarted), (SignOut, 2, MetadataRequest)],
    );
    assert_eq!(stands(&flows).len(), 1);
    add(
        &mut flows,
        &[
            (SignOut, 3, WipedLocally),
            (SignOut, 3, RevocationRequest),
            (SignOut, 3, RevocationResponse),
            (SignOut, 3, EndSessionRequest),
        ],
    );
    assert_eq!(stands(&flows)[0], (FlowKind::SignOut, FlowOutcome::Running));
    assert!(flows.ended(FlowKind::SignOut, true).is_some());
    assert!(flows.ended(FlowKind::SignOut, false).is_none());
    assert_eq!(stands(&flows)[0], (FlowKind::SignOut, FlowOutcome::Done));
    assert_eq!(flows.view().unwrap().steps.len(), 4);
}

#[test]
fn the_last_call_follows_the_latest_flow() {
    let mut flows = Place::new().flows();
    add(
        &mut flows,
        &[
            (SignIn, 1, SignInStarted),
            (SignIn, 1, SignedIn),
            (Call, 2, ApiRequest),
            (Call, 2, ApiResponse),
            (Call, 3, ApiRequest),
            // The one before it is slow.
            (Call, 2, ApiResponse),
        ],
    );
    let expected = named(&[SignInStarted, SignedIn, ApiRequest]);
    assert_eq!(labels(flows.view()), expected);
    assert_eq!(labels(flows.get(1)), expected);
    assert_eq!(stands(&flows).len(), 1);
    add(
        &mut flows,
        &[(Call, 3, ApiResponse), (SignOut, 4, WipedLocally)],
    );
    assert_eq!(labels(flows.view()), named(&[WipedLocally]));
    assert_eq!(labels(flows.get(1)), named(&[SignInStarted, SignedIn]));
}

#[test]
fn a_call_shows_the_refresh_that_it_waits_for() {
    let mut flows = Place::new().flows();
    add(
        &mut flows,
        &[
            (SignIn, 1, SignInStarted),
            (SignIn, 1, SignedIn),
            (Call, 2, ApiRequest),
            (Refresh, 3, RefreshRequest),
            (Refresh, 3, RefreshResponse),
            (Call, 2, ApiResponse),
            (Refresh, 3, SessionStored),
        ],
    );
    let view = flows.view().unwrap();
    assert_eq!(view.summary.kind, FlowKind::Refresh);
    assert_eq!(view.summary, flows.summaries()[0]);
    assert_eq!(
        labels(Some(view)),
        named(&[
            ApiRequest,
            RefreshRequest,
            RefreshResponse,
            SessionStored,
            ApiResponse
        ])
    );
    // The next call stands behind it.
    add(&mut flows, &[(Call, 4, ApiRequest), (Call, 4, ApiResponse)]);
    assert_eq!(
        labels(flows.view()),
        named(&[
            RefreshRequest,
            RefreshResponse,
            SessionStored,
            ApiRequest,
            ApiResponse
        ])
    );
    // A refresh that no call waits for stands alone.
    add(&mut flows, &[(Refresh, 5, RefreshRequest)]);
    assert_eq!(labels(flows.view()), named(&[RefreshRequest]));
}

#[test]
fn a_call_alone_is_shown_but_not_listed() {
    let mut flows = Place::new().flows();
    add(&mut flows, &[(Call, 7, ApiRequest)]);
    let view = flows.view().unwrap();
    assert_eq!(
        view.summary,
        FlowSummary {
            id: 1,
            kind: FlowKind::Call,
            started: 7_000,
            outcome: FlowOutcome::Running
        }
    );
    assert_eq!(flows.get(1), Some(view));
    assert_eq!(flows.get(0), None);
    take(&mut flows, &failed(step(Call, 7, ApiResponse)));
    assert_eq!(flows.view().unwrap().summary.outcome, FlowOutcome::Failed);
    assert!(flows.summaries().is_empty());
    add(&mut flows, &[(SignIn, 8, SignInStarted)]);
    assert_eq!((flows.get(1), flows.summaries()[0].id), (None, 2));
}

#[test]
fn a_call_that_was_broken_off_waits_for_nothing() {
    let mut flows = Place::new().flows();
    flows.call_cancelled();
    add(&mut flows, &[(Call, 1, ApiRequest)]);
    flows.call_cancelled();
    let view = flows.view().unwrap();
    assert_eq!(view.summary.outcome, FlowOutcome::Cancelled);
    assert_eq!(
        view.steps[0].failure.as_deref(),
        Some("You cancelled the call.")
    );
    add(&mut flows, &[(Refresh, 2, RefreshRequest)]);
    assert_eq!(labels(flows.view()), named(&[RefreshRequest]));
}

#[test]
fn nothing_is_shown_until_the_next_step() {
    let mut flows = Place::new().flows();
    add(&mut flows, &[(SignIn, 1, SignInStarted)]);
    flows.clear();
    assert_eq!(flows.view(), None);
    assert_eq!(flows.summaries().len(), 1);
    add(&mut flows, &[(SignIn, 2, SignInStarted)]);
    assert!(flows.view().is_some());
}

#[test]
fn what_happened_upstream_is_shown_where_it_belongs() {
    let mut flows = Place::new().flows();
    let upstream = StepKind::UpstreamSignIn;
    add(
        &mut flows,
        &[
            (SignIn, 1, SignInStarted),
            (SignIn, 1, AuthorizationRequest),
            (SignIn, 1, AuthorizationResponse),
            (SignIn, 1, CodeExchange),
        ],
    );
    let late = Step {
        at: UNIX_EPOCH + Duration::from_secs(60),
        ..step(SignIn, 1, upstream)
    };
    take(&mut flows, &late);
    let view = flows.view().unwrap();
    assert_eq!(view.steps[2].at, 1_000);
    let expected = [
        SignInStarted,
        AuthorizationRequest,
        upstream,
        AuthorizationResponse,
        CodeExchange,
    ];
    assert_eq!(labels(Some(view)), named(&expected));
}

#[test]
fn strangers_fill_neither_the_window_nor_the_disk() {
    let place = Place::new();
    let mut flows = place.flows();
    add(
        &mut flows,
        &[(SignIn, 1, SignInStarted), (SignIn, 1, SignInFailed)],
    );
    for _ in 0..1_000 {
        assert!(!take(&mut flows, &step(SignIn, 1, StrayRequest)));
    }
    assert_eq!(flows.view().unwrap().steps.len(), 2 + MOST_STRAYS);
    // A flow that nobody knows any more is not begun by what is left of it.
    add(&mut flows, &[(SignIn, 99, StrayRequest)]);
    assert_eq!(flows.summaries().len(), 1);
}

#[test]
fn the_last_ten_are_kept() {
    let place = Place::new();
    let mut flows = place.flows();
    for flow_id in 1..=12 {
        add(
            &mut flows,
            &[
                (SignIn, flow_id, SignInStarted),
                (SignIn, flow_id, SignedIn),
            ],
        );
    }
    for flows in [&flows, &place.flows()] {
        let ids: Vec<_> = flows.summaries().iter().map(|flow| flow.id).collect();
        assert_eq!(ids, [12, 11, 10, 9, 8, 7, 6, 5, 4, 3]);
        assert_eq!((flows.get(2), flows.get(13)), (None, None));
    }
}

#[test]
fn flows_survive_a_restart_and_numbers_count_on() {
    let place = Place::new();
    let mut flows = place.flows();
    add(
        &mut flows,
        &[(SignIn, 1, SignInStarted), (SignIn, 2, SignInStarted)],
    );
    flows.save().run();
    take(&mut flows, &failed(step(SignIn, 2, SignInFailed)));
    let before = (flows.summaries(), flows.view());
    let mut flows = place.flows();
    assert_eq!((flows.summaries(), flows.view()), before);
    // The engine begins to count anew.
    add(&mut flows, &[(SignIn, 1, SignInStarted)]);
    assert_eq!(flows.view().unwrap().summary.id, 3);
    assert_eq!(flows.get(1).unwrap().steps.len(), 1);
}

#[test]
fn what_was_under_way_when_the_program_ended_is_cancelled() {
    let place = Place::new();
    let mut flows = place.flows();
    add(&mut flows, &[(SignIn, 1, SignInStarted)]);
    flows.save().run();
    assert!(place.text().contains("\"running\""));
    let outcome = place.flows().view().unwrap().summary.outcome;
    assert_eq!(outcome, FlowOutcome::Cancelled);
}

#[test]
fn the_person_is_left_out_of_the_file() {
    let place = Place::new();
    let mut flows = place.flows();
    add(&mut flows, &[(SignIn, 1, SignInStarted)]);
    let told = Step {
        fields: vec![
            ("sub", Value::Shown("subject-canary".to_owned())),
            ("email", Value::Shown("canary@example.com".to_owned())),
            ("iss", Value::Shown("https://login.example.com".to_owned())),
            ("nonce", Value::Hidden(43)),
        ],
        ..step(SignIn, 1, SignedIn)
    };
    take(&mut flows, &told);
    assert!(!place.text().contains("canary"), "{}", place.text());
    let fields = |flows: Flows| flows.view().unwrap().steps[1].fields.clone();
    let field = |name: &str, value| FlowField {
        name: name.to_owned(),
        value,
    };
    let issuer = FlowValue::Shown {
        text: "https://login.example.com".to_owned(),
    };
    assert_eq!(
        fields(place.flows()),
        [
            field("sub", FlowValue::Hidden { length: 14 }),
            field("email", FlowValue::Hidden { length: 18 }),
            field("iss", issuer),
            field("nonce", FlowValue::Hidden { length: 43 }),
        ]
    );
    // As long as the program runs, the window shows it.
    assert!(matches!(&fields(flows)[0].value, FlowValue::Shown { .. }));
}

#[test]
fn a_provider_that_talks_too_much_does_not_cost_the_file() {
    let place = Place::new();
    let mut flows = place.flows();
    for flow_id in 1..=10 {
        add(&mut flows, &[(SignIn, flow_id, SignInStarted)]);
        let long = || ("iss", Value::Shown("\u{1}".repeat(1_000_000)));
        let told = Step {
            fields: std::iter::repeat_with(long).take(12).collect(),
            ..step(SignIn, flow_id, SignedIn)
        };
        take(&mut flows, &told);
    }
    let kept = place.flows().summaries();
    assert!((1..10).contains(&kept.len()), "{}", kept.len());
    assert_eq!(kept[0].id, 10);
}

#[test]
fn a_foreign_file_is_no_history() {
    let place = Place::new();
    let mut flows = place.flows();
    for flow_id in [1, 2] {
        add(
            &mut flows,
            &[
                (SignIn, flow_id, SignInStarted),
                (SignIn, flow_id, SignedIn),
            ],
        );
    }
    let path = place.config.path().join("flows").join("work.json");
    let ours = place.text();
    for (from, to) in [
        ("\"id\":2", "\"id\":1"),
        ("\"next\":3", "\"next\":2"),
        ("\"next\":3", "\"next\":4294967295"),
        ("\"signIn\"", "\"call\""),
        ("\"doorkey\"", "\"stranger\""),
        ("\"version\":1", "\"version\":2"),
    ] {
        assert!(ours.contains(from), "{from} in {ours}");
        std::fs::write(&path, ours.replace(from, to)).unwrap();
        assert_eq!((place.flows().view(), path.exists()), (None, false));
    }
}

#[test]
fn what_is_removed_stays_removed_and_what_is_renamed_goes_along() {
    let place = Place::new();
    let mut flows = place.flows();
    let sign_in = [(SignIn, 1, SignInStarted), (SignIn, 1, SignedIn)];
    add(&mut flows, &sign_in);
    let home = "home".parse().unwrap();
    flows.rename(place.config.path(), &home).run();
    let at_home = || Flows::load(place.config.path(), &home).summaries().len();
    assert_eq!((place.flows().summaries().len(), at_home()), (0, 1));
    flows.remove().run();
    add(&mut flows, &sign_in);
    assert_eq!(at_home(), 0);
}
