//! A pathogenic germline variant in one of some genes. Only a negative test of all of them shows that there is none.

use criteria::{Evidence, Gap, GapKind, Possible, Truth};

use super::dated::{self, Dated};
use super::standing::{self, Standing};
use super::{cited, value};
use crate::content::Definition;
use crate::fhir::{Component, Concept, Observation};
use crate::reading::{Find, Finding, Reading};
use crate::search::Search;
use crate::source::GermlineVariant;

// LOINC codes of the components, HL7 Genomics Reporting IG (variant, region studied).
const GENE_STUDIED: &str = "48018-6";
const GENOMIC_SOURCE_CLASS: &str = "48002-0";
const CLINICAL_SIGNIFICANCE: &str = "53037-8";

// LOINC answers.
const GERMLINE: &str = "LA6683-2";
const SOMATIC: &str = "LA6684-0";
const PATHOGENIC: [&str; 2] = ["LA6668-3", "LA26332-9"];
/// Uncertain significance, likely benign, benign.
const NOT_PATHOGENIC: [&str; 3] = ["LA26333-7", "LA26334-5", "LA6675-8"];

impl Find for GermlineVariant {
    fn searches(&self) -> Vec<Search> {
        vec![Search::ClinicalObservations, Search::Conditions]
    }

    fn find(&self, _: &Definition, reading: &Reading<'_, '_>) -> Finding {
        let mut seen = Seen::default();
        for variant in reading.record.observations_in(&self.variant) {
            seen.counting(variant, |seen, evidence| self.variant(variant, evidence, reading, seen));
        }
        for region in reading.record.observations_in(&self.region_studied) {
            seen.counting(region, |seen, evidence| self.region(region, evidence, seen));
        }
        for test in reading.record.observations_in(&self.tests) {
            seen.counting(test, |seen, evidence| self.test(test, evidence, reading, seen));
        }
        for condition in self.suggests.iter().flat_map(|set| reading.record.conditions_in(set)) {
            if standing::verification(condition.verification_status.get()) != Standing::SaysNothing {
                let evidence = cited::condition(condition);
                seen.hint(evidence, "may be due to another gene");
            }
        }
        let missing = reading.not_complete(&[Search::ClinicalObservations]);
        cited::sorted(seen.decide(self.genes.len(), &missing))
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Origin {
    Germline,
    Somatic,
    NotStated,
}

/// Whether a variant is pathogenic; `None` where that is not stated, or contradictory.
fn is_pathogenic(variant: &Observation<'_>) -> Option<bool> {
    let says = |codes: &[&str], words: &[&str]| {
        components(variant, CLINICAL_SIGNIFICANCE)
            .filter_map(|component| component.value_codeable_concept.get())
            .any(|concept| has_code(concept, codes) || has_words(concept, words))
    };
    let pathogenic = says(&PATHOGENIC, &["pathogenic", "likely pathogenic"]);
    let harmless = says(
        &NOT_PATHOGENIC,
        &["benign", "likely benign", "uncertain significance", "variant of uncertain significance", "vus"],
    );
    (pathogenic != harmless).then_some(pathogenic)
}

fn origin(observation: &Observation<'_>) -> Origin {
    let is = |code: &str, word: &str| {
        components(observation, GENOMIC_SOURCE_CLASS)
            .filter_map(|component| component.value_codeable_concept.get())
            .any(|concept| has_code(concept, &[code]) || has_words(concept, &[word]))
    };
    match (is(GERMLINE, "germline"), is(SOMATIC, "somatic")) {
        (true, false) => Origin::Germline,
        (false, true) => Origin::Somatic,
        _ => Origin::NotStated,
    }
}

fn components<'o, 'a>(
    observation: &'o Observation<'a>,
    code: &'static str,
) -> impl Iterator<Item = &'o Component<'a>> {
    let is = move |component: &&Component<'a>| {
        component.code.get().is_some_and(|concept| has_code(concept, &[code]))
    };
    observation.component.iter().filter(is)
}

fn has_code(concept: &Concept<'_>, codes: &[&str]) -> bool {
    concept.coding.iter().filter_map(|coding| coding.code.get()).any(|code| codes.contains(&code))
}

fn has_words(concept: &Concept<'_>, words: &[&str]) -> bool {
    let displays = concept.coding.iter().filter_map(|coding| coding.display.get());
    displays.chain(concept.text.get()).any(|text| words.iter().any(|word| text.eq_ignore_ascii_case(word)))
}

/// `HGNC:1100` and `1100` are one gene.
fn without_prefix(gene: &str) -> &str {
    match gene.split_once(':') {
        Some((prefix, id)) if prefix.eq_ignore_ascii_case("hgnc") => id,
        _ => gene,
    }
}

impl GermlineVariant {
    /// The positions of the genes that an observation is about; `None` where it names no gene.
    fn genes_of(&self, observation: &Observation<'_>) -> Option<Vec<usize>> {
        let concepts =
            components(observation, GENE_STUDIED).filter_map(|one| one.value_codeable_concept.get());
        let codes = concepts.flat_map(|concept| concept.coding.iter()).filter_map(|coding| coding.code.get());
        let codes = codes.map(without_prefix).collect::<Vec<_>>();
        let position = |code: &&str| self.genes.iter().position(|gene| without_prefix(gene) == *code);
        (!codes.is_empty()).then(|| codes.iter().filter_map(position).collect())
    }

