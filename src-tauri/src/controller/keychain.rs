//! The keychain as Settings show it.

use std::time::SystemTime;

use doorkey_core::{Error, KeychainState};

use super::Controller;
use super::event::Event;
use crate::effects::Effects;
use crate::flow::milliseconds;
use crate::problem::sentence;
use crate::request::{KeychainQuestion, Reply};
use crate::view::{KeychainReport, KeychainStands, Problem};

impl<E: Effects> Controller<E> {
    /// Asks the keychain, which may take as long as the person does.
    pub(super) fn ask_keychain(
        &mut self,
        question: KeychainQuestion,
        reply: Reply<KeychainReport>,
    ) {
        let Some(engine) = self.seat().map(|seat| seat.engine.clone()) else {
            let _ = reply.send(Err(Problem::quitting()));
            return;
        };
        let events = self.events.clone();
        tokio::spawn(async move {
            let asked = match question {
                KeychainQuestion::State => Ok(None),
                KeychainQuestion::Test => engine
                    .test_keychain()
                    .await
                    .map(|()| Some(milliseconds(SystemTime::now()))),
                KeychainQuestion::Unlock => engine.unlock_keychain().await.map(|()| None),
            };
            let state = engine.keychain().await;
            // Nobody listens any more once the app is quitting.
            let _ = events.send(Event::KeychainSeen(state.clone()));
            let _ = reply.send(match asked {
                Ok(tested) => Ok(report(&state, tested)),
                Err(error) => Err(error.into()),
            });
        });
    }
}

fn report(state: &KeychainState, tested: Option<u64>) -> KeychainReport {
    let stands = match state {
        KeychainState::Ready { .. } => KeychainStands::Ready,
        KeychainState::Locked { .. } => KeychainStands::Locked,
        KeychainState::NeverSetUp => KeychainStands::NeverSetUp,
        _ => KeychainStands::Absent,
    };
    KeychainReport {
        stands,
        name: state.name().map(str::to_owned),
        sentence: match state.problem() {
            None => "Sessions are kept in the system keychain.".to_owned(),
            Some(problem) => told(&problem),
        },
        tested,
    }
}

/// An error of the keychain in a sentence or two, with what to do about it.
pub(super) fn told(error: &Error) -> String {
    format!("{} {}", sentence(&error.message()), error.hint())
}
