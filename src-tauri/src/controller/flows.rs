//! The flows of a profile: kept, looked at, and written to files.

use std::path::PathBuf;
use std::sync::Arc;

use super::Controller;
use super::event::Event;
use crate::effects::Effects;
use crate::flow::{About, write_export};
use crate::kept_file::Writing;
use crate::request::Reply;
use crate::view::{ExportView, FlowView, Problem};

impl<E: Effects> Controller<E> {
    /// Writes what shall be kept, before the app ends.
    pub(super) fn keep(&self, writing: impl Into<Option<Writing>>) {
        if let Some(writing) = writing.into() {
            self.tasks.spawn_blocking(move || writing.run());
        }
    }

    pub(super) fn flow(&mut self, id: u32) -> Result<FlowView, Problem> {
        self.seat()
            .and_then(|seat| seat.flows.get(id))
            .ok_or_else(|| Problem::forgotten("flow"))
    }

    /// Writes a flow to a file, which may take its time.
    pub(super) fn export_flow(&mut self, id: u32, reply: Reply<ExportView>) {
        let flow = match self.flow(id) {
            Ok(flow) => flow,
            Err(problem) => {
                let _ = reply.send(Err(problem));
                return;
            }
        };
        let about = self.about();
        let events = self.events.clone();
        tokio::task::spawn_blocking(move || {
            let written = write_export(&flow, &about).map(|written| {
                // Nobody listens any more once the app is quitting.
                let _ = events.send(Event::Exported(written.path));
                written.view
            });
            let _ = reply.send(written);
        });
    }

    /// Shows a file in the system's file manager.
    pub(super) fn reveal(&self, file: Option<PathBuf>, reply: Reply<()>) {
        let Some(file) = file else {
            let _ = reply.send(Err(Problem::forgotten("file")));
            return;
        };
        let effects = Arc::clone(&self.effects);
        tokio::task::spawn_blocking(move || {
            let shown = effects.reveal(&file).map_err(|reason| {
                Problem::new(
                    "file_error",
                    format!("The file manager could not be opened: {reason}."),
                    format!("The file is {}.", file.display()),
                )
            });
            let _ = reply.send(shown);
        });
    }

    /// What a reader of an exported flow or a copied problem needs to know.
    pub(super) fn about(&self) -> About {
        let listed = self
            .listed
            .iter()
            .find(|profile| profile.name == self.selected.as_str());
        let system = os_info::get();
        About {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            system: format!("{system}, {}", std::env::consts::ARCH),
            provider: listed.map_or_else(String::new, |profile| profile.provider.clone()),
            issuer: listed.map(|profile| profile.issuer.clone()),
        }
    }

    /// A problem as text, with what helps to understand it.
    pub(super) fn copy_problem(&self, problem: &Problem, reply: Reply<()>) {
        let About {
            version,
            system,
            provider,
            ..
        } = self.about();
        let stands = self
            .seats
            .get(&self.selected)
            .and_then(|seat| seat.flows.view())
            .and_then(|flow| {
                let step = flow.steps.into_iter().find(|step| step.failure.is_some())?;
                Some(format!("Step {}: {}\n", step.number, step.label))
            })
            .unwrap_or_default();
        let text = format!(
            "Doorkey {version} on {system}\nProvider: {provider}\n{stands}Code: {}\n{}\n{}\n",
            problem.code, problem.message, problem.hint
        );
        self.copy(text, "details", "Try to copy them once more.", reply);
    }
}
