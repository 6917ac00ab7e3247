//! What the app does while it is in the tray and nobody looks, beside an empty window that is hidden.

use std::collections::BTreeMap;
use std::time::Duration;

use doorkey_tests::program;

use super::Effort;
use crate::desk::{App, Desk, Started};
use crate::error::{Result, unexpected};
use crate::report::Line;
use crate::surroundings::{PROFILE, time};

const FLOOR: &str = "empty Tauri window, hidden";

/// By how much a thread of the toolkit differs from one run to the next.
const NOISE: u64 = 3;

/// What a program did while it was watched.
struct Idle {
    busy: Duration,
    wake_ups: BTreeMap<String, u64>,
}

pub(crate) async fn measure(effort: Effort) -> Result<Vec<Line>> {
    let (mut desk, other) = (Desk::prepare().await?, Desk::prepare().await?);
    let mut login = desk.surroundings.command(program::doorkey()?)?;
    login.args(["login", "--profile", PROFILE]);
    time(login).await?;
    let doorkey = desk.start_hidden(App::Doorkey)?;
    let item = desk.tray.item().await?;
    let signed_in = |label: &str| label == "Log out";
    item.menu_when(|menu| menu.iter().any(|entry| signed_in(&entry.label)))
        .await?;
    // Nothing listens any more: a tray that asks would wake the app.
    drop(item);
    let empty = other.start_hidden(App::Empty)?;
    // Both at the same time, so that the machine is the same for both.
    let length = Duration::from_secs(effort.hidden_seconds);
    let (ours, theirs) = tokio::try_join!(watch(&doorkey, length), watch(&empty, length))?;
    if desk.surroundings.provider.counts().refreshes > 0 {
        return Err(unexpected("the token was not fresh all the time"));
    }
    Ok(lines(effort.hidden_seconds, &ours, &theirs))
}

/// Waits until the program has come to rest, and then for so long.
async fn watch(app: &Started, length: Duration) -> Result<Idle> {
    let family = app.family();
    family.resting_memory().await?;
    let before = family.activity()?;
    tokio::time::sleep(length).await;
    let after = family.activity()?;
    Ok(Idle {
        busy: after.busy_since(&before),
        wake_ups: after.wake_ups_since(&before, family),
    })
}

fn lines(seconds: u64, ours: &Idle, theirs: &Idle) -> Vec<Line> {
    let total = |idle: &Idle| idle.wake_ups.values().sum();
    let mut lines = vec![
        Line::above_floor(
            &format!("in the tray: processor time in {seconds} s"),
            ours.busy.as_secs_f64(),
            FLOOR,
            theirs.busy.as_secs_f64(),
            1,
        ),
        Line::counts(
            &format!("in the tray: wake-ups in {seconds} s"),
            total(ours),
            FLOOR,
            total(theirs),
        ),
    ];
    let mut additional = 0;
    for (thread, &count) in &ours.wake_ups {
        let floor = theirs.wake_ups.get(thread).copied();
        let noise = floor.map_or(0, |_| NOISE);
        let floor = floor.unwrap_or_default();
        if count > floor + noise {
            additional += count - floor;
            let work = format!("of these, thread `{thread}`");
            lines.push(Line::counts(&work, count, FLOOR, floor));
        }
    }
    let work = "wake-ups that the empty window has not";
    lines.push(Line::count(work, additional, 0));
    lines
}
