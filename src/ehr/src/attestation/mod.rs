//! Attestations: Observations in which a clinician states the value of a data element.
//!
//! `Observation.code` is `{ system: "urn:signpost:data-element", code: "<element id>" }`. A final one outranks what is
//! derived from the record, wherever it came from: prefetch, or contained in the order and pointed to by it. Of an
//! element of the order only what is said of this very order counts: inside it, or from the day on that it was written.

mod value;

use std::borrow::Cow;
use std::cmp::Ordering;

use criteria::{Evidence, Gap, GapKind, Possible};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::content::Definition;
use crate::fhir::Observation;
use crate::order::Order;
use crate::quantity::clipped;
use crate::reading::Finding;
use crate::record::Record;
use crate::when::{Sequence, When, Window, recorded};

/// Code system of attestations: the code is the id of a data element.
pub const SYSTEM: &str = "urn:signpost:data-element";

/// All attestations that a reading holds: few, if any.
#[derive(Debug)]
pub(crate) struct Attestations<'r, 'a> {
    all: Vec<Attestation<'r, 'a>>,
    /// When the order was written, where it says so.
    written: Option<When>,
}

#[derive(Debug)]
struct Attestation<'r, 'a> {
    observation: Cow<'r, Observation<'a>>,
    /// The order that it is contained in: it then speaks of this moment.
    inside: Option<&'r str>,
}

/// What one attestation that counts says.
struct Statement {
    when: Option<When>,
    says: Result<Possible, String>,
    evidence: Evidence,
}

impl<'r, 'a> Attestations<'r, 'a> {
    /// Finds the attestations on record and those contained in the order.
    pub(crate) fn of(record: &'r Record<'a>, order: &'r Order<'a>) -> Self {
        let on_record = record.observations.iter().filter(|observation| is_attestation(observation));
        let on_record = on_record
            .map(|observation| Attestation { observation: Cow::Borrowed(observation), inside: None });
        let contained = order.contained_observations().into_iter().filter(is_attestation);
        let contained = contained.map(|observation| Attestation {
            observation: Cow::Owned(observation),
            inside: Some(&order.reference),
        });
        let written = order.request.authored_on.get().and_then(When::read);
        Self { all: on_record.chain(contained).collect(), written }
    }

    /// What is attested about an element at an instant: the newest; what differs at one time spans the values.
    pub(crate) fn find(&self, element: &Definition, at: Timestamp) -> Finding {
        let mut finding = Finding::nothing();
        if self.all.is_empty() {
            return finding;
        }
        let mut statements = Vec::new();
        let written = self.written.or_else(|| When::read(&at.to_string()));
        for attestation in self.all.iter().filter(|one| one.is_about(&element.element.id)) {
            match attestation.read(element, written, at) {
                Ok(statement) => statements.extend(statement),
                Err(gap) => finding.gaps.push(gap),
            }
        }
        if statements.is_empty() {
            finding.gaps.sort_by(by_kind);
            return finding;
        }
        let newest: Vec<&Statement> = statements
            .iter()
            .filter(|one| !statements.iter().any(|other| other.is_newer_than(one)))
            .collect();
        finding.possible = newest.iter().map(|one| one.possible(element)).reduce(value::spanning);
        finding.evidence = newest.iter().map(|one| one.evidence.clone()).collect();
        finding
            .evidence
            .sort_by(|one, other| (&one.reference, &one.value).cmp(&(&other.reference, &other.value)));
        finding.gaps.extend(gaps(element, &newest));
        finding.gaps.sort_by(by_kind);
        finding
    }
}

fn by_kind(one: &Gap, other: &Gap) -> Ordering {
    (one.kind, &one.detail).cmp(&(other.kind, &other.detail))
}

/// The data elements that an observation attests.
fn attested<'o>(observation: &'o Observation<'_>) -> impl Iterator<Item = &'o str> {
    let codings = observation.code.get().into_iter().flat_map(|code| &code.coding);
    codings.filter(|coding| coding.system.is(SYSTEM)).filter_map(|coding| coding.code.get())
}

fn is_attestation(observation: &Observation<'_>) -> bool {
    attested(observation).next().is_some()
}

/// Why what the newest attestations say leaves the element open.
fn gaps(element: &Definition, newest: &[&Statement]) -> Vec<Gap> {
    let mut gaps: Vec<Gap> = newest
        .iter()
        .filter_map(|one| one.says.as_ref().err())
        .map(|wrong| Gap { kind: GapKind::Imprecise, detail: format!("the attestation {wrong}") })
        .collect();
    let said = |one: &&&Statement| one.possible(element);
    if newest.windows(2).any(|pair| matches!(pair, [one, other] if said(&one) != said(&other))) {
        let mut values: Vec<&str> = newest.iter().map(|one| one.evidence.value.as_str()).collect();
        values.sort_unstable();
        let detail = format!("attestations of the same standing differ: {}", values.join("; "));
        gaps.push(Gap { kind: GapKind::Conflicting, detail });
    }
    gaps
}

