//! What an answer comes to, to be counted when it has left. Nothing of it is a caller's to choose.

use std::time::Duration;

use criteria::Determination;
use criteria::GapKind;
use ehr::fetch::Asked;
use hooks::{Indicator, Response};

use crate::decision::Decisions;

/// What one answer comes to.
#[derive(Debug, Default)]
pub struct Tally {
    /// Each card: the code of its topic, and its indicator.
    pub cards: Vec<(String, Indicator)>,
    /// Each policy that was evaluated: its id, and what it came to.
    pub determinations: Vec<(String, Determination)>,
    /// Each gap in what is known.
    pub gaps: Vec<GapKind>,
    /// How the searches at the EHR went.
    pub asked: Vec<Asked>,
    /// How long each step took.
    pub steps: Vec<(&'static str, Duration)>,
}

impl Tally {
    /// Of an answer.
    #[must_use]
    pub fn of(
        decisions: &Decisions<'_, '_>,
        response: &Response,
        steps: &[(&'static str, Duration)],
    ) -> Self {
        let topic = |topic: &hooks::Coding| topic.code.clone();
        let cards = response.cards.iter();
        let cards =
            cards.map(|card| (card.source.topic.as_ref().map_or_else(String::new, topic), card.indicator));
        let evaluations = decisions.orders.iter().flat_map(|decision| &decision.evaluations);
        let known = decisions.orders.iter().flat_map(|decision| {
            decision.drug.elements.iter().filter_map(|index| decision.knowledge.get(*index))
        });
        Self {
            cards: cards.collect(),
            determinations: evaluations
                .map(|evaluation| (evaluation.policy.id.clone(), evaluation.determination))
                .collect(),
            gaps: known.flat_map(|known| &known.gaps).map(|gap| gap.kind).collect(),
            asked: Vec::new(),
            steps: steps.to_vec(),
        }
    }
}
