//! Finding out who is signed in: at the start, when others change something, when a keychain opens, when time is up.

use std::time::SystemTime;

use doorkey_core::{Doorkey, Error, KeychainState, Profile, ProfileName, Session};
use tokio::time::{Duration, Instant, Interval, MissedTickBehavior};

use super::event::{Event, Happening};
use super::keychain::told;
use super::seat::Stage;
use super::{Controller, is_listed};
use crate::effects::Effects;
use crate::folder::Changes;
use crate::view::KeychainView;

/// How soon the window shows what has changed where nobody tells.
const LOOK: Duration = Duration::from_secs(1);

/// The same while only the tray is there: rarely enough to let the computer sleep.
const LOOK_WHEN_HIDDEN: Duration = Duration::from_secs(60);

/// No timer is longer: a computer that sleeps does not count, and wakes up past the hour.
const LONGEST: Duration = Duration::from_secs(60);

/// When to look where nobody tells.
#[derive(Debug)]
pub(super) struct Looks {
    interval: Interval,
    /// Whether the keychain is being asked just now.
    asking: bool,
    /// Whether only the tray is there.
    hidden: bool,
}

impl Default for Looks {
    fn default() -> Self {
        Self {
            interval: every(LOOK),
            asking: false,
            hidden: false,
        }
    }
}

impl Looks {
    pub(super) async fn tick(&mut self) {
        self.interval.tick().await;
    }

    pub(super) fn is_hidden(&self) -> bool {
        self.hidden
    }

    fn set_hidden(&mut self, hidden: bool) {
        self.hidden = hidden;
        self.interval = every(if hidden { LOOK_WHEN_HIDDEN } else { LOOK });
    }
}

impl<E: Effects> Controller<E> {
    /// Finds out what there is: the selected profile's session first, then the others', and what surrounds the app.
    pub(super) fn begin(&mut self) {
        self.list();
        let selected = self.selected.clone();
        self.restore(&selected);
        if !self
            .seats
            .get(&selected)
            .is_some_and(|seat| matches!(seat.stage, Stage::Restoring))
        {
            self.restore_the_rest();
        }
        self.find_surroundings();
    }

    /// Asks the keychain for a profile's session.
    pub(super) fn restore(&mut self, name: &ProfileName) {
        let loaded = self.load(name);
        let Some(seat) = self.seats.get_mut(name) else {
            return;
        };
        match loaded {
            Ok(profile) => {
                seat.read(profile.clone());
                seat.enter(Stage::Restoring);
                let engine = seat.engine.clone();
                let teller = self.teller_now(name);
                tokio::spawn(async move {
                    teller.tell(Happening::Restored(kept(&engine, &profile).await));
                });
            }
            Err(error) => {
                seat.profile = None;
                seat.problem = Some(error.into());
                seat.enter(Stage::SignedOut);
            }
        }
    }

    /// Asks for the sessions that nobody has asked for yet. One after the other would be no faster: the keychain
    /// answers one question at a time.
    pub(super) fn restore_the_rest(&mut self) {
        let unasked: Vec<_> = self
            .seats
            .iter()
            .filter(|(_, seat)| matches!(seat.stage, Stage::Unasked | Stage::Locked))
            .map(|(name, _)| name.clone())
            .collect();
        for name in unasked {
            self.restore(&name);
        }
    }

    /// The keychain is locked. It would ask the person anew for each session, so nobody is asked for the others.
    pub(super) fn keychain_is_locked(&mut self, reason: &str) {
        for seat in self.seats.values_mut() {
            if matches!(seat.stage, Stage::Unasked) {
                seat.enter(Stage::Locked);
            }
            if matches!(seat.stage, Stage::Locked) {
                seat.keychain = KeychainView::Locked {
                    reason: reason.to_owned(),
                };
            }
        }
    }

    /// Whether there is something to look at that nobody tells of.
    pub(super) fn looks_around(&self) -> bool {
        self.seats.values().any(|seat| match seat.stage {
            Stage::Locked => true,
            Stage::SignedIn(_) => !self.folder.is_watched(),
            _ => false,
        })
    }

    pub(super) fn look_around(&mut self) {
        self.look_at_keychain();
        if !self.folder.is_watched() {
            self.look_at_all();
        }
    }

    /// Looks whether a locked keychain was opened meanwhile. Nobody is asked for a password by that.
    pub(super) fn look_at_keychain(&mut self) {
        let locked = self
            .seats
            .iter()
            .find(|(_, seat)| matches!(seat.stage, Stage::Locked));
        let Some((_, seat)) = locked else { return };
        if self.looks.asking {
            return;
        }
        let (engine, events) = (seat.engine.clone(), self.events.clone());
        self.looks.asking = true;
        tokio::spawn(async move {
            // Nobody listens any more once the app is quitting.
            let _ = events.send(Event::KeychainSeen(engine.keychain().await));
        });
    }

    pub(super) fn keychain_seen(&mut self, state: &KeychainState) {
        self.looks.asking = false;
        match state.problem() {
            None => self.restore_the_rest(),
            Some(_) if matches!(state, KeychainState::Locked { .. }) => {}
            // There is nothing that could be unlocked, so nobody is signed in.
            Some(problem) => {
                for seat in self.seats.values_mut() {
                    if matches!(seat.stage, Stage::Locked) {
                        seat.keychain = KeychainView::MemoryOnly {
                            reason: told(&problem),
                        };
                        seat.enter(Stage::SignedOut);
                    }
                }
            }
        }
    }

