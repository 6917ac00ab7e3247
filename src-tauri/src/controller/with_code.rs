//! An attempt whose person carries a code to a browser, here or on another device.

use doorkey_core::{Session, Step, StepKind};
use tokio_util::sync::CancellationToken;

use super::attempt::Attempt;
use super::event::Happening;
use super::waiting::Issued;
use crate::effects::Effects;
use crate::view::Problem;

impl<E: Effects> Attempt<E> {
    /// None if it was cancelled while it waited. That ends with the tokens and not with the session, or tokens that
    /// nobody revokes would be left over.
    pub(super) async fn with_code(&self) -> Option<Result<Session, Problem>> {
        let granted = CancellationToken::new();
        let mut session = std::pin::pin!(self.session(granted.clone()));
        let early = tokio::select! {
            biased;
            () = granted.cancelled() => None,
            () = self.cancel.cancelled() => return None,
            outcome = &mut session => Some(outcome),
        };
        if granted.is_cancelled() {
            self.teller.tell(Happening::Answered);
        }
        match early {
            Some(outcome) => Some(outcome),
            None => Some(session.await),
        }
    }

    /// Signs in from the code to the session, and says when the tokens are there.
    async fn session(&self, granted: CancellationToken) -> Result<Session, Problem> {
        let profile = self.ready().await?;
        let teller = self.teller.clone();
        let engine = self.engine.observed(move |step: Step| {
            if step.kind == StepKind::TokenResponse && step.failure.is_none() {
                granted.cancel();
            }
            teller.tell(Happening::Step(step));
        });
        let sign_in = engine.begin_device(&profile).await?;
        self.teller
            .tell(Happening::CodeIssued(Box::new(Issued::of(&sign_in))));
        sign_in.shown();
        Ok(sign_in.finish().await?)
    }
}
