//! The client secrets of profiles: whether one is kept, to keep one, to forget it. None is ever told.

use doorkey_core::{Doorkey, KeychainState, Profile, ProfileName, Storage};

use super::Controller;
use crate::effects::Effects;
use crate::request::{Reply, SecretQuestion};
use crate::view::{ClientSecretView, Problem};

/// The field of a form that holds it.
const FIELD: &str = "client_secret";

impl<E: Effects> Controller<E> {
    /// Asks the keychain, which may take as long as the person does.
    pub(super) fn ask_client_secret(
        &mut self,
        profile: &ProfileName,
        question: SecretQuestion,
        reply: Reply<ClientSecretView>,
    ) {
        let engine = self.seat().map(|seat| seat.engine.clone());
        match (self.load(profile), engine) {
            (Ok(profile), Some(engine)) => {
                self.tasks.spawn(async move {
                    let _ = reply.send(answer(&engine, &profile, question).await);
                });
            }
            (Err(error), _) => drop(reply.send(Err(error.into()))),
            (_, None) => drop(reply.send(Err(Problem::quitting()))),
        }
    }
}

async fn answer(
    engine: &Doorkey,
    profile: &Profile,
    question: SecretQuestion,
) -> Result<ClientSecretView, Problem> {
    let mut memory_only = None;
    match question {
        SecretQuestion::IsKept => {
            // The system would ask for a password, out of the blue.
            let state = engine.keychain().await;
            if let (KeychainState::Locked { .. }, Some(locked)) = (&state, state.problem()) {
                return Err(locked.into());
            }
        }
        SecretQuestion::Keep(secret) => {
            let kept = engine.set_client_secret(profile, secret).await;
            let storage = kept.map_err(|error| Problem {
                field: Some(FIELD.to_owned()),
                ..error.into()
            })?;
            if let Storage::Memory { reason } = storage {
                memory_only = reason;
            }
        }
        SecretQuestion::Forget => engine.forget_client_secret(profile).await?,
    }
    Ok(ClientSecretView {
        kept: engine.has_client_secret(profile).await?,
        memory_only,
    })
}
