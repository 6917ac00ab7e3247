//! Newer versions of the app: looked for when the person wants that, installed when they have agreed.

mod installing;
mod looking;

use std::path::PathBuf;
use std::time::SystemTime;

use tokio_util::task::AbortOnDropHandle;

use super::Controller;
use super::event::Event;
use crate::effects::{Effects, Package, Release, UpdateRoute};
use crate::view::{Problem, ReleaseView, UpdateMethod, UpdateStands, UpdateWish, UpdatesView};
use looking::AFTER_START;
pub(super) use looking::until;

/// What is known of newer versions, and what is done about one.
#[derive(Debug)]
pub(super) struct Updates {
    /// None if nobody is ever asked.
    pub(super) route: Option<UpdateRoute>,
    found: Option<Release>,
    doing: Doing,
    note: bool,
    problem: Option<Problem>,
    /// Not before this does the app look by itself.
    not_before: SystemTime,
    /// Counts up with each task; what tasks of earlier turns tell is out of date.
    turn: u64,
    task: Option<AbortOnDropHandle<()>>,
    /// The package that the person was given last.
    pub(super) saved: Option<PathBuf>,
}

#[derive(Debug)]
enum Doing {
    /// Whether it is known that there is nothing newer.
    Nothing {
        newest: bool,
    },
    Looking,
    Downloading {
        received: u64,
        size: Option<u64>,
    },
    Downloaded(Package),
    /// What is being installed, to try again if that fails.
    Installing(Package),
    Installed,
    Saved,
}

/// What a task tells of an update.
#[derive(Debug)]
pub(super) enum Told {
    Looked {
        /// Whether a person has asked for it.
        pressed: bool,
        found: Result<Option<Release>, Problem>,
    },
    Progress {
        received: u64,
        size: Option<u64>,
    },
    Downloaded(Result<Package, Problem>),
    /// Installed, or else put where this file is.
    Installed(Result<Option<PathBuf>, Problem>),
}

impl Updates {
    pub(super) fn new(route: Option<UpdateRoute>) -> Self {
        Self {
            route,
            found: None,
            doing: Doing::Nothing { newest: false },
            note: false,
            problem: None,
            not_before: SystemTime::now() + AFTER_START,
            turn: 0,
            task: None,
            saved: None,
        }
    }

    fn method(&self) -> Option<UpdateMethod> {
        self.route.as_ref().map(|route| route.method)
    }

    /// Whether nothing is under way that a look would disturb.
    fn is_idle(&self) -> bool {
        matches!(self.doing, Doing::Nothing { .. })
    }

    /// Whether the app is about to be replaced while it runs.
    fn is_closing(&self) -> bool {
        matches!(self.doing, Doing::Installing(_)) && self.method() == Some(UpdateMethod::Closes)
    }

    fn stands(&self) -> UpdateStands {
        match &self.doing {
            Doing::Looking => UpdateStands::Looking,
            Doing::Nothing { .. } if self.found.is_some() => UpdateStands::Found,
            Doing::Nothing { newest: true } => UpdateStands::Newest,
            Doing::Nothing { newest: false } => UpdateStands::Unknown,
            Doing::Downloading { received, size } => UpdateStands::Downloading {
                received: *received,
                size: *size,
            },
            Doing::Downloaded(_) => UpdateStands::Downloaded,
            Doing::Installing(_) => UpdateStands::Installing,
            Doing::Installed => UpdateStands::Installed,
            Doing::Saved => self.saved_at(),
        }
    }

    fn saved_at(&self) -> UpdateStands {
        let name = |part: Option<&std::ffi::OsStr>| {
            part.map(|part| part.to_string_lossy().into_owned())
                .unwrap_or_default()
        };
        let file = self.saved.as_deref();
        UpdateStands::Saved {
            file: name(file.and_then(|file| file.file_name())),
            folder: name(
                file.and_then(|file| file.parent())
                    .and_then(|folder| folder.file_name()),
            ),
        }
    }

    fn tell_problem(&mut self, problem: Problem) {
        self.problem = Some(problem);
    }
}

impl<E: Effects> Controller<E> {
    /// What there is to see of updates.
    pub(super) fn updates_view(&self) -> Option<UpdatesView> {
        let updates = &self.updates;
        let route = updates.route.as_ref()?;
        Some(UpdatesView {
            automatic: self.settings.updates.look,
            host: route.host.clone(),
            asked: self.settings.updates.asked,
            method: route.method,
            stands: updates.stands(),
            release: updates.found.as_ref().map(|release| ReleaseView {
                version: release.version.clone(),
                notes: release.notes.clone(),
            }),
            note: updates.note,
            problem: updates.problem.clone(),
            signs_out: self.in_memory_only(),
        })
    }

    /// Does what the person wants about an update.
    pub(super) fn update(&mut self, wish: UpdateWish) -> Result<(), Problem> {
        if self.updates.route.is_none() {
            return Err(Problem::forgotten("update"));
        }
        self.updates.problem = None;
        match wish {
            UpdateWish::Look => self.look_for_update(true),
            UpdateWish::Install => return self.install_update(),
            UpdateWish::Cancel => self.cancel_update(),
            UpdateWish::Later => self.updates.note = false,
            UpdateWish::Skip => {
                self.updates.note = false;
                self.settings.updates.skipped = self
                    .updates
                    .found
                    .as_ref()
                    .map(|found| found.version.clone());
                return self.remember();
            }
            // That answers when the system has.
            UpdateWish::Reveal => {}
            // The loop ends with it.
            UpdateWish::Restart => return self.may_restart(),
        }
        Ok(())
    }

    /// Runs a task that replaces the one before, and tells what came of it.
    fn do_for_update<F>(&mut self, task: impl FnOnce(Tell) -> F + Send + 'static)
    where
        F: Future<Output = Told> + Send + 'static,
    {
        self.updates.turn += 1;
        let (turn, events) = (self.updates.turn, self.events.clone());
        let tell: Tell = Box::new(move |told| {
            // Nobody listens any more once the app is quitting.
            let _ = events.send(Event::Update { turn, told });
        });
        let events = self.events.clone();
        let task = tokio::spawn(async move {
            let told = task(tell).await;
            let _ = events.send(Event::Update { turn, told });
        });
        self.updates.task = Some(AbortOnDropHandle::new(task));
    }

    /// What follows from what a task told.
    pub(super) fn update_told(&mut self, turn: u64, told: Told) {
        if turn != self.updates.turn {
            return;
        }
        match told {
            Told::Looked { pressed, found } => self.looked(pressed, found),
            Told::Progress { received, size } => {
                if let Doing::Downloading { .. } = self.updates.doing {
                    self.updates.doing = Doing::Downloading { received, size };
                }
            }
            Told::Downloaded(Ok(package)) => self.put_in_place(package),
            Told::Downloaded(Err(problem)) => {
                self.updates.doing = Doing::Nothing { newest: false };
                self.updates.tell_problem(problem);
            }
            Told::Installed(Ok(None)) => self.updates.doing = Doing::Installed,
            Told::Installed(Ok(Some(file))) => {
                self.updates.saved = Some(file);
                self.updates.doing = Doing::Saved;
            }
            Told::Installed(Err(problem)) => {
                let installing =
                    std::mem::replace(&mut self.updates.doing, Doing::Nothing { newest: false });
                if let Doing::Installing(package) = installing {
                    self.updates.doing = Doing::Downloaded(package);
                }
                self.updates.tell_problem(problem);
            }
        }
    }
}

/// Tells the controller, on behalf of a task.
type Tell = Box<dyn Fn(Told) + Send + Sync>;
