//! What goes on around a session while it lives.

use std::sync::Arc;

use doorkey_core::Session;
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

use super::event::{Happening, Teller};
use super::seat::Living;
use crate::account;
use crate::demo::{Demo, Need};

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
        sync_again: false,
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
