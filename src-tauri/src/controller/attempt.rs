//! One attempt to sign in, from the button to the session, in a task of its own.

use std::sync::Arc;

use doorkey_core::{Answer, Doorkey, Profile};
use tokio_util::sync::CancellationToken;
use url::Url;

use super::event::{Happening, Teller};
use crate::demo::{Demo, Need};
use crate::effects::Effects;
use crate::view::Problem;

/// What an attempt needs.
pub(super) struct Attempt<E> {
    pub(super) engine: Doorkey,
    pub(super) profile: Profile,
    pub(super) demo: Arc<Demo>,
    pub(super) effects: Arc<E>,
    pub(super) teller: Teller,
    pub(super) cancel: CancellationToken,
}

/// How an attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// While it waited: nothing is left of it.
    Dropped,
    /// Later: what came of it was told.
    Told,
}

impl<E: Effects> Attempt<E> {
    /// Signs in and tells how it goes. Cancelled while it waits, it is dropped on the spot, and its port with it;
    /// cancelled later, it ends first, so that no tokens are left over, and then signs out.
    pub(super) async fn run(self) -> Ending {
        let answer = tokio::select! {
            biased;
            () = self.cancel.cancelled() => {
                self.teller.tell(Happening::GaveUp);
                return Ending::Dropped;
            }
            answer = self.answer() => answer,
        };
        let outcome = match answer {
            Ok(answer) => {
                self.teller.tell(Happening::Answered);
                answer.finish().await.map_err(Problem::from)
            }
            Err(problem) => Err(problem),
        };
        match outcome {
            Ok(session) if self.cancel.is_cancelled() => {
                session.sign_out(None).await;
                self.teller.tell(Happening::GaveUp);
            }
            Ok(session) => self.teller.tell(Happening::SignedIn(session)),
            Err(_) if self.cancel.is_cancelled() => self.teller.tell(Happening::GaveUp),
            Err(problem) => self.teller.tell(Happening::SignInFailed(problem)),
        }
        Ending::Told
    }

    /// Everything up to the answer of the browser.
    async fn answer(&self) -> Result<Answer, Problem> {
        let ready = self.demo.ready(self.profile.clone(), Need::SignIn).await?;
        if let Some(moved) = ready.moved {
            self.teller.tell(Happening::Moved(moved));
        }
        let sign_in = self.engine.begin(&ready.profile).await?;
        let effects = Arc::clone(&self.effects);
        let opened = sign_in
            .open(&move |url: &Url| effects.open_browser(url))
            .is_ok();
        self.teller.tell(Happening::Asked {
            link: sign_in.authorization_url().clone(),
            paste: sign_in.paste_handle(),
            deadline: sign_in.deadline(),
            opened,
        });
        Ok(sign_in.answer().await?)
    }
}