    fn variant(
        &self,
        variant: &Observation<'_>,
        evidence: Evidence,
        reading: &Reading<'_, '_>,
        seen: &mut Seen,
    ) {
        if self.genes_of(variant).is_some_and(|genes| genes.is_empty()) {
            return;
        }
        let is_in = |set: &str| value::is_in(reading.terminology, set, variant);
        if is_in(&self.not_found) {
            return seen.hint(
                evidence,
                "is one variant that was not found; it does not show that there is no other",
            );
        }
        if origin(variant) == Origin::Somatic {
            return seen.hint(evidence, "is somatic and tells nothing about the germline");
        }
        let is_present = is_in(&self.found);
        match (is_present, self.genes_of(variant), origin(variant), is_pathogenic(variant)) {
            (true, Some(_), _, Some(false)) => seen.hint(
                evidence,
                "is benign or of uncertain significance: no mutation, but no proof that there is none",
            ),
            (true, Some(_), Origin::Germline, Some(true)) => {
                seen.yes.push(Dated { when: dated::observation(variant), evidence, says: () });
            }
            (false, ..) => {
                let sent = value::sent(variant).unwrap_or_else(|| "a variant without a value".to_owned());
                seen.doubt(
                    evidence,
                    GapKind::Unclassified,
                    format!("{sent}: not clear whether it was found"),
                );
            }
            (_, None, ..) => seen.imprecise(evidence, "does not say in which gene"),
            (_, _, Origin::NotStated | Origin::Somatic, _) => {
                seen.imprecise(evidence, "does not say whether it is germline or somatic");
            }
            (.., None) => seen.imprecise(evidence, "does not say whether it is pathogenic"),
        }
    }

    fn region(&self, region: &Observation<'_>, evidence: Evidence, seen: &mut Seen) {
        if origin(region) == Origin::Somatic {
            return seen.hint(evidence, "is somatic and tells nothing about the germline");
        }
        let genes = self.genes_of(region).unwrap_or_default();
        if !genes.is_empty() {
            seen.studied.extend(genes);
            seen.regions.push(evidence);
        }
    }

