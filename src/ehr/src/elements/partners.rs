//! The drugs that are ordered together with an order: in the same hook, or active on record within the window.

use std::collections::BTreeSet;

use criteria::{Element, Evidence, Gap, GapKind, Members, Possible};

use super::dated;
use super::standing::{self, Standing};
use super::{cited, drug};
use crate::content::Definition;
use crate::fhir::{Concept, Dosage, MedicationRequest};
use crate::quantity::clipped;
use crate::reading::{Find, Finding, Reading};
use crate::record::{Drug, Told};
use crate::search::Search;
use crate::source::{Absence, OrderPartners};
use crate::when::Window;

impl Find for OrderPartners {
    fn searches(&self) -> Vec<Search> {
        vec![Search::MedicationRequests]
    }

    fn find(&self, element: &Definition, reading: &Reading<'_, '_>) -> Finding {
        let mut partners = Partners { source: self, element, reading, seen: Seen::default() };
        for draft in drug::other_drafts(reading) {
            let evidence = cited::order(draft.reference.clone(), draft.drug.as_ref(), &draft.request);
            partners.drafted(draft.drug.as_ref(), &draft.request.dosage_instruction, evidence);
        }
        for order in &reading.record.medication_requests {
            partners.on_record(order);
        }
        partners.stated();
        if reading.drafts.has_unreadable {
            let detail = "one of the draft orders could not be read".to_owned();
            partners.seen.open(GapKind::Unavailable, detail);
        }
        let missing = reading.not_complete(&self.searches());
        if !missing.is_empty() {
            let detail = format!("another order may be in what could not be read: {}", missing.join(", "));
            partners.seen.open(GapKind::Unavailable, detail);
        }
        cited::sorted(partners.finding())
    }
}

/// Words of what is put on the skin or into the eye.
const LOCAL: [&str; 12] = [
    "cream",
    "cutaneous",
    "eye",
    "gel",
    "intraocular",
    "intravitreal",
    "lotion",
    "ointment",
    "ophthalmic",
    "shampoo",
    "topical",
    "topically",
];

/// Whether a drug, or each way in which it is to be taken, says that it acts where it is put.
fn is_local(concept: &Concept<'_>, dosages: &[Dosage<'_>]) -> bool {
    let says = |concept: &Concept<'_>| concept.says_one_of(&LOCAL);
    says(concept)
        || (!dosages.is_empty() && dosages.iter().all(|dosage| dosage.route.get().is_some_and(says)))
}

#[derive(Default)]
struct Seen {
    inside: u64,
    maybe: u64,
    /// Whether any member may be in, by something that could not be read.
    is_open: bool,
    evidence: Vec<Evidence>,
    gaps: Vec<Gap>,
}

impl Seen {
    fn gap(&mut self, kind: GapKind, detail: String) {
        self.gaps.push(Gap { kind, detail });
    }

    fn open(&mut self, kind: GapKind, detail: String) {
        self.is_open = true;
        self.gap(kind, detail);
    }
}

struct Partners<'p, 'r, 'a> {
    source: &'p OrderPartners,
    element: &'p Definition,
    reading: &'p Reading<'r, 'a>,
    seen: Seen,
}

