//! What follows from what happened.

use std::time::SystemTime;

use doorkey_core::{Code, Error, Fault, ProfileName, Session};
use tokio::time::{Duration, Instant};

use super::event::{Event, Happening};
use super::keychain::told;
use super::seat::{Seat, Stage};
use super::ways::Offer;
use super::{Controller, living};
use crate::effects::{Effects, Notice};
use crate::problem::sentence;
use crate::view::{FlowKind, KeychainView, SignOutStep};

/// A keychain that would not answer is not asked again for so long.
const KEYCHAIN_PAUSE: Duration = Duration::from_secs(60);

impl<E: Effects> Controller<E> {
    pub(super) fn happened(&mut self, event: Event) {
        match event {
            Event::AtSeat {
                profile,
                epoch,
                what,
            } => self.happened_at(&profile, epoch, what),
            Event::KeychainSeen(state) => self.keychain_seen(&state),
            Event::Surroundings {
                browsers,
                start_at_login,
            } => {
                self.surroundings.browsers = browsers;
                self.surroundings.start_at_login = start_at_login;
            }
            Event::StartsAtLogin(start_at_login) => {
                self.surroundings.start_at_login = start_at_login;
            }
            Event::Called {
                profile,
                at,
                took,
                call,
                outcome,
            } => {
                let seat = self.seats.get_mut(&profile);
                let made = seat.map(|seat| seat.calls.add(at, took, call, outcome));
                self.keep(made);
            }
            Event::Exported(file) => self.exported = Some(file),
            Event::Update { turn, told } => self.update_told(turn, told),
            Event::ProfileSaved {
                profile,
                replaced,
                saved,
            } => self.profile_saved(&profile, replaced.as_ref(), saved),
            Event::ProfileRemoved { profile, removed } => self.profile_removed(&profile, removed),
        }
    }

    fn happened_at(&mut self, profile: &ProfileName, epoch: u64, what: Happening) {
        let Some(seat) = self.seats.get_mut(profile) else {
            return;
        };
        match what {
            // An engine tells steps for as long as it lives, whatever the seat's epoch.
            Happening::Step(step) => {
                let ended = seat.flows.add(&step);
                self.keep(ended);
            }
            // That is a matter of the profile alone.
            Happening::OffersCode(asked, offers) => {
                if seat.profile.as_ref() == Some(&*asked) {
                    seat.offers_code = Offer::Known(offers);
                }
            }
            _ if epoch != seat.epoch => {}
            Happening::Moved(problem) => {
                seat.problem = Some(problem);
                self.list();
            }
            Happening::Asked {
                link,
                paste,
                deadline,
                opened,
            } => {
                if let Stage::Waiting(waiting) = &mut seat.stage {
                    waiting.asked(link, paste, deadline, opened);
                }
            }
            Happening::CodeIssued(code) => {
                if let Stage::Waiting(waiting) = &mut seat.stage {
                    waiting.issued(code);
                }
            }
            Happening::OpenedAgain(opened) => {
                if let Stage::Waiting(waiting) = &mut seat.stage {
                    waiting.opened(opened);
                }
            }
            Happening::Answered => {
                if let Stage::Waiting(waiting) = &seat.stage {
                    seat.stage = Stage::Exchanging(waiting.cancel.clone());
                }
            }
            Happening::SignedIn(session) => match &seat.stage {
                // Cancelled after the last moment at which the attempt itself could see it.
                Stage::GivingUp => {
                    let teller = self.teller(profile, epoch);
                    self.tasks.spawn(async move {
                        session.sign_out(None).await;
                        teller.tell(Happening::GaveUp);
                    });
                }
                _ => {
                    self.seat_session(profile, session);
                    if *profile == self.selected {
                        self.effects.raise_window();
                    }
                    // A keychain that has just kept something is open for the others too.
                    self.restore_the_rest();
                }
            },
            Happening::SignInFailed(problem) => {
                seat.problem = Some(problem);
                seat.enter(Stage::SignedOut);
            }
            Happening::GaveUp => {
                let cancelled = seat.flows.cancelled();
                seat.enter(Stage::SignedOut);
                self.keep(cancelled);
            }
            Happening::Restored(restored) => self.restored(profile, restored),
            Happening::Found(session) => {
                if matches!(seat.stage, Stage::SignedOut) {
                    seat.quiet();
                    self.seat_session(profile, session);
                }
            }
            Happening::Changed => seat.token_generation += 1,
            Happening::CanEndSession(can) => {
                if let Some(living) = seat.living() {
                    living.can_end_session = can;
                }
            }
            Happening::Pictured(picture) => {
                if let Some(living) = seat.living() {
                    living.picture = Some(picture);
                }
            }
            Happening::Synced(result) => {
                synced(seat, &result);
                if seat
                    .living()
                    .is_some_and(|living| std::mem::take(&mut living.sync_again))
                {
                    self.look_at(profile);
                }
            }
            Happening::Refreshed(result) => {
                if let Some(living) = seat.living() {
                    living.refreshing = false;
                }
                match result {
                    Ok(()) => {}
                    Err(error) if error.code() == Code::SessionEnded => {
                        self.expire(profile, sentence(&error.message()));
                    }
                    Err(error) => seat.problem = Some(error.into()),
                }
            }
            Happening::Ended(reason) => self.expire(profile, reason),
            Happening::SignedOut(report) => {
                let failed = [&report.local, &report.revoked, &report.session_ended]
                    .into_iter()
                    .any(|step| matches!(step, SignOutStep::Failed { .. }));
                let ended = seat.flows.ended(FlowKind::SignOut, !failed);
                seat.report = Some(report);
                seat.enter(Stage::SignedOut);
                self.keep(ended);
            }
        }
    }

