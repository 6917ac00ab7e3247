//! Profiles from others and for others.

use super::Controller;
use super::event::Event;
use crate::effects::Effects;
use crate::request::{ImportSource, Reply};
use crate::view::{ExportView, ImportView, Problem, SharedView};
use crate::{download, transfer};

impl<E: Effects> Controller<E> {
    /// Reads what somebody else has written. An address may take its time to answer.
    pub(super) fn import(&mut self, source: ImportSource, reply: Reply<ImportView>) {
        let Some(engine) = self.seat().map(|seat| seat.engine.clone()) else {
            let _ = reply.send(Err(Problem::quitting()));
            return;
        };
        tokio::spawn(async move {
            let ImportSource { text, file } = source;
            let _ = reply.send(transfer::import(&engine, &text, file.as_deref()).await);
        });
    }

    pub(super) fn share(&self, profile: &str) -> Result<SharedView, Problem> {
        Ok(transfer::share(&self.load(&profile.parse()?)?))
    }

    /// Writes a profile to a file, which may take its time.
    pub(super) fn export_profile(&self, profile: &str, reply: Reply<ExportView>) {
        let loaded = profile.parse().and_then(|name| self.load(&name));
        let profile = match loaded {
            Ok(profile) => profile,
            Err(error) => {
                let _ = reply.send(Err(error.into()));
                return;
            }
        };
        let events = self.events.clone();
        tokio::task::spawn_blocking(move || {
            let text = transfer::share(&profile).text;
            let written = download::write(&transfer::stem(&profile), "toml", &text);
            let _ = reply.send(written.map(|written| {
                // Nobody listens any more once the app is quitting.
                let _ = events.send(Event::Exported(written.path));
                written.view
            }));
        });
    }
}
