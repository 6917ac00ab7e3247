//! Measures Doorkey beside what it must beat. `cargo xtask bench` builds what is measured, and runs this.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command prints"
)]

mod desk;
mod error;
mod family;
mod machine;
mod report;
mod rows;
mod sample;
mod screen;
mod surroundings;

use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use serde::Serialize;

use error::Result;
use machine::Machine;
use report::{Line, table};
use rows::{Effort, call, hidden, login, provider, single_flight, token, window};

/// Measures Doorkey beside what it must beat, in turns with its floors.
#[derive(Debug, Parser)]
struct Arguments {
    /// What to measure [default: everything]
    rows: Vec<Row>,

    /// Print one JSON object instead of the table
    #[arg(long)]
    json: bool,

    /// Only a few rounds: enough to see whether something has gone wrong
    #[arg(long)]
    quick: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Row {
    /// `doorkey login` beside a bare client, openid-client and msal
    Login,
    /// `doorkey token` beside a bare keychain read
    Token,
    /// A call through the engine beside bare reqwest
    Call,
    /// A thousand calls on an expired token
    SingleFlight,
    /// The embedded provider beside oidc-provider
    Provider,
    /// The app's window beside an empty one
    Window,
    /// The app's program beside that of an empty window
    Binary,
    /// The app in the tray beside an empty window that is hidden
    Hidden,
}

#[derive(Serialize)]
struct Document<'a> {
    machine: &'a Machine,
    quick: bool,
    rows: &'a [Line],
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("doorkey-bench: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<()> {
    let effort = if arguments.quick {
        Effort::QUICK
    } else {
        Effort::FULL
    };
    let chosen = if arguments.rows.is_empty() {
        Row::value_variants()
    } else {
        &arguments.rows
    };
    let machine = Machine::describe();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let mut lines = Vec::new();
    for row in chosen {
        if let Some(value) = row.to_possible_value() {
            eprintln!("measuring {} ...", value.get_name());
        }
        lines.extend(runtime.block_on(row.measure(effort))?);
    }
    if arguments.json {
        let document = Document {
            machine: &machine,
            quick: arguments.quick,
            rows: &lines,
        };
        println!("{}", serde_json::to_string(&document)?);
    } else {
        println!("{}\n{machine}", table(&lines));
    }
    Ok(())
}

impl Row {
    async fn measure(self, effort: Effort) -> Result<Vec<Line>> {
        match self {
            Self::Login => login::measure(effort).await,
            Self::Token => token::measure(effort).await,
            Self::Call => call::measure(effort).await,
            Self::SingleFlight => single_flight::measure().await,
            Self::Provider => provider::measure(effort).await,
            Self::Window => window::measure(effort).await,
            Self::Binary => window::binary(),
            Self::Hidden => hidden::measure(effort).await,
        }
    }
}
