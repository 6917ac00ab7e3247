//! `docs/behavior.md` names the test behind each line, and `docs/providers.md` the test behind each cell of its table. A test
//! that was renamed or removed takes its line along, or this fails.

use std::{collections::BTreeSet, fs};

use doorkey_core::Preset;
use doorkey_tests::program::repository;

const CHECKLIST: &str = "docs/behavior.md";
const PROVIDERS: &str = "docs/providers.md";

/// What each preset is shown to do.
const WAYS: &str = "| preset | sign in | restore | refresh | call | sign out | device |";

/// The one section whose lines name no test.
const OPEN: &str = "Not shown by a test";

/// What is said, and the tests that are said to show it.
#[derive(Debug, PartialEq)]
struct Line {
    section: String,
    says: String,
    shown_by: Vec<(String, String)>,
}

/// The lines of the checklist. What stands indented below one belongs to it.
fn lines(document: &str) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let mut section = "";
    let mut in_line = false;
    for text in document.lines() {
        if let Some(heading) = text.strip_prefix("## ") {
            (section, in_line) = (heading, false);
        } else if text.starts_with(['-', '*', '+']) {
            in_line = true;
            lines.push(Line {
                section: section.to_owned(),
                says: text.to_owned(),
                shown_by: tests_in(text),
            });
        } else if !text.starts_with(' ') {
            in_line = false;
        } else if let (true, Some(line)) = (in_line, lines.last_mut()) {
            line.shown_by.extend(tests_in(text));
        }
    }
    lines
}

/// Each `file::test` in code type.
fn tests_in(text: &str) -> Vec<(String, String)> {
    let code = text.split('`').skip(1).step_by(2);
    code.filter_map(|code| code.split_once("::"))
        .map(|(file, test)| (file.to_owned(), test.to_owned()))
        .collect()
}

/// What is wrong with the checklist, given what each file holds.
fn faults(document: &str, source: impl Fn(&str) -> Option<String>) -> Vec<String> {
    let mut faults = Vec::new();
    let sections: BTreeSet<_> = document
        .lines()
        .filter_map(|text| text.strip_prefix("## "))
        .collect();
    let lines = lines(document);
    let filled: BTreeSet<_> = lines.iter().map(|line| line.section.as_str()).collect();
    faults.extend(
        sections
            .difference(&filled)
            .map(|section| format!("nothing stands in \"{section}\"")),
    );
    for line in &lines {
        let (mark, rule) = if line.section == OPEN {
            ("- [ ] ", "begins with `- [ ]` and names no test")
        } else {
            ("- [x] ", "begins with `- [x]` and names its test")
        };
        if line.shown_by.is_empty() != (line.section == OPEN) || !line.says.starts_with(mark) {
            let (section, says) = (&line.section, &line.says);
            faults.push(format!("a line of \"{section}\" {rule}, unlike: {says}"));
        }
        for (file, test) in &line.shown_by {
            let found = match source(file) {
                Some(text) if file.ends_with(".rs") => is_rust_test(&text, test),
                Some(text) if file.ends_with(".test.ts") => is_vitest(&text, test),
                _ => false,
            };
            if !found {
                faults.push(format!("{file} has no test `{test}`"));
            }
        }
    }
    faults
}

/// Whether there is a function of this name that is run as a test.
fn is_rust_test(source: &str, name: &str) -> bool {
    let lines: Vec<_> = source.lines().map(str::trim).collect();
    let starts = [format!("fn {name}("), format!("async fn {name}(")];
    lines
        .iter()
        .enumerate()
        .filter(|(_, line)| starts.iter().any(|start| line.starts_with(start)))
        .any(|(at, _)| {
            let above = || lines[..at].iter().rev();
            let attributes = || above().take_while(|line| line.starts_with("#["));
            attributes().any(|line| *line == "#[test]" || line.starts_with("#[tokio::test"))
                && !attributes().any(|line| line.starts_with("#[ignore"))
        })
}

/// Whether a test has this title, by itself or for each row of a table.
fn is_vitest(source: &str, title: &str) -> bool {
    let quoted = format!("\"{title}\"");
    source.match_indices(&quoted).any(|(at, _)| {
        let (before, after) = (&source[..at], &source[at + quoted.len()..]);
        let before = before.trim_end();
        (before.ends_with("test(") || before.ends_with(")(")) && after.trim_start().starts_with(',')
    })
}

