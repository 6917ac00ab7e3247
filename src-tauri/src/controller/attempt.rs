//! One attempt to sign in, from the button to the session, in a task of its own.

use std::sync::Arc;

use doorkey_core::{Answer, BrowserCommand, Doorkey, Profile, Session};
use tokio_util::sync::CancellationToken;
use url::Url;

use super::event::{Happening, Teller};
use crate::demo::{Demo, Need};
use crate::effects::{Claim, Effects};
use crate::request::Way;
use crate::view::Problem;

/// What an attempt needs.
pub(super) struct Attempt<E> {
    pub(super) engine: Doorkey,
    pub(super) profile: Profile,
    pub(super) way: Way,
    pub(super) browser: Option<BrowserCommand>,
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
        let outcome = match self.way {
            Way::Browser | Way::Loopback => self.with_browser().await,
            Way::Code => self.with_code().await,
        };
        match outcome {
            None => {
                self.teller.tell(Happening::GaveUp);
                return Ending::Dropped;
            }
            Some(Ok(session)) if self.cancel.is_cancelled() => {
                session.sign_out(None).await;
                self.teller.tell(Happening::GaveUp);
            }
            Some(Ok(session)) => self.teller.tell(Happening::SignedIn(session)),
            Some(Err(_)) if self.cancel.is_cancelled() => self.teller.tell(Happening::GaveUp),
            Some(Err(problem)) => self.teller.tell(Happening::SignInFailed(problem)),
        }
        Ending::Told
    }

    /// None if it was cancelled while it waited.
    async fn with_browser(&self) -> Option<Result<Session, Problem>> {
        let answer = tokio::select! {
            biased;
            () = self.cancel.cancelled() => return None,
            answer = self.answer() => answer,
        };
        Some(match answer {
            Ok(answer) => {
                self.teller.tell(Happening::Answered);
                answer.finish().await.map_err(Problem::from)
            }
            Err(problem) => Err(problem),
        })
    }

    /// Everything up to the answer of the browser.
    async fn answer(&self) -> Result<Answer, Problem> {
        self.claim_scheme().await?;
        let sign_in = self.engine.begin(&self.ready().await?).await?;
        let opened = sign_in
            .open(&|url: &Url| self.effects.open_browser(url, self.browser.as_ref()))
            .is_ok();
        self.teller.tell(Happening::Asked {
            link: sign_in.authorization_url().clone(),
            paste: sign_in.paste_handle(),
            deadline: sign_in.deadline(),
            opened,
        });
        Ok(sign_in.answer().await?)
    }

    /// The profile, once its provider is there as far as that is in our hands.
    pub(super) async fn ready(&self) -> Result<Profile, Problem> {
        let ready = self.demo.ready(self.profile.clone(), Need::SignIn).await?;
        if let Some(moved) = ready.moved {
            self.teller.tell(Happening::Moved(moved));
        }
        Ok(ready.profile)
    }

    /// Makes sure that the answer comes here, if it comes by a link: before anybody signs in for another program.
    async fn claim_scheme(&self) -> Result<(), Problem> {
        let Some(scheme) = self.profile.redirect_uri().scheme().map(str::to_owned) else {
            return Ok(());
        };
        let effects = Arc::clone(&self.effects);
        let asked = scheme.clone();
        let claim = tokio::task::spawn_blocking(move || effects.claim(&asked)).await;
        match claim {
            Ok(Claim::Ours) => Ok(()),
            Ok(Claim::Others { program }) => Err(Problem::new(
                "scheme_taken",
                format!(
                    "Links that begin with {scheme}: go to {} on this computer, so the answer would not come here.",
                    program.as_deref().unwrap_or("another program")
                ),
                "Sign in over loopback, or give these links back to Doorkey in the system's settings.",
            )),
            Ok(Claim::Impossible { reason }) => Err(cannot_claim(&scheme, &reason)),
            Err(_) => Err(cannot_claim(&scheme, "the system did not answer")),
        }
    }
}

fn cannot_claim(scheme: &str, reason: &str) -> Problem {
    Problem::new(
        "scheme_unavailable",
        format!("Links that begin with {scheme}: cannot be made to come to Doorkey: {reason}."),
        "Sign in over loopback, or install Doorkey with its installer, which takes care of that.",
    )
}