impl Partners<'_, '_, '_> {
    fn drafted(&mut self, concept: Option<&Concept<'_>>, dosages: &[Dosage<'_>], evidence: Evidence) {
        let Some(concept) = drug::resolved(concept, self.reading.terminology) else {
            let detail = format!("the drug of {} is not stated", evidence.reference);
            self.seen.evidence.push(evidence);
            return self.seen.open(GapKind::Imprecise, detail);
        };
        if self.is_own(concept) {
            return;
        }
        if self.is_unnamed(concept) {
            return self.unnamed(evidence);
        }
        let bits = self.members(concept, |_| true);
        if bits != 0 && is_local(concept, dosages) {
            self.locally(&evidence, bits);
        } else {
            self.seen.inside |= bits;
        }
        self.cite(evidence, bits);
    }

    /// Whether an order only says that it is for such a drug.
    fn is_unnamed(&self, concept: &Concept<'_>) -> bool {
        let says_only = |set: &String| self.reading.terminology.says_only(set, concept);
        self.source.unnamed.as_ref().is_some_and(says_only) && self.members(concept, |_| true) == 0
    }

    fn unnamed(&mut self, evidence: Evidence) {
        let detail = format!("{} does not say which drug it is for", cited::words(&evidence));
        self.seen.evidence.push(evidence);
        self.seen.open(GapKind::Imprecise, detail);
    }

    /// A drug that acts on the skin or the eye may be no systemic therapy beside the order.
    fn locally(&mut self, evidence: &Evidence, bits: u64) {
        self.seen.maybe |= bits;
        let shown = cited::words(evidence);
        self.seen.gap(GapKind::Imprecise, format!("{shown} acts on the skin or the eye, by its words"));
    }

    fn on_record(&mut self, order: &Drug<'_, MedicationRequest<'_>>) {
        let request = &order.resource;
        let standing = standing::order(request);
        if standing == Standing::SaysNothing || drug::is_draft(request.id.get(), self.reading) {
            return;
        }
        let reference = cited::reference("MedicationRequest", &request.id);
        let mut evidence = cited::order(reference, order.concept.as_ref(), request);
        let when = dated::spanning([request.authored_on.get()]);
        let window = dated::window(when, self.element.window_days, self.reading.at);
        if window == Window::Outside {
            if self.was_dispensed(order.concept.as_ref(), evidence.clone()) {
                return;
            }
            let days = dated::days_before(when, self.reading.at);
            return self.over(order.concept.as_ref(), evidence, &format!("ordered {days} days ago"));
        }
        let Some(concept) = drug::resolved(order.concept.as_ref(), self.reading.terminology) else {
            let detail = format!("the drug of the active order {} is not known", evidence.reference);
            self.seen.evidence.push(evidence);
            return self.seen.open(GapKind::Imprecise, detail);
        };
        if self.is_own(concept) {
            return;
        }
        if self.is_unnamed(concept) {
            return self.unnamed(evidence);
        }
        let doubt = match (standing, window) {
            (Standing::Doubtful(why), _) => Some(format!("is {why}")),
            (_, Window::Unclear | Window::Ahead) => Some("has no clear date".to_owned()),
            // Active and not stopped: whether it goes on in the next cycle is not told.
            _ => standing::ran_out(request, self.reading.at)
                .map(|end| format!("ran out on {}, and is active", clipped(&end))),
        };
        let shown = cited::words(&evidence);
        let ongoing = self.members(concept, |member| self.is_maybe_if_ongoing(member)) & !self.seen.inside;
        let sure = self.members(concept, |member| !self.is_maybe_if_ongoing(member));
        if ongoing != 0 {
            let detail = format!("{shown} is ongoing; whether it goes on beside the order is not recorded");
            self.seen.gap(GapKind::Imprecise, detail);
            evidence.note = Some("ongoing".to_owned());
        }
        self.seen.maybe |= ongoing;
        let doubt = doubt.or_else(|| {
            is_local(concept, &request.dosage_instruction)
                .then(|| "acts on the skin or the eye, by its words".to_owned())
        });
        match doubt {
            Some(doubt) if sure != 0 => {
                self.seen.maybe |= sure;
                self.seen.gap(GapKind::Imprecise, format!("{shown} {doubt}"));
            }
            Some(_) => {}
            None => self.seen.inside |= sure,
        }
        self.cite(evidence, ongoing | sure);
    }

    /// Whether the drug of an order before the window was handed out within it: then it may go on beside the order.
    fn was_dispensed(&mut self, concept: Option<&Concept<'_>>, mut evidence: Evidence) -> bool {
        let Some(concept) = concept.filter(|concept| !self.is_own(concept)) else { return false };
        let Reading { record, at, .. } = self.reading;
        let is_recent = |position: &usize| {
            record.medication_dispenses.get(*position).is_some_and(|drug| {
                let dispense = &drug.resource;
                let handed = dispense.when_handed_over.get().or_else(|| dispense.when_prepared.get());
                let when = dated::spanning([handed]);
                !matches!(dispense.status.get(), Some("cancelled" | "declined" | "entered-in-error"))
                    && dated::window(when, self.element.window_days, *at) != Window::Outside
            })
        };
        let bits = self.members(concept, |member| {
            let set = self.source.members.get(member);
            set.is_some_and(|set| record.positions_in(Told::Dispense, set).iter().any(is_recent))
        });
        if bits == 0 {
            return false;
        }
        let shown = cited::words(&evidence);
        let detail = format!("{shown} was ordered before the window, and may have been dispensed within it");
        self.seen.gap(GapKind::Imprecise, detail);
        self.seen.maybe |= bits & !self.seen.inside;
        evidence.note = Some("dispensed since".to_owned());
        self.seen.evidence.push(evidence);
        true
    }

    /// What the patient is said to take has no order to be counted by: it may go on beside the order.
    fn stated(&mut self) {
        let Reading { record, at, .. } = self.reading;
        let sets = self.source.members.values();
        let positions: BTreeSet<usize> =
            sets.flat_map(|set| record.positions_in(Told::Statement, set).iter().copied()).collect();
        for taken in positions.into_iter().filter_map(|position| record.medication_statements.get(position)) {
            let (statement, Some(concept)) = (&taken.resource, taken.concept.as_ref()) else { continue };
            // An open period goes on until it is closed; else the last date counts.
            let period = statement.effective_period.get();
            let last = match period {
                Some(period) => period.end.get(),
                None => statement.effective_date_time.get(),
            };
            let last = dated::spanning([last]);
            let has_ended = dated::window(last, self.element.window_days, *at) == Window::Outside;
            if !statement.status.is("active") || has_ended || self.is_own(concept) {
                continue;
            }
            let bits = self.members(concept, |_| true) & !self.seen.inside;
            let mut evidence = cited::statement(Some(concept), statement);
            if bits != 0 {
                let shown = cited::words(&evidence);
                let detail = format!("{shown} is taken; whether it goes on beside the order is not recorded");
                self.seen.gap(GapKind::Imprecise, detail);
                self.seen.maybe |= bits;
            }
            evidence.note = Some("stated as taken".to_owned());
            self.seen.evidence.push(evidence);
        }
    }

    /// An order before the window is not given together; a partner's is named all the same.
    fn over(&mut self, concept: Option<&Concept<'_>>, mut evidence: Evidence, why: &str) {
        let is_partner = concept.is_some_and(|concept| self.members(concept, |_| true) != 0);
        if is_partner && concept.is_some_and(|concept| !self.is_own(concept)) {
            evidence.note = Some(format!("{why}: not counted as given together"));
            self.seen.evidence.push(evidence);
        }
    }

    fn cite(&mut self, mut evidence: Evidence, bits: u64) {
        if bits == 0 {
            evidence.note = Some("not known as an antineoplastic drug: not a partner".to_owned());
        }
        self.seen.evidence.push(evidence);
    }

    /// Whether it is the order's own drug. Words alone do not make it so for what is in more value sets than the order's
    /// drug: two different drugs may both be called "chemotherapy infusion".
    fn is_own(&self, concept: &Concept<'_>) -> bool {
        let Some(own) = &self.reading.order.drug else { return false };
        drug::is_same_code(own, concept)
            || (drug::is_same_text(own, concept)
                && self.members(concept, |_| true) & !self.members(own, |_| true) == 0)
    }

    fn is_maybe_if_ongoing(&self, member: &str) -> bool {
        self.source.maybe_if_ongoing.iter().any(|maybe| maybe == member)
    }

    /// The members that a drug belongs to, of those that are asked for.
    fn members(&self, concept: &Concept<'_>, is_asked: impl Fn(&str) -> bool) -> u64 {
        let Element { kind, .. } = &self.element.element;
        let members = self.source.members.iter().filter(|(member, _)| is_asked(member));
        members
            .filter(|(_, set)| self.reading.terminology.has(set, concept))
            .filter_map(|(member, _)| kind.member_named(member))
            .fold(0, |all, bit| all | bit)
    }

    fn finding(self) -> Finding {
        let Seen { inside, maybe, is_open, mut evidence, gaps } = self.seen;
        let Possible::Set(_) = self.element.element.kind.domain() else { return Finding::nothing() };
        let declared =
            self.source.members.keys().filter_map(|member| self.element.element.kind.member_named(member));
        let is_known_out = !is_open && self.element.absence == Absence::No;
        let outside =
            if is_known_out { declared.fold(0, |all, bit| all | bit) & !inside & !maybe } else { 0 };
        if evidence.is_empty() && outside != 0 {
            let order = self.reading.order;
            let mut own = cited::order(order.reference.clone(), order.drug.as_ref(), &order.request);
            own.note = Some("ordered alone".to_owned());
            evidence.push(own);
        }
        let possible = Members::new(inside, outside).map(Possible::Set);
        // A doubt about a member that is in by another order is none.
        let is_exact = possible.is_some_and(|possible| self.element.element.kind.is_exact(&possible));
        Finding { possible, evidence, gaps: if is_exact { Vec::new() } else { gaps }, ..Finding::default() }
    }
}
