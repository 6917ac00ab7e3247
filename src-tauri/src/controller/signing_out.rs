//! What a living session is asked for: to be renewed, to end, to tell about its tokens.

use std::sync::Arc;

use url::Url;

use super::Controller;
use super::event::Happening;
use super::seat::{Seat, Stage};
use crate::demo::Need;
use crate::effects::Effects;
use crate::view::{Problem, TokensView};

impl<E: Effects> Controller<E> {
    pub(super) fn refresh(&mut self) -> Result<(), Problem> {
        let (demo, tasks) = (Arc::clone(&self.demo), self.tasks.clone());
        let teller = self.teller_now(&self.selected);
        let Some(living) = self.seat().and_then(Seat::living) else {
            return Err(Problem::not_signed_in());
        };
        if living.refreshing {
            return Ok(());
        }
        living.refreshing = true;
        let session = living.session.clone();
        tasks.spawn(async move {
            // A provider that does not start says so by not answering.
            let _ = demo.ready(session.profile().clone(), Need::Session).await;
            teller.tell(Happening::Refreshed(session.refresh().await));
        });
        self.seat().map(Seat::quiet);
        Ok(())
    }

    pub(super) fn sign_out(
        &mut self,
        profile: Option<String>,
        end_session: bool,
    ) -> Result<(), Problem> {
        let name = self.named(profile)?;
        let (demo, effects, tasks) = (
            Arc::clone(&self.demo),
            Arc::clone(&self.effects),
            self.tasks.clone(),
        );
        let Some(seat) = self.seats.get_mut(&name) else {
            return Err(Problem::not_signed_in());
        };
        let Some(living) = seat.living() else {
            return Err(Problem::not_signed_in());
        };
        let session = living.session.clone();
        seat.keychain = living.keychain();
        seat.quiet();
        seat.enter(Stage::SigningOut);
        let browser = self.browser_for(session.profile());
        let teller = self.teller_now(&name);
        tasks.spawn(async move {
            let _ = demo.ready(session.profile().clone(), Need::Session).await;
            let browser = move |url: &Url| effects.open_browser(url, browser.as_ref());
            let report = session
                .sign_out(end_session.then_some(&browser as &dyn doorkey_core::Browser))
                .await;
            teller.tell(Happening::SignedOut((&report).into()));
        });
        Ok(())
    }

    pub(super) fn tokens(&mut self) -> Result<TokensView, Problem> {
        let Some(living) = self.seat().and_then(Seat::living) else {
            return Err(Problem::not_signed_in());
        };
        Ok(living.session.token_facts()?.into())
    }
}
