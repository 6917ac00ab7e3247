use std::time::UNIX_EPOCH;

use super::*;

struct Place {
    config: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        Self {
            config: tempfile::tempdir().unwrap(),
        }
    }

    fn calls(&self) -> Calls {
        Calls::load(self.config.path(), &"work".parse().unwrap())
    }

    fn text(&self) -> String {
        std::fs::read_to_string(self.config.path().join("calls").join("work.json")).unwrap()
    }
}

fn call(path: &str) -> ApiCall {
    ApiCall {
        method: "POST".to_owned(),
        path: path.to_owned(),
        headers: vec![("X-Mark".to_owned(), "header-canary".to_owned())],
        body: Some("body-canary".to_owned()),
    }
}

fn answer(size: usize) -> ApiAnswer {
    ApiAnswer {
        status: 200,
        headers: Vec::new(),
        body: "x".repeat(size),
        binary: false,
        size: u32::try_from(size).unwrap(),
        millis: 7,
    }
}

fn lost() -> Problem {
    Problem {
        code: "network_lost".to_owned(),
        message: "message-canary".to_owned(),
        hint: "Try again.".to_owned(),
        field: None,
    }
}

fn add(calls: &mut Calls, path: &str, outcome: Result<ApiAnswer, Problem>) {
    let at = UNIX_EPOCH + Duration::from_secs(5);
    calls
        .add(at, Duration::from_millis(31), call(path), outcome)
        .run();
}

fn ids(calls: &Calls) -> Vec<u32> {
    calls.summaries().iter().map(|call| call.id).collect()
}

#[test]
fn a_call_is_told_in_one_line_and_kept_whole() {
    let mut calls = Place::new().calls();
    add(&mut calls, "/a?token=abc", Ok(answer(3)));
    add(&mut calls, "/b", Err(lost()));
    let line = |id, path: &str, status, failure: Option<&str>, millis| CallSummary {
        id,
        at: 5_000,
        method: "POST".to_owned(),
        path: path.to_owned(),
        status,
        failure: failure.map(str::to_owned),
        millis,
    };
    assert_eq!(
        calls.summaries(),
        [
            line(2, "/b", None, Some("network_lost"), 31),
            line(1, "/a?token=abc", Some(200), None, 7)
        ]
    );
    assert_eq!(
        calls.get(1),
        Some(PastCall {
            call: call("/a?token=abc"),
            whole: true,
            answer: Some(answer(3)),
            problem: None
        })
    );
    assert_eq!(calls.get(2).unwrap().problem, Some(lost()));
    assert_eq!(calls.get(3), None);
}

#[test]
fn after_a_restart_only_the_line_is_known_and_no_secret_was_written() {
    let place = Place::new();
    let mut calls = place.calls();
    add(&mut calls, "/a?x=1&token=path-canary", Ok(answer(3)));
    add(&mut calls, "/b", Err(lost()));
    let written = place.text();
    assert!(!written.contains("canary"), "{written}");
    assert!(!written.contains("xxx"), "{written}");
    let calls = place.calls();
    assert_eq!(ids(&calls), [2, 1]);
    assert_eq!(
        calls.get(1),
        Some(PastCall {
            call: ApiCall {
                method: "POST".to_owned(),
                path: "/a?x=1&token=…".to_owned(),
                headers: Vec::new(),
                body: None
            },
            whole: false,
            answer: None,
            problem: None
        })
    );
    assert_eq!(calls.get(2).unwrap().problem.unwrap().code, "network_lost");
}

#[test]
fn numbers_count_on_over_restarts_and_after_forgetting() {
    let place = Place::new();
    let mut calls = place.calls();
    add(&mut calls, "/a", Ok(answer(1)));
    let mut calls = place.calls();
    add(&mut calls, "/b", Ok(answer(1)));
    assert_eq!(ids(&calls), [2, 1]);
    calls.forget().run();
    assert!(ids(&calls).is_empty());
    assert!(!place.text().contains("/a"));
    let mut calls = place.calls();
    add(&mut calls, "/c", Ok(answer(1)));
    assert_eq!(ids(&calls), [3]);
}

