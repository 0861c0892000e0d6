//! Decisions to cards: at most one card per topic and order, critical first.

mod coverage;
mod dose;
mod extension;
mod ids;
mod limits;
mod markdown;
mod suggestions;
mod unrecognized;
mod words;

pub use extension::{DeterminationJson, LimitJson, determination_json, limit_json};
pub(crate) use ids::{card_id, names};
pub use markdown::escaped;
pub use unrecognized::Unrecognized;

use hooks::{Card, Coding, Indicator, Response};

use crate::content::{Content, Service};
use crate::decision::{Decision, Decisions};

/// What every card of one order is made from.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'s, 'c, 'a> {
    /// The content.
    pub content: &'c Content,
    /// The service that was called.
    pub service: &'c Service,
    /// The call.
    pub call: Call<'s>,
    /// The order, as ids name it.
    pub name: &'s str,
    /// The decision about the order.
    pub decision: &'s Decision<'c, 'a>,
    /// Where the whole explanation of the decision can be read.
    pub explanation: Option<&'s str>,
}

/// What cards need to know of the hook call.
#[derive(Debug, Clone, Copy)]
pub struct Call<'s> {
    /// UUID of the firing of the hook.
    pub hook_instance: &'s str,
    /// The patient's logical id.
    pub patient_id: &'s str,
    /// The encounter's logical id.
    pub encounter_id: Option<&'s str>,
    /// The day of the evaluation, `YYYY-MM-DD`.
    pub day: &'s str,
}

/// The cards for all orders, critical first; within an indicator, in the order of the draft Bundle.
#[must_use]
pub fn response(content: &Content, service: &Service, day: &str, decisions: &Decisions<'_, '_>) -> Response {
    response_with(content, service, day, decisions, &[])
}

/// The same, with links to where the explanation of each decision can be read, in the order of the decisions.
#[must_use]
pub fn response_with(
    content: &Content,
    service: &Service,
    day: &str,
    decisions: &Decisions<'_, '_>,
    explanations: &[String],
) -> Response {
    let call = Call {
        hook_instance: &decisions.hook_instance,
        patient_id: &decisions.context.patient_id,
        encounter_id: decisions.context.encounter_id.as_deref(),
        day,
    };
    let names = names(decisions.orders.iter().map(|decision| decision.order.reference.as_str()));
    let mut cards: Vec<Card> = decisions
        .orders
        .iter()
        .zip(&names)
        .enumerate()
        .flat_map(|(place, (decision, name))| {
            let explanation = explanations.get(place).map(String::as_str);
            let subject = Subject { content, service, call, name, decision, explanation };
            limits::cards(&subject).into_iter().chain(coverage::cards(&subject))
        })
        .collect();
    cards.sort_by_key(|card| std::cmp::Reverse(card.indicator));
    Response { cards, system_actions: Vec::new() }
}

impl Subject<'_, '_, '_> {
    /// Finishes a card: its id, and the reasons a user may give for not following it.
    fn finish(&self, card: Card, topic: &str) -> Card {
        let overridable = card.indicator != Indicator::Info;
        let reasons =
            self.service.file.override_reasons.iter().filter(|_| overridable).map(|reason| Coding {
                code: reason.code.clone(),
                system: reason.system.clone(),
                display: Some(reason.display.clone()),
            });
        let id = card_id(self.call.hook_instance, &self.service.file.id, self.name, topic);
        Card { uuid: Some(id), override_reasons: reasons.collect(), ..card }
    }

    /// The id of something in the answer about this order.
    fn id(&self, parts: &[&str]) -> String {
        let mut all = vec![self.call.hook_instance, self.service.file.id.as_str(), self.name];
        all.extend(parts);
        ids::id(&all)
    }

    /// The line that says which order a card is about.
    fn about(&self) -> String {
        let drug = self
            .decision
            .order
            .drug
            .as_ref()
            .and_then(|drug| drug.shown())
            .unwrap_or(&self.decision.drug.file.generic);
        format!("**Order:** {} ({})\n\n", escaped(drug), escaped(&self.decision.order.reference))
    }
}
