//! What may come into the tree: the rules of `deny.toml`, held by cargo-deny.

use std::path::Path;

use crate::{
    command::{Failure, command, execute, say},
    tools,
};

/// Licences, sources, bans and, where the list of them can be had, advisories.
pub(crate) fn check() -> Result<(), Failure> {
    let program = tools::cargo_deny()?;
    // A list that cannot be had says nothing about the tree; the floors of known flaws are held by a test in any case.
    if execute(deny(&program, &["fetch", "db"])).is_ok() {
        return execute(deny(&program, &["check"]));
    }
    say(
        "The list of advisories (github.com/RustSec/advisory-db) could not be fetched, so all but the advisories is checked",
    );
    execute(deny(&program, &["check", "bans", "licenses", "sources"]))
}

fn deny(program: &Path, arguments: &[&str]) -> std::process::Command {
    command(&program.to_string_lossy(), arguments)
}
