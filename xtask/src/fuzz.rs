//! `cargo xtask fuzz`: any bytes at all, for each parser of the engine, while its laws are watched.

use std::fs;

use crate::{
    command::{Failure, command, execute, output, say},
    tools,
};

/// How long each target is fed.
const MINUTES: &str = "10";

/// Feeds one target for so many minutes, or every target one after the other.
pub(crate) fn fuzz(minutes: Option<&str>, target: Option<&str>) -> Result<(), Failure> {
    let minutes = minutes.unwrap_or(MINUTES);
    // The fuzzer takes no time at all for no limit.
    let wanted = minutes.parse::<u32>().ok().filter(|minutes| *minutes > 0);
    let Some(seconds) = wanted.map(|minutes| u64::from(minutes) * 60) else {
        return Err(Failure::new(format!(
            "`{minutes}` is no number of minutes: cargo xtask fuzz {MINUTES}"
        )));
    };
    let known = targets()?;
    let chosen = match target {
        None => known,
        Some(name) if known.iter().any(|known| known == name) => vec![name.to_owned()],
        Some(name) => {
            return Err(Failure::new(format!(
                "there is no target `{name}`: {}",
                known.join(", ")
            )));
        }
    };
    if output(command("rustup", &["run", "nightly", "rustc", "--version"])).is_none() {
        return Err(Failure::new(
            "the fuzzer needs a nightly compiler: rustup toolchain install nightly",
        ));
    }
    tools::cargo_fuzz()?;
    for target in chosen {
        say(format!("Feeding {target} for {minutes} minutes"));
        feed(&target, seconds)?;
    }
    Ok(())
}

fn feed(target: &str, seconds: u64) -> Result<(), Failure> {
    let corpus = format!("fuzz/corpus/{target}");
    fs::create_dir_all(&corpus).map_err(|error| Failure::new(format!("{corpus}: {error}")))?;
    let program = tools::cargo_fuzz()?;
    let program = program.to_string_lossy();
    let seeds = format!("fuzz/seeds/{target}");
    let total = format!("-max_total_time={seconds}");
    // Nothing here is unsafe, so no sanitizer would find more, and the program stays the one that people run.
    let mut run = command(
        "rustup",
        &[
            "run",
            "nightly",
            &program,
            "fuzz",
            "run",
            "--sanitizer",
            "none",
            "--no-cfg-fuzzing",
            target,
            &corpus,
            &seeds,
            "--",
            &total,
            // As large as what a link may be and the heads that matter.
            "-max_len=32768",
            "-timeout=10",
            "-print_final_stats=1",
        ],
    );
    // It names the cargo that started this program, which belongs to another compiler.
    run.env_remove("CARGO");
    execute(run)
}

/// The targets there are, as the files that feed them are called.
fn targets() -> Result<Vec<String>, Failure> {
    let folder = "fuzz/fuzz_targets";
    let unreadable = |error| Failure::new(format!("{folder}: {error}"));
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        names.extend(
            path.file_stem()
                .map(|name| name.to_string_lossy().into_owned()),
        );
    }
    names.sort();
    Ok(names)
}
