//! Profiles as the person changes them: added, edited, renamed, removed, tested.

use std::sync::Arc;

use doorkey_core::{Code, Doorkey, Profile, ProfileName, Storage};

use super::Controller;
use super::event::Event;
use super::seat::{Seat, Stage};
use crate::demo::Need;
use crate::effects::Effects;
use crate::forms;
use crate::request::Reply;
use crate::view::{CheckView, Problem, ProfileForm};

/// The field of a form that holds the profile's name.
const NAME: &str = "name";

impl<E: Effects> Controller<E> {
    pub(super) fn profile_form(&self, name: &str) -> Result<ProfileForm, Problem> {
        Ok(forms::form(&self.load(&name.parse()?)?))
    }

    /// Tests what is in a form: neither saved nor signed in with.
    pub(super) fn test_profile(&mut self, form: &ProfileForm, reply: Reply<Vec<CheckView>>) {
        let (Some(engine), demo) = (
            self.seat().map(|seat| seat.engine.clone()),
            Arc::clone(&self.demo),
        ) else {
            let _ = reply.send(Err(Problem::quitting()));
            return;
        };
        match forms::profile(form) {
            Ok(profile) => {
                let browser = self.browser_for(&profile);
                tokio::spawn(async move {
                    // A provider that does not start says so by not answering.
                    let _ = demo.ready(profile.clone(), Need::Session).await;
                    let _ = reply.send(Ok(forms::checks(
                        engine.check(&profile, browser.as_ref()).await,
                    )));
                });
            }
            Err(problem) => {
                let _ = reply.send(Err(problem));
            }
        }
    }

    /// Saves a form as a profile. Its session goes where the profile goes, and ends if it is for another client then.
    pub(super) fn save_profile(
        &mut self,
        form: &ProfileForm,
        replaces: Option<String>,
        reply: Reply<()>,
    ) {
        let prepared = self.prepare(form, replaces);
        let (profile, replaced, engine) = match prepared {
            Ok(prepared) => prepared,
            Err(problem) => {
                let _ = reply.send(Err(problem));
                return;
            }
        };
        self.saving += 1;
        if let Some(seat) = replaced
            .as_ref()
            .filter(|replaced| *replaced != profile.name())
            .and_then(|replaced| self.seats.get_mut(replaced))
        {
            // Its session is about to move; nobody has signed out.
            seat.break_off();
            seat.enter(Stage::Restoring);
        }
        let (profiles, events) = (self.profiles.clone(), self.events.clone());
        self.tasks.spawn(async move {
            let name = profile.name();
            let saved = match &replaced {
                None => profiles.add(&profile),
                Some(replaced) => {
                    async {
                        if replaced != name {
                            engine.rename_profile(replaced, name).await?;
                        }
                        engine.change_profile(&profile).await.map(drop)
                    }
                    .await
                }
            };
            let saved = saved.map_err(|error| {
                let of_name = error.code() == Code::ProfileExists;
                Problem {
                    field: of_name.then(|| NAME.to_owned()),
                    ..error.into()
                }
            });
            // Nobody listens any more once the app is quitting.
            let _ = events.send(Event::ProfileSaved {
                saved: saved.is_ok(),
                profile: Box::new(profile),
                replaced,
            });
            let _ = reply.send(saved);
        });
    }

    fn prepare(
        &mut self,
        form: &ProfileForm,
        replaces: Option<String>,
    ) -> Result<(Profile, Option<ProfileName>, Doorkey), Problem> {
        let profile = forms::profile(form)?;
        let replaced = replaces.map(|name| name.parse()).transpose()?;
        let engine = self.seat().map(|seat| seat.engine.clone());
        if let Some(replaced) = replaced
            .as_ref()
            .filter(|replaced| *replaced != profile.name())
            && let Some(living) = self.seats.get_mut(replaced).and_then(Seat::living)
            && living.session.info().storage != Storage::Keychain
        {
            return Err(Problem {
                field: Some(NAME.to_owned()),
                ..Problem::new(
                    "profile_invalid",
                    "Somebody is signed in, and that is kept in memory only: another name would lose it.",
                    "Keep the name, or sign out first.",
                )
            });
        }
        Ok((profile, replaced, engine.ok_or_else(Problem::quitting)?))
    }

