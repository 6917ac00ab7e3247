//! The engine among providers, networks and pages that do what they should not. Each test is named for the row of the
//! threat list that it shows, and asserts also what must not have happened.

#![expect(clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod api;
mod authorization;
mod browser;
mod crash;
mod crowd;
mod deadlines;
mod discovery;
mod files;
mod kills;
mod logout;
mod processes;
mod proxy;
mod refresh;
mod scene;
mod seen_on_servers;
mod shell;
mod tls;
mod tokens;
mod what_is_built;