    fn seat_session(&mut self, profile: &ProfileName, session: Session) {
        let Some(seat) = self.seats.get(profile) else {
            return;
        };
        let teller = self.teller(profile, seat.epoch + 1);
        let person = session.info().account.subject().map(str::to_owned);
        let living = living::begin(session, &teller, &self.demo);
        if let Some(seat) = self.seats.get_mut(profile) {
            if seat.person != person {
                seat.calls.forget_contents();
                seat.person = person;
            }
            seat.keychain = living.keychain();
            seat.enter(Stage::SignedIn(Box::new(living)));
        }
    }

    fn restored(&mut self, profile: &ProfileName, restored: Result<Option<Session>, Error>) {
        let Some(seat) = self.seats.get_mut(profile) else {
            return;
        };
        match restored {
            Ok(Some(session)) => {
                seat.quiet();
                self.seat_session(profile, session);
                self.restore_the_rest();
            }
            Ok(None) => {
                seat.keychain = KeychainView::Keychain;
                seat.enter(Stage::SignedOut);
                self.restore_the_rest();
            }
            Err(error) if error.code() == Code::KeychainLocked => {
                seat.enter(Stage::Locked);
                self.keychain_is_locked(&sentence(&error.message()));
                // It may never have been set up: then nobody can be signed in.
                self.look_at_keychain();
            }
            Err(error) => {
                restore_failed(seat, &error);
                seat.enter(Stage::SignedOut);
                self.restore_the_rest();
            }
        }
    }

    /// A session has ended without the person's doing.
    pub(super) fn expire(&mut self, profile: &ProfileName, reason: String) {
        let Some(seat) = self.seats.get_mut(profile) else {
            return;
        };
        let Some(living) = seat.living() else { return };
        let account = living.account();
        let name = match account.name.as_str() {
            "" => "The sign-in".to_owned(),
            name => format!("The sign-in of {name}"),
        };
        seat.enter(Stage::Expired {
            account,
            at: SystemTime::now(),
            reason,
        });
        let provider = self
            .listed
            .iter()
            .find(|listed| listed.name == profile.as_str())
            .map_or("", |listed| listed.provider.as_str());
        let notice = Notice {
            title: "Sign in again".to_owned(),
            body: format!("{name} at {provider} has ended. Open Doorkey to sign in again."),
        };
        let effects = std::sync::Arc::clone(&self.effects);
        tokio::task::spawn_blocking(move || effects.notify(&notice));
    }
}

/// Nobody could be restored. That there is no keychain is said beside the button; anything else is a problem, for
/// somebody may be signed in and does not show.
fn restore_failed(seat: &mut Seat, error: &Error) {
    if error.fault() == Fault::Keychain {
        seat.keychain = KeychainView::MemoryOnly {
            reason: told(error),
        };
    }
    if error.code() != Code::KeychainUnavailable {
        seat.problem = Some(error.into());
    }
}

/// Somebody else has refreshed, which the session has taken over, or signed out.
fn synced(seat: &mut Seat, result: &Result<(), Error>) {
    let Some(living) = seat.living() else { return };
    living.syncing = false;
    match result {
        Ok(()) => {}
        Err(error) if error.code() == Code::SessionEnded => {
            seat.quiet();
            seat.enter(Stage::SignedOut);
        }
        Err(error) => {
            tracing::debug!(
                code = error.code().as_str(),
                "the kept session cannot be looked at"
            );
            living.sync_after = Some(Instant::now() + KEYCHAIN_PAUSE);
        }
    }
}
