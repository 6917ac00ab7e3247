//! The last API calls in a file: a line each, no headers, no bodies, and no secrets in the addresses.

use std::path::Path;

use doorkey_core::ProfileName;
use serde::{Deserialize, Serialize};

use super::{MOST_CALLS, address};
use crate::kept_file::KeptFile;
use crate::view::CallSummary;

/// Where the files are, below the config folder.
pub(super) const FOLDER: &str = "calls";

const VERSION: u32 = 1;

/// No call of ours has a higher number: one a second would take a lifetime.
const HIGHEST: u32 = u32::MAX / 2;

#[derive(Serialize, Deserialize)]
struct Content {
    next: u32,
    /// Oldest first.
    calls: Vec<CallSummary>,
}

pub(super) fn file(config: &Path, profile: &ProfileName) -> KeptFile {
    KeptFile::new(config, FOLDER, profile)
}

/// The number of the next call, and the calls, oldest first.
pub(super) fn read(file: &KeptFile) -> Option<(u32, Vec<CallSummary>)> {
    file.read(VERSION, |content: Content| {
        let Content { next, mut calls } = content;
        let ours = calls.len() <= MOST_CALLS
            && calls.is_sorted_by(|earlier, later| earlier.id < later.id)
            && calls.last().is_none_or(|last| last.id < next)
            && next <= HIGHEST;
        for call in &mut calls {
            call.method = address::cut(&call.method);
            call.path = address::cut(&call.path);
        }
        ours.then_some((next, calls))
    })
}

pub(super) fn put<'a>(
    file: &KeptFile,
    next: u32,
    summaries: impl Iterator<Item = &'a CallSummary>,
) {
    let calls = summaries.map(|summary| CallSummary {
        path: address::without_secrets(&summary.path),
        ..summary.clone()
    });
    let mut content = Content {
        next,
        calls: calls.collect(),
    };
    while !file.put(VERSION, &content) && !content.calls.is_empty() {
        content.calls.remove(0);
    }
}
