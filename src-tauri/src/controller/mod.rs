//! The one task that owns all state of the app.
//!
//! Requests come in at one end, what tasks tell at the other, and after each of them the view is made anew. If
//! it differs from the last one it is published; if the tray that follows from it differs, it is drawn. Nothing here
//! waits for the keychain, the network or a person: whatever may take its time runs in a task and tells.

mod attempt;
mod calls;
mod client_secret;
mod event;
mod events;
mod flows;
mod keychain;
mod living;
mod profiles;
mod requests;
mod restoring;
mod seat;
mod settings;
mod signing_in;
mod signing_out;
#[cfg(test)]
mod tests;
mod transfer;
mod updates;
mod waiting;
mod ways;
mod with_code;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use doorkey_core::{DEMO, Doorkey, Profile, ProfileName, Profiles, Step};
use tokio::sync::{mpsc, watch};
use tokio_util::task::TaskTracker;

use crate::demo::Demo;
use crate::effects::Effects;
use crate::folder::Folder;
use crate::profiles::views;
use crate::request::{Handle, Message};
use crate::settings::{Settings, SettingsFile};
use crate::tray::Tray;
use crate::view::{KeychainView, ProfileView, SessionView, View};
use event::{Event, Teller};
use restoring::Looks;
use seat::Seat;
use settings::Surroundings;
use updates::Updates;

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
    config: PathBuf,
    profiles: Profiles,
    file: SettingsFile,
    settings: Settings,
    surroundings: Surroundings,
    updates: Updates,
    /// Whether the app is started again when it has ended.
    restarts: bool,
    demo: Arc<Demo>,
    /// What each profile is, without how it stands.
    listed: Vec<ProfileView>,
    seats: BTreeMap<ProfileName, Seat>,
    selected: ProfileName,
    /// How many profiles are being saved. Their files are not looked at before that is over.
    saving: usize,
    /// The file that a flow was written to last.
    exported: Option<PathBuf>,
    inbox: mpsc::Receiver<Message>,
    happenings: mpsc::UnboundedReceiver<Event>,
    events: mpsc::UnboundedSender<Event>,
    view: watch::Sender<View>,
    tray: Option<Tray>,
    /// What must end well before the app may.
    tasks: TaskTracker,
    /// What other programs change in the config folder.
    folder: Folder,
    looks: Looks,
}

