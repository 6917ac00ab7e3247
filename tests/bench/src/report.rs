//! The table: each figure beside its floor, with the target and whether it is met.

use std::fmt::{self, Write as _};

use serde::Serialize;

/// A figure with its unit.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(tag = "unit", content = "value", rename_all = "snake_case")]
pub(crate) enum Quantity {
    /// A time.
    Seconds(f64),
    /// Requests in a second.
    PerSecond(f64),
    /// A size.
    Bytes(f64),
    /// So many.
    Count(u64),
}

/// What a ratio has to be.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Target {
    /// No more than so many times the floor.
    AtMost(f64),
    /// So many times better than what it stands beside.
    AtLeast(f64),
    /// This figure and no other.
    Exactly(u64),
}

/// One figure of the run.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Line {
    work: String,
    measured: Quantity,
    beside: Option<Beside>,
    ratio: Option<f64>,
    target: Option<Target>,
    met: Option<bool>,
    rounds: usize,
}

#[derive(Clone, Debug, Serialize)]
struct Beside {
    name: String,
    measured: Quantity,
}

impl Line {
    /// A time that shows what others are made of.
    pub(crate) fn alone(work: &str, time: f64, rounds: usize) -> Self {
        Self {
            work: work.to_owned(),
            measured: Quantity::Seconds(time),
            beside: None,
            ratio: None,
            target: None,
            met: None,
            rounds,
        }
    }

    /// A time beside its floor, which it may exceed so many times.
    pub(crate) fn above_floor(
        work: &str,
        time: f64,
        floor: &str,
        floor_time: f64,
        rounds: usize,
    ) -> Self {
        Self::alone(work, time, rounds).beside(
            floor,
            Quantity::Seconds(floor_time),
            time / floor_time,
        )
    }

    /// A size beside its floor, which it may exceed so many times.
    pub(crate) fn size(
        work: &str,
        bytes: f64,
        floor: &str,
        floor_bytes: f64,
        rounds: usize,
    ) -> Self {
        let mut line = Self::alone(work, bytes, rounds).beside(
            floor,
            Quantity::Bytes(floor_bytes),
            bytes / floor_bytes,
        );
        line.measured = Quantity::Bytes(bytes);
        line
    }

    /// A time beside that of a peer, which is so many times slower.
    pub(crate) fn before_peer(
        work: &str,
        time: f64,
        peer: &str,
        peer_time: f64,
        rounds: usize,
    ) -> Self {
        Self::alone(work, time, rounds).beside(peer, Quantity::Seconds(peer_time), peer_time / time)
    }

    /// A rate beside that of a peer, which is so many times lower.
    pub(crate) fn rate(work: &str, rate: f64, peer: &str, peer_rate: f64, rounds: usize) -> Self {
        let mut line = Self::alone(work, rate, rounds).beside(
            peer,
            Quantity::PerSecond(peer_rate),
            rate / peer_rate,
        );
        line.measured = Quantity::PerSecond(rate);
        line
    }

    /// A count that has to be this one.
    pub(crate) fn count(work: &str, count: u64, expected: u64) -> Self {
        Self {
            measured: Quantity::Count(count),
            target: Some(Target::Exactly(expected)),
            met: Some(count == expected),
            ..Self::alone(work, 0.0, 1)
        }
    }

    /// A count and that of its floor, which may be none: only their difference says something.
    pub(crate) fn counts(work: &str, count: u64, floor: &str, floor_count: u64) -> Self {
        Self {
            measured: Quantity::Count(count),
            beside: Some(Beside {
                name: floor.to_owned(),
                measured: Quantity::Count(floor_count),
            }),
            ..Self::alone(work, 0.0, 1)
        }
    }

    fn beside(mut self, name: &str, measured: Quantity, ratio: f64) -> Self {
        self.beside = Some(Beside {
            name: name.to_owned(),
            measured,
        });
        self.ratio = Some(ratio);
        self
    }

    /// Sets the ratio that must not be exceeded.
    pub(crate) fn at_most(mut self, limit: f64) -> Self {
        self.target = Some(Target::AtMost(limit));
        self.met = self.ratio.map(|ratio| ratio <= limit);
        self
    }

    /// Sets the ratio that must be reached.
    pub(crate) fn at_least(mut self, limit: f64) -> Self {
        self.target = Some(Target::AtLeast(limit));
        self.met = self.ratio.map(|ratio| ratio >= limit);
        self
    }

    fn cells(&self) -> [String; 7] {
        let none = || "–".to_owned();
        [
            self.work.clone(),
            self.measured.to_string(),
            self.beside.as_ref().map_or_else(none, |beside| {
                format!("{}: {}", beside.name, beside.measured)
            }),
            self.ratio
                .map_or_else(none, |ratio| format!("{ratio:.2} ×")),
            self.target.map_or_else(none, |target| target.to_string()),
            self.met
                .map_or_else(none, |met| if met { "yes" } else { "**no**" }.to_owned()),
            self.rounds.to_string(),
        ]
    }
}

/// The lines as a table that is also Markdown.
pub(crate) fn table(lines: &[Line]) -> String {
    let head = [
        "work", "measured", "beside", "ratio", "target", "met", "rounds",
    ]
    .map(str::to_owned);
    let rows: Vec<[String; 7]> = std::iter::once(head)
        .chain(lines.iter().map(Line::cells))
        .collect();
    let mut widths = [0; 7];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut table = String::new();
    for (index, row) in rows.iter().enumerate() {
        for (cell, width) in row.iter().zip(widths) {
            // Writing to a string cannot fail.
            let _ = write!(table, "| {cell:<width$} ");
        }
        table.push_str("|\n");
        if index == 0 {
            for width in widths {
                let _ = write!(table, "|{:-<1$}", "", width + 2);
            }
            table.push_str("|\n");
        }
    }
    table
}

impl fmt::Display for Quantity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Seconds(seconds) if *seconds < 0.001 => {
                write!(formatter, "{:.1} µs", seconds * 1e6)
            }
            Self::Seconds(seconds) => write!(formatter, "{:.1} ms", seconds * 1e3),
            Self::Bytes(bytes) => write!(formatter, "{:.1} MiB", bytes / 1024.0 / 1024.0),
            Self::PerSecond(rate) => write!(formatter, "{rate:.0} /s"),
            Self::Count(count) => count.fmt(formatter),
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtMost(limit) => write!(formatter, "≤ {limit} ×"),
            Self::AtLeast(limit) => write!(formatter, "≥ {limit} ×"),
            Self::Exactly(count) => write!(formatter, "{count}"),
        }
    }
}
