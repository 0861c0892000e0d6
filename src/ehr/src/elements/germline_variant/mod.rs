//! A pathogenic germline variant in one of some genes. Only a negative test of all of them shows that there is none.

mod seen;

use criteria::{Evidence, GapKind};

use self::seen::{Genes, Seen};
use super::dated::{self, Dated};
use super::standing::{self, Standing};
use super::{cited, value};
use crate::content::Definition;
use crate::fhir::{Coding, Component, Concept, Observation};
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
            seen.counting(variant, reading.at, |seen, evidence| {
                self.variant(variant, evidence, reading, seen)
            });
        }
        for region in reading.record.observations_in(&self.region_studied) {
            seen.counting(region, reading.at, |seen, evidence| self.region(region, evidence, reading, seen));
        }
        let all = (0..self.genes.len()).collect::<Genes>();
        for test in reading.record.observations_in(&self.tests) {
            seen.counting(test, reading.at, |seen, evidence| {
                self.test(test, all.clone(), evidence, reading, seen)
            });
        }
        for (gene, set) in self.gene_tests.iter().enumerate() {
            for test in reading.record.observations_in(set) {
                seen.counting(test, reading.at, |seen, evidence| {
                    self.test(test, vec![gene], evidence, reading, seen)
                });
            }
        }
        for condition in self.suggests.iter().flat_map(|set| reading.record.conditions_in(set)) {
            if standing::verification(condition.verification_status.get()) != Standing::SaysNothing {
                let evidence = cited::condition(condition);
                seen.hint(evidence, "may be due to another gene");
            }
        }
        for condition in self.stated.iter().flat_map(|set| reading.record.conditions_in(set)) {
            if standing::verification(condition.verification_status.get()) != Standing::SaysNothing {
                let evidence = cited::condition(condition);
                seen.imprecise(evidence, "says that a mutation was found, without the test that found it");
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

/// The code systems of HGNC's ids: FHIR's, HL7 Genomics Reporting's and the OID of both.
const OF_HGNC: [&str; 2] = ["genenames.org", "2.16.840.1.113883.6.281"];

/// An id of HGNC's, without its prefix; the number of another system is another gene's, and a symbol is no id.
fn hgnc_id<'c>(coding: &'c Coding<'_>) -> Option<&'c str> {
    let code = coding.code.get()?;
    let id = without_prefix(code);
    let is_of_hgnc = coding.system.get().is_none_or(|system| OF_HGNC.iter().any(|own| system.contains(own)));
    let is_id = id.bytes().all(|byte| byte.is_ascii_digit());
    (is_id && (id.len() < code.len() || is_of_hgnc)).then_some(id)
}

/// The genes that an observation says that it is about.
fn genes_studied<'o, 'a>(observation: &'o Observation<'a>) -> impl Iterator<Item = &'o Concept<'a>> {
    components(observation, GENE_STUDIED).filter_map(|one| one.value_codeable_concept.get())
}

/// Whether one of the genes that an observation is about has no id that tells which it is.
fn names_unknown_gene(observation: &Observation<'_>) -> bool {
    genes_studied(observation).any(|gene| !gene.coding.iter().any(|coding| hgnc_id(coding).is_some()))
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
    fn genes_of(&self, observation: &Observation<'_>) -> Option<Genes> {
        let codings = || genes_studied(observation).flat_map(|concept| concept.coding.iter());
        let position = |id: &str| self.genes.iter().position(|gene| without_prefix(gene) == id);
        let is_coded = codings().any(|coding| coding.code.get().is_some());
        is_coded.then(|| codings().filter_map(hgnc_id).filter_map(position).collect())
    }

    fn variant(
        &self,
        variant: &Observation<'_>,
        evidence: Evidence,
        reading: &Reading<'_, '_>,
        seen: &mut Seen,
    ) {
        let genes = self.genes_of(variant).filter(|genes| !genes.is_empty());
        if genes.is_none() && self.genes_of(variant).is_some() && !names_unknown_gene(variant) {
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
        match (is_present, genes, origin(variant), is_pathogenic(variant)) {
            (true, _, _, Some(false)) => seen.hint(
                evidence,
                "is benign or of uncertain significance: no mutation, but no proof that there is none",
            ),
            (true, Some(genes), Origin::Germline, Some(true)) => {
                seen.yes.push(Dated { when: dated::observation(variant), evidence, says: genes });
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

    fn region(
        &self,
        region: &Observation<'_>,
        evidence: Evidence,
        reading: &Reading<'_, '_>,
        seen: &mut Seen,
    ) {
        if origin(region) == Origin::Somatic || self.is_of_tumor(region, reading) {
            return seen.hint(evidence, "is somatic and tells nothing about the germline");
        }
        if region.data_absent_reason.get().is_some() {
            return seen.hint(evidence, "says that there is no result");
        }
        let genes = self.genes_of(region).unwrap_or_default();
        if !genes.is_empty() {
            seen.studied.extend(genes);
            seen.regions.push(evidence);
        }
    }

    /// A test of some genes: its own value, or one for each gene in its components.
    fn test(
        &self,
        test: &Observation<'_>,
        genes: Genes,
        evidence: Evidence,
        reading: &Reading<'_, '_>,
        seen: &mut Seen,
    ) {
        if origin(test) == Origin::Somatic || self.is_of_tumor(test, reading) {
            return seen.hint(evidence, "is somatic and tells nothing about the germline");
        }
        let parts = self.parts(test, reading);
        for (gene, part) in &parts {
            let says = |set: &str| value::is_component_in(reading.terminology, set, part);
            let answer = (says(&self.found), says(&self.not_found));
            let evidence = cited::component(test, part);
            self.answer(test, vec![*gene], answer, evidence, seen);
        }
        if parts.is_empty() || cited::result(test).is_some() {
            let says = |set: &str| value::is_interpreted_in(reading.terminology, set, test);
            let genes = self.genes_of(test).unwrap_or(genes);
            self.answer(test, genes, (says(&self.found), says(&self.not_found)), evidence, seen);
        }
    }

    /// `answer`: whether it says found, and whether it says not found.
    fn answer(
        &self,
        test: &Observation<'_>,
        genes: Genes,
        answer: (bool, bool),
        evidence: Evidence,
        seen: &mut Seen,
    ) {
        let when = dated::observation(test);
        match answer {
            (true, false) if is_pathogenic(test) == Some(false) => {
                seen.hint(evidence, "found what is benign or of uncertain significance");
            }
            (true, false) => seen.yes.push(Dated { when, evidence, says: genes }),
            (false, true) => seen.negative.push(Dated { when, evidence, says: genes }),
            _ => {
                let detail = format!("`{}` is in no known value set", evidence.value);
                seen.doubt(evidence, GapKind::Unclassified, detail);
            }
        }
    }

    /// The components that are a test of one gene each, with its position.
    fn parts<'o, 'a>(
        &self,
        test: &'o Observation<'a>,
        reading: &Reading<'_, '_>,
    ) -> Vec<(usize, &'o Component<'a>)> {
        let gene = |part: &Component<'a>| {
            let code = part.code.get()?;
            self.gene_tests.iter().position(|set| reading.terminology.has(set, code))
        };
        test.component.iter().filter_map(|part| Some((gene(part)?, part))).collect()
    }

    /// Whether the specimen, the method or the site says that the tumor was examined.
    fn is_of_tumor(&self, test: &Observation<'_>, reading: &Reading<'_, '_>) -> bool {
        let Some(set) = self.tumor.as_deref() else { return false };
        let specimen = test.specimen.get().and_then(|specimen| specimen.display.get());
        let texts = value::texts(test);
        specimen.into_iter().chain(texts).any(|shown| reading.terminology.has_text(set, shown))
            || [test.method.get(), test.body_site.get()]
                .into_iter()
                .flatten()
                .any(|concept| reading.terminology.has(set, concept))
    }
}