#[test]
fn each_line_of_the_checklist_names_a_test_that_exists() {
    let root = repository();
    let read = |file: &str| fs::read_to_string(root.join(file)).ok();
    let document = read(CHECKLIST).unwrap_or_default();
    assert!(
        lines(&document).len() > 100,
        "{CHECKLIST} is not read whole"
    );
    let faults = faults(&document, read);
    assert!(faults.is_empty(), "{CHECKLIST}:\n{}", faults.join("\n"));
}

#[test]
fn a_line_without_its_test_is_noticed() {
    let source = |file: &str| {
        match file {
        "a.rs" => Some(
            "#[test]\nfn one() {}\n#[tokio::test(start_paused = true)]\n#[cfg(unix)]\nasync fn two() {}\n\
             fn helper() {}\n#[tokio::test]\n#[ignore = \"asked by others\"]\nasync fn asked() {}\n"
                .to_owned(),
        ),
        "a.test.ts" => Some(
            "test(\"it works\", () => {});\ntest.each(rows)(\n  \"$name\", run);\ndescribe(\"group\", () => {});\nsay(\"word\");"
                .to_owned(),
        ),
        _ => None,
    }
    };
    let of = |line: &str| faults(&format!("## Here\n\n{line}\n"), source);
    for good in [
        "- [x] One. `a.rs::one`",
        "- [x] Two, named below.\n  `a.rs::two`, `a.test.ts::it works`\n  `a.test.ts::$name`",
    ] {
        assert_eq!(of(good), Vec::<String>::new());
    }
    for bad in [
        "- [x] Nothing is named.",
        "- [ ] Not done. `a.rs::one`",
        "- Done? `a.rs::one`",
        "* [x] Done. `a.rs::one`",
        "- [x] Gone. `a.rs::on`",
        "- [x] No test. `a.rs::helper`",
        "- [x] Not run. `a.rs::asked`",
        "- [x] Gone. `a.test.ts::it work`",
        "- [x] No test. `a.test.ts::group`",
        "- [x] No test. `a.test.ts::word`",
        "- [x] No such file. `b.rs::one`",
        "- [x] One is there, one is not. `a.rs::one`, `a.rs::three`",
        "- [x] Not its own.\n\n`a.rs::one`",
    ] {
        assert_eq!(of(bad).len(), 1, "{bad}");
    }
    assert_eq!(of("Only words."), ["nothing stands in \"Here\""]);
    let open = |line: &str| faults(&format!("## {OPEN}\n{line}"), source);
    assert_eq!(open("- [ ] Later."), Vec::<String>::new());
    assert_eq!(open("- [x] Done. `a.rs::one`").len(), 1);
}

/// What is wrong with the table of presets, given the tests of each.
fn table_faults(document: &str, source: impl Fn(&str) -> Option<String>) -> Vec<String> {
    let mut rows = document.lines().skip_while(|line| *line != WAYS).skip(2);
    let rows: Vec<Vec<_>> = rows
        .by_ref()
        .take_while(|line| line.starts_with('|'))
        .map(|line| line.split('`').skip(1).step_by(2).collect())
        .collect();
    let mut faults = Vec::new();
    for preset in Preset::all() {
        let id = preset.id();
        let file = format!("tests/presets/{}.rs", id.replace('-', "_"));
        let Some(row) = rows.iter().find(|row| row.first() == Some(&id)) else {
            faults.push(format!("`{id}` has no row"));
            continue;
        };
        if row.len() != 7 {
            faults.push(format!("the row of `{id}` does not name six tests"));
        }
        let text = source(&file).unwrap_or_default();
        let missing = row[1..].iter().filter(|test| !is_rust_test(&text, test));
        faults.extend(missing.map(|test| format!("{file} has no test `{test}`")));
    }
    faults
}

#[test]
fn each_cell_of_the_table_of_presets_names_a_test_that_exists() {
    let root = repository();
    let read = |file: &str| fs::read_to_string(root.join(file)).ok();
    let document = read(PROVIDERS).unwrap_or_default();
    let faults = table_faults(&document, read);
    assert!(faults.is_empty(), "{PROVIDERS}:\n{}", faults.join("\n"));
    // A test that is gone is noticed, and so is a row.
    let all = Preset::all().len();
    assert_eq!(table_faults(&document, |_| None).len(), 6 * all);
    assert_eq!(table_faults("", read).len(), all);
}
