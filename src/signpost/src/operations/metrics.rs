//! What is counted, for Prometheus.
//!
//! Labels are words of this program, of the content and of the configuration: nothing of a patient, and nothing that a
//! caller chooses, so that there are only so many of them.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use journal::{Failure, Outcome, Taken};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::{Family, MetricConstructor};
use prometheus_client::metrics::histogram::Histogram;

use crate::tally::Tally;

/// Seconds: from what a small request takes to what nobody waits for.
const SECONDS: [f64; 14] =
    [0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// What is counted. It begins at nothing with the process.
#[derive(Debug)]
pub struct Metrics {
    pub(super) calls: Family<Status, Counter>,
    pub(super) call_time: Times<Service>,
    pub(super) hung_up: Family<Service, Counter>,
    pub(super) step_time: Times<Step>,
    pub(super) cards: Family<Card, Counter>,
    pub(super) determinations: Family<Determined, Counter>,
    pub(super) gaps: Family<Kind, Counter>,
    pub(super) searches: Family<Search, Counter>,
    pub(super) search_time: Times<Outcomes>,
    pub(super) writes: Family<Outcomes, Counter>,
    pub(super) write_time: Times<Outcomes>,
    pub(super) feedback: Family<Outcomes, Counter>,
    pub(super) feedback_taken: Family<Kind, Counter>,
    pub(super) refused: Family<Reason, Counter>,
    /// Seconds since 1970.
    pub(super) started: f64,
}

pub(super) type Times<L> = Family<L, Histogram, Seconds>;

/// Makes histograms of seconds.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Seconds;

impl MetricConstructor<Histogram> for Seconds {
    fn new_metric(&self) -> Histogram {
        Histogram::new(SECONDS)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct Status {
    service: String,
    status: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct Service {
    service: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct Step {
    step: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct Card {
    service: String,
    topic: String,
    indicator: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct Determined {
    policy: String,
    determination: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct Kind {
    kind: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct Search {
    search: &'static str,
    outcome: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct Outcomes {
    outcome: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct Reason {
    reason: &'static str,
}

impl Default for Metrics {
    fn default() -> Self {
        let started = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self {
            calls: Family::default(),
            call_time: times(),
            hung_up: Family::default(),
            step_time: times(),
            cards: Family::default(),
            determinations: Family::default(),
            gaps: Family::default(),
            searches: Family::default(),
            search_time: times(),
            writes: Family::default(),
            write_time: times(),
            feedback: Family::default(),
            feedback_taken: Family::default(),
            refused: Family::default(),
            started: started.as_secs_f64(),
        }
    }
}

fn times<L: Clone + std::hash::Hash + Eq>() -> Times<L> {
    Family::new_with_constructor(Seconds)
}

impl Metrics {
    /// A hook call of this service (empty: of none that there is) was answered.
    pub fn called(&self, service: &str, status: u16, took: Duration) {
        let service = service.to_owned();
        let status = u64::from(status);
        self.calls.get_or_create(&Status { service: service.clone(), status }).inc();
        self.call_time.get_or_create(&Service { service }).observe(took.as_secs_f64());
    }

    /// A caller did not wait for the answer.
    pub fn hung_up(&self, service: &str) {
        self.hung_up.get_or_create(&Service { service: service.to_owned() }).inc();
    }

    /// An answer with cards leaves.
    pub fn answered(&self, service: &str, tally: Tally) {
        let Tally { cards, determinations, gaps, asked, steps } = tally;
        for (topic, indicator) in cards {
            let card = Card { service: service.to_owned(), topic, indicator: indicator.as_str() };
            self.cards.get_or_create(&card).inc();
        }
        for (policy, determination) in determinations {
            let determined = Determined { policy, determination: determination.as_str() };
            self.determinations.get_or_create(&determined).inc();
        }
        for kind in gaps {
            self.gaps.get_or_create(&Kind { kind: kind.as_str() }).inc();
        }
        for one in asked {
            let outcome = one.reason.map_or("complete", ehr::search::Reason::name);
            self.searches.get_or_create(&Search { search: one.search.key(), outcome }).inc();
            self.search_time.get_or_create(&Outcomes { outcome }).observe(one.took.as_secs_f64());
        }
        for (step, took) in steps {
            self.step(step, took);
        }
    }

    fn step(&self, step: &'static str, took: Duration) {
        self.step_time.get_or_create(&Step { step }).observe(took.as_secs_f64());
    }

    /// Decisions were written down, or not.
    pub fn written(&self, failure: Option<&Failure>, took: Duration) {
        let outcome = Outcomes { outcome: failure.map_or("written", Failure::name) };
        self.writes.get_or_create(&outcome).inc();
        self.write_time.get_or_create(&outcome).observe(took.as_secs_f64());
        self.step("journal", took);
    }

    /// Feedback was taken.
    pub fn told<'o>(&self, outcomes: impl Iterator<Item = &'o Outcome>, taken: &Taken) {
        for outcome in outcomes {
            let outcome = match outcome {
                Outcome::Accepted { .. } => "accepted",
                Outcome::Overridden { .. } => "overridden",
            };
            self.feedback.get_or_create(&Outcomes { outcome }).inc();
        }
        let Taken { stored, repeated, unknown } = *taken;
        for (kind, count) in [("stored", stored), ("repeated", repeated), ("unknown", unknown)] {
            self.feedback_taken.get_or_create(&Kind { kind }).inc_by(count);
        }
    }

    /// A caller was not let in.
    pub fn refused(&self, reason: &'static str) {
        self.refused.get_or_create(&Reason { reason }).inc();
    }
}
