//! Installing a newer version, without breaking anything off that is under way.

use std::sync::Arc;

use super::{Doing, Told};
use crate::controller::seat::Stage;
use crate::controller::{Controller, LAST_WORDS};
use crate::effects::{Effects, Package};
use crate::view::{KeychainView, Problem, UpdateMethod};

impl<E: Effects> Controller<E> {
    /// Whether the app may end now to be started again.
    pub(super) fn may_restart(&self) -> Result<(), Problem> {
        match (&self.updates.doing, self.busy()) {
            (Doing::Installed, None) => Ok(()),
            (Doing::Installed, Some(busy)) => Err(busy),
            _ => Err(Problem::forgotten("update")),
        }
    }

    /// Why a sign-in cannot begin, if the app is about to close.
    pub(in crate::controller) fn not_while_closing(&self) -> Result<(), Problem> {
        if self.updates.is_closing() {
            return Err(Problem::new(
                "update_not_now",
                "Doorkey is about to be replaced by a newer version.",
                "Sign in when it has started again.",
            ));
        }
        Ok(())
    }

    /// A sign-in or sign-out that closing the app would break off.
    fn busy(&self) -> Option<Problem> {
        let busy = self.seats.iter().find_map(|(name, seat)| match seat.stage {
            Stage::Waiting(_) | Stage::Exchanging(_) => Some((name, "sign-in")),
            Stage::GivingUp | Stage::SigningOut => Some((name, "sign-out")),
            _ => None,
        });
        busy.map(|(name, what)| {
            Problem::new(
                "update_not_now",
                format!(
                    "A {what} with “{name}” is under way, and closing Doorkey would break it off."
                ),
                "Finish or cancel it, then try again.",
            )
        })
    }

    pub(super) fn in_memory_only(&self) -> Vec<String> {
        self.seats
            .iter()
            .filter(|(_, seat)| {
                matches!(seat.stage, Stage::SignedIn(_))
                    && matches!(seat.keychain(), KeychainView::MemoryOnly { .. })
            })
            .map(|(name, _)| name.as_str().to_owned())
            .collect()
    }

    pub(super) fn install_update(&mut self) -> Result<(), Problem> {
        if self.updates.method() == Some(UpdateMethod::Elsewhere) || self.updates.found.is_none() {
            return Err(Problem::forgotten("update"));
        }
        self.updates.note = true;
        self.settings.updates.skipped = None;
        match std::mem::replace(&mut self.updates.doing, Doing::Nothing { newest: false }) {
            Doing::Nothing { .. } => self.download_update(),
            Doing::Downloaded(package) => self.put_in_place(package),
            other => self.updates.doing = other,
        }
        Ok(())
    }

    fn download_update(&mut self) {
        let effects = Arc::clone(&self.effects);
        self.updates.doing = Doing::Downloading {
            received: 0,
            size: None,
        };
        self.do_for_update(move |tell| async move {
            let progress = Box::new(move |received, size| tell(Told::Progress { received, size }));
            Told::Downloaded(effects.download_update(progress).await)
        });
    }

    /// Installs what is verified. Where the app must close for that, it gives what is under way the time that quitting does.
    pub(super) fn put_in_place(&mut self, package: Package) {
        let closes = self.updates.method() == Some(UpdateMethod::Closes);
        if let Some(busy) = self.busy().filter(|_| closes) {
            self.updates.doing = Doing::Downloaded(package);
            self.updates.tell_problem(busy);
            return;
        }
        let (effects, tasks) = (Arc::clone(&self.effects), self.tasks.clone());
        if closes {
            for seat in self.seats.values() {
                self.keep(seat.flows.save());
            }
        }
        self.updates.doing = Doing::Installing(package.clone());
        self.do_for_update(move |_| async move {
            if closes {
                tasks.close();
                let ended = tokio::time::timeout(LAST_WORDS, tasks.wait()).await;
                tasks.reopen();
                if ended.is_err() {
                    tracing::warn!("closing for an update although something is still under way");
                }
            }
            let install = move || effects.install_update(&package);
            let installed = tokio::task::spawn_blocking(install).await;
            Told::Installed(installed.unwrap_or_else(|_| Err(Problem::quitting())))
        });
    }

    pub(super) fn cancel_update(&mut self) {
        if matches!(
            self.updates.doing,
            Doing::Downloading { .. } | Doing::Downloaded(_)
        ) {
            self.updates.turn += 1;
            self.updates.task = None;
            self.updates.doing = Doing::Nothing { newest: false };
        }
    }
}
