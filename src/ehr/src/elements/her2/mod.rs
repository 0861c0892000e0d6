//! HER2 by immunohistochemistry (IHC) and in-situ hybridization (ISH): IHC 3+ or amplified is positive, 1+ or 2+
//! without amplification is low, 0 is zero (ASCO-CAP 2018, affirmed 2023). ISH settles IHC 2+.

mod score;

use criteria::{Codes, Evidence, GapKind};

use super::dated::{self, Dated};
use super::marker::{self, Results, Says};
use super::{cited, value};
use crate::content::Definition;
use crate::fhir::Observation;
use crate::reading::{Find, Finding, Reading};
use crate::search::Search;
use crate::source::Her2;

impl Find for Her2 {
    fn searches(&self) -> Vec<Search> {
        vec![Search::ClinicalObservations, Search::Conditions]
    }

    fn newest_of(&self) -> Option<Search> {
        Some(Search::ClinicalObservations)
    }

    fn find(&self, _: &Definition, reading: &Reading<'_, '_>) -> Finding {
        let Some(codes) = Her2Codes::new() else { return Finding::nothing() };
        let results = |set: &str| marker::results(set, self.other.as_deref(), reading);
        let (stained, hybridized) =
            (results(&self.immunohistochemistry), results(&self.in_situ_hybridization));
        let tumor = Tumor { source: self, reading, codes };
        let finding = match tumor.settle(&stained, &hybridized) {
            Some((says, evidence)) => marker::finding(says, evidence),
            None => tumor.by_conditions(),
        };
        let finding = tumor.or_else(finding, &stained, Tumor::by_staining);
        let finding = tumor.or_else(finding, &hybridized, Tumor::by_hybridization);
        let aside = stained.aside.into_iter().chain(hybridized.aside);
        marker::name_aside(cited::sorted(finding), aside)
    }
}

/// The element's codes, in the order that [`Her2`] demands, and those that are spoken of together.
#[derive(Clone, Copy)]
struct Her2Codes {
    positive: Codes,
    low: Codes,
    zero: Codes,
    negative: Codes,
    equivocal: Codes,
    any: Codes,
}

impl Her2Codes {
    fn new() -> Option<Self> {
        let (positive, low, zero) = (Codes::one(0)?, Codes::one(1)?, Codes::one(2)?);
        let (negative, equivocal) = (low.union(zero), positive.union(low));
        Some(Self { positive, low, zero, negative, equivocal, any: negative.union(positive) })
    }

    fn of_score(self, score: u8) -> Codes {
        match score {
            0 => self.zero,
            1 => self.low,
            2 => self.equivocal,
            _ => self.positive,
        }
    }

    /// The codes with the reason why they are several.
    fn says(self, codes: Codes) -> Says {
        if codes.is_exact() {
            Says::exactly(codes)
        } else if codes == self.equivocal {
            Says::vague(
                codes,
                GapKind::Imprecise,
                "IHC 2+ (equivocal) without a deciding ISH result: positive or low",
            )
        } else if codes == self.negative {
            Says::vague(
                codes,
                GapKind::Imprecise,
                "HER2-negative without an IHC score: low (1+, or 2+ not amplified) or zero",
            )
        } else {
            Says::vague(codes, GapKind::Imprecise, "the results leave more than one HER2 status possible")
        }
    }
}

/// A result with the observation that it is in.
#[derive(Clone)]
struct Reported<'o, 'a> {
    observation: &'o Observation<'a>,
    is_of_metastasis: bool,
    dated: Dated<Says>,
}

impl Reported<'_, '_> {
    fn shares_specimen(&self, other: &Self) -> bool {
        let specimen = |result: &Self| -> Option<String> {
            result.observation.specimen.get()?.reference.get().map(str::to_owned)
        };
        specimen(self).is_some() && specimen(self) == specimen(other)
    }

    fn belongs_to(&self, other: &Self) -> bool {
        self.shares_specimen(other) || dated::is_same_time(self.dated.when, other.dated.when)
    }

    fn is_three_plus(&self) -> bool {
        score::read(&value::texts(self.observation)).scores == [3]
    }
}

