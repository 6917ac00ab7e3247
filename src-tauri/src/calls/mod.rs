//! The last API calls of a profile: whole in memory as far as they fit, in one line each on disk.

mod address;
mod kept;

use std::collections::VecDeque;
use std::path::Path;
use std::time::{Duration, SystemTime};

use doorkey_core::ProfileName;

use crate::flow::milliseconds;
use crate::kept_file::{KeptFile, Writing};
use crate::view::{ApiAnswer, ApiCall, CallSummary, PastCall, Problem};

/// How many calls are kept.
const MOST_CALLS: usize = 50;

/// How many bytes the answers may take that are kept in memory.
const ANSWERS: usize = 16 * 1024 * 1024;

/// How many bytes the headers and bodies may take that were sent.
const REQUESTS: usize = 4 * 1024 * 1024;

/// The last API calls of a profile.
#[derive(Debug)]
pub(crate) struct Calls {
    file: KeptFile,
    /// The number of the next call. None is given twice.
    next: u32,
    /// Oldest first.
    made: VecDeque<Made>,
}

#[derive(Debug)]
struct Made {
    summary: CallSummary,
    /// As it was made, while there is room.
    call: Option<ApiCall>,
    answer: Option<ApiAnswer>,
    problem: Option<Problem>,
}

impl Calls {
    /// The calls that were kept, in one line each.
    pub(crate) fn load(config: &Path, profile: &ProfileName) -> Self {
        let file = kept::file(config, profile);
        let (next, summaries) = kept::read(&file).unwrap_or((1, Vec::new()));
        let made = summaries.into_iter().map(Made::past).collect();
        Self { file, next, made }
    }

    /// Takes a call that has ended: when it began, and how long it took if the answer does not say. What comes back is to be
    /// run where waiting is allowed.
    pub(crate) fn add(
        &mut self,
        at: SystemTime,
        took: Duration,
        call: ApiCall,
        outcome: Result<ApiAnswer, Problem>,
    ) -> Writing {
        let (answer, problem) = match outcome {
            Ok(answer) => (Some(answer), None),
            Err(problem) => (None, Some(problem)),
        };
        let summary = CallSummary {
            id: self.next,
            at: milliseconds(at),
            method: address::cut(&call.method),
            path: address::cut(&call.path),
            status: answer.as_ref().map(|answer| answer.status),
            failure: problem.as_ref().map(|problem| problem.code.clone()),
            millis: answer.as_ref().map_or_else(
                || u32::try_from(took.as_millis()).unwrap_or(u32::MAX),
                |answer| answer.millis,
            ),
        };
        self.next = self.next.saturating_add(1);
        if self.made.len() == MOST_CALLS {
            self.made.pop_front();
        }
        self.made.push_back(Made {
            summary,
            call: Some(call),
            answer,
            problem,
        });
        self.make_room();
        self.save()
    }

    /// The calls, newest first.
    pub(crate) fn summaries(&self) -> Vec<CallSummary> {
        let calls = self.made.iter().rev();
        calls.map(|made| made.summary.clone()).collect()
    }

    /// The call of that number, as far as it is still known.
    pub(crate) fn get(&self, id: u32) -> Option<PastCall> {
        self.made
            .iter()
            .find(|made| made.summary.id == id)
            .map(Made::view)
    }

    /// Forgets all calls, here and on disk.
    pub(crate) fn forget(&mut self) -> Writing {
        self.made.clear();
        self.save()
    }

    /// Forgets what was sent and answered: it was another person's. The lines stay.
    pub(crate) fn forget_contents(&mut self) {
        for made in &mut self.made {
            made.call = None;
            made.answer = None;
            made.problem = None;
        }
    }

    /// Moves what is kept to another profile.
    pub(crate) fn rename(&self, config: &Path, to: &ProfileName) -> Writing {
        self.file.rename(config, kept::FOLDER, to)
    }

    /// Removes what is kept. Nothing of these calls is kept any more, whatever happens to them.
    pub(crate) fn remove(&self) -> Writing {
        self.file.remove()
    }

    fn save(&self) -> Writing {
        let summaries = self.made.iter().map(|made| &made.summary);
        kept::put(&self.file, self.next, summaries);
        self.file.write()
    }

    fn make_room(&mut self) {
        let made = self.made.make_contiguous();
        drop_oldest(made, ANSWERS, |made| &mut made.answer, answer_size);
        drop_oldest(made, REQUESTS, |made| &mut made.call, call_size);
    }
}

impl Made {
    fn past(summary: CallSummary) -> Self {
        let problem = summary.failure.as_ref().map(|code| Problem {
            code: code.clone(),
            message: "The call got no answer.".to_owned(),
            hint: "Send it again to see why.".to_owned(),
            field: None,
        });
        Self {
            summary,
            call: None,
            answer: None,
            problem,
        }
    }

    fn view(&self) -> PastCall {
        PastCall {
            call: self.call.clone().unwrap_or_else(|| ApiCall {
                method: self.summary.method.clone(),
                path: self.summary.path.clone(),
                headers: Vec::new(),
                body: None,
            }),
            whole: self.call.is_some(),
            answer: self.answer.clone(),
            problem: self.problem.clone(),
        }
    }
}

/// Drops what is largest alone, and then the oldest, until the rest fits.
fn drop_oldest<T>(
    made: &mut [Made],
    room: usize,
    part: impl Fn(&mut Made) -> &mut Option<T>,
    size: impl Fn(&T) -> usize,
) {
    let mut left = room;
    let mut is_full = false;
    for made in made.iter_mut().rev() {
        let part = part(made);
        let Some(needed) = part.as_ref().map(&size) else {
            continue;
        };
        if needed > room {
            *part = None;
            continue;
        }
        is_full |= needed > left;
        if is_full {
            *part = None;
        } else {
            left -= needed;
        }
    }
}

fn answer_size(answer: &ApiAnswer) -> usize {
    headers_size(&answer.headers) + answer.body.len()
}

fn call_size(call: &ApiCall) -> usize {
    call.method.len()
        + call.path.len()
        + headers_size(&call.headers)
        + call.body.as_ref().map_or(0, String::len)
}

fn headers_size(headers: &[(String, String)]) -> usize {
    headers
        .iter()
        .map(|(name, value)| name.len() + value.len())
        .sum()
}

#[cfg(test)]
mod tests;