    pub(super) fn profile_saved(
        &mut self,
        profile: &Profile,
        replaced: Option<&ProfileName>,
        saved: bool,
    ) {
        self.saving -= 1;
        let name = profile.name();
        match replaced.filter(|replaced| *replaced != name) {
            Some(replaced) if saved => self.move_seat(replaced, name),
            Some(replaced) => {
                if let Some(seat) = self.seats.get_mut(replaced) {
                    seat.enter(Stage::Unasked);
                }
            }
            None if saved => self.renew_seat(profile),
            None => {}
        }
        self.list();
        self.restore_the_rest();
    }

    /// The session went to the new name already; what is shown of the profile follows.
    fn move_seat(&mut self, name: &ProfileName, new: &ProfileName) {
        if let Some(seat) = self.seats.remove(name) {
            seat.break_off();
            // Before the new seat reads them.
            seat.flows.rename(&self.config, new).run();
            seat.calls.rename(&self.config, new).run();
        }
        if self.selected == *name {
            self.selected = new.clone();
            self.settings.profile = Some(new.to_string());
            // A choice that cannot be remembered is only forgotten at the end.
            let _ = self.remember();
        }
    }

    /// The session goes on with what the profile says now, or was ended because it is for another client.
    pub(super) fn renew_seat(&mut self, profile: &Profile) {
        let Some(seat) = self.seats.get_mut(profile.name()) else {
            return;
        };
        seat.read(profile.clone());
        match &seat.stage {
            // Reading it again would lose it.
            Stage::SignedIn(living) if living.session.info().storage != Storage::Keychain => {
                let goes_on = profile.continues(living.session.profile());
                if !goes_on
                    && let Err(problem) = self.sign_out(Some(profile.name().to_string()), false)
                {
                    tracing::warn!(code = problem.code, "not signed out");
                }
            }
            Stage::SignedIn(_) | Stage::SignedOut | Stage::Expired { .. } => {
                seat.quiet();
                seat.enter(Stage::Unasked);
            }
            _ => {}
        }
    }

    /// Signs out of a profile, and removes it then.
    pub(super) fn remove_profile(&mut self, name: &str) -> Result<(), Problem> {
        let name: ProfileName = name.parse()?;
        let Some(seat) = self.seats.get_mut(&name) else {
            return Err(doorkey_core::Error::new(
                Code::ProfileNotFound,
                format!("There is no profile `{name}`"),
            )
            .into());
        };
        seat.break_off();
        let in_memory = seat
            .living()
            .filter(|living| living.session.info().storage != Storage::Keychain)
            .map(|living| living.session.clone());
        let engine = seat.engine.clone();
        seat.enter(Stage::SigningOut);
        let (demo, events) = (Arc::clone(&self.demo), self.events.clone());
        let loaded = self.load(&name);
        self.tasks.spawn(async move {
            if let Ok(profile) = loaded {
                let _ = demo.ready(profile, Need::Session).await;
            }
            if let Some(session) = in_memory {
                session.sign_out(None).await;
            }
            let removed = engine.remove_profile(&name).await.map(drop);
            // Nobody listens any more once the app is quitting.
            let _ = events.send(Event::ProfileRemoved {
                profile: name,
                removed: removed.map_err(Problem::from),
            });
        });
        Ok(())
    }

    pub(super) fn profile_removed(&mut self, name: &ProfileName, removed: Result<(), Problem>) {
        match removed {
            Ok(()) => {
                if let Some(seat) = self.seats.remove(name) {
                    self.keep(seat.flows.remove());
                    self.keep(seat.calls.remove());
                }
                self.list();
                self.select_another_if_gone();
            }
            Err(problem) => {
                if let Some(seat) = self.seats.get_mut(name) {
                    seat.problem = Some(problem);
                    seat.enter(Stage::Unasked);
                }
            }
        }
        self.restore_the_rest();
    }

    /// Drops the seats of profiles that are gone, with what was kept of them. Somebody who is signed in there stays until
    /// they sign out.
    pub(super) fn leave_seats(&mut self, listed: &[ProfileName]) {
        let tasks = &self.tasks;
        self.seats.retain(|name, seat: &mut Seat| {
            let stays = listed.contains(name)
                || !matches!(
                    seat.stage,
                    Stage::Unasked | Stage::Locked | Stage::SignedOut
                );
            if !stays {
                for gone in [seat.flows.remove(), seat.calls.remove()] {
                    tasks.spawn_blocking(move || gone.run());
                }
            }
            stays
        });
    }
}
