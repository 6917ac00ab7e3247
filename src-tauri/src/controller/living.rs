//! What goes on around a session while it lives.

use std::sync::Arc;

use doorkey_core::Session;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

use super::Controller;
use super::event::{Happening, Teller};
use super::seat::{Living, Stage};
use crate::account;
use crate::demo::{Demo, Need};
use crate::effects::Effects;
use crate::view::KeychainView;

/// Follows a session, and finds out what is not known of it at once.
pub(super) fn begin(session: Session, teller: &Teller, demo: &Arc<Demo>) -> Living {
    let follower = tokio::spawn(follow(session.clone(), teller.clone()));
    tokio::spawn(find_out(session.clone(), teller.clone(), Arc::clone(demo)));
    Living {
        session,
        picture: None,
        can_end_session: false,
        refreshing: false,
        syncing: false,
        calls: CancellationToken::new(),
        sync_after: None,
        _follower: AbortOnDropHandle::new(follower),
    }
}

async fn follow(session: Session, teller: Teller) {
    let mut changes = session.changes();
    while changes.changed().await.is_ok() {
        teller.tell(Happening::Changed);
    }
}

async fn find_out(session: Session, teller: Teller, demo: Arc<Demo>) {
    // A restored session of the demo needs its provider, for the picture first of all.
    let _ = demo.ready(session.profile().clone(), Need::Session).await;
    let picture = async {
        if let Some(picture) = session.picture().await {
            teller.tell(Happening::Pictured(account::data_url(&picture)));
        }
    };
    let end = async {
        teller.tell(Happening::CanEndSession(
            session.can_end_provider_session().await,
        ));
    };
    tokio::join!(picture, end);
}

impl<E: Effects> Controller<E> {
    /// Looks whether another process has refreshed the selected session or signed out.
    pub(super) fn glance(&mut self) {
        let events = self.teller(&self.selected, 0);
        let Some(seat) = self.seat() else { return };
        let epoch = seat.epoch;
        let Some(living) = seat.living() else { return };
        if living.syncing
            || living
                .sync_after
                .is_some_and(|after| Instant::now() < after)
        {
            return;
        }
        living.syncing = true;
        let session = living.session.clone();
        let teller = Teller { epoch, ..events };
        tokio::spawn(async move { teller.tell(Happening::Synced(session.sync().await)) });
    }

    /// Looks whether another process has signed in, where nobody was. Only a keychain that answers gladly is asked.
    pub(super) fn look_again(&mut self) {
        let loaded = self.profiles.load(&self.selected);
        let events = self.teller(&self.selected, 0);
        let Some(seat) = self.seat() else { return };
        let Ok(profile) = loaded else { return };
        if !matches!(seat.stage, Stage::SignedOut) || seat.keychain != KeychainView::Keychain {
            return;
        }
        let engine = seat.engine.clone();
        let teller = Teller {
            epoch: seat.epoch,
            ..events
        };
        tokio::spawn(async move {
            if let Ok(Some(session)) = engine.restore(&profile).await {
                teller.tell(Happening::Found(session));
            }
        });
    }
}
