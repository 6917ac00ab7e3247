//! What the app writes about itself: to standard error, and only what Doorkey's own crates say.

use std::io::IsTerminal as _;

use tracing_subscriber::filter::{EnvFilter, filter_fn};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{Layer as _, Registry};

/// Starts the log. `RUST_LOG` chooses how much; libraries stay silent whatever it says, since at their finest
/// levels some write whole messages, tokens included.
pub(crate) fn start() {
    let level = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    let ours = filter_fn(|metadata| metadata.target().starts_with("doorkey"));
    let lines = tracing_subscriber::fmt::layer()
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr)
        .with_filter(ours);
    // A second start in one process keeps the first log.
    let _ = Registry::default().with(level).with(lines).try_init();
}