    fn test(&self, test: &Observation<'_>, evidence: Evidence, reading: &Reading<'_, '_>, seen: &mut Seen) {
        if origin(test) == Origin::Somatic {
            return seen.hint(evidence, "is somatic and tells nothing about the germline");
        }
        let is_in = |set: &str| value::is_interpreted_in(reading.terminology, set, test);
        let when = dated::observation(test);
        match (is_in(&self.found), is_in(&self.not_found)) {
            (true, false) if is_pathogenic(test) == Some(false) => {
                seen.hint(evidence, "found what is benign or of uncertain significance");
            }
            (true, false) => seen.yes.push(Dated { when, evidence, says: () }),
            (false, true) => seen.negative.push(Dated { when, evidence, says: () }),
            _ => {
                let sent = value::sent(test).unwrap_or_else(|| "a test without a value".to_owned());
                seen.doubt(evidence, GapKind::Unclassified, format!("{sent} is in no known value set"));
            }
        }
    }
}

#[derive(Default)]
struct Seen {
    yes: Vec<Dated<()>>,
    /// Tests of all genes that found nothing.
    negative: Vec<Dated<()>>,
    /// Genes that a region studied covers, by position.
    studied: Vec<usize>,
    regions: Vec<Evidence>,
    /// What may be a mutation.
    doubts: Vec<Gap>,
    /// What tells nothing either way.
    hints: Vec<Gap>,
    evidence: Vec<Evidence>,
}

impl Seen {
    fn counting(&mut self, observation: &Observation<'_>, read: impl FnOnce(&mut Self, Evidence)) {
        let evidence = cited::observation(observation);
        match standing::observation(observation) {
            Standing::Counts => read(self, evidence),
            Standing::Doubtful(status) => {
                self.imprecise(evidence, &format!("is {status} and does not count yet"))
            }
            Standing::SaysNothing => {}
        }
    }

    fn imprecise(&mut self, evidence: Evidence, why: &str) {
        let detail = format!("{} ({}) {why}", evidence.reference, cited::words(&evidence));
        self.doubt(evidence, GapKind::Imprecise, detail);
    }

    fn doubt(&mut self, evidence: Evidence, kind: GapKind, detail: String) {
        self.doubts.push(Gap { kind, detail });
        self.evidence.push(evidence);
    }

    fn hint(&mut self, evidence: Evidence, why: &str) {
        let detail = format!("{} ({}) {why}", evidence.reference, cited::words(&evidence));
        self.hints.push(Gap { kind: GapKind::Imprecise, detail });
        self.evidence.push(evidence);
    }

    fn decide(mut self, genes: usize, missing: &[String]) -> Finding {
        let is_newest = |yes: &Dated<()>| self.negative.iter().all(|no| dated::is_newer(yes.when, no.when));
        let all_of = |dated: &[Dated<()>]| dated.iter().map(|one| one.evidence.clone()).collect::<Vec<_>>();
        if self.yes.iter().any(is_newest) {
            return Finding::of(Possible::Truth(Truth::Yes), all_of(&self.yes));
        }
        let (yes, negative) = (all_of(&self.yes), all_of(&self.negative));
        if !yes.is_empty() {
            let both = self.yes.iter().chain(&self.negative).map(|one| cited::words(&one.evidence));
            let detail =
                format!("a mutation was found and was not found: {}", both.collect::<Vec<_>>().join("; "));
            self.doubts.push(Gap { kind: GapKind::Conflicting, detail });
        }
        let is_studied = (0..genes).all(|gene| self.studied.contains(&gene)) && genes > 0;
        if self.doubts.is_empty() && !negative.is_empty() && missing.is_empty() {
            return Finding::of(Possible::Truth(Truth::No), negative);
        }
        if self.doubts.is_empty() && is_studied && missing.is_empty() {
            return Finding::of(Possible::Truth(Truth::No), self.regions);
        }
        if (is_studied || !negative.is_empty()) && !missing.is_empty() {
            let detail = format!("a variant may be in what could not be read: {}", missing.join(", "));
            self.doubts.push(Gap { kind: GapKind::Unavailable, detail });
        } else if !is_studied && !self.regions.is_empty() {
            let detail = "only some of the genes were studied".to_owned();
            self.doubts.push(Gap { kind: GapKind::Imprecise, detail });
        }
        let gaps = self.doubts.into_iter().chain(self.hints).collect::<Vec<_>>();
        if gaps.is_empty() {
            return Finding::nothing();
        }
        let evidence = yes.into_iter().chain(negative).chain(self.regions).chain(self.evidence).collect();
        Finding { possible: Some(Possible::Truth(Truth::Either)), evidence, gaps }
    }
}
