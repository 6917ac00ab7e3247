//! The codes of the engine's errors, as the tables of `docs/errors.md`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use doorkey_core::{Code, Fault};
use doorkey_tests::program::repository;

use crate::section;

const PAGE: &str = "docs/errors.md";
/// Which exit code the command line gives each fault. It is a program, so it is read and not called.
const EXIT: &str = "crates/doorkey-cli/src/exit.rs";

/// By whose fault, in the order of the page.
const FAULTS: [(Fault, &str); 8] = [
    (Fault::Usage, "The request or the profile is wrong"),
    (Fault::NotSignedIn, "Nobody is signed in"),
    (Fault::SignIn, "The person said no, or took too long"),
    (
        Fault::Provider,
        "The provider misbehaves, or is set up otherwise",
    ),
    (Fault::Network, "The network, or what stands in between"),
    (Fault::Keychain, "The system's keychain"),
    (Fault::Api, "The protected API refused"),
    (Fault::Local, "This computer: files, ports, the browser"),
];

fn tables(exit_codes: &BTreeMap<String, u8>) -> String {
    let tables = FAULTS.iter().map(|(fault, title)| {
        let name = format!("{fault:?}");
        let exit = exit_codes.get(&name).unwrap_or(&exit_codes["Failed"]);
        let mut table = format!(
            "## {title}: exit code {exit}\n\n| code | what happened | what to do |\n|---|---|---|\n"
        );
        for code in Code::ALL.iter().filter(|code| code.fault() == *fault) {
            let written = writeln!(
                table,
                "| `{}` | {} | {} |",
                code.as_str(),
                code.meaning(),
                code.hint()
            );
            written.expect("to write into a string");
        }
        table
    });
    tables.collect::<Vec<_>>().join("\n")
}

/// The exit code of each fault that has one of its own, and `Failed` for the others.
fn exit_codes(source: &str) -> BTreeMap<String, u8> {
    let lines = || source.lines().map(str::trim);
    let numbers: BTreeMap<_, u8> = lines()
        .filter_map(|line| line.strip_suffix(',')?.split_once(" = "))
        .filter_map(|(name, number)| Some((name, number.parse().ok()?)))
        .collect();
    let faults = lines().filter_map(|line| {
        let (fault, exit) = line.strip_prefix("Fault::")?.split_once(" => Self::")?;
        Some((fault.to_owned(), *numbers.get(exit.trim_end_matches(','))?))
    });
    let failed = numbers
        .get("Failed")
        .map(|number| ("Failed".to_owned(), *number));
    faults.chain(failed).collect()
}

#[test]
fn the_tables_of_error_codes_are_those_of_the_code() {
    let listed = Code::ALL
        .iter()
        .filter(|code| FAULTS.iter().any(|(fault, _)| code.fault() == *fault));
    assert_eq!(listed.count(), Code::ALL.len(), "a fault has no title here");
    let source = fs::read_to_string(repository().join(EXIT)).expect(EXIT);
    let exit_codes = exit_codes(&source);
    assert_eq!(exit_codes.len(), FAULTS.len(), "{exit_codes:?}");
    section::check(PAGE, &tables(&exit_codes));
}

#[test]
fn exit_codes_are_read_from_the_command_line() {
    let source = "enum Exit {\n    /// Failed.\n    Failed = 1,\n    Usage = 2,\n}\nmatch fault {\n    Fault::Usage => Self::Usage,\n    _ => Self::Failed,\n}";
    let expected = [("Failed".to_owned(), 1), ("Usage".to_owned(), 2)];
    assert_eq!(exit_codes(source), expected.into());
}
