//! What was seen of some genes, and what follows from it.

use criteria::{Evidence, Gap, GapKind, Possible, Truth};
use jiff::Timestamp;

use crate::elements::cited;
use crate::elements::dated::{self, Dated};
use crate::elements::standing::{self, Standing};
use crate::fhir::Observation;
use crate::reading::Finding;
use crate::when::Window;

/// Genes, by position.
pub(super) type Genes = Vec<usize>;

#[derive(Default)]
pub(super) struct Seen {
    /// Mutations that were found.
    pub(super) yes: Vec<Dated<Genes>>,
    /// Tests that found nothing.
    pub(super) negative: Vec<Dated<Genes>>,
    /// Genes that a region studied covers; what was found there stands elsewhere.
    pub(super) studied: Genes,
    pub(super) regions: Vec<Evidence>,
    /// What may be a mutation.
    doubts: Vec<Gap>,
    /// What tells nothing either way.
    hints: Vec<Gap>,
    evidence: Vec<Evidence>,
}

impl Seen {
    /// Reads an observation that counts at an instant.
    pub(super) fn counting(
        &mut self,
        observation: &Observation<'_>,
        at: Timestamp,
        read: impl FnOnce(&mut Self, Evidence),
    ) {
        let evidence = cited::observation(observation);
        match standing::observation(observation) {
            Standing::Counts if dated::window(dated::observation(observation), None, at) == Window::Ahead => {
                self.imprecise(evidence, "is dated in the future");
            }
            Standing::Counts => read(self, evidence),
            Standing::Doubtful(status) => {
                self.imprecise(evidence, &format!("is {status} and does not count yet"));
            }
            Standing::SaysNothing => {}
        }
    }

    pub(super) fn imprecise(&mut self, evidence: Evidence, why: &str) {
        let detail = format!("{} ({}) {why}", evidence.reference, cited::words(&evidence));
        self.doubt(evidence, GapKind::Imprecise, detail);
    }

    pub(super) fn doubt(&mut self, evidence: Evidence, kind: GapKind, detail: String) {
        self.doubts.push(Gap { kind, detail });
        self.evidence.push(evidence);
    }

    pub(super) fn hint(&mut self, evidence: Evidence, why: &str) {
        let detail = format!("{} ({}) {why}", evidence.reference, cited::words(&evidence));
        self.hints.push(Gap { kind: GapKind::Imprecise, detail });
        self.evidence.push(evidence);
    }

    /// Yes by a mutation that no newer test of its gene denies; no where every one of so many genes was looked at.
    pub(super) fn decide(mut self, genes: usize, missing: &[String]) -> Finding {
        if self.yes.iter().any(|yes| self.stands(yes)) {
            return Finding::of(Possible::Truth(Truth::Yes), evidence_of(&self.yes));
        }
        self.contradiction();
        let is_covered = genes > 0 && (0..genes).all(|gene| self.covers(gene));
        if self.doubts.is_empty() && is_covered && missing.is_empty() {
            let evidence = evidence_of(&self.negative).into_iter().chain(self.regions).collect();
            return Finding::of(Possible::Truth(Truth::No), evidence);
        }
        if is_covered && !missing.is_empty() {
            let detail = format!("a variant may be in what could not be read: {}", missing.join(", "));
            self.doubts.push(Gap { kind: GapKind::Unavailable, detail });
        } else if !is_covered && (0..genes).any(|gene| self.covers(gene)) {
            let detail = "only some of the genes were tested".to_owned();
            self.doubts.push(Gap { kind: GapKind::Imprecise, detail });
        }
        self.open()
    }

    /// Whether a mutation is newer than every test that did not find one in its gene.
    fn stands(&self, yes: &Dated<Genes>) -> bool {
        let is_about = |no: &&Dated<Genes>| no.says.iter().any(|gene| yes.says.contains(gene));
        self.negative.iter().filter(is_about).all(|no| dated::is_newer(yes.when, no.when))
    }

    fn contradiction(&mut self) {
        if self.yes.is_empty() {
            return;
        }
        let both = self.yes.iter().chain(&self.negative).map(|one| cited::words(&one.evidence));
        let both = both.collect::<Vec<_>>().join("; ");
        let detail = format!("a mutation was found and was not found: {both}");
        self.doubts.push(Gap { kind: GapKind::Conflicting, detail });
    }

    fn covers(&self, gene: usize) -> bool {
        self.studied.contains(&gene) || self.negative.iter().any(|no| no.says.contains(&gene))
    }

    fn open(self) -> Finding {
        let gaps = self.doubts.into_iter().chain(self.hints).collect::<Vec<_>>();
        if gaps.is_empty() {
            return Finding::nothing();
        }
        let found = evidence_of(&self.yes).into_iter().chain(evidence_of(&self.negative));
        let evidence = found.chain(self.regions).chain(self.evidence).collect();
        Finding { possible: Some(Possible::Truth(Truth::Either)), evidence, gaps, ..Finding::default() }
    }
}

fn evidence_of(dated: &[Dated<Genes>]) -> Vec<Evidence> {
    dated.iter().map(|one| one.evidence.clone()).collect()
}
