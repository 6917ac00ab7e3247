//! What follows from what happened.

use doorkey_core::{Code, Error, Session};
use tokio::time::{Duration, Instant};

use super::event::{Event, Happening};
use super::requests::{is_absent, is_keychain};
use super::seat::{Seat, Stage};
use super::{Controller, living};
use crate::effects::Effects;
use crate::problem::sentence;
use crate::view::KeychainView;

/// A keychain that would not answer is not asked again for so long.
const KEYCHAIN_PAUSE: Duration = Duration::from_secs(60);

impl<E: Effects> Controller<E> {
    pub(super) fn happened(&mut self, event: Event) {
        let Event {
            profile,
            epoch,
            what,
        } = event;
        let seated = |session: Session, seat: &mut Seat, controller: &Self| {
            let teller = controller.teller(&profile, seat.epoch + 1);
            let living = living::begin(session, &teller, &controller.demo);
            seat.keychain = living.keychain();
            seat.enter(Stage::SignedIn(Box::new(living)));
        };
        let Some(mut seat) = self.seats.remove(&profile) else {
            return;
        };
        match what {
            // An engine tells steps for as long as it lives, whatever the seat's epoch.
            Happening::Step(step) => seat.score.add(step),
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
                    waiting.link = Some(link);
                    waiting.paste = Some(paste);
                    waiting.deadline = deadline;
                    waiting.browser_opened = opened;
                }
            }
            Happening::OpenedAgain(opened) => {
                if let Stage::Waiting(waiting) = &mut seat.stage {
                    waiting.browser_opened = opened;
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
                    let teller = self.teller(&profile, seat.epoch);
                    self.tasks.spawn(async move {
                        session.sign_out(None).await;
                        teller.tell(Happening::GaveUp);
                    });
                }
                _ => {
                    seated(session, &mut seat, self);
                    if profile == self.selected {
                        self.effects.raise_window();
                    }
                }
            },
            Happening::SignInFailed(problem) => {
                seat.problem = Some(problem);
                seat.enter(Stage::SignedOut);
            }
            Happening::GaveUp => seat.enter(Stage::SignedOut),
            Happening::Restored(Ok(Some(session))) => seated(session, &mut seat, self),
            Happening::Restored(Ok(None)) => {
                seat.keychain = KeychainView::Keychain;
                seat.enter(Stage::SignedOut);
            }
            Happening::Restored(Err(error)) => {
                restore_failed(&mut seat, &error);
                seat.enter(Stage::SignedOut);
            }
            Happening::Found(session) => {
                if matches!(seat.stage, Stage::SignedOut) {
                    seat.quiet();
                    seated(session, &mut seat, self);
                }
            }
            Happening::Changed => {}
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
            Happening::Synced(result) => synced(&mut seat, &result),
            Happening::Refreshed(result) => {
                if let Some(living) = seat.living() {
                    living.refreshing = false;
                }
                match result {
                    Ok(()) => {}
                    Err(error) if error.code() == Code::SessionEnded => expire(&mut seat),
                    Err(error) => seat.problem = Some(error.into()),
                }
            }
            Happening::Ended => expire(&mut seat),
            Happening::SignedOut(report) => {
                seat.report = Some(report);
                seat.enter(Stage::SignedOut);
            }
        }
        self.seats.insert(profile, seat);
    }
}

/// Nobody could be restored. That there is no keychain is said beside the button; anything else is a problem, for
/// somebody may be signed in and does not show.
fn restore_failed(seat: &mut Seat, error: &Error) {
    if is_keychain(error) {
        seat.keychain = KeychainView::MemoryOnly {
            reason: format!("{} {}", sentence(&error.message()), error.hint()),
        };
    }
    if !is_absent(error) {
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

fn expire(seat: &mut Seat) {
    if let Some(living) = seat.living() {
        let account = living.account();
        seat.enter(Stage::Expired(account));
    }
}
