//! `docs/threats.toml` and the tests that show its rows, as the tables of `docs/security.md`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use doorkey_tests::program::repository;
use serde::Deserialize;

use crate::named::{self, Named};
use crate::section;

const LIST: &str = "docs/threats.toml";
const PAGE: &str = "docs/security.md";

/// The list as it is written.
#[derive(Deserialize)]
struct List {
    /// What the letters of the ids stand for.
    groups: BTreeMap<String, String>,
    #[serde(flatten)]
    threats: BTreeMap<String, Threat>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Threat {
    /// What happens.
    threat: String,
    /// What Doorkey does.
    outcome: String,
    /// Why no test here can show it.
    untested: Option<String>,
}

impl List {
    fn read() -> Self {
        let text = fs::read_to_string(repository().join(LIST)).expect(LIST);
        toml::from_str(&text).expect(LIST)
    }

    /// How many rows are shown, and a table for each group.
    fn tables(&self, tests: &[Named]) -> String {
        let is_shown = |id| {
            tests
                .iter()
                .any(|test| test.is_run && test.ids.contains(id))
        };
        let shown = self.threats.keys().filter(|id| is_shown(id)).count();
        let shows =
            |test: &&Named| test.is_run && test.ids.iter().any(|id| self.threats.contains_key(id));
        let count = format!(
            "{} threats; {shown} of them are shown by {} tests.\n",
            self.threats.len(),
            tests.iter().filter(shows).count()
        );
        let tables = self.groups.iter().map(|(letter, title)| {
            let mut table = format!(
                "### {letter}. {title}\n\n| id | what happens | what Doorkey does | shown by |\n|---|---|---|---|\n"
            );
            let rows = self.threats.iter().filter(|(id, _)| id.starts_with(letter.as_str()));
            for (id, row) in rows {
                let shown = shown_by(id, row, tests);
                let written = writeln!(table, "| {id} | {} | {} | {shown} |", row.threat, row.outcome);
                written.expect("to write into a string");
            }
            table
        });
        std::iter::once(count)
            .chain(tables)
            .collect::<Vec<_>>()
            .join("\n")
    }

    /// What is wrong with the list, given the tests.
    fn faults(&self, tests: &[Named]) -> Vec<String> {
        let mut faults = Vec::new();
        for (id, row) in &self.threats {
            let is_shown = tests
                .iter()
                .any(|test| test.is_run && test.ids.contains(id));
            match (is_shown, &row.untested) {
                (false, None) => faults.push(format!("{id} has no test: {}", row.threat)),
                (true, Some(_)) => {
                    faults.push(format!("{id} has a test, and a reason for having none"))
                }
                _ => {}
            }
            if !self.groups.contains_key(&id[..1]) {
                faults.push(format!("{id} is in no group"));
            }
            for text in [Some(&row.threat), Some(&row.outcome), row.untested.as_ref()] {
                if text.is_some_and(|text| !text.ends_with('.') || text.contains(['|', '\n'])) {
                    faults.push(format!(
                        "{id}: write whole sentences on one line, without |"
                    ));
                }
            }
        }
        for test in tests {
            if !test.is_run {
                faults.push(format!("{} is not run as a test", test.place));
            }
            let unknown = test.ids.iter().filter(|id| !self.threats.contains_key(*id));
            faults
                .extend(unknown.map(|id| format!("{} names {id}, which is no threat", test.place)));
        }
        faults
    }
}

/// The last cell of a row.
fn shown_by(id: &str, row: &Threat, tests: &[Named]) -> String {
    let shown: Vec<_> = tests
        .iter()
        .filter(|test| test.is_run && test.ids.iter().any(|named| named == id))
        .map(|test| format!("`{}`", test.place))
        .collect();
    match (&row.untested, shown.is_empty()) {
        (Some(reason), _) => format!("Not shown here: {reason}"),
        (None, true) => "No test yet.".to_owned(),
        (None, false) => shown.join("<br>"),
    }
}

#[test]
fn each_threat_has_a_test_or_a_reason_and_each_test_a_threat() {
    let list = List::read();
    assert!(list.threats.len() > 200, "{LIST} is not read whole");
    let faults = list.faults(&named::all());
    let count = faults.len();
    assert!(faults.is_empty(), "{count} faults:\n{}", faults.join("\n"));
}

#[test]
fn the_tables_of_threats_are_those_of_list_and_tests() {
    section::check(PAGE, &List::read().tables(&named::all()));
}

#[test]
fn a_threat_without_a_test_and_a_test_without_a_threat_are_noticed() {
    let list = |rows: &str| -> List {
        toml::from_str(&format!("[groups]\nA = \"Here\"\n{rows}")).expect("a list")
    };
    let row = |id: &str, rest: &str| {
        format!("[{id}]\nthreat = \"It happens.\"\noutcome = \"Nothing.\"\n{rest}\n")
    };
    let test = |ids: &[&str], is_run| Named {
        place: "a.rs::it".to_owned(),
        ids: ids.iter().map(|&id| id.to_owned()).collect(),
        is_run,
    };
    let untested = "untested = \"It needs another system.\"";
    let one = list(&row("A01", ""));
    let shown = [test(&["A01"], true)];
    assert_eq!(one.faults(&shown), Vec::<String>::new());
    assert!(
        one.tables(&shown)
            .contains("| A01 | It happens. | Nothing. | `a.rs::it` |")
    );
    assert_eq!(
        list(&row("A01", untested)).faults(&[]),
        Vec::<String>::new()
    );

    assert_eq!(one.faults(&[]), ["A01 has no test: It happens."]);
    assert!(one.tables(&[]).contains("No test yet."));
    assert_eq!(one.faults(&[test(&["A01"], false)]).len(), 2);
    assert_eq!(
        one.faults(&[test(&["A01", "A02"], true)]),
        ["a.rs::it names A02, which is no threat"]
    );
    assert_eq!(list(&row("A01", untested)).faults(&shown).len(), 1);
    assert_eq!(
        list(&row("B01", untested)).faults(&[]),
        ["B01 is in no group"]
    );
    let cut = row("A01", "").replace("Nothing.", "Nothing");
    assert_eq!(list(&cut).faults(&shown).len(), 1);
}
