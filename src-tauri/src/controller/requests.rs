//! What is done about each request.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use doorkey_core::{Code, DEMO, Error, Fault, PasteHandle, ProfileName};
use tokio_util::sync::CancellationToken;
use url::Url;

use super::attempt::{Attempt, Ending};
use super::event::Happening;
use super::seat::{Seat, Stage, Waiting};
use super::{Controller, GLANCE, GLANCE_WHEN_HIDDEN, every, is_listed};
use crate::demo::Need;
use crate::effects::Effects;
use crate::request::{Message, Reply, Request};
use crate::view::{Problem, TokensView};

/// Ending a wait takes microseconds; what takes longer than this is past waiting.
const AT_ONCE: Duration = Duration::from_millis(100);

impl<E: Effects> Controller<E> {
    /// Takes a message. True if it was the last one.
    pub(super) async fn take(&mut self, message: Message) -> bool {
        let (request, reply) = match message {
            Message::Do(request, reply) => (request, reply),
            Message::Call(call, reply) => {
                self.call(call, reply);
                return false;
            }
            Message::CopyCurl(call, reply) => {
                self.copy_curl(call, reply);
                return false;
            }
            Message::Paste(reply) => {
                let _ = reply.send(self.paste());
                return false;
            }
            Message::Tokens(reply) => {
                // Whoever asked may be gone.
                let _ = reply.send(self.tokens());
                return false;
            }
        };
        let quits = request == Request::Quit;
        let taken = match request {
            Request::SelectProfile { profile } => self.select(&profile),
            Request::SignIn { profile } => self.sign_in(profile.as_deref()),
            Request::CancelSignIn => {
                self.cancel().await;
                Ok(())
            }
            Request::OpenAgain => self.open_again(),
            Request::CopyLink => {
                self.copy_link(reply);
                return false;
            }
            Request::Refresh => self.refresh(),
            Request::SignOut { end_session } => self.sign_out(end_session),
            Request::CancelCall => {
                self.cancel_calls();
                Ok(())
            }
            Request::Dismiss => {
                self.dismiss();
                Ok(())
            }
            Request::ShowWindow => {
                self.effects.raise_window();
                Ok(())
            }
            Request::WindowShown => {
                self.window_shown();
                Ok(())
            }
            Request::WindowHidden => {
                self.glances = every(GLANCE_WHEN_HIDDEN);
                Ok(())
            }
            Request::Quit => Ok(()),
        };
        // Whoever asked may be gone.
        let _ = reply.send(taken);
        quits
    }

    fn select(&mut self, profile: &str) -> Result<(), Problem> {
        let name: ProfileName = profile.parse()?;
        self.list();
        if !is_listed(&self.listed, &name) {
            return Err(Error::new(
                Code::ProfileNotFound,
                format!("There is no profile `{name}`"),
            )
            .into());
        }
        if name != self.selected {
            self.chosen.write(&name);
            self.selected = name;
        }
        self.take_seat();
        Ok(())
    }

    fn sign_in(&mut self, profile: Option<&str>) -> Result<(), Problem> {
        if let Some(profile) = profile.filter(|profile| *profile != self.selected.as_str()) {
            self.select(profile)?;
        }
        self.list();
        let name = self.selected.clone();
        let loaded = self.profiles.load(&name);
        let teller = |epoch| self.teller(&name, epoch);
        let Some(seat) = self.seats.get(&name) else {
            return Ok(());
        };
        if !matches!(
            seat.stage,
            Stage::SignedOut | Stage::Restoring | Stage::Expired(_)
        ) {
            // It is under way or done: pressing twice asks for nothing more.
            return Ok(());
        }
        let epoch = seat.epoch + 1;
        let attempt = loaded.map(|profile| Attempt {
            engine: seat.engine.clone(),
            profile,
            demo: Arc::clone(&self.demo),
            effects: Arc::clone(&self.effects),
            teller: teller(epoch),
            cancel: CancellationToken::new(),
        });
        let tasks = self.tasks.clone();
        let Some(seat) = self.seat() else {
            return Ok(());
        };
        seat.quiet();
        match attempt {
            Ok(attempt) => {
                seat.score.clear();
                let since = SystemTime::now();
                seat.enter(Stage::Waiting(Waiting {
                    since,
                    deadline: since + attempt.profile.timeout(),
                    browser_opened: true,
                    link: None,
                    paste: None,
                    cancel: attempt.cancel.clone(),
                    task: tasks.spawn(attempt.run()),
                }));
            }
            Err(error) => seat.problem = Some(error.into()),
        }
        Ok(())
    }

