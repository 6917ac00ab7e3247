//! Points of a request at which whoever asked can be killed.

use std::time::Duration;

use super::{Endpoint, Provider};
use crate::answer::Answer;
use crate::gate::Gate;

/// How far a request has come when its sender dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KillPoint {
    /// The provider has been asked, and has done nothing.
    Asked,
    /// It has done what it was asked, and told nothing of it.
    Done,
    /// It has told so many bytes of its answer's body.
    Told(usize),
    /// It has told everything, and so much time has passed.
    Since(Duration),
}

/// A request that stops at a kill point. Dropping it lets the request go on, if somebody is still there.
#[derive(Debug)]
pub struct Brink {
    gate: Gate,
    rest: Duration,
}

impl KillPoint {
    /// So many points in the order of a request: a quarter of them before the answer is whole, the other ones spread over
    /// the time that its sender goes on afterwards.
    ///
    /// `body` is about the length of the answer's body; an answer that turns out shorter is held at its end.
    pub fn spread(points: u32, body: usize, afterwards: Duration) -> Vec<Self> {
        let told = (points / 4).saturating_sub(2);
        let since = points.saturating_sub(told + 2);
        let within = (0..told).map(|point| Self::Told(body * point as usize / told as usize));
        let after = (0..since).map(|point| Self::Since(afterwards * point / since));
        [Self::Asked, Self::Done]
            .into_iter()
            .chain(within)
            .chain(after)
            .collect()
    }
}

impl Provider {
    /// Stops the next request of an endpoint at a point, to kill whoever sent it.
    pub fn brink(&self, endpoint: Endpoint, point: KillPoint) -> Brink {
        let gate = Gate::new();
        let held = gate.clone();
        let mut rest = Duration::ZERO;
        match point {
            KillPoint::Asked => self.replace_once(endpoint, move |_| Answer::lost().held(&held)),
            KillPoint::Done => self.bend_once(endpoint, move |_, answer| answer.held(&held)),
            KillPoint::Told(bytes) => {
                self.bend_once(endpoint, move |_, answer| answer.held_within(bytes, &held));
            }
            KillPoint::Since(span) => {
                rest = span;
                self.bend_once(endpoint, move |_, answer| answer.told_to(&held));
            }
        }
        Brink { gate, rest }
    }
}

impl Brink {
    /// Waits until the request is there.
    pub async fn reached(&self) {
        self.gate.reached().await;
        tokio::time::sleep(self.rest).await;
    }
}

impl Drop for Brink {
    fn drop(&mut self) {
        self.gate.open();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_in_the_order_of_a_request_and_as_many_as_were_asked_for() {
        let second = Duration::from_secs(1);
        let points = KillPoint::spread(40, 800, second);
        assert_eq!(points.len(), 40);
        assert_eq!(points[..2], [KillPoint::Asked, KillPoint::Done]);
        assert_eq!(points[2], KillPoint::Told(0));
        assert_eq!(points[9], KillPoint::Told(700));
        assert_eq!(points[10], KillPoint::Since(Duration::ZERO));
        assert!(matches!(points[39], KillPoint::Since(last) if last < second));
        assert_eq!(KillPoint::spread(2, 0, second).len(), 2);
    }
}