impl<E: Effects> Controller<E> {
    /// Makes the controller, and the handle to ask it with. It begins to restore the last sessions as soon as it
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
        let listed = views(&profiles);
        let file = SettingsFile::new(config);
        let settings = file.read();
        let selected = match settings.profile().filter(|name| is_listed(&listed, name)) {
            Some(name) => name,
            None => DEMO.parse()?,
        };
        let (events, happenings) = mpsc::unbounded_channel();
        let surroundings = Surroundings::default();
        let first = View {
            revision: 0,
            profiles: listed.clone(),
            selected: selected.as_str().to_owned(),
            session: SessionView::Restoring,
            problem: None,
            signed_out: None,
            keychain: KeychainView::Unknown,
            flow: None,
            flows: Vec::new(),
            calls: Vec::new(),
            token_generation: 0,
            settings: surroundings.view(&settings),
            updates: None,
        };
        let (view, seen) = watch::channel(first);
        let (handle, inbox) = Handle::new(seen);
        let controller = Self {
            updates: Updates::new(effects.update_route()),
            restarts: false,
            effects: Arc::new(effects),
            new_engine,
            config: config.to_owned(),
            profiles,
            file,
            settings,
            surroundings,
            demo: Arc::new(Demo::new(config)),
            listed,
            seats: BTreeMap::new(),
            selected,
            saving: 0,
            exported: None,
            inbox,
            happenings,
            events,
            view,
            tray: None,
            tasks: TaskTracker::new(),
            folder: Folder::watch(config),
            looks: Looks::default(),
        };
        Ok((controller, handle))
    }

    /// Runs until somebody quits.
    pub async fn run(mut self) {
        self.begin();
        self.publish();
        loop {
            let looks_around = self.looks_around();
            let expiry = self.next_expiry();
            let look = self.next_look();
            let quits = tokio::select! {
                Some(message) = self.inbox.recv() => self.take(message).await,
                Some(event) = self.happenings.recv() => { self.happened(event); false }
                changes = self.folder.changes() => { self.changed_by_others(&changes); false }
                _ = self.looks.tick(), if looks_around => { self.look_around(); false }
                () = restoring::until(expiry), if expiry.is_some() => { self.expire_what_is_over(); false }
                () = updates::until(look), if look.is_some() => { self.look_if_due(); false }
            };
            if quits {
                break;
            }
            self.find_ways();
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
            profiles: self
                .listed
                .iter()
                .map(|profile| {
                    let seat = profile
                        .name
                        .parse()
                        .ok()
                        .and_then(|name: ProfileName| self.seats.get(&name));
                    match seat.filter(|_| profile.unusable.is_none()) {
                        Some(seat) => seat.stands(profile.clone()),
                        None => profile.clone(),
                    }
                })
                .collect(),
            selected: self.selected.as_str().to_owned(),
            session: seat.map_or(SessionView::Restoring, Seat::session),
            problem: seat.and_then(|seat| seat.problem.clone()),
            signed_out: seat.and_then(|seat| seat.report.clone()),
            keychain: seat.map_or(KeychainView::Unknown, Seat::keychain),
            flow: seat.and_then(|seat| seat.flows.view()),
            flows: seat.map(|seat| seat.flows.summaries()).unwrap_or_default(),
            calls: seat.map(|seat| seat.calls.summaries()).unwrap_or_default(),
            token_generation: seat.map_or(0, |seat| seat.token_generation),
            settings: self.surroundings.view(&self.settings),
            updates: self.updates_view(),
        }
    }

    /// Reads the profiles again, and gives each a seat.
    fn list(&mut self) {
        if self.saving > 0 {
            return;
        }
        self.listed = views(&self.profiles);
        let listed: Vec<ProfileName> = self
            .listed
            .iter()
            .filter_map(|profile| profile.name.parse().ok())
            .collect();
        self.leave_seats(&listed);
        for name in listed {
            self.give_seat(&name);
        }
    }

    fn give_seat(&mut self, name: &ProfileName) {
        if self.seats.contains_key(name) {
            return;
        }
        let teller = self.teller(name, 0);
        let engine = (self.new_engine)(Box::new(move |step: Step| {
            teller.tell(event::Happening::Step(step));
        }));
        let seat = Seat::new(engine, &self.config, name);
        self.seats.insert(name.clone(), seat);
    }

    /// Tells on behalf of a seat as it is now.
    fn teller(&self, profile: &ProfileName, epoch: u64) -> Teller {
        Teller {
            profile: profile.clone(),
            epoch,
            events: self.events.clone(),
        }
    }

    /// Tells on behalf of a seat as it is now.
    fn teller_now(&self, profile: &ProfileName) -> Teller {
        self.teller(
            profile,
            self.seats.get(profile).map_or(0, |seat| seat.epoch),
        )
    }

    fn seat(&mut self) -> Option<&mut Seat> {
        self.seats.get_mut(&self.selected)
    }

    /// The profile as its file says now.
    fn load(&self, name: &ProfileName) -> doorkey_core::Result<Profile> {
        self.profiles.load(name)
    }

    /// Lets a refresh, a sign-out and an exchange end, drops what only waits, and stops the provider.
    async fn end(mut self) {
        self.effects.hide_window();
        for seat in self.seats.values() {
            seat.break_off();
            self.keep(seat.flows.save());
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
        if self.restarts {
            self.effects.restart();
        } else {
            self.effects.quit();
        }
    }
}

fn is_listed(listed: &[ProfileView], name: &ProfileName) -> bool {
    listed.iter().any(|profile| profile.name == name.as_str())
}
