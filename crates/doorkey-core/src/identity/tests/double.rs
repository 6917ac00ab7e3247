//! A provider that answers everything as it was told, and a trace that is kept.

use std::sync::{Arc, Mutex};
use std::time::UNIX_EPOCH;

use doorkey_double::{Answer, HandClock, Request, Server};
use url::Url;

use crate::trace::{Flow, Step, StepKind, Trace, Value};

/// The server. Every path gets the same answer.
pub(in crate::identity) struct Double {
    answer: Arc<Mutex<Answer>>,
    server: Server,
}

impl Double {
    pub(in crate::identity) async fn start(answer: Answer) -> Self {
        let answer = Arc::new(Mutex::new(answer));
        let told = Arc::clone(&answer);
        let server = Server::start(move |_| told.lock().unwrap().clone()).await;
        Self {
            answer,
            server: server.unwrap(),
        }
    }

    pub(in crate::identity) fn url(&self, path: &str) -> Url {
        format!("{}/{path}", self.server.origin()).parse().unwrap()
    }

    pub(in crate::identity) fn answer(&self, answer: Answer) {
        *self.answer.lock().unwrap() = answer;
    }

    pub(in crate::identity) fn asked(&self) -> Vec<Request> {
        self.server.requests()
    }

    pub(in crate::identity) fn count(&self) -> usize {
        self.asked().len()
    }

    /// Waits until so many requests have arrived.
    pub(in crate::identity) async fn arrived(&self, count: usize) {
        self.server.asked(count).await;
    }

    /// Stops answering, as if the server were gone.
    pub(in crate::identity) async fn stop(&mut self) {
        self.server.stop().await;
    }
}

/// The steps that a trace told.
#[derive(Clone, Default)]
pub(in crate::identity) struct Steps(Arc<Mutex<Vec<Step>>>);

impl Steps {
    pub(in crate::identity) fn trace(&self) -> Trace {
        let steps = Arc::clone(&self.0);
        let observer = move |step: Step| steps.lock().unwrap().push(step);
        Trace::new(
            Flow::SignIn,
            Arc::new(HandClock::still_at(UNIX_EPOCH)),
            Some(Arc::new(observer)),
        )
    }

    /// Each step, and the code that it failed with.
    pub(in crate::identity) fn told(&self) -> Vec<(StepKind, Option<String>)> {
        let failure = |step: &Step| {
            let code = step
                .fields
                .iter()
                .find(|(name, _)| *name == "code")
                .map(|(_, value)| format!("{value:?}"));
            step.failure.as_ref().and(code)
        };
        self.0
            .lock()
            .unwrap()
            .iter()
            .map(|step| (step.kind, failure(step)))
            .collect()
    }

    /// What was shown with the steps of a kind.
    pub(in crate::identity) fn fields(&self, kind: StepKind) -> Vec<String> {
        let steps = self.0.lock().unwrap();
        let of_kind = steps.iter().filter(|step| step.kind == kind);
        of_kind
            .flat_map(|step| &step.fields)
            .map(|(name, value)| match value {
                Value::Shown(text) => format!("{name} = {text}"),
                Value::Hidden(_) => format!("{name} is hidden"),
            })
            .collect()
    }

    /// Everything that was told, as text.
    pub(in crate::identity) fn text(&self) -> String {
        format!("{:?}", self.0.lock().unwrap())
    }
}
