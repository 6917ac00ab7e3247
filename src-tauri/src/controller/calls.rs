//! Calls of the protected API, on behalf of the web UI, and the list of the last ones.

use std::sync::Arc;
use std::time::{Instant, SystemTime};

use doorkey_core::{Code, Session};
use tokio_util::sync::CancellationToken;

use super::Controller;
use super::event::{Event, Happening};
use super::seat::Seat;
use crate::curl;
use crate::demo::Need;
use crate::effects::Effects;
use crate::request::Reply;
use crate::view::{ApiAnswer, ApiCall, PastCall, Problem};

impl<E: Effects> Controller<E> {
    pub(super) fn call(&mut self, call: ApiCall, reply: Reply<ApiAnswer>) {
        let (demo, tasks) = (Arc::clone(&self.demo), self.tasks.clone());
        let teller = self.teller_now(&self.selected);
        let found = self
            .seat()
            .and_then(Seat::living)
            .map(|living| (living.session.clone(), living.calls.clone()));
        let Some((session, cancel)) = found else {
            let _ = reply.send(Err(Problem::not_signed_in()));
            return;
        };
        tasks.spawn(async move {
            let (at, since) = (SystemTime::now(), Instant::now());
            let answer = async {
                let _ = demo.ready(session.profile().clone(), Need::Session).await;
                session.call(call.clone().into()).await
            };
            // Dropping the call closes its connection. A refresh that it waits for is a task of its own and goes on.
            let answer = tokio::select! {
                biased;
                () = cancel.cancelled() => Err(cancelled()),
                answer = answer => {
                    let ended = matches!(&answer, Err(error) if error.code() == Code::SessionEnded);
                    let answer = answer.map(ApiAnswer::from).map_err(Problem::from);
                    if let Err(problem) = &answer && ended {
                        teller.tell(Happening::Ended(problem.message.clone()));
                    }
                    answer
                }
            };
            // Nobody listens any more once the app is quitting.
            let _ = teller.events.send(Event::Called {
                profile: teller.profile.clone(),
                at,
                took: since.elapsed(),
                call,
                outcome: answer.clone(),
            });
            let _ = reply.send(answer);
        });
    }

    /// Breaks off what runs. The next call is not touched by it.
    pub(super) fn cancel_calls(&mut self) {
        let Some(seat) = self.seat() else { return };
        seat.flows.call_cancelled();
        if let Some(living) = seat.living() {
            std::mem::replace(&mut living.calls, CancellationToken::new()).cancel();
        }
    }

    pub(super) fn past_call(&mut self, id: u32) -> Result<PastCall, Problem> {
        self.seat()
            .and_then(|seat| seat.calls.get(id))
            .ok_or_else(|| Problem::forgotten("call"))
    }

    pub(super) fn forget_calls(&mut self) {
        let forgotten = self.seat().map(|seat| seat.calls.forget());
        self.keep(forgotten);
    }

    pub(super) fn copy_curl(&mut self, call: ApiCall, reply: Reply<()>) {
        let session: Option<Session> = self
            .seat()
            .and_then(Seat::living)
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
