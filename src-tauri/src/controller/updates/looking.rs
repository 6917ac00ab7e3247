//! Looking for a newer version: at a press, or once a day if the person wants that.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use doorkey_core::{Code, Fault};

use super::{Doing, Told};
use crate::controller::Controller;
use crate::effects::{Effects, Release};
use crate::flow::milliseconds;
use crate::view::Problem;

/// How often the address is asked without a press.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// A start has other things to do first.
pub(super) const AFTER_START: Duration = Duration::from_secs(30);

/// How soon an address is tried again that could not be reached. No wait is longer: a computer that sleeps does not count.
const HOUR: Duration = Duration::from_secs(60 * 60);

impl<E: Effects> Controller<E> {
    /// When the app looks by itself next; none if it does not.
    pub(in crate::controller) fn next_look(&self) -> Option<SystemTime> {
        let settings = &self.settings.updates;
        if !settings.look || self.updates.route.is_none() || !self.updates.is_idle() {
            return None;
        }
        let asked = settings
            .asked
            .map(|asked| UNIX_EPOCH + Duration::from_millis(asked));
        Some(due(asked, SystemTime::now()).max(self.updates.not_before))
    }

    /// Looks, unless the computer woke up too early.
    pub(in crate::controller) fn look_if_due(&mut self) {
        if self.next_look().is_some_and(|due| due <= SystemTime::now()) {
            self.look_for_update(false);
        }
    }

    /// The person has switched looking on or off.
    pub(in crate::controller) fn look_for_updates(&mut self, wanted: bool) {
        self.settings.updates.look = wanted;
        self.updates.not_before = SystemTime::now();
    }

    pub(super) fn look_for_update(&mut self, pressed: bool) {
        if !self.updates.is_idle() {
            return;
        }
        let effects = Arc::clone(&self.effects);
        self.updates.doing = Doing::Looking;
        self.do_for_update(move |_| async move {
            Told::Looked {
                pressed,
                found: effects.find_update().await,
            }
        });
    }

    pub(super) fn looked(&mut self, pressed: bool, found: Result<Option<Release>, Problem>) {
        self.updates.doing = Doing::Nothing { newest: false };
        match found {
            Ok(found) => {
                let skipped = self.settings.updates.skipped.as_deref();
                let wanted = |release: &Release| pressed || skipped != Some(&release.version);
                self.updates.note = found.as_ref().is_some_and(wanted);
                self.updates.doing = Doing::Nothing {
                    newest: found.is_none(),
                };
                self.updates.found = found;
                self.was_asked();
            }
            Err(problem) => {
                if is_network(&problem) {
                    self.updates.not_before = SystemTime::now() + HOUR;
                } else {
                    self.was_asked();
                }
                // What nobody has pressed disturbs nobody.
                if pressed {
                    self.updates.tell_problem(problem);
                } else {
                    tracing::info!(
                        code = problem.code,
                        "newer versions could not be looked for"
                    );
                }
            }
        }
    }

    /// Remembers that the address was asked, so that it is not asked again today.
    fn was_asked(&mut self) {
        self.settings.updates.asked = Some(milliseconds(SystemTime::now()));
        if let Err(problem) = self.remember() {
            tracing::warn!(
                code = problem.code,
                "it is not remembered that the address was asked"
            );
        }
    }
}

/// When the address may be asked again. A clock that was set back does not put it off.
fn due(asked: Option<SystemTime>, now: SystemTime) -> SystemTime {
    asked
        .filter(|asked| *asked <= now)
        .map_or(now, |asked| asked + DAY)
}

/// Whether nobody has answered.
fn is_network(problem: &Problem) -> bool {
    Code::ALL
        .iter()
        .any(|code| code.as_str() == problem.code && code.fault() == Fault::Network)
}

/// Waits for a time of day, or wakes up before to see how late it is. Nobody waits for this one, so an hour is soon enough.
pub(in crate::controller) async fn until(time: Option<SystemTime>) {
    let left = time
        .and_then(|time| time.duration_since(SystemTime::now()).ok())
        .unwrap_or_default();
    tokio::time::sleep(left.min(HOUR)).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_lies_between_two_looks() {
        let now = UNIX_EPOCH + Duration::from_secs(1_795_000_000);
        assert_eq!(due(None, now), now);
        assert_eq!(due(Some(now), now), now + DAY);
        assert_eq!(due(Some(now - 2 * DAY), now), now - DAY);
        assert_eq!(due(Some(now + DAY), now), now, "a clock that was set back");
    }

    #[tokio::test(start_paused = true)]
    async fn a_wait_for_the_next_look_wakes_up_once_an_hour() {
        let since = tokio::time::Instant::now();
        until(Some(SystemTime::now() + DAY)).await;
        let waited = since.elapsed();
        assert!(
            waited >= HOUR && waited <= HOUR + Duration::from_secs(1),
            "{waited:?}"
        );
    }
}
