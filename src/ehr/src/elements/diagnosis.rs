//! A diagnosis, from Conditions and from the order's own reason.
//!
//! It is true in any course of the disease, remission included (metastases are coded elsewhere), also unconfirmed;
//! recorded as resolved or inactive it is not sure. It is false only by the order's own reason.

use criteria::{Evidence, Gap, GapKind, Possible, Truth};

use jiff::Timestamp;

use super::standing::{self, Standing};
use super::{cited, value};
use crate::content::Definition;
use crate::fhir::{Concept, Condition, Many, Reference, Resource};
use crate::reading::{Find, Finding, Reading};
use crate::reference;
use crate::search::Search;
use crate::source::Diagnosis;

impl Find for Diagnosis {
    fn searches(&self) -> Vec<Search> {
        vec![Search::Conditions]
    }

    fn find(&self, _: &Definition, reading: &Reading<'_, '_>) -> Finding {
        let mut seen = Seen::default();
        for condition in reading.record.conditions_in(&self.codes) {
            seen.condition(condition, reading.at);
        }
        for condition in self.suggests.iter().flat_map(|set| reading.record.conditions_in(set)) {
            if standing::verification(condition.verification_status.get()) != Standing::SaysNothing {
                seen.suggestion(cited::condition(condition));
            }
        }
        for reason in reasons(reading) {
            self.reason(reason, reading, &mut seen);
        }
        cited::sorted(seen.decide(&reading.not_complete(&self.searches())))
    }
}

impl Diagnosis {
    fn reason(&self, reason: Reason<'_>, reading: &Reading<'_, '_>, seen: &mut Seen) {
        let Some(concept) = reason.concept else {
            let detail = format!("the order's reason ({}) could not be read", reason.evidence.value);
            return seen.unreadable_reason(reason.evidence, GapKind::Imprecise, detail);
        };
        let is_in = |set: &str| reading.terminology.has(set, &concept);
        if is_in(&self.codes) {
            seen.yes.push(reason.evidence);
        } else if self.suggests.as_deref().is_some_and(is_in) {
            seen.suggestion(reason.evidence);
        } else if is_in(&self.other) {
            seen.other.push(reason.evidence);
        } else {
            let detail =
                format!("the order's reason `{}` is in no known value set", value::codes_sent(&concept));
            seen.unreadable_reason(reason.evidence, GapKind::Unclassified, detail);
        }
    }
}

#[derive(Default)]
struct Seen {
    yes: Vec<Evidence>,
    /// What may be the diagnosis.
    doubts: Vec<Evidence>,
    /// Another disease as the order's reason.
    other: Vec<Evidence>,
    gaps: Vec<Gap>,
}

impl Seen {
    fn condition(&mut self, condition: &Condition<'_>, at: Timestamp) {
        let mut evidence = cited::condition(condition);
        match standing::verification(condition.verification_status.get()) {
            Standing::SaysNothing => return,
            Standing::Doubtful(status) => evidence.note = Some(status),
            Standing::Counts => {}
        }
        let over = match standing::clinical_status(condition, at) {
            _ if standing::contradiction(condition, at).is_some() => Some("ended and not ended"),
            None | Some("active" | "recurrence" | "relapse" | "remission") => None,
            over => over,
        };
        match over {
            None => self.yes.push(evidence),
            Some(status) => {
                let detail = format!("{} is recorded as {status}", cited::words(&evidence));
                self.gaps.push(Gap { kind: GapKind::Imprecise, detail });
                self.doubts.push(evidence);
            }
        }
    }

    fn suggestion(&mut self, evidence: Evidence) {
        let detail = format!(
            "{} suggests the diagnosis but does not show that it is current",
            cited::words(&evidence)
        );
        self.gaps.push(Gap { kind: GapKind::Imprecise, detail });
        self.doubts.push(evidence);
    }

    fn unreadable_reason(&mut self, evidence: Evidence, kind: GapKind, detail: String) {
        self.gaps.push(Gap { kind, detail });
        self.doubts.push(evidence);
    }

    fn decide(mut self, missing: &[String]) -> Finding {
        if !self.yes.is_empty() {
            return Finding::of(Possible::Truth(Truth::Yes), self.yes);
        }
        if self.gaps.is_empty() && self.other.is_empty() {
            return Finding::nothing();
        }
        if self.gaps.is_empty() && missing.is_empty() {
            return Finding::of(Possible::Truth(Truth::No), self.other);
        }
        if !missing.is_empty() {
            let detail = format!("the diagnosis may be in what could not be read: {}", missing.join(", "));
            self.gaps.push(Gap { kind: GapKind::Unavailable, detail });
        }
        let evidence = self.doubts.into_iter().chain(self.other).collect();
        Finding {
            possible: Some(Possible::Truth(Truth::Either)),
            evidence,
            gaps: self.gaps,
            ..Finding::default()
        }
    }
}

/// A reason of the order.
struct Reason<'a> {
    evidence: Evidence,
    /// What it names; `None` where the reference leads nowhere and shows nothing.
    concept: Option<Concept<'a>>,
}

/// What the order gives as its reasons; a Condition that is refuted or entered in error is none.
fn reasons<'a>(reading: &Reading<'_, 'a>) -> Vec<Reason<'a>> {
    let order = reading.order;
    let evidence = |path: &'static str, value: String| Evidence {
        reference: order.reference.clone(),
        path: path.into(),
        value,
        date: order.request.authored_on.get().map(str::to_owned),
        note: None,
    };
    let coded = order.request.reason_code.iter().filter(|concept| concept.shown().is_some());
    let coded = coded.map(|concept| Reason {
        evidence: evidence("MedicationRequest.reasonCode", cited::concept(concept)),
        concept: Some(concept.clone()),
    });
    let referenced = order.request.reason_reference.iter().filter_map(|reference| {
        let concept = match resolved(reference, reading) {
            Some(condition) => {
                let verification = standing::verification(condition.verification_status.get());
                if verification == Standing::SaysNothing {
                    return None;
                }
                condition.code.0
            }
            None => shown(reference),
        };
        let value = concept.as_ref().map(cited::concept);
        let value = value.or_else(|| reference.reference.get().map(str::to_owned)).unwrap_or_default();
        Some(Reason { evidence: evidence("MedicationRequest.reasonReference", value), concept })
    });
    coded.chain(referenced).collect()
}

fn resolved<'a>(reference: &Reference<'a>, reading: &Reading<'_, 'a>) -> Option<Condition<'a>> {
    if let Some(id) = reference.contained_id() {
        return reference::contained(reading.order.request.contained).into_iter().find_map(
            |(resource, _)| match resource {
                Resource::Condition(condition)
                    if condition.id.get().is_some_and(|own| own.trim_start_matches('#') == id) =>
                {
                    Some(*condition)
                }
                _ => None,
            },
        );
    }
    let target = reference.target()?;
    let is_target =
        |condition: &&Condition<'a>| condition.id.get().is_some_and(|id| target.is("Condition", id));
    reading.record.conditions.iter().find(is_target).cloned()
}

fn shown<'a>(reference: &Reference<'a>) -> Option<Concept<'a>> {
    reference.display.get()?;
    Some(Concept { coding: Many::default(), text: reference.display.clone() })
}
