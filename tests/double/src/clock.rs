//! Clocks that a test moves.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use tokio::time::Instant;

/// A wall clock under control. Clones are the same clock.
#[derive(Clone, Debug)]
pub struct HandClock {
    course: Arc<Mutex<Course>>,
}

/// How time passes between two movements of the hand.
#[derive(Clone, Copy, Debug)]
enum Course {
    /// Not at all.
    Still(SystemTime),
    /// As the runtime's time does, which a test can pause.
    Runtime(SystemTime, Instant),
    /// As the computer's own does, so far ahead of it or behind.
    Running { ahead: Duration, behind: Duration },
}

impl HandClock {
    /// Stands at the present until it is moved.
    pub fn still() -> Self {
        Self::still_at(SystemTime::now())
    }

    /// Stands at a time until it is moved.
    pub fn still_at(time: SystemTime) -> Self {
        Self::on(Course::Still(time))
    }

    /// Begins at a time, and goes on as the runtime's clock does: with tokio's time paused, a test decides how fast.
    pub fn of_runtime(beginning: SystemTime) -> Self {
        Self::on(Course::Runtime(beginning, Instant::now()))
    }

    /// Goes as the computer's own clock until it is moved, and goes on from there.
    pub fn running() -> Self {
        Self::on(Course::Running {
            ahead: Duration::ZERO,
            behind: Duration::ZERO,
        })
    }

    fn on(course: Course) -> Self {
        Self {
            course: Arc::new(Mutex::new(course)),
        }
    }

    /// What it shows.
    pub fn now(&self) -> SystemTime {
        match *self.course() {
            Course::Still(time) => time,
            Course::Runtime(beginning, start) => beginning + start.elapsed(),
            Course::Running { ahead, behind } => SystemTime::now() + ahead - behind,
        }
    }

    /// Moves it on, as a computer's clock jumps when it wakes.
    pub fn advance(&self, by: Duration) {
        match &mut *self.course() {
            Course::Still(time) | Course::Runtime(time, _) => *time += by,
            Course::Running { ahead, .. } => *ahead += by,
        }
    }

    /// Moves it back, as when it is set right.
    pub fn set_back(&self, by: Duration) {
        match &mut *self.course() {
            Course::Still(time) | Course::Runtime(time, _) => *time -= by,
            Course::Running { behind, .. } => *behind += by,
        }
    }

    fn course(&self) -> std::sync::MutexGuard<'_, Course> {
        self.course.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(3600);

    #[test]
    fn it_goes_as_it_was_told_and_where_it_is_moved() {
        let begun = SystemTime::now();
        let still = HandClock::still_at(begun);
        still.advance(2 * HOUR);
        still.clone().set_back(HOUR);
        assert_eq!(still.now(), begun + HOUR);
        let running = HandClock::running();
        running.set_back(HOUR);
        let shown = running.now();
        assert!(shown >= begun - HOUR && shown < begun);
        assert!(running.now() >= shown);
    }
}
