//! A record into what is known about each data element.

use criteria::{ElementIndex, Evidence, Gap, GapKind, Kind, Knowledge, Known, Members, Possible, Truth};

use crate::content::{Content, Definition};
use crate::reading::{Find, Finding, Reading};
use crate::search::{Answer, Reason, Search};
use crate::source::Absence;

/// Digits after the point up to which the two ends of a rounded quotient agree.
const ROUNDED_TO: u32 = 18;

/// What a record tells about the elements that are needed; about the others nothing is known.
#[must_use]
pub fn knowledge(content: &Content, needed: &[ElementIndex], reading: &Reading<'_, '_>) -> Knowledge {
    Knowledge::of(&content.elements, |index| {
        let definition = content.definition(index).filter(|_| needed.contains(&index))?;
        Some(known(definition, reading))
    })
}

/// What a record tells about one element: a final attestation outranks every source; of the sources the first that
/// finds something decides; where none does, absence may be an answer.
#[must_use]
pub fn known(definition: &Definition, reading: &Reading<'_, '_>) -> Known {
    if definition.is_shared {
        return reading.shared(definition.index, || by_sources(definition, reading));
    }
    by_sources(definition, reading)
}

fn by_sources(definition: &Definition, reading: &Reading<'_, '_>) -> Known {
    let mut finding = reading.attestations().find(definition, reading.at);
    for source in &definition.sources {
        if finding.possible.is_some() {
            break;
        }
        let Finding { possible, evidence, gaps, account } = source.find(definition, reading);
        let is_newest = source.newest_of().is_none_or(|search| reading.not_complete(&[search]).is_empty());
        let possible = possible.filter(|_| is_newest);
        if possible.is_none() {
            finding.gaps.extend(unavailable(reading, &source.searches()));
        } else {
            // What an earlier source saw and could not use is no evidence for what a later one found.
            finding.evidence.clear();
        }
        finding.possible = possible;
        finding.account = account;
        append(&mut finding.evidence, evidence);
        append(&mut finding.gaps, gaps);
    }
    match finding.possible {
        Some(possible) => found(definition, possible, finding),
        None => not_found(definition, reading, finding),
    }
}

fn found(definition: &Definition, possible: Possible, finding: Finding) -> Known {
    let Finding { evidence, mut gaps, account, .. } = finding;
    if gaps.is_empty() && !definition.element.kind.is_exact(&possible) && !is_rounded(&possible) {
        gaps.push(Gap { kind: GapKind::Imprecise, detail: "what is on record leaves it open".into() });
    }
    Known { possible, evidence, gaps: once(gaps), account }
}

/// Whether an interval is open only because a quotient has more digits than a decimal can hold.
fn is_rounded(possible: &Possible) -> bool {
    let Possible::Quantity(interval) = possible else { return false };
    let ends = interval.low().value().zip(interval.high().value());
    ends.is_some_and(|(low, high)| low.round_dp(ROUNDED_TO) == high.round_dp(ROUNDED_TO))
}

fn not_found(definition: &Definition, reading: &Reading<'_, '_>, finding: Finding) -> Known {
    let Finding { evidence, mut gaps, account, .. } = finding;
    if let Some(possible) = absent(definition, &gaps) {
        let evidence = vec![nothing_found(definition)];
        return Known { possible, evidence, gaps: once(gaps), account };
    }
    gaps.extend(without_attestation(definition, reading));
    if gaps.is_empty() {
        gaps.push(Gap { kind: GapKind::NotRecorded, detail: "nothing on record".into() });
    }
    Known { possible: definition.element.kind.domain(), evidence, gaps: once(gaps), account }
}

/// The value that finding nothing stands for, where it is declared to mean something and everything was read.
/// What is merely too old was read and does not count; anything else that was seen and not understood may be it.
fn absent(definition: &Definition, gaps: &[Gap]) -> Option<Possible> {
    let has_searched = definition.sources.iter().any(|source| !source.searches().is_empty());
    let saw_something = gaps.iter().any(|gap| gap.kind != GapKind::Stale);
    if definition.absence != Absence::No || !has_searched || saw_something {
        return None;
    }
    match &definition.element.kind {
        Kind::Truth => Some(Possible::Truth(Truth::No)),
        Kind::Set { members } => Some(Possible::Set(Members::exactly(0, members.len()))),
        _ => None,
    }
}

fn nothing_found(definition: &Definition) -> Evidence {
    let mut searches: Vec<Search> = definition.sources.iter().flat_map(Find::searches).collect();
    searches.sort_unstable();
    searches.dedup();
    let keys: Vec<&str> = searches.into_iter().map(Search::key).collect();
    Evidence {
        reference: String::new(),
        path: keys.join(", ").into(),
        value: "none".into(),
        date: None,
        note: Some("nothing found in a complete search".into()),
    }
}

/// Why the attestation that could have settled it may be missing. A client that never sends attestations says nothing
/// by that about an element that has other sources.
fn without_attestation(definition: &Definition, reading: &Reading<'_, '_>) -> Vec<Gap> {
    match reading.record.answer(Search::Attestations) {
        Answer::Unavailable(Reason::NotSent) if !definition.sources.is_empty() => Vec::new(),
        _ => unavailable(reading, &[Search::Attestations]),
    }
}

fn unavailable(reading: &Reading<'_, '_>, searches: &[Search]) -> Vec<Gap> {
    let reasons = reading.not_complete(searches);
    reasons.into_iter().map(|detail| Gap { kind: GapKind::Unavailable, detail }).collect()
}

/// Puts some after others; most often there are no others.
fn append<T>(all: &mut Vec<T>, more: Vec<T>) {
    if all.is_empty() {
        *all = more;
    } else {
        all.extend(more);
    }
}

/// Each gap once, in the order in which they were met: two sources may miss the same search.
fn once(gaps: Vec<Gap>) -> Vec<Gap> {
    if gaps.len() < 2 {
        return gaps;
    }
    let mut kept: Vec<Gap> = Vec::with_capacity(gaps.len());
    for gap in gaps {
        if !kept.contains(&gap) {
            kept.push(gap);
        }
    }
    kept
}