#[test]
fn the_last_fifty_are_kept() {
    let place = Place::new();
    let mut calls = place.calls();
    for _ in 0..MOST_CALLS + 2 {
        add(&mut calls, "/a", Ok(answer(1)));
    }
    for calls in [&calls, &place.calls()] {
        let ids = ids(calls);
        assert_eq!(
            (ids.len(), ids.first(), ids.last()),
            (50, Some(&52), Some(&3))
        );
    }
}

#[test]
fn the_oldest_answers_make_room_and_one_that_never_fits_costs_no_other() {
    let mut calls = Place::new().calls();
    let third = ANSWERS / 3;
    for size in [third, 1, third, third, ANSWERS + 1] {
        add(&mut calls, "/a", Ok(answer(size)));
    }
    let kept = |calls: &Calls| -> Vec<u32> {
        let answered = |id: &u32| calls.get(*id).unwrap().answer.is_some();
        ids(calls).into_iter().filter(answered).collect()
    };
    assert_eq!(kept(&calls), [4, 3, 2, 1]);
    add(&mut calls, "/a", Ok(answer(1)));
    assert_eq!(kept(&calls), [6, 4, 3, 2]);
    add(&mut calls, "/a", Ok(answer(ANSWERS)));
    assert_eq!(kept(&calls), [7]);
    assert!(calls.get(1).unwrap().whole);
    assert_eq!(calls.get(5).unwrap().problem, None);
}

#[test]
fn a_body_that_does_not_fit_is_not_kept() {
    let mut calls = Place::new().calls();
    let large = ApiCall {
        body: Some("x".repeat(REQUESTS)),
        ..call("/a")
    };
    let _ = calls.add(UNIX_EPOCH, Duration::ZERO, large, Ok(answer(1)));
    let past = calls.get(1).unwrap();
    assert!(!past.whole && past.call.body.is_none() && past.answer.is_some());
}

#[test]
fn a_very_long_address_is_cut_in_the_line() {
    let mut calls = Place::new().calls();
    let path = format!("/{}", "é".repeat(100_000));
    add(&mut calls, &path, Ok(answer(1)));
    assert!(calls.summaries()[0].path.chars().count() < 3_000);
    assert_eq!(calls.get(1).unwrap().call.path, path);
}

#[test]
fn fifty_of_the_longest_lines_fit_into_the_file() {
    let place = Place::new();
    let mut calls = place.calls();
    for _ in 0..MOST_CALLS {
        add(&mut calls, &"\u{1F511}".repeat(10_000), Ok(answer(1)));
    }
    assert_eq!(place.calls().summaries().len(), MOST_CALLS);
}

#[test]
fn a_foreign_file_is_no_history() {
    let place = Place::new();
    let mut calls = place.calls();
    for _ in 0..2 {
        add(&mut calls, "/a", Ok(answer(1)));
    }
    let path = place.config.path().join("calls").join("work.json");
    let ours = place.text();
    for (from, to) in [
        ("\"id\":2", "\"id\":1"),
        ("\"next\":3", "\"next\":2"),
        ("\"next\":3", "\"next\":4294967295"),
        ("\"next\":3", "\"next\":-3"),
    ] {
        assert!(ours.contains(from));
        std::fs::write(&path, ours.replace(from, to)).unwrap();
        let mut calls = place.calls();
        assert!(ids(&calls).is_empty());
        add(&mut calls, "/b", Ok(answer(1)));
        assert_eq!(ids(&place.calls()), [1]);
    }
}

#[test]
fn what_is_removed_stays_removed_and_what_is_renamed_goes_along() {
    let place = Place::new();
    let mut calls = place.calls();
    add(&mut calls, "/a", Ok(answer(1)));
    let home = "home".parse().unwrap();
    calls.rename(place.config.path(), &home).run();
    assert!(ids(&place.calls()).is_empty());
    assert_eq!(ids(&Calls::load(place.config.path(), &home)), [1]);
    calls.remove().run();
    add(&mut calls, "/b", Ok(answer(1)));
    assert!(ids(&Calls::load(place.config.path(), &home)).is_empty());
}
