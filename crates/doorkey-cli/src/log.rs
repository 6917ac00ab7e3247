//! Diagnostics for developers: `RUST_LOG` turns them on, standard error takes them.

use tracing_subscriber::EnvFilter;

/// Whether `RUST_LOG` asks for diagnostics.
pub(crate) fn is_on() -> bool {
    std::env::var_os(EnvFilter::DEFAULT_ENV).is_some_and(|filter| !filter.is_empty())
}

/// Starts them if they are asked for; setting up a filter takes longer than a fresh token.
pub(crate) fn start() {
    if is_on() {
        tracing_subscriber::fmt()
            .with_env_filter(EnvFilter::from_default_env())
            .with_writer(std::io::stderr)
            .with_ansi(crate::output::stderr_is_terminal())
            .init();
    }
}
