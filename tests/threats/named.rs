//! The tests whose names begin with the ids of threats: `d10_d13_a_kill_...` in Rust, "g18: hostile text ..." in the web UI.

use std::{fs, path::Path};

use doorkey_tests::program::repository;

/// A test that is named for what it shows.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Named {
    /// Its file and its name, as `file::name`.
    pub(crate) place: String,
    /// As in the list: `D10`, `D13`.
    pub(crate) ids: Vec<String>,
    /// Whether it is run, as far as its attributes tell.
    pub(crate) is_run: bool,
}

/// All of them, by file and name.
pub(crate) fn all() -> Vec<Named> {
    let root = repository();
    let mut found = Vec::new();
    for folder in ["crates", "src-tauri", "tests", "ui"] {
        walk(&root, &root.join(folder), &mut found);
    }
    found.sort();
    found
}

fn walk(root: &Path, folder: &Path, found: &mut Vec<Named>) {
    for entry in fs::read_dir(folder).expect("a folder of the repository") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let file = path.strip_prefix(root).unwrap_or(&path);
        let file = file.display().to_string().replace('\\', "/");
        let source = || fs::read_to_string(&path).expect("a source file");
        if path.is_dir() {
            if !matches!(&*name, "node_modules" | "target" | "dist" | "gen") {
                walk(root, &path, found);
            }
        } else if name.ends_with(".rs") {
            found.extend(rust(&file, &source()));
        } else if name.ends_with(".test.ts") {
            found.extend(vitest(&file, &source()));
        }
    }
}

/// The functions of a Rust file that are named for threats.
fn rust(file: &str, source: &str) -> Vec<Named> {
    let lines: Vec<_> = source.lines().map(str::trim).collect();
    let named = lines.iter().enumerate().filter_map(|(at, line)| {
        let line = line.strip_prefix("pub ").unwrap_or(line);
        let line = line.strip_prefix("async ").unwrap_or(line);
        let (name, _) = line.strip_prefix("fn ")?.split_once('(')?;
        let above = lines[..at].iter().rev();
        let attributes: Vec<_> = above.take_while(|line| line.starts_with("#[")).collect();
        let has = |start: &str| attributes.iter().any(|line| line.starts_with(start));
        Some(Named {
            place: format!("{file}::{name}"),
            ids: ids(name.split('_')),
            is_run: (has("#[test]") || has("#[tokio::test")) && !has("#[ignore"),
        })
    });
    named.filter(|test| !test.ids.is_empty()).collect()
}

/// The tests of the web UI that are named for threats.
fn vitest(file: &str, source: &str) -> Vec<Named> {
    let mut rest = source;
    let mut found = Vec::new();
    while let Some((before, after)) = rest.split_once('"') {
        let Some((title, next)) = after.split_once('"') else {
            break;
        };
        let opened = before.trim_end();
        let is_title = ["test(", ")("].iter().any(|call| opened.ends_with(call));
        let ids = ids(title.split([' ', ':', ',']));
        if is_title && !ids.is_empty() {
            found.push(Named {
                place: format!("{file}::{title}"),
                ids,
                is_run: true,
            });
        }
        rest = if is_title { next } else { after };
    }
    found
}

/// The ids that a name begins with.
fn ids<'a>(words: impl Iterator<Item = &'a str>) -> Vec<String> {
    words
        .take_while(|word| is_id(word))
        .map(str::to_uppercase)
        .collect()
}

/// A letter and two digits.
fn is_id(word: &str) -> bool {
    matches!(word.as_bytes(), [b'a'..=b'z', tens, ones] if tens.is_ascii_digit() && ones.is_ascii_digit())
}

#[test]
fn tests_are_found_by_the_ids_that_their_names_begin_with() {
    let source = "#[test]\nfn d10_d13_a_kill() {}\n#[tokio::test(start_paused = true)]\n#[cfg(unix)]\n    async fn b08_it() {}\n\
                  struct A;\npub fn a01_no_test() {}\n#[test]\n#[ignore = \"slow\"]\nfn a02_not_run() {}\n#[test]\nfn a_kill_of_d10() {}\n\
                  #[test]\nfn c7_c072_nothing() {}\n";
    let found: Vec<_> = rust("a.rs", source)
        .into_iter()
        .map(|test| (test.place, test.ids.join(" "), test.is_run))
        .collect();
    let expected = [
        ("a.rs::d10_d13_a_kill", "D10 D13", true),
        ("a.rs::b08_it", "B08", true),
        ("a.rs::a01_no_test", "A01", false),
        ("a.rs::a02_not_run", "A02", false),
    ];
    assert_eq!(
        found,
        expected.map(|(place, ids, is_run)| (place.to_owned(), ids.to_owned(), is_run))
    );

    let source = "import \"a01\";\ntest(\"g18: hostile text\", () => {});\ntest.each(rows)(\n  \"g18 c51 $name\", run);\n\
                  say(\"g01 no test\");\ntest(\"a test of g02\", () => {});\n";
    let found: Vec<_> = vitest("a.test.ts", source)
        .into_iter()
        .map(|test| (test.place, test.ids.join(" ")))
        .collect();
    let expected = [
        ("a.test.ts::g18: hostile text", "G18"),
        ("a.test.ts::g18 c51 $name", "G18 C51"),
    ];
    assert_eq!(
        found,
        expected.map(|(place, ids)| (place.to_owned(), ids.to_owned()))
    );
}
