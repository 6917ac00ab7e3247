//! `cargo xtask mutants`: does a test fail when the code is wrong?

use std::{fs, path::Path};

use crate::{
    command::{Failure, command, execute, say},
    tools,
};

/// The rooms that hold what must not be wrong.
const ROOMS: [&str; 7] = [
    "attempt", "receiver", "token", "identity", "session", "vault", "api",
];

/// What is known to survive, with its reason: a table whose first column has names like
/// `` `api/mod.rs: replace + with - in call` ``.
const KNOWN: &str = "docs/mutants.md";

/// Changes one room of the engine in one place at a time, or all of them one after the other, and runs the engine's tests, and
/// those that show it with a real keychain, two processes and a bent provider.
pub(crate) fn mutants(room: Option<&str>) -> Result<(), Failure> {
    let chosen = match room {
        None => ROOMS.to_vec(),
        Some(room) => match ROOMS.iter().find(|known| **known == room) {
            Some(known) => vec![*known],
            None => {
                return Err(Failure::new(format!(
                    "there is no room `{room}`: {}",
                    ROOMS.join(", ")
                )));
            }
        },
    };
    let program = tools::cargo_mutants()?;
    for room in chosen {
        say(format!(
            "Changing {room}; this takes some ten seconds for each place, and hours in all"
        ));
        change(&program, room)?;
    }
    Ok(())
}

/// Fails where something survives that is not known to.
fn change(program: &Path, room: &str) -> Result<(), Failure> {
    let files = format!("crates/doorkey-core/src/{room}/**");
    let output = format!("target/mutants/{room}");
    // It also fails when something survives, known or not.
    let outcome = execute(command(
        &program.to_string_lossy(),
        &[
            "mutants",
            "--package",
            "doorkey-core",
            "--file",
            &files,
            // Laws for the fuzzer, which are tests themselves.
            "--exclude",
            "**/fuzzing.rs",
            "--exclude",
            "**/fuzzing/**",
            "--timeout",
            "60",
            "--output",
            &output,
            "--test-package",
            "doorkey-core",
            "--test-package",
            "doorkey-tests",
            "--",
            "--lib",
            "--test",
            "keychain",
            "--test",
            "sessions",
            "--test",
            "stores",
        ],
    ));
    let missed = format!("{output}/mutants.out/missed.txt");
    let Ok(missed) = fs::read_to_string(&missed) else {
        return outcome;
    };
    let known = fs::read_to_string(KNOWN).unwrap_or_default();
    let unknown: Vec<_> = missed
        .lines()
        .filter(|survivor| {
            let name = without_place(survivor);
            !known.lines().any(|line| line.contains(&name))
        })
        .collect();
    if unknown.is_empty() {
        return Ok(());
    }
    Err(Failure::new(format!(
        "no test noticed these; write one, or a reason into {KNOWN}:\n{}",
        unknown.join("\n")
    )))
}

/// A survivor's name as `api/mod.rs: replace a with b in c`: lines move, and columns with them.
fn without_place(survivor: &str) -> String {
    let (place, change) = survivor.split_once(": ").unwrap_or((survivor, ""));
    let file = place.split(':').next().unwrap_or_default();
    let file = file.rsplit_once("/src/").map_or(file, |(_, file)| file);
    format!("`{file}: {}`", change.replace('|', "\\|"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_survivor_is_known_wherever_it_stands() {
        let survivor = "crates/doorkey-core/src/api/mod.rs:26:20: replace || with && in call";
        let name = "`api/mod.rs: replace \\|\\| with && in call`";
        assert_eq!(without_place(survivor), name);
    }
}