    /// Another Doorkey, or a person with an editor, has changed something.
    pub(super) fn changed_by_others(&mut self, changes: &Changes) {
        if changes.profiles {
            self.list();
            self.select_another_if_gone();
            self.follow_edits();
            self.restore_the_rest();
        }
        for name in &changes.sessions {
            self.look_at(name);
        }
    }

    /// Takes over what was changed in profiles outside of this app.
    fn follow_edits(&mut self) {
        if self.saving > 0 {
            return;
        }
        let edited: Vec<_> = self
            .seats
            .iter()
            .filter(|(_, seat)| !matches!(seat.stage, Stage::Unasked | Stage::Locked))
            .filter_map(|(name, seat)| {
                let profile = self.load(name).ok()?;
                (seat.profile.as_ref() != Some(&profile)).then_some(profile)
            })
            .collect();
        for profile in edited {
            self.renew_seat(&profile);
        }
    }

    pub(super) fn look_at_all(&mut self) {
        for name in self.seats.keys().cloned().collect::<Vec<_>>() {
            self.look_at(&name);
        }
    }

    /// Looks whether another process has refreshed a session, signed out or signed in.
    pub(super) fn look_at(&mut self, name: &ProfileName) {
        let loaded = self.load(name);
        let teller = self.teller_now(name);
        let Some(seat) = self.seats.get_mut(name) else {
            return;
        };
        match &mut seat.stage {
            Stage::SignedIn(living) => {
                let resting = living
                    .sync_after
                    .is_some_and(|after| Instant::now() < after);
                if living.syncing || resting {
                    living.sync_again = living.syncing;
                    return;
                }
                living.syncing = true;
                let session = living.session.clone();
                tokio::spawn(async move {
                    teller.tell(Happening::Synced(session.sync().await));
                });
            }
            // Only a keychain that answers gladly is asked.
            Stage::SignedOut if seat.keychain == KeychainView::Keychain => {
                let Ok(profile) = loaded else { return };
                let engine = seat.engine.clone();
                tokio::spawn(async move {
                    if let Ok(Some(session)) = kept(&engine, &profile).await {
                        teller.tell(Happening::Found(session));
                    }
                });
            }
            _ => {}
        }
    }

    pub(super) fn window_shown(&mut self) {
        self.looks.set_hidden(false);
        self.find_ways_again();
        self.list();
        self.select_another_if_gone();
        self.restore_the_rest_unless_locked();
        self.look_at_all();
        self.look_at_keychain();
        self.expire_what_is_over();
    }

    pub(super) fn window_hidden(&mut self) {
        self.looks.set_hidden(true);
    }

    fn restore_the_rest_unless_locked(&mut self) {
        if !self
            .seats
            .values()
            .any(|seat| matches!(seat.stage, Stage::Locked))
        {
            self.restore_the_rest();
        }
    }

    pub(super) fn select_another_if_gone(&mut self) {
        if !is_listed(&self.listed, &self.selected)
            && let Some(first) = self
                .listed
                .first()
                .and_then(|profile| profile.name.parse().ok())
        {
            self.selected = first;
        }
    }

    /// When the first session is over that cannot be renewed.
    pub(super) fn next_expiry(&self) -> Option<SystemTime> {
        self.seats
            .values()
            .filter_map(|seat| match &seat.stage {
                Stage::SignedIn(living) => living.ends_at(),
                _ => None,
            })
            .min()
    }

    /// Ends the sessions whose time is up and that cannot be renewed.
    pub(super) fn expire_what_is_over(&mut self) {
        let now = SystemTime::now();
        let over: Vec<_> = self
            .seats
            .iter()
            .filter(|(_, seat)| match &seat.stage {
                Stage::SignedIn(living) => living.ends_at().is_some_and(|end| end <= now),
                _ => false,
            })
            .map(|(name, _)| name.clone())
            .collect();
        for name in over {
            let reason =
                "The access token has expired, and the provider gave nothing to renew it with.";
            self.expire(&name, reason.to_owned());
        }
    }
}

/// The kept session of a profile. A keychain that is locked is not asked for it: the system would ask the person for a
/// password, out of the blue.
async fn kept(engine: &Doorkey, profile: &Profile) -> Result<Option<Session>, Error> {
    let state = engine.keychain().await;
    match state.problem() {
        Some(locked) if matches!(state, KeychainState::Locked { .. }) => Err(locked),
        _ => engine.restore(profile).await,
    }
}

/// Waits for a time of day, or wakes up before to see how late it is: the clock may be set, and the computer may sleep.
pub(super) async fn until(time: Option<SystemTime>) {
    let left = time
        .and_then(|time| time.duration_since(SystemTime::now()).ok())
        .unwrap_or_default();
    tokio::time::sleep(left.min(LONGEST)).await;
}

/// An interval whose first tick is not now, and that catches nothing up.
fn every(period: Duration) -> Interval {
    let mut interval = tokio::time::interval_at(Instant::now() + period, period);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    interval
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn d24_nothing_waits_past_a_sleep_or_a_clock_that_was_set() {
        let woken = |time| async move {
            let since = Instant::now();
            until(Some(time)).await;
            since.elapsed()
        };
        let now = SystemTime::now();
        assert!(woken(now + Duration::from_secs(5)).await <= Duration::from_secs(6));
        assert_eq!(woken(now - Duration::from_secs(3600)).await, Duration::ZERO);
        // Whoever set the clock or woke the computer up in between is noticed within a minute.
        let longest = LONGEST..=LONGEST + Duration::from_millis(10);
        assert!(longest.contains(&woken(now + Duration::from_secs(86_400)).await));
    }
}
