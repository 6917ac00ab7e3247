//! `cargo xtask soak`: Doorkey for as long as one likes, with faults, and what it takes of the computer meanwhile.

use crate::{
    command::{Failure, cargo, execute, say},
    packages,
};

/// Long enough that a leak shows.
const MINUTES: &str = "20";

/// Runs a release build for so many minutes.
pub(crate) fn soak(minutes: Option<&str>) -> Result<(), Failure> {
    let minutes = minutes.unwrap_or(MINUTES);
    if minutes.parse::<u32>().is_err() {
        return Err(Failure::new(format!(
            "`{minutes}` is no number of minutes: cargo xtask soak {MINUTES}"
        )));
    }
    packages::install(&[packages::TERMINAL], None)?;
    say(format!("Living for {minutes} minutes"));
    let soak = ["test", "--release", "--package", "doorkey-tests"];
    execute(cargo(
        &[&soak[..], &["--test", "soak", "--", minutes]].concat(),
    ))
}
