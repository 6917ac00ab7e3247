//! What a process takes of the computer, and whether it is more than before.

use std::fmt::Write as _;
use std::fs;

/// What it takes at one moment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sample {
    /// Resident memory in KiB.
    memory: u64,
    handles: u64,
    threads: u64,
    items: u64,
}

type Part = (&'static str, fn(&Sample) -> u64, u64);

/// What is measured, and what the difference of two medians may be.
const PARTS: [Part; 4] = [
    ("memory (KiB)", |sample| sample.memory, 6 * 1024),
    ("file handles", |sample| sample.handles, 8),
    ("threads", |sample| sample.threads, 4),
    ("keychain items", |sample| sample.items, 2),
];

impl Sample {
    /// None when the process is gone.
    pub(crate) fn of(process: u32, items: usize) -> Option<Self> {
        let folder = format!("/proc/{process}");
        let status = fs::read_to_string(format!("{folder}/status")).ok()?;
        let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
        let memory = line.split_whitespace().nth(1)?.parse().ok()?;
        let count =
            |name: &str| Some(fs::read_dir(format!("{folder}/{name}")).ok()?.count() as u64);
        Some(Self {
            memory,
            handles: count("fd")?,
            threads: count("task")?,
            items: items as u64,
        })
    }
}

/// Where the last quarter takes more than the second: the first is for warming up.
pub(crate) fn compare(samples: &[Sample]) -> Vec<String> {
    let Some((before, after)) = quarters(samples) else {
        return vec!["too few samples".to_owned()];
    };
    let grown = |(name, of, allowed): &Part| {
        let (before, after) = (median(before, *of), median(after, *of));
        (after > before + allowed).then(|| format!("{name} grew from {before} to {after}"))
    };
    PARTS.iter().filter_map(grown).collect()
}

/// The same as a table for people.
pub(crate) fn table(samples: &[Sample]) -> String {
    let mut table = format!(
        "{} samples: median of the second quarter, of the last\n",
        samples.len()
    );
    if let Some((before, after)) = quarters(samples) {
        for (name, of, _) in &PARTS {
            let (before, after) = (median(before, *of), median(after, *of));
            // Writing to a string does not fail.
            let _ = writeln!(table, "{name:16} {before:>8} {after:>8}");
        }
    }
    table
}

fn quarters(samples: &[Sample]) -> Option<(&[Sample], &[Sample])> {
    let quarter = samples.len() / 4;
    (quarter > 1).then(|| {
        (
            &samples[quarter..2 * quarter],
            &samples[samples.len() - quarter..],
        )
    })
}

fn median(samples: &[Sample], of: fn(&Sample) -> u64) -> u64 {
    let mut values: Vec<_> = samples.iter().map(of).collect();
    values.sort_unstable();
    values.get(values.len() / 2).copied().unwrap_or_default()
}
