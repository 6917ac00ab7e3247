//! Google, for calling Google Cloud: the same provider, and an API below `/v1`.

use super::{Answer, Api, Personality, google};

pub(super) const PERSONALITY: Personality = Personality {
    id: "google-cloud",
    title: "Google Cloud",
    api: Api {
        resources: &[
            ("/v1/projects", Answer::Projects),
            ("/api/me", Answer::Me),
            ("/api/v1/workflows", Answer::Workflows),
            ("/api/v1/executions", Answer::Executions),
        ],
        ..Api::STANDARD
    },
    ..google::PERSONALITY
};
