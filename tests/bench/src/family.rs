//! What a program and the processes that it has started take: memory, time on a processor, wake-ups.

use std::collections::BTreeMap;
use std::fs;
use std::time::{Duration, Instant};

use crate::error::{Result, unexpected};

/// How often memory is looked at while it comes to rest.
const PAUSE: Duration = Duration::from_millis(500);

/// How many times in a row it must be the same, within so much of it.
const LOOKS: usize = 4;
const SAME: f64 = 0.005;

/// How long it may take to come to rest.
const RESTLESS: Duration = Duration::from_secs(40);

/// A program and its descendants.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Family {
    /// The program itself.
    program: u32,
}

/// What the threads of a family have done so far.
#[derive(Clone, Debug)]
pub(crate) struct Activity(BTreeMap<(u32, u32), Thread>);

#[derive(Clone, Debug)]
struct Thread {
    name: String,
    busy: Duration,
    /// How often it went to sleep of its own accord, and so how often something woke it.
    waits: u64,
}

impl Family {
    pub(crate) fn of(program: u32) -> Self {
        Self { program }
    }

    /// The memory of all processes in bytes, once it no longer changes. What several share is divided among them.
    pub(crate) async fn resting_memory(self) -> Result<f64> {
        let begin = Instant::now();
        let mut pause = tokio::time::interval(PAUSE);
        let (mut last, mut same) = (0.0_f64, 0);
        while begin.elapsed() < RESTLESS {
            pause.tick().await;
            let memory = self.memory()?;
            if (memory - last).abs() <= last * SAME {
                same += 1;
            } else {
                same = 0;
                last = memory;
            }
            if same >= LOOKS {
                return Ok(memory);
            }
        }
        Err(unexpected("the memory never came to rest"))
    }

    /// What all threads of all processes have done so far.
    pub(crate) fn activity(self) -> Result<Activity> {
        let mut threads = BTreeMap::new();
        for process in self.members()? {
            for task in numbers(&format!("/proc/{process}/task"))? {
                // A thread may end while it is looked at.
                if let Some(thread) = thread(process, task) {
                    threads.insert((process, task), thread);
                }
            }
        }
        Ok(Activity(threads))
    }

    fn memory(self) -> Result<f64> {
        let mut bytes = 0.0;
        for process in self.members()? {
            let path = format!("/proc/{process}/smaps_rollup");
            let kibibytes = field(&fs::read_to_string(&path)?, "Pss:")
                .ok_or_else(|| unexpected(format!("{path} tells no memory")))?;
            bytes += kibibytes as f64 * 1024.0;
        }
        Ok(bytes)
    }

    fn members(self) -> Result<Vec<u32>> {
        let parents: Vec<(u32, u32)> = numbers("/proc")?
            .into_iter()
            .filter_map(|process| Some((process, parent(process)?)))
            .collect();
        let mut members = vec![self.program];
        let mut next = 0;
        while let Some(&member) = members.get(next) {
            let children = parents.iter().filter(|(_, parent)| *parent == member);
            members.extend(children.map(|(child, _)| *child));
            next += 1;
        }
        Ok(members)
    }
}

impl Activity {
    /// How long all threads were on a processor since an earlier look.
    pub(crate) fn busy_since(&self, earlier: &Self) -> Duration {
        let spent = |(id, thread): (&_, &Thread)| {
            let before = earlier.0.get(id).map(|thread| thread.busy);
            thread.busy.saturating_sub(before.unwrap_or_default())
        };
        self.0.iter().map(spent).sum()
    }

    /// How often the threads of the program itself were woken since an earlier look, by their names. Several
    /// may have the same one.
    pub(crate) fn wake_ups_since(&self, earlier: &Self, family: Family) -> BTreeMap<String, u64> {
        let mut wake_ups = BTreeMap::new();
        for (id, thread) in &self.0 {
            if id.0 == family.program {
                let before = earlier.0.get(id).map_or(0, |thread| thread.waits);
                *wake_ups.entry(thread.name.clone()).or_default() +=
                    thread.waits.saturating_sub(before);
            }
        }
        wake_ups
    }
}

fn thread(process: u32, task: u32) -> Option<Thread> {
    let folder = format!("/proc/{process}/task/{task}");
    let nanoseconds = fs::read_to_string(format!("{folder}/schedstat")).ok()?;
    let status = fs::read_to_string(format!("{folder}/status")).ok()?;
    Some(Thread {
        name: name(process, task)?,
        busy: Duration::from_nanos(nanoseconds.split(' ').next()?.parse().ok()?),
        waits: field(&status, "voluntary_ctxt_switches:")?,
    })
}

/// A thread's name, which no program's own name is part of: a thread without one has its program's.
fn name(process: u32, task: u32) -> Option<String> {
    let read = |task| fs::read_to_string(format!("/proc/{process}/task/{task}/comm")).ok();
    let name = read(task)?;
    Some(match name.trim() {
        _ if task == process => "main".to_owned(),
        _ if Some(&name) == read(process).as_ref() => "without a name".to_owned(),
        name => name.to_owned(),
    })
}

/// The number behind a name at the beginning of a line.
fn field(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}

fn parent(process: u32) -> Option<u32> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name before it stands in parentheses, and may hold anything.
    let (_, rest) = stat.rsplit_once(") ")?;
    rest.split(' ').nth(1)?.parse().ok()
}

fn numbers(folder: &str) -> Result<Vec<u32>> {
    let entries = fs::read_dir(folder)?;
    Ok(entries
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .collect())
}
