//! A moment of fuzzing without a fuzzer: the seeds, and what becomes of them when bytes change. It keeps the targets and
//! their laws alive where nobody fuzzes.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{Config, TestRunner};

use super::*;

/// A place in the bytes, and what happens there.
#[derive(Clone, Debug)]
enum Change {
    Replace(u8),
    Insert(Vec<u8>),
    Cut(usize),
    /// Repeats what stands there.
    Repeat(usize),
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz")
}

/// The seeds of a target with their names, which begin with what becomes of them.
fn seeds(target: Target) -> Vec<(String, Vec<u8>)> {
    let folder = folder().join("seeds").join(target.name);
    let mut seeds: Vec<_> = fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.expect("a seed"))
        .map(|entry| {
            let name = entry.file_name().into_string().expect("a name");
            (name, fs::read(entry.path()).expect("a seed"))
        })
        .collect();
    seeds.sort();
    seeds
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        any::<u8>().prop_map(Change::Replace),
        vec(any::<u8>(), 1..4).prop_map(Change::Insert),
        select(vec![
            "\u{202e}",
            "\u{1b}[2J",
            "\0",
            "\r\n",
            "\"",
            "\\",
            "%00",
            "\u{feff}",
            "=",
            ".",
            "{",
            "}"
        ])
        .prop_map(|text| Change::Insert(text.as_bytes().to_vec())),
        (1_usize..24).prop_map(Change::Cut),
        (1_usize..24).prop_map(Change::Repeat),
    ]
}

fn changed(mut bytes: Vec<u8>, changes: &[(Index, Change)]) -> Vec<u8> {
    for (index, change) in changes {
        let at = index.index(bytes.len() + 1);
        let end = |length: usize| bytes.len().min(at + length);
        match change {
            Change::Replace(byte) => {
                if let Some(place) = bytes.get_mut(at) {
                    *place = *byte;
                }
            }
            Change::Insert(more) => drop(bytes.splice(at..at, more.iter().copied())),
            Change::Cut(length) => drop(bytes.drain(at..end(*length))),
            Change::Repeat(length) => {
                let piece = bytes[at..end(*length)].to_vec();
                drop(bytes.splice(at..at, piece));
            }
        }
    }
    bytes
}

#[test]
fn seeds_become_what_their_names_say() {
    for target in ALL.iter().copied() {
        let seeds = seeds(target);
        for verdict in [Verdict::Accepted, Verdict::Refused] {
            let prefix = format!("{verdict:?}-").to_lowercase();
            let expected = seeds.iter().filter(|(name, _)| name.starts_with(&prefix));
            let mut count = 0;
            for (name, bytes) in expected {
                assert_eq!((target.feed)(bytes), verdict, "{}/{name}", target.name);
                count += 1;
            }
            assert!(count > 0, "{} has no seed that is {verdict:?}", target.name);
        }
    }
}

#[test]
fn no_change_of_a_seed_breaks_a_law() {
    for target in ALL.iter().copied() {
        let seeds: Vec<_> = seeds(target).into_iter().map(|(_, bytes)| bytes).collect();
        let mut runner = TestRunner::new(Config {
            cases: 300,
            failure_persistence: None,
            ..Config::default()
        });
        let bytes = (select(seeds), vec((any::<Index>(), change()), 0..4))
            .prop_map(|(seed, changes)| changed(seed, &changes));
        let outcome = runner.run(&bytes, |bytes| {
            (target.feed)(&bytes);
            Ok(())
        });
        outcome.unwrap_or_else(|failure| panic!("{}: {failure}", target.name));
    }
}

#[test]
fn every_target_can_be_fuzzed() {
    let mut expected: BTreeSet<_> = ALL.iter().map(|target| target.name.to_owned()).collect();
    // Its parser is there on Linux only, and its program everywhere.
    expected.insert("desktop_entry".to_owned());
    let sources: BTreeSet<_> = fs::read_dir(folder().join("fuzz_targets"))
        .expect("the fuzz targets")
        .map(|entry| entry.expect("a file").path())
        .map(|path| {
            let name = path
                .file_stem()
                .and_then(|stem| stem.to_str())
                .expect("a name");
            let text = fs::read_to_string(&path).expect("a target");
            assert!(
                text.contains(&format!("{name:?}")),
                "{name} feeds another target"
            );
            name.to_owned()
        })
        .collect();
    assert_eq!(sources, expected);
    let manifest = fs::read_to_string(folder().join("Cargo.toml")).expect("a manifest");
    let manifest: toml::Table = manifest.parse().expect("TOML");
    let built = manifest["bin"].as_array().expect("programs");
    let built = built
        .iter()
        .map(|one| one["name"].as_str().expect("a name").to_owned());
    assert_eq!(built.collect::<BTreeSet<_>>(), expected);
}