    async fn cancel(&mut self) {
        let Some(seat) = self.seat() else { return };
        match &mut seat.stage {
            Stage::Waiting(waiting) => {
                waiting.cancel.cancel();
                // When it is dropped its port is closed. Otherwise the answer came first, and it tells when it is over.
                let ending = tokio::time::timeout(AT_ONCE, &mut waiting.task).await;
                if matches!(ending, Ok(Ok(Ending::Dropped))) {
                    seat.enter(Stage::SignedOut);
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
    }

    fn link(&mut self) -> Result<Url, Problem> {
        match self.seat().map(|seat| &seat.stage) {
            Some(Stage::Waiting(Waiting {
                link: Some(link), ..
            })) => Ok(link.clone()),
            stage => Err(not_ready(stage)),
        }
    }

    /// Where the address goes that a person pastes.
    fn paste(&mut self) -> Result<PasteHandle, Problem> {
        match self.seat().map(|seat| &seat.stage) {
            Some(Stage::Waiting(Waiting {
                paste: Some(paste), ..
            })) => Ok(paste.clone()),
            stage => Err(not_ready(stage)),
        }
    }

    fn open_again(&mut self) -> Result<(), Problem> {
        let link = self.link()?;
        let effects = Arc::clone(&self.effects);
        let epoch = self.seat().map_or(0, |seat| seat.epoch);
        let teller = self.teller(&self.selected, epoch);
        tokio::spawn(async move {
            teller.tell(Happening::OpenedAgain(effects.open_browser(&link).is_ok()))
        });
        Ok(())
    }

    fn copy_link(&mut self, reply: Reply<()>) {
        match self.link() {
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

    fn refresh(&mut self) -> Result<(), Problem> {
        let (demo, tasks) = (Arc::clone(&self.demo), self.tasks.clone());
        let selected = self.selected.clone();
        let events = self.teller(&selected, 0);
        let Some(seat) = self.seat() else {
            return Err(Problem::not_signed_in());
        };
        let epoch = seat.epoch;
        let Some(living) = seat.living() else {
            return Err(Problem::not_signed_in());
        };
        if living.refreshing {
            return Ok(());
        }
        living.refreshing = true;
        let session = living.session.clone();
        seat.quiet();
        let teller = super::Teller { epoch, ..events };
        tasks.spawn(async move {
            // A provider that does not start says so by not answering.
            let _ = demo.ready(session.profile().clone(), Need::Session).await;
            teller.tell(Happening::Refreshed(session.refresh().await));
        });
        Ok(())
    }

    fn sign_out(&mut self, end_session: bool) -> Result<(), Problem> {
        let (demo, effects, tasks) = (
            Arc::clone(&self.demo),
            Arc::clone(&self.effects),
            self.tasks.clone(),
        );
        let events = self.teller(&self.selected.clone(), 0);
        let Some(seat) = self.seat() else {
            return Err(Problem::not_signed_in());
        };
        let Some(living) = seat.living() else {
            return Err(Problem::not_signed_in());
        };
        let session = living.session.clone();
        seat.keychain = living.keychain();
        seat.quiet();
        seat.enter(Stage::SigningOut);
        let teller = super::Teller {
            epoch: seat.epoch,
            ..events
        };
        tasks.spawn(async move {
            let _ = demo.ready(session.profile().clone(), Need::Session).await;
            let browser = move |url: &Url| effects.open_browser(url);
            let report = session
                .sign_out(end_session.then_some(&browser as &dyn doorkey_core::Browser))
                .await;
            teller.tell(Happening::SignedOut((&report).into()));
        });
        Ok(())
    }

    fn tokens(&mut self) -> Result<TokensView, Problem> {
        let Some(living) = self.seat().and_then(Seat::living) else {
            return Err(Problem::not_signed_in());
        };
        Ok(living.session.token_facts()?.into())
    }

    fn dismiss(&mut self) {
        self.seat().map(Seat::quiet);
    }

    fn window_shown(&mut self) {
        self.glances = every(GLANCE);
        self.list();
        if !is_listed(&self.listed, &self.selected)
            && !self.has_session()
            && let Ok(demo) = DEMO.parse()
        {
            self.selected = demo;
            self.take_seat();
        }
        self.glance();
        self.look_again();
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

/// Whether an error of the keychain says that there is none at all.
pub(super) fn is_absent(error: &Error) -> bool {
    error.code() == Code::KeychainUnavailable
}

/// Whether an error is the keychain's.
pub(super) fn is_keychain(error: &Error) -> bool {
    error.fault() == Fault::Keychain
}
