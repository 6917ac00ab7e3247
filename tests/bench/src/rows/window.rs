//! Doorkey's window beside an empty one: when it is ready, what it takes, and how large the program is.

use std::fs;

use super::Effort;
use crate::desk::{App, Desk};
use crate::error::{Result, unexpected};
use crate::report::Line;
use crate::sample::Sample;
use crate::screen::Screen;

const FLOOR: &str = "empty Tauri window";

#[derive(Default)]
struct Figures {
    shown: Sample,
    painted: Sample,
    memory: Sample,
}

pub(crate) async fn measure(effort: Effort) -> Result<Vec<Line>> {
    let desk = Desk::prepare().await?;
    let (mut doorkey, mut empty) = (Figures::default(), Figures::default());
    // The first of each is not counted: the toolkit fills its caches, and the disk's.
    for round in 0..=effort.windows {
        let mut first = Figures::default();
        for (app, figures) in [(App::Empty, &mut empty), (App::Doorkey, &mut doorkey)] {
            let figures = if round == 0 { &mut first } else { figures };
            open(&desk, app, figures).await?;
        }
    }
    let rounds = doorkey.painted.len();
    let time = |work, ours: &Sample, theirs: &Sample| {
        Line::above_floor(work, ours.median(), FLOOR, theirs.median(), rounds)
    };
    Ok(vec![
        time("window ready", &doorkey.painted, &empty.painted).at_most(1.15),
        time("window on the screen", &doorkey.shown, &empty.shown),
        Line::size(
            "memory of all its processes, window ready",
            doorkey.memory.median(),
            FLOOR,
            empty.memory.median(),
            rounds,
        )
        .at_most(1.2),
    ])
}

/// The sizes of the programs as they ship.
pub(crate) fn binary() -> Result<Vec<Line>> {
    let size = |app: App| -> Result<f64> { Ok(fs::metadata(app.program()?)?.len() as f64) };
    let line = Line::size(
        "release binary",
        size(App::Doorkey)?,
        FLOOR,
        size(App::Empty)?,
        1,
    );
    Ok(vec![line.at_most(2.0)])
}

async fn open(desk: &Desk, app: App, figures: &mut Figures) -> Result<()> {
    let screen = Screen::look(desk.display.name())?;
    let started = desk.start(app)?;
    let seen = tokio::task::spawn_blocking(|| screen.painted()).await?;
    let seen = seen.map_err(|error| unexpected(format!("{app:?}: {error}\n{}", started.said())))?;
    figures.shown.push_time(seen.shown - started.at);
    figures.painted.push_time(seen.painted - started.at);
    figures
        .memory
        .push(started.family().resting_memory().await?);
    Ok(())
}
