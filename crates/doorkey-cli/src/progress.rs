//! How long the browser may still take, on the terminal's last line.

use std::time::{Duration, SystemTime};

use tokio::time::{MissedTickBehavior, interval};

use crate::output::{Output, stderr_is_terminal};
use crate::{log, when};

/// Counts down until it is dropped, if there is a terminal that nothing else scrolls through.
pub(crate) async fn count_down(output: &Output, deadline: SystemTime) {
    if !stderr_is_terminal() || log::is_on() {
        return std::future::pending().await;
    }
    let mut second = interval(Duration::from_secs(1));
    second.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        second.tick().await;
        let left = when::left(deadline).unwrap_or_default();
        // To the next whole second, as clocks on a wall count.
        let left = Duration::from_secs(left.as_secs() + u64::from(left.subsec_nanos() > 0));
        output.show_progress(&format!(
            "Waiting for the browser: {} left (Ctrl-C cancels)",
            when::span(left)
        ));
    }
}
