//! Which ways to sign in there are beside the browser on this computer.

use super::Controller;
use super::event::Happening;
use super::seat::{Seat, Stage};
use crate::effects::Effects;
use crate::profiles::is_demo;

/// Whether a provider offers a sign-in with a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Offer {
    /// Nobody has asked yet.
    Unasked,
    /// It is being asked.
    Asking,
    /// It has said so, or could not be asked.
    Known(bool),
}

impl Seat {
    /// Whether somebody who looks at this seat could use a code.
    fn could_use_code(&self) -> bool {
        match &self.stage {
            Stage::SignedOut | Stage::Expired { .. } => true,
            // Its metadata is there as soon as there is a link: asking for it twice at once would be in vain.
            Stage::Waiting(waiting) => waiting.to_open().is_some(),
            _ => false,
        }
    }
}

impl<E: Effects> Controller<E> {
    /// Finds out whether the selected profile's provider offers a code, where a person could use one. Nothing waits for
    /// the answer, and behind a hidden window nobody is asked.
    pub(super) fn find_ways(&mut self) {
        if self.looks.is_hidden() {
            return;
        }
        let teller = self.teller_now(&self.selected);
        let Some(seat) = self.seat() else { return };
        if seat.offers_code != Offer::Unasked || !seat.could_use_code() {
            return;
        }
        // The demo's provider is known to offer one, and may not run yet.
        let Some(profile) = seat.profile.clone().filter(|profile| !is_demo(profile)) else {
            return;
        };
        seat.offers_code = Offer::Asking;
        let engine = seat.engine.clone();
        tokio::spawn(async move {
            let offers = engine.offers_device(&profile).await.unwrap_or(false);
            teller.tell(Happening::OffersCode(Box::new(profile), offers));
        });
    }

    /// Asks once more what was denied, or could not be asked.
    pub(super) fn find_ways_again(&mut self) {
        if let Some(seat) = self.seat()
            && seat.offers_code == Offer::Known(false)
        {
            seat.offers_code = Offer::Unasked;
        }
    }
}
