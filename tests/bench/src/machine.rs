//! What the figures were measured on, as far as it explains them.

use std::{env, fmt, fs, thread};

use serde::Serialize;

/// The machine, and how busy it was at the start.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Machine {
    system: String,
    cores: usize,
    /// How many processes wanted to run in the minute before; nothing where the system does not tell.
    load: Option<f64>,
}

impl Machine {
    pub(crate) fn describe() -> Self {
        let load = fs::read_to_string("/proc/loadavg").ok();
        Self {
            system: format!("{} {}", env::consts::OS, env::consts::ARCH),
            cores: thread::available_parallelism().map_or(1, usize::from),
            load: load.and_then(|load| load.split(' ').next()?.parse().ok()),
        }
    }
}

impl fmt::Display for Machine {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}, {} cores", self.system, self.cores)?;
        match self.load {
            Some(load) => write!(formatter, ", load {load} before the run"),
            None => Ok(()),
        }
    }
}
