//! The one task that owns all state of the app.
//!
//! Requests come in at one end, what tasks tell at the other, and after each of them the view is made anew. If
//! it differs from the last one it is published; if the tray that follows from it differs, it is drawn. Nothing here
//! waits for the keychain, the network or a person: whatever may take its time runs in a task and tells.

mod attempt;
mod calls;
mod event;
mod events;
mod living;
mod requests;
mod seat;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use doorkey_core::{DEMO, Doorkey, ProfileName, Profiles, Step};
use tokio::sync::{mpsc, watch};
use tokio::time::{Interval, MissedTickBehavior};
use tokio_util::task::TaskTracker;

use crate::chosen::Chosen;
use crate::demo::Demo;
use crate::effects::Effects;
use crate::profiles;
use crate::request::{Handle, Message};
use crate::tray::Tray;
use crate::view::{KeychainView, ProfileView, SessionView, View};
use event::{Event, Happening, Teller};
use seat::{Seat, Stage};

/// How soon the window shows what another Doorkey has done. It costs one look at a file.
const GLANCE: Duration = Duration::from_secs(1);

/// The same while only the tray is there: rarely enough to let the computer sleep, often enough that the tray
/// does not claim for long that somebody is signed in who is not.
const GLANCE_WHEN_HIDDEN: Duration = Duration::from_secs(60);

/// How long quitting waits for what must not be lost.
const LAST_WORDS: Duration = Duration::from_secs(3);

/// Makes the engine of a profile, which tells its steps to the controller.
pub type NewEngine = Box<dyn Fn(Steps) -> Doorkey + Send>;

/// Takes the steps of one engine.
pub type Steps = Box<dyn Fn(Step) + Send + Sync>;

/// Owns the state of the app.
pub struct Controller<E> {
    effects: Arc<E>,
    new_engine: NewEngine,
    profiles: Profiles,
    chosen: Chosen,
    demo: Arc<Demo>,
    listed: Vec<ProfileView>,
    seats: HashMap<ProfileName, Seat>,
    selected: ProfileName,
    inbox: mpsc::Receiver<Message>,
    happenings: mpsc::UnboundedReceiver<Event>,
    events: mpsc::UnboundedSender<Event>,
    view: watch::Sender<View>,
    tray: Option<Tray>,
    /// What must end well before the app may.
    tasks: TaskTracker,
    glances: Interval,
}

impl<E: Effects> Controller<E> {
    /// Makes the controller, and the handle to ask it with. It begins to restore the last session as soon as it
    /// runs, and needs a Tokio runtime for that.
    ///
    /// # Errors
    /// Never but for a flaw: the name of the built-in profile is no name.
    pub fn new(
        config: &Path,
        effects: E,
        new_engine: NewEngine,
    ) -> doorkey_core::Result<(Self, Handle)> {
        let profiles = Profiles::new(config);
        let listed = profiles::views(&profiles);
        let chosen = Chosen::new(config);
        let selected = match chosen.read().filter(|name| is_listed(&listed, name)) {
            Some(name) => name,
            None => DEMO.parse()?,
        };
        let (events, happenings) = mpsc::unbounded_channel();
        let first = View {
            revision: 0,
            profiles: listed.clone(),
            selected: selected.as_str().to_owned(),
            session: SessionView::Restoring,
            problem: None,
            signed_out: None,
            keychain: KeychainView::Unknown,
            flow: Vec::new(),
        };
        let (view, seen) = watch::channel(first);
        let (handle, inbox) = Handle::new(seen);
        let controller = Self {
            effects: Arc::new(effects),
            new_engine,
            profiles,
            chosen,
            demo: Arc::new(Demo::new(config)),
            listed,
            seats: HashMap::new(),
            selected,
            inbox,
            happenings,
            events,
            view,
            tray: None,
            tasks: TaskTracker::new(),
            glances: every(GLANCE),
        };
        Ok((controller, handle))
    }

