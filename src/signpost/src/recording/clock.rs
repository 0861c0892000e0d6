//! How long each step took.

use std::time::{Duration, Instant};

/// Times the steps of one call, from when it is made.
#[derive(Debug)]
pub struct Clock {
    last: Instant,
    steps: Vec<(&'static str, Duration)>,
}

impl Default for Clock {
    fn default() -> Self {
        Self { last: Instant::now(), steps: Vec::new() }
    }
}

impl Clock {
    /// Ends a step.
    pub fn ends(&mut self, name: &'static str) {
        let now = Instant::now();
        self.steps.push((name, now.duration_since(self.last)));
        self.last = now;
    }

    /// The steps so far.
    #[must_use]
    pub fn steps(&self) -> &[(&'static str, Duration)] {
        &self.steps
    }
}
