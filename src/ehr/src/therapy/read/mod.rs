//! From FHIR resources to [`Recorded`]: what each says about therapy, and nothing made of it yet.

mod administrations;
mod days;
mod dispenses;
mod drugs;
mod events;
mod orders;
mod plans;
mod procedures;
mod statements;
mod why;

use criteria::{Evidence, Gap, GapKind};

use self::days::{Course, Now};
use self::drugs::{Drugs, Said};
use self::why::{Why, Words};
use super::recorded::{Event, Exposure, Recorded, Strength};
use super::rules::TherapyRules;
use crate::elements::drug;
use crate::fhir::Concept;
use crate::reading::Reading;
use crate::record::Told;
use crate::search::Search;

/// The searches that therapy is found in.
pub const SEARCHES: [Search; 6] = [
    Search::MedicationRequests,
    Search::MedicationStatements,
    Search::MedicationAdministrations,
    Search::MedicationDispenses,
    Search::Procedures,
    Search::CarePlans,
];

/// The searches that what happened to the disease is found in.
pub const EVENT_SEARCHES: [Search; 3] =
    [Search::ClinicalObservations, Search::Conditions, Search::Procedures];

/// Everything that the record says about therapy by these rules.
#[must_use]
pub fn recorded(rules: &TherapyRules, reading: &Reading<'_, '_>) -> Recorded {
    let mut reader = Reader {
        rules,
        reading,
        now: Now::at(reading.at),
        drugs: Drugs::of(rules, reading.terminology, reading.record),
        recorded: Recorded::default(),
        unplaced: Vec::new(),
    };
    reader.order();
    reader.administrations();
    reader.dispenses();
    reader.statements();
    reader.orders();
    reader.procedures();
    reader.plans();
    reader.events();
    reader.not_read();
    reader.recorded.unplaced = drugs::unplaced(reader.unplaced);
    sorted(reader.recorded)
}

/// Reads one resource after the other.
struct Reader<'p, 'r, 'a> {
    rules: &'p TherapyRules,
    reading: &'p Reading<'r, 'a>,
    now: Now,
    drugs: Drugs,
    recorded: Recorded,
    /// Therapy that cannot be placed, and why.
    unplaced: Vec<(Evidence, &'static str)>,
}

/// What one resource says about its drug.
struct Telling<'w, 'a> {
    said: Said,
    strength: Strength,
    course: Course,
    evidence: Evidence,
    words: Words<'w, 'a>,
}

impl Reader<'_, '_, '_> {
    /// What the drug of a resource says, by the value sets that the record found for it.
    fn said(&self, told: Told, position: usize, drug: Option<&Concept<'_>>) -> Option<Said> {
        self.drugs.said(told, position).or_else(|| drugs::unknown(drug, self.rules, self.reading.terminology))
    }

    fn why(&self) -> Why<'_> {
        Why { reasons: &self.rules.reasons, terminology: self.reading.terminology }
    }

    fn tell(&mut self, telling: Telling<'_, '_>) {
        let Telling { said, strength, course: Course { start, last }, evidence, words } = telling;
        match said {
            Said::Agents(agents) => {
                // What was given for another disease may be no therapy of this one.
                let strength = if self.is_for_another(words.reason) {
                    strength.min(Strength::Ordered)
                } else {
                    strength
                };
                let (intent, ending) = (self.why().intent(&words), self.why().ending(&words));
                let exposure = Exposure { agents, strength, start, last, intent, ending, evidence };
                self.recorded.exposures.push(exposure);
            }
            Said::Unplaced(why) => self.unplaced.push((evidence, why)),
        }
    }

    /// Whether every reason is another disease.
    fn is_for_another(&self, reasons: &[Concept<'_>]) -> bool {
        let is_it = |other: &String| reasons.iter().all(|reason| self.reading.terminology.has(other, reason));
        !reasons.is_empty() && self.rules.other.as_ref().is_some_and(is_it)
    }

    /// The agents of the order that is being decided on, and of those beside it.
    fn order(&mut self) {
        let agents = |drug: Option<&Concept<'_>>| {
            drug.map(|drug| drugs::agents_of(self.rules, self.reading.terminology, drug)).unwrap_or_default()
        };
        self.recorded.ordered = agents(self.reading.order.drug.as_ref());
        let mut companions: Vec<usize> =
            drug::other_drafts(self.reading).flat_map(|draft| agents(draft.drug.as_ref())).collect();
        companions.sort_unstable();
        companions.dedup();
        self.recorded.companions = companions;
    }

    fn not_read(&mut self) {
        let gap = |detail| Gap { kind: GapKind::Unavailable, detail };
        self.recorded.not_read = self.reading.not_complete(&SEARCHES).into_iter().map(gap).collect();
        let events = self.reading.not_complete(&EVENT_SEARCHES).into_iter().map(gap);
        self.recorded.events_not_read.extend(events);
    }
}

/// In an order that does not hang on that of the resources; what says exactly the same counts once.
fn sorted(mut recorded: Recorded) -> Recorded {
    recorded.exposures.sort_by(|one, other| {
        let places = || place(&one.evidence).cmp(&place(&other.evidence));
        let rest = |one: &Exposure| (one.last, one.strength, one.intent, one.ending);
        let agents = || one.agents.cmp(&other.agents);
        let rest = || rest(one).cmp(&rest(other)).then_with(agents);
        one.start.cmp(&other.start).then_with(places).then_with(rest)
    });
    recorded.exposures.dedup();
    recorded.events.sort_by(|one, other| {
        let places = || place(&one.evidence).cmp(&place(&other.evidence));
        let rest = |event: &Event| (event.kind, event.may_be_earlier, event.is_sure);
        one.day.cmp(&other.day).then_with(places).then_with(|| rest(one).cmp(&rest(other)))
    });
    recorded.events.dedup();
    for gaps in [&mut recorded.unplaced, &mut recorded.not_read, &mut recorded.events_not_read] {
        gaps.sort_by(|one, other| (one.kind, &one.detail).cmp(&(other.kind, &other.detail)));
        gaps.dedup();
    }
    recorded
}

fn place(evidence: &Evidence) -> (&str, &str, &str, Option<&str>) {
    (&evidence.reference, &evidence.path, &evidence.value, evidence.date.as_deref())
}
