//! `doorkey`: signs in from a terminal and hands fresh tokens to other tools.
//!
//! Options, exit codes and JSON are a contract that scripts depend on.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod arguments;
mod browser;
mod commands;
mod context;
mod exit;
mod inert;
mod interrupt;
mod log;
mod output;
mod progress;
mod qr;
mod steps;
mod when;

use std::process::ExitCode;

fn main() -> ExitCode {
    let (output, arguments) = match arguments::parse() {
        Ok(parsed) => parsed,
        Err(exit) => return exit.into(),
    };
    log::start();
    doorkey_core::forbid_core_dumps();
    let outcome = commands::run(&output, arguments);
    output.finish(outcome).into()
}
