//! A place where somebody is held until a test has seen them there: an event instead of a pause.

use tokio::sync::watch;

/// Holds whoever comes to it until it is opened. Clones are the same gate.
#[derive(Clone, Debug, Default)]
pub struct Gate {
    state: watch::Sender<State>,
}

#[derive(Clone, Copy, Debug, Default)]
struct State {
    arrived: usize,
    open: bool,
}

impl Gate {
    /// A closed gate.
    pub fn new() -> Self {
        Self::default()
    }

    /// Waits until somebody is there.
    pub async fn reached(&self) {
        self.reached_times(1).await;
    }

    /// Waits until so many have come.
    pub async fn reached_times(&self, times: usize) {
        self.wait(|state| state.arrived >= times).await;
    }

    /// Lets everybody through from now on.
    pub fn open(&self) {
        self.state.send_modify(|state| state.open = true);
    }

    /// Comes to it, and goes on when it is open.
    pub async fn pass(&self) {
        self.arrive();
        self.wait(|state| state.open).await;
    }

    /// Comes to it, and goes on at once.
    pub(crate) fn arrive(&self) {
        self.state.send_modify(|state| state.arrived += 1);
    }

    async fn wait(&self, mut until: impl FnMut(State) -> bool) {
        // The gate is its own sender: it cannot be gone while somebody waits at it.
        let _ = self.state.subscribe().wait_for(|state| until(*state)).await;
    }
}
