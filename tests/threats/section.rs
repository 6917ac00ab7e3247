//! Documents that are made in part, and whether what they name is there.

use std::{env, fs};

use doorkey_tests::program::repository;

/// Compares what stands between the marks of a document with what it should be, or writes it if `WRITE_DOCS` is set.
pub(crate) fn check(file: &str, made: &str) {
    let path = repository().join(file);
    let document = fs::read_to_string(&path).expect(file);
    let expected = with(&document, made).unwrap_or_else(|| panic!("{file} has no marks"));
    if env::var_os("WRITE_DOCS").is_some() {
        fs::write(&path, expected).expect(file);
        return;
    }
    let difference = document
        .lines()
        .zip(expected.lines())
        .find(|(is, should)| is != should);
    assert!(
        document == expected,
        "{file} is not what the code says; write it with WRITE_DOCS=1 cargo test -p doorkey-tests --test threats\n\
         the first difference: {difference:#?}"
    );
}

/// What paths of the repository begin with.
const FOLDERS: [&str; 5] = ["crates/", "src-tauri/", "tests/", "ui/", "xtask/"];

/// The files and folders that a document names in code type and that are not there.
pub(crate) fn missing(file: &str) -> Vec<String> {
    let document = fs::read_to_string(repository().join(file)).expect(file);
    let named = document.lines().flat_map(places);
    named
        .filter(|place| !repository().join(place).exists())
        .map(str::to_owned)
        .collect()
}

/// The paths of the repository that a line has in code type. A test is named behind its file.
fn places(line: &str) -> impl Iterator<Item = &str> {
    let code = line.split('`').skip(1).step_by(2);
    code.map(|code| code.split_once("::").map_or(code, |(file, _)| file))
        .filter(|code| FOLDERS.iter().any(|folder| code.starts_with(folder)))
}

const BEGIN: &str = "<!-- made by tests/threats: begin -->\n";
const END: &str = "<!-- made by tests/threats: end -->\n";

/// The document with this between its marks.
fn with(document: &str, made: &str) -> Option<String> {
    let (before, rest) = document.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n{made}\n{END}{after}"))
}

#[test]
fn what_stands_between_the_marks_is_replaced_and_nothing_else() {
    let document = |made: &str| format!("# Title\n\n{BEGIN}\n{made}\n{END}\nThe end.\n");
    let made = with(&document("old\n\nlines\n"), "new\n");
    assert_eq!(made, Some(document("new\n")));
    assert_eq!(with("# Title\n", "new\n"), None);
}

#[test]
fn every_place_that_the_pages_name_is_there() {
    for file in ["docs/security.md", "docs/errors.md"] {
        assert_eq!(missing(file), Vec::<String>::new(), "{file}");
    }
    let line = "`application/json`, `tests/a.rs` and `ui/a.test.ts::it works`, but not tests/b.rs.";
    assert_eq!(
        places(line).collect::<Vec<_>>(),
        ["tests/a.rs", "ui/a.test.ts"]
    );
}
