//! What pages can do to a sign-in in a real browser. The attacks are a page's own script, and the page is a stranger's: it
//! comes from another name and another port. That each attack did reach the port is seen in the trace.

mod pages;
mod requests;

use std::time::Duration;

use doorkey_core::{Doorkey, Session, Step, StepKind, Value as Field};
use doorkey_double::{Answer, Endpoint, Server};
use doorkey_tests::{browser::Browser, process::READY};
use fantoccini::{Client, Locator};
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::time::timeout;

use crate::scene::{Pending, Scene};

/// A person who signs in, a browser, and a page that means harm.
struct Stage {
    scene: Scene,
    browser: Browser,
    strays: Strays,
    evil: Server,
}

impl Stage {
    async fn new() -> Self {
        let browser = Browser::start().await.expect("a browser");
        let page = "<!doctype html><title>evil</title><body>";
        let evil = Server::start(move |_| Answer::bytes("text/html", page));
        Self {
            scene: Scene::new().await,
            browser,
            strays: Strays::default(),
            evil: evil.await.expect("a port"),
        }
    }

    fn page(&self) -> &Client {
        self.browser.driver()
    }

    /// An engine whose strays are counted.
    fn doorkey(&self) -> Doorkey {
        let strays = self.strays.clone();
        self.scene
            .doorkey()
            .observed(move |step| strays.take(&step))
    }

    /// A sign-in that waits for its answer.
    async fn pending(&self) -> Pending {
        let sign_in = self.doorkey().begin(&self.scene.profile).await;
        self.scene.agreed(sign_in.expect("to begin"))
    }

    /// The stranger's page under a name.
    fn evil(&self, host: &str) -> String {
        format!("http://{host}:{}/", self.evil.address().port())
    }

    /// Opens the stranger's page and runs a script there, which calls `done` when it has done its worst.
    async fn attack(&self, host: &str, script: &str, arguments: Vec<Value>) -> Value {
        self.open(&self.evil(host)).await;
        self.run(script, arguments).await
    }

    /// Runs a script in the page that is open, as its own.
    async fn run(&self, script: &str, arguments: Vec<Value>) -> Value {
        let script = format!("const done = arguments[arguments.length - 1];\n{script}");
        let ran = self.page().execute_async(&script, arguments).await;
        ran.expect("the script to end")
    }

    async fn open(&self, address: &str) {
        self.page().goto(address).await.expect("a page");
    }

    /// The true answer comes by the person's own navigation, and everything is as if nothing had been before it: one exchange
    /// in all, and the tab says so.
    async fn completes(&self, pending: Pending) -> Session {
        assert!(!pending.finished.is_finished(), "the attempt is pending");
        assert_eq!(self.scene.count(Endpoint::Token), 0);
        assert_eq!(self.scene.store.names(), Vec::<String>::new());
        self.open(&pending.callback.address()).await;
        self.arrived(pending).await
    }

    /// The same when the navigation has begun.
    async fn arrived(&self, pending: Pending) -> Session {
        let session = pending.finished.await.expect("an end").expect("a session");
        let title = Locator::XPath("//title[contains(text(), 'You are signed in')]");
        let shown = self.page().wait().at_most(READY).for_element(title).await;
        shown.expect("the page of a sign-in that is done");
        assert_eq!(self.scene.count(Endpoint::Token), 1);
        session
    }
}

/// Why requests were turned away, in order.
#[derive(Clone, Default)]
struct Strays(watch::Sender<Vec<String>>);

impl Strays {
    fn take(&self, step: &Step) {
        if step.kind != StepKind::StrayRequest {
            return;
        }
        let reason = step.fields.iter().find(|(name, _)| *name == "reason");
        if let Some((_, Field::Shown(reason))) = reason {
            self.0.send_modify(|reasons| reasons.push(reason.clone()));
        }
    }

    fn count(&self, reason: &str) -> usize {
        count(&self.0.borrow(), reason)
    }

    /// Waits until so many requests were turned away for a reason.
    async fn told(&self, times: usize, reason: &str) {
        let mut changes = self.0.subscribe();
        let told = timeout(
            READY + Duration::from_secs(5),
            changes.wait_for(|reasons| count(reasons, reason) >= times),
        );
        if told.await.is_err() {
            panic!("not {times} times {reason}: {:?}", self.0.borrow());
        }
    }
}

fn count(reasons: &[String], reason: &str) -> usize {
    reasons.iter().filter(|other| *other == reason).count()
}

fn text(value: &str) -> Vec<Value> {
    vec![json!(value)]
}