struct Tumor<'s, 'r, 'a> {
    source: &'s Her2,
    reading: &'s Reading<'r, 'a>,
    codes: Her2Codes,
}

impl Tumor<'_, '_, '_> {
    fn settle(
        &self,
        stained: &Results<'_, '_>,
        hybridized: &Results<'_, '_>,
    ) -> Option<(Says, Vec<Evidence>)> {
        let stained = self.results(&stained.usable, Self::by_staining);
        let hybridized = self.results(&hybridized.usable, Self::by_hybridization);
        let (stained, hybridized) = of_site(&stained, &hybridized);
        let newest = newest(&stained);
        let bears = |ish: &&Reported<'_, '_>| {
            newest
                .iter()
                .all(|ihc| ihc.shares_specimen(ish) || !dated::is_newer(ihc.dated.when, ish.dated.when))
        };
        let hybridized = hybridized.iter().filter(bears).collect::<Vec<_>>();
        let ihc = self.agree(&newest);
        let ish = self.agree(&hybridized);
        match (ihc, ish) {
            (None, None) => None,
            (Some((says, evidence)), None) | (None, Some((says, evidence))) => {
                Some((self.because(says), evidence))
            }
            (Some((ihc, mut evidence)), Some((ish, more))) => {
                evidence.extend(more);
                Some((self.together(ihc, ish, &newest, &hybridized), evidence))
            }
        }
    }

    fn agree(&self, results: &[&Reported<'_, '_>]) -> Option<(Says, Vec<Evidence>)> {
        let dated = results.iter().map(|result| result.dated.clone()).collect::<Vec<_>>();
        marker::agree(&dated)
    }

    /// Gives vague codes their reason, unless they have one of their own.
    fn because(&self, says: Says) -> Says {
        if says.gap.is_some() { says } else { self.codes.says(says.codes) }
    }

    fn together(
        &self,
        ihc: Says,
        ish: Says,
        stained: &[&Reported<'_, '_>],
        hybridized: &[&Reported<'_, '_>],
    ) -> Says {
        if let Some(codes) = ihc.codes.intersection(ish.codes) {
            let gap = ihc.gap.or(ish.gap).filter(|_| codes == self.codes.any);
            return self.because(Says { codes, gap });
        }
        let is_later = stained.iter().all(|ihc| {
            hybridized
                .iter()
                .all(|ish| dated::is_newer(ish.dated.when, ihc.dated.when) && !ish.shares_specimen(ihc))
        });
        if is_later {
            return self.because(ish);
        }
        // IHC 3+ is positive whatever ISH finds in the same tissue.
        if stained.iter().all(|ihc| ihc.is_three_plus()) {
            return ihc;
        }
        let all = stained.iter().chain(hybridized).map(|result| &result.dated).collect::<Vec<_>>();
        Says { codes: ihc.codes.union(ish.codes), gap: Some(dated::disagreement(&all)) }
    }

    fn results<'o, 'a>(
        &self,
        usable: &[&'o Observation<'a>],
        says: fn(&Self, &Observation<'_>) -> Says,
    ) -> Vec<Reported<'o, 'a>> {
        let set = self.source.metastasis.as_deref();
        let result = |observation: &&'o Observation<'a>| Reported {
            observation,
            is_of_metastasis: marker::is_of_metastasis(observation, set, self.reading),
            dated: Dated {
                when: dated::observation(observation),
                evidence: cited::observation(observation),
                says: says(self, observation),
            },
        };
        usable.iter().map(result).collect()
    }

    fn or_else(
        &self,
        finding: Finding,
        results: &Results<'_, '_>,
        says: fn(&Self, &Observation<'_>) -> Says,
    ) -> Finding {
        let set = self.source.metastasis.as_deref();
        let is_of_metastasis = |result: &Observation<'_>| marker::is_of_metastasis(result, set, self.reading);
        marker::or_else(finding, results, |result| says(self, result), self.codes.any, is_of_metastasis)
    }

    /// What the value says by value set: positive, negative, equivocal, or some of them.
    fn by_value_set(&self, result: &Observation<'_>) -> Option<Codes> {
        let is_in = |set: &str| value::is_interpreted_in(self.reading.terminology, set, result);
        let sets = [
            (&self.source.positive, self.codes.positive),
            (&self.source.negative, self.codes.negative),
            (&self.source.equivocal, self.codes.equivocal),
        ];
        let said = sets.into_iter().filter(|(set, _)| is_in(set)).map(|(_, codes)| codes).collect::<Vec<_>>();
        said.into_iter().try_fold(None, |all: Option<Codes>, codes| match all {
            None => Some(Some(codes)),
            Some(all) => all.intersection(codes).map(Some),
        })?
    }

    fn by_staining(&self, result: &Observation<'_>) -> Says {
        let words = score::read(&value::texts(result));
        let scores = words.scores.into_iter().chain(score_number(result));
        let scored = scores.map(|score| self.codes.of_score(score)).reduce(Codes::union);
        let amplified =
            words.is_amplified.map(|is| if is { self.codes.positive } else { self.codes.negative });
        // A score of 2+ is settled by hybridization alone, whatever word stands beside it.
        let is_open = scored == Some(self.codes.equivocal) && amplified.is_none();
        let by_value_set = self.by_value_set(result).filter(|_| !is_open);
        let said = [scored, amplified, by_value_set];
        let codes = said.into_iter().flatten().try_fold(self.codes.any, Codes::intersection);
        match codes.filter(|codes| *codes != self.codes.any) {
            Some(codes) => Says { codes, gap: None },
            None => marker::unclassified(result, self.codes.any),
        }
    }

    fn by_hybridization(&self, result: &Observation<'_>) -> Says {
        let words = score::read(&value::texts(result));
        let said = match (words.is_amplified, self.by_value_set(result)) {
            (Some(true), _) => Some(self.codes.positive),
            (Some(false), _) => Some(self.codes.negative),
            (None, said) => said,
        };
        match said {
            Some(codes) if codes == self.codes.equivocal => {
                let shown = cited::words(&cited::observation(result));
                Says::vague(self.codes.any, GapKind::Imprecise, format!("ISH is equivocal: {shown}"))
            }
            Some(codes) => Says { codes, gap: None },
            None => marker::unclassified(result, self.codes.any),
        }
    }

    fn by_conditions(&self) -> Finding {
        let sets = [
            (self.source.condition_positive.as_deref(), self.codes.says(self.codes.positive)),
            (self.source.condition_negative.as_deref(), self.codes.says(self.codes.negative)),
        ];
        marker::by_conditions(&sets, self.codes.any, self.reading)
    }
}

/// A score that is sent as a bare number.
fn score_number(result: &Observation<'_>) -> Option<u8> {
    let quantity = result.value_quantity.get();
    let is_bare = |unit: Option<&str>| matches!(unit, None | Some("1" | "{score}" | "score"));
    let number = quantity
        .filter(|quantity| quantity.comparator.get().is_none())
        .filter(|quantity| is_bare(quantity.code.get()) && is_bare(quantity.unit.get()))
        .and_then(|quantity| quantity.value.get())
        .or_else(|| result.value_integer.get());
    number?.parse().ok().filter(|score| *score <= 3)
}

/// Those of a metastasis, and what belongs to them, where there are any; else all.
fn of_site<'o, 'a>(
    stained: &[Reported<'o, 'a>],
    hybridized: &[Reported<'o, 'a>],
) -> (Vec<Reported<'o, 'a>>, Vec<Reported<'o, 'a>>) {
    let is_kept = |result: &Reported<'_, '_>| {
        let mut metastatic =
            stained.iter().chain(hybridized).filter(|other| other.is_of_metastasis).peekable();
        metastatic.peek().is_none()
            || metastatic.any(|other| result.is_of_metastasis || result.belongs_to(other))
    };
    let kept =
        |results: &[Reported<'o, 'a>]| results.iter().filter(|result| is_kept(result)).cloned().collect();
    (kept(stained), kept(hybridized))
}

fn newest<'n, 'o, 'a>(results: &'n [Reported<'o, 'a>]) -> Vec<&'n Reported<'o, 'a>> {
    let is_overtaken = |one: &Reported<'_, '_>| {
        results.iter().any(|other| dated::is_newer(other.dated.when, one.dated.when))
    };
    results.iter().filter(|one| !is_overtaken(one)).collect()
}
