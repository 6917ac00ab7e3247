//! Calls of the protected API, on behalf of the web UI.

use std::sync::Arc;

use doorkey_core::{Code, Session};
use tokio_util::sync::CancellationToken;

use super::event::Happening;
use super::{Controller, Teller};
use crate::curl;
use crate::demo::Need;
use crate::effects::Effects;
use crate::request::Reply;
use crate::view::{ApiAnswer, ApiCall, Problem};

impl<E: Effects> Controller<E> {
    pub(super) fn call(&mut self, call: ApiCall, reply: Reply<ApiAnswer>) {
        let (demo, tasks) = (Arc::clone(&self.demo), self.tasks.clone());
        let events = self.teller(&self.selected.clone(), 0);
        let found = self.seat().and_then(|seat| {
            let epoch = seat.epoch;
            seat.living()
                .map(|living| (living.session.clone(), living.calls.clone(), epoch))
        });
        let Some((session, cancel, epoch)) = found else {
            let _ = reply.send(Err(Problem::not_signed_in()));
            return;
        };
        let teller = Teller { epoch, ..events };
        tasks.spawn(async move {
            let answer = async {
                let _ = demo.ready(session.profile().clone(), Need::Session).await;
                session.call(call.into()).await
            };
            // Dropping the call closes its connection. A refresh that it waits for is a task of its own and goes on.
            let answer = tokio::select! {
                biased;
                () = cancel.cancelled() => Err(cancelled()),
                answer = answer => {
                    if let Err(error) = &answer
                        && error.code() == Code::SessionEnded
                    {
                        teller.tell(Happening::Ended);
                    }
                    answer.map(ApiAnswer::from).map_err(Problem::from)
                }
            };
            let _ = reply.send(answer);
        });
    }

    /// Breaks off what runs. The next call is not touched by it.
    pub(super) fn cancel_calls(&mut self) {
        if let Some(living) = self.seat().and_then(|seat| seat.living()) {
            std::mem::replace(&mut living.calls, CancellationToken::new()).cancel();
        }
    }

    pub(super) fn copy_curl(&mut self, call: ApiCall, reply: Reply<()>) {
        let session: Option<Session> = self
            .seat()
            .and_then(|seat| seat.living())
            .map(|living| living.session.clone());
        let command = session
            .ok_or_else(Problem::not_signed_in)
            .and_then(|session| curl::command(session.profile(), call));
        match command {
            Ok(command) => self.copy(command, "command", "Try to copy it once more.", reply),
            Err(problem) => {
                let _ = reply.send(Err(problem));
            }
        }
    }
}

fn cancelled() -> Problem {
    Problem::new(
        "cancelled",
        "You cancelled the call.",
        "The API may have acted on it already. Send it again when you are ready.",
    )
}
