//! What many rounds of the same work took.

use std::time::Duration;

/// The times of one kind of work.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sample(Vec<f64>);

impl Sample {
    /// Adds a time, or any other figure.
    pub(crate) fn push(&mut self, figure: f64) {
        self.0.push(figure);
    }

    /// Adds a time, in seconds.
    pub(crate) fn push_time(&mut self, time: Duration) {
        self.push(time.as_secs_f64());
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// The figure in the middle.
    pub(crate) fn median(&self) -> f64 {
        self.percentile(50.0)
    }

    /// The figure that so many of a hundred are not above.
    pub(crate) fn percentile(&self, hundredths: f64) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        let last = sorted.len().saturating_sub(1);
        let place = (last as f64 * hundredths / 100.0).round() as usize;
        sorted.get(place.min(last)).copied().unwrap_or(f64::NAN)
    }
}
