//! A sign-in as the person steers it: begin, open again, copy, paste, cancel.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use doorkey_core::{BrowserCommand, PasteHandle, Profile, ProfileName, ResponseMode};
use tokio_util::sync::CancellationToken;

use super::Controller;
use super::attempt::{Attempt, Ending};
use super::event::Happening;
use super::seat::Stage;
use super::waiting::{Awaited, BrowserWait, Waiting};
use crate::effects::Effects;
use crate::profiles::channel;
use crate::request::{Reply, Way};
use crate::view::{BrowserStart, Problem};

/// Ending a wait takes microseconds; what takes longer than this is past waiting.
const AT_ONCE: Duration = Duration::from_millis(100);

impl<E: Effects> Controller<E> {
    pub(super) fn sign_in(&mut self, profile: &str, way: Way) -> Result<(), Problem> {
        self.select(profile)?;
        let name = self.selected.clone();
        let loaded = self.load(&name).map(|profile| match way {
            Way::Loopback => profile.over_loopback(),
            Way::Browser | Way::Code => profile,
        });
        let Some(seat) = self.seats.get_mut(&name) else {
            return Ok(());
        };
        if !matches!(
            seat.stage,
            Stage::Unasked
                | Stage::Restoring
                | Stage::Locked
                | Stage::SignedOut
                | Stage::Expired { .. }
        ) {
            // It is under way or done: pressing twice asks for nothing more.
            return Ok(());
        }
        seat.quiet();
        let profile = match loaded {
            Ok(profile) => profile,
            Err(error) => {
                seat.problem = Some(error.into());
                seat.enter(Stage::SignedOut);
                return Ok(());
            }
        };
        let since = SystemTime::now();
        let (epoch, engine) = (seat.epoch + 1, seat.engine.clone());
        let browser = self.browser_for(&profile);
        let awaited = match way {
            Way::Browser | Way::Loopback => Awaited::Browser(BrowserWait {
                deadline: since + profile.timeout(),
                browser: BrowserStart::Starting,
                browser_name: self.surroundings.browser_name(browser.as_ref()),
                channel: channel(&profile),
                pasteable: profile.response_mode() == ResponseMode::Query,
                link: None,
                paste: None,
            }),
            Way::Code => Awaited::Code(None),
        };
        let cancel = CancellationToken::new();
        let attempt = Attempt {
            engine,
            profile,
            way,
            browser,
            demo: Arc::clone(&self.demo),
            effects: Arc::clone(&self.effects),
            teller: self.teller(&name, epoch),
            cancel: cancel.clone(),
        };
        let task = self.tasks.spawn(attempt.run());
        if let Some(seat) = self.seats.get_mut(&name) {
            seat.flows.clear();
            seat.enter(Stage::Waiting(Waiting {
                since,
                awaited,
                cancel,
                task: Some(task),
            }));
        }
        Ok(())
    }

    /// The browser that a profile names, or else the one from the settings.
    pub(super) fn browser_for(&self, profile: &Profile) -> Option<BrowserCommand> {
        profile
            .browser()
            .cloned()
            .or_else(|| BrowserCommand::parse(self.settings.browser.as_deref()?).ok())
    }

    pub(super) async fn cancel(&mut self, profile: Option<String>) -> Result<(), Problem> {
        let name = self.named(profile)?;
        let Some(seat) = self.seats.get_mut(&name) else {
            return Ok(());
        };
        match &mut seat.stage {
            Stage::Waiting(waiting) => {
                waiting.cancel.cancel();
                // When it is dropped its port is closed. Otherwise the answer came first, and it tells when it is over.
                let dropped = match waiting.task.take() {
                    Some(task) => matches!(
                        tokio::time::timeout(AT_ONCE, task).await,
                        Ok(Ok(Ending::Dropped))
                    ),
                    None => false,
                };
                if dropped {
                    let cancelled = seat.flows.cancelled();
                    seat.enter(Stage::SignedOut);
                    self.keep(cancelled);
                } else {
                    seat.stage = Stage::GivingUp;
                }
            }
            Stage::Exchanging(cancel) => {
                cancel.cancel();
                seat.stage = Stage::GivingUp;
            }
            _ => {}
        }
        Ok(())
    }

    /// Something of the waiting sign-in, once it is there.
    fn waiting<T>(&mut self, of: impl FnOnce(&Waiting) -> Option<T>) -> Result<T, Problem> {
        let stage = self.seat().map(|seat| &seat.stage);
        let found = match stage {
            Some(Stage::Waiting(waiting)) => of(waiting),
            _ => None,
        };
        found.ok_or_else(|| not_ready(stage))
    }

    /// Where the address goes that a person pastes.
    pub(super) fn paste(&mut self) -> Result<PasteHandle, Problem> {
        self.waiting(|waiting| waiting.to_paste().cloned())
    }

    pub(super) fn open_again(&mut self) -> Result<(), Problem> {
        let link = self.waiting(|waiting| waiting.to_open().cloned())?;
        let effects = Arc::clone(&self.effects);
        let browser = self
            .load(&self.selected)
            .ok()
            .and_then(|profile| self.browser_for(&profile));
        let teller = self.teller_now(&self.selected);
        tokio::task::spawn_blocking(move || {
            let opened = effects.open_browser(&link, browser.as_ref()).is_ok();
            teller.tell(Happening::OpenedAgain(opened));
        });
        Ok(())
    }

    pub(super) fn copy_link(&mut self, reply: Reply<()>) {
        match self.waiting(|waiting| waiting.to_copy().cloned()) {
            Ok(link) => self.copy(
                link.into(),
                "link",
                "Press Open again, or try to copy once more.",
                reply,
            ),
            Err(problem) => {
                let _ = reply.send(Err(problem));
            }
        }
    }

    /// The clipboard belongs to another program or to the system, so it may take its time.
    pub(super) fn copy(
        &self,
        text: String,
        what: &'static str,
        hint: &'static str,
        reply: Reply<()>,
    ) {
        let effects = Arc::clone(&self.effects);
        tokio::task::spawn_blocking(move || {
            let copied = effects.copy(&text).map_err(|reason| {
                let message = format!("The {what} could not be copied: {reason}.");
                Problem::new("clipboard_unavailable", message, hint)
            });
            let _ = reply.send(copied);
        });
    }

    /// The profile that is meant: a named one, or the selected one.
    pub(super) fn named(&self, profile: Option<String>) -> Result<ProfileName, Problem> {
        match profile {
            Some(profile) => Ok(profile.parse()?),
            None => Ok(self.selected.clone()),
        }
    }
}

/// Why nothing can be done about a waiting sign-in.
fn not_ready(stage: Option<&Stage>) -> Problem {
    let (message, hint) = match stage {
        Some(Stage::Waiting(_)) => (
            "The provider has not said yet where to sign in.",
            "Try again in a moment.",
        ),
        _ => ("No sign-in is waiting.", "Start one first."),
    };
    Problem::new("not_ready", message, hint)
}