impl Attestation<'_, '_> {
    fn is_about(&self, element: &str) -> bool {
        attested(&self.observation).any(|id| id == element)
    }

    /// What it says; nothing where it was withdrawn or says itself that it holds no value.
    fn read(
        &self,
        element: &Definition,
        written: Option<When>,
        at: Timestamp,
    ) -> Result<Option<Statement>, Gap> {
        let observation = self.observation.as_ref();
        let value = value::shown(observation);
        match observation.status.get() {
            Some("final" | "amended" | "corrected") => {}
            Some("entered-in-error" | "cancelled") => return Ok(None),
            status => {
                let status = clipped(status.unwrap_or("without a status"));
                return Err(not_counted(GapKind::NotRecorded, &value, &format!("is not final ({status})")));
            }
        }
        if observation.data_absent_reason.get().is_some() {
            return Ok(None);
        }
        let when = self.when(at);
        match element.is_of_order() {
            true if self.inside.is_some() => {}
            true => {
                check_order(when, written, recorded(observation), &value)?;
                check_window(element, when, at, &value)?;
            }
            false => check_window(element, when, at, &value)?,
        }
        let evidence = Evidence {
            reference: self.reference(),
            path: "Observation.value".into(),
            value,
            date: recorded(observation).map(str::to_owned),
            note: Some(attested_by(observation)),
        };
        Ok(Some(Statement { when, says: value::read(&element.element.kind, observation), evidence }))
    }

    fn when(&self, at: Timestamp) -> Option<When> {
        let when = recorded(&self.observation).and_then(When::read);
        if self.inside.is_some() { when.or_else(|| When::read(&at.to_string())) } else { when }
    }

    fn reference(&self) -> String {
        let id = self.observation.id.get();
        match (self.inside, id) {
            (Some(order), Some(id)) => format!("{order}#{}", id.trim_start_matches('#')),
            (_, Some(id)) => format!("Observation/{id}"),
            _ => "Observation".to_owned(),
        }
    }
}

impl Statement {
    fn is_newer_than(&self, other: &Self) -> bool {
        matches!((self.when, other.when), (Some(mine), Some(other)) if mine.compare(&other) == Sequence::After)
    }

    /// What it leaves possible; what cannot be read may have said anything.
    fn possible(&self, element: &Definition) -> Possible {
        self.says.clone().unwrap_or_else(|_| element.element.kind.domain())
    }
}

/// Whether an attestation from outside the order is as new as the order, to the day.
fn check_order(
    when: Option<When>,
    written: Option<When>,
    recorded: Option<&str>,
    value: &str,
) -> Result<(), Gap> {
    let Some(when) = when else { return Err(not_counted(GapKind::Imprecise, value, "has no date")) };
    let Some(written) = written else { return Ok(()) };
    let of = |why: &str| format!("of {} {why}", clipped(recorded.unwrap_or_default()));
    if day(when.latest()) < day(written.earliest()) {
        return Err(not_counted(GapKind::Stale, value, &of("is older than this order")));
    }
    if day(when.earliest()) < day(written.latest()) {
        return Err(not_counted(GapKind::Imprecise, value, &of("may be older than this order")));
    }
    Ok(())
}

fn day(instant: Timestamp) -> Date {
    instant.to_zoned(TimeZone::UTC).date()
}

/// Whether it is in the element's window.
fn check_window(element: &Definition, when: Option<When>, at: Timestamp, value: &str) -> Result<(), Gap> {
    let Some(when) = when else {
        return match element.window_days {
            Some(_) => Err(not_counted(GapKind::Imprecise, value, "has no date")),
            None => Ok(()),
        };
    };
    match when.window(at, element.window_days) {
        Window::Within => Ok(()),
        Window::Outside => {
            Err(not_counted(GapKind::Stale, value, &format!("is {} days old", when.days_before(at))))
        }
        Window::Unclear => Err(not_counted(GapKind::Imprecise, value, "has a date that is too coarse")),
        Window::Ahead => Err(not_counted(GapKind::Imprecise, value, "is dated in the future")),
    }
}

fn not_counted(kind: GapKind, value: &str, why: &str) -> Gap {
    Gap { kind, detail: format!("the attestation `{value}` {why}") }
}

fn attested_by(observation: &Observation<'_>) -> String {
    let performers = observation.performer.read();
    let who = performers.iter().find_map(|who| who.display.get().or_else(|| who.reference.get()));
    who.map_or_else(|| "attested".to_owned(), |who| format!("attested by {}", clipped(who)))
}