    /// Runs until somebody quits.
    pub async fn run(mut self) {
        self.take_seat();
        self.publish();
        loop {
            let quits = tokio::select! {
                Some(message) = self.inbox.recv() => self.take(message).await,
                Some(event) = self.happenings.recv() => { self.happened(event); false }
                _ = self.glances.tick(), if self.has_session() => { self.glance(); false }
            };
            if quits {
                break;
            }
            self.publish();
        }
        self.end().await;
    }

    /// Makes the view and the tray anew, and shows what has changed of them.
    fn publish(&mut self) {
        let mut next = self.see();
        let last = self.view.borrow().clone();
        next.revision = last.revision;
        if next != last || self.tray.is_none() {
            next.revision = last.revision.wrapping_add(1);
            self.effects.publish(&next);
            self.view.send_replace(next.clone());
        }
        let tray = Tray::of(&next);
        if self.tray.as_ref() != Some(&tray) {
            self.effects.draw_tray(&tray);
            self.tray = Some(tray);
        }
    }

    fn see(&self) -> View {
        let seat = self.seats.get(&self.selected);
        View {
            revision: 0,
            profiles: self.listed.clone(),
            selected: self.selected.as_str().to_owned(),
            session: seat.map_or(SessionView::Restoring, Seat::session),
            problem: seat.and_then(|seat| seat.problem.clone()),
            signed_out: seat.and_then(|seat| seat.report.clone()),
            keychain: seat.map_or(KeychainView::Unknown, Seat::keychain),
            flow: seat.map(|seat| seat.score.view()).unwrap_or_default(),
        }
    }

    /// Reads the profiles again: another Doorkey, or a person with an editor, may have changed them.
    fn list(&mut self) {
        self.listed = profiles::views(&self.profiles);
    }

    /// Gives the selected profile its seat. The first time, the keychain is asked for its session.
    fn take_seat(&mut self) {
        if self.seats.contains_key(&self.selected) {
            self.look_again();
            return;
        }
        let engine = self.engine_for(&self.selected);
        let mut seat = Seat::new(engine);
        match self.profiles.load(&self.selected) {
            Ok(profile) => {
                seat.enter(Stage::Restoring);
                let engine = seat.engine.clone();
                let teller = self.teller(&self.selected, seat.epoch);
                tokio::spawn(async move {
                    teller.tell(Happening::Restored(engine.restore(&profile).await))
                });
            }
            Err(error) => seat.problem = Some(error.into()),
        }
        self.seats.insert(self.selected.clone(), seat);
    }

    fn engine_for(&self, profile: &ProfileName) -> Doorkey {
        let teller = self.teller(profile, 0);
        (self.new_engine)(Box::new(move |step: Step| {
            teller.tell(Happening::Step(step))
        }))
    }

    fn teller(&self, profile: &ProfileName, epoch: u64) -> Teller {
        Teller {
            profile: profile.clone(),
            epoch,
            events: self.events.clone(),
        }
    }

    fn seat(&mut self) -> Option<&mut Seat> {
        self.seats.get_mut(&self.selected)
    }

    fn has_session(&self) -> bool {
        self.seats
            .get(&self.selected)
            .is_some_and(|seat| matches!(seat.stage, Stage::SignedIn(_)))
    }

    /// Lets a refresh, a sign-out and an exchange end, drops what only waits, and stops the provider.
    async fn end(mut self) {
        self.effects.hide_window();
        for seat in self.seats.values() {
            match &seat.stage {
                Stage::Waiting(waiting) => waiting.cancel.cancel(),
                Stage::Exchanging(cancel) => cancel.cancel(),
                _ => {}
            }
        }
        self.inbox.close();
        self.tasks.close();
        if tokio::time::timeout(LAST_WORDS, self.tasks.wait())
            .await
            .is_err()
        {
            tracing::warn!("quitting although something is still under way");
        }
        self.demo.shutdown().await;
        self.effects.quit();
    }
}

fn is_listed(listed: &[ProfileView], name: &ProfileName) -> bool {
    listed.iter().any(|profile| profile.name == name.as_str())
}

/// An interval whose first tick is not now, and that catches nothing up.
fn every(period: Duration) -> Interval {
    let mut interval = tokio::time::interval_at(tokio::time::Instant::now() + period, period);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    interval
}
