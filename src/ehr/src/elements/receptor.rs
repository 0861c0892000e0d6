//! A receptor of the tumor, positive or negative: by the newest result, by Conditions only where there is none.

use criteria::{Codes, Decimal, GapKind, Interval};

use super::dated::{self, Dated};
use super::marker::{self, Results, Says};
use super::{cited, value};
use crate::content::Definition;
use crate::fhir::{Observation, Quantity};
use crate::quantity::Measure;
use crate::reading::{Find, Finding, Reading};
use crate::search::Search;
use crate::source::Receptor;

/// The element's codes, in the order that [`Receptor`] demands.
const POSITIVE: usize = 0;
const NEGATIVE: usize = 1;

impl Find for Receptor {
    fn searches(&self) -> Vec<Search> {
        vec![Search::ClinicalObservations, Search::Conditions]
    }

    fn newest_of(&self) -> Option<Search> {
        Some(Search::ClinicalObservations)
    }

    fn find(&self, _: &Definition, reading: &Reading<'_, '_>) -> Finding {
        let (Some(positive), Some(negative)) = (Codes::one(POSITIVE), Codes::one(NEGATIVE)) else {
            return Finding::nothing();
        };
        let says = SaysOf { receptor: self, reading, positive, negative, both: positive.union(negative) };
        let results = |set: &str| marker::results(set, self.other.as_deref(), reading);
        let single = results(&self.codes);
        let combined = self.combined.as_deref().map(results).unwrap_or_default();
        let mut seen = says.all(&single.usable, SaysOf::single);
        seen.extend(says.all(&combined.usable, SaysOf::combined));
        let finding = match marker::agree(&says.of_site(seen)) {
            Some((says, evidence)) => marker::finding(says, evidence),
            None => says.by_conditions(),
        };
        let finding =
            says.or_else(says.or_else(finding, &single, SaysOf::single), &combined, SaysOf::combined);
        let aside = single.aside.into_iter().chain(combined.aside);
        marker::name_aside(cited::sorted(finding), aside)
    }
}

struct SaysOf<'s, 'r, 'a> {
    receptor: &'s Receptor,
    reading: &'s Reading<'r, 'a>,
    positive: Codes,
    negative: Codes,
    both: Codes,
}

/// A result, and whether it is of a metastasis.
type OfSite = (bool, Dated<Says>);

impl SaysOf<'_, '_, '_> {
    fn all(&self, results: &[&Observation<'_>], says: fn(&Self, &Observation<'_>) -> Says) -> Vec<OfSite> {
        let set = self.receptor.metastasis.as_deref();
        let dated = |result: &&Observation<'_>| Dated {
            when: dated::observation(result),
            evidence: cited::observation(result),
            says: says(self, result),
        };
        results
            .iter()
            .map(|result| (marker::is_of_metastasis(result, set, self.reading), dated(result)))
            .collect()
    }

    fn or_else(
        &self,
        finding: Finding,
        results: &Results<'_, '_>,
        says: fn(&Self, &Observation<'_>) -> Says,
    ) -> Finding {
        let set = self.receptor.metastasis.as_deref();
        let is_of_metastasis = |result: &Observation<'_>| marker::is_of_metastasis(result, set, self.reading);
        marker::or_else(finding, results, |result| says(self, result), self.both, is_of_metastasis)
    }

    /// Those of a metastasis where there are any, else all.
    fn of_site(&self, seen: Vec<OfSite>) -> Vec<Dated<Says>> {
        let has_metastatic = seen.iter().any(|(is_metastatic, _)| *is_metastatic);
        seen.into_iter().filter(|(site, _)| *site == has_metastatic).map(|(_, result)| result).collect()
    }

    fn single(&self, result: &Observation<'_>) -> Says {
        let is_in = |set: &str| value::is_interpreted_in(self.reading.terminology, set, result);
        match (is_in(&self.receptor.positive), is_in(&self.receptor.negative)) {
            (true, false) if !contradicts(result, true) => Says::exactly(self.positive),
            (false, true) if !contradicts(result, false) => Says::exactly(self.negative),
            (false, false) => self.stained(result),
            _ => marker::unclassified(result, self.both),
        }
    }

    /// By the share of stained cells (from 1 % on it is positive), or the grade of staining.
    fn stained(&self, result: &Observation<'_>) -> Says {
        if let Some(share) = share(result) {
            let one = Interval::below(Decimal::ONE);
            return match (share.is_within(&one), share.meets(&one)) {
                (true, _) => Says::exactly(self.negative),
                (false, false) => Says::exactly(self.positive),
                (false, true) => {
                    let detail =
                        format!("{} may be below or above 1 %", cited::words(&cited::observation(result)));
                    Says::vague(self.both, GapKind::Imprecise, detail)
                }
            };
        }
        match value::texts(result).as_slice() {
            ["1+" | "2+" | "3+"] => Says::exactly(self.positive),
            ["0"] => Says::exactly(self.negative),
            _ => marker::unclassified(result, self.both),
        }
    }

    /// Both receptors in one result: together positive does not tell which of them.
    fn combined(&self, result: &Observation<'_>) -> Says {
        let is_in = |set: &str| value::is_interpreted_in(self.reading.terminology, set, result);
        match (is_in(&self.receptor.positive), is_in(&self.receptor.negative)) {
            (false, true) => Says::exactly(self.negative),
            (true, false) => {
                let shown = cited::words(&cited::observation(result));
                let detail = format!("{shown} is of several receptors together and does not tell which");
                Says::vague(self.both, GapKind::Imprecise, detail)
            }
            _ => marker::unclassified(result, self.both),
        }
    }

    fn by_conditions(&self) -> Finding {
        let combined = "of several receptors together, and does not tell which";
        let sets = [
            (self.receptor.condition_positive.as_deref(), Says::exactly(self.positive)),
            (self.receptor.condition_negative.as_deref(), Says::exactly(self.negative)),
            (
                self.receptor.condition_combined.as_deref(),
                Says::vague(self.both, GapKind::Imprecise, combined),
            ),
        ];
        marker::by_conditions(&sets, self.both, self.reading)
    }
}

/// Percent of stained cells, as a quantity or in words (`95%`, `<1 %`). A score of another kind is none.
fn share(result: &Observation<'_>) -> Option<Interval> {
    let is_percent = |quantity: &Quantity<'_>| {
        let units = [quantity.code.get(), quantity.unit.get()];
        units.into_iter().flatten().any(|unit| unit.contains('%') || unit.eq_ignore_ascii_case("percent"))
    };
    let measured = match result.value_quantity.get() {
        Some(quantity) if !is_percent(quantity) => None,
        _ => value::quantity_in(result, "%"),
    };
    let share = measured.or_else(|| {
        let text = value::texts(result).into_iter().find(|text| text.trim_end().ends_with('%'))?;
        Measure::of_text(text)?.in_unit("%", None).ok()
    });
    share.filter(|share| share.meets(&Interval::spanning(Decimal::ZERO, Decimal::ONE_HUNDRED)))
}

/// Whether the share of cells in a text contradicts its words: positive in less than 1 %, negative in 1 % or more.
fn contradicts(result: &Observation<'_>, is_positive: bool) -> bool {
    let one = Interval::below(Decimal::ONE);
    let shares = value::texts(result).into_iter().flat_map(shares).collect::<Vec<_>>();
    match is_positive {
        true => !shares.is_empty() && shares.iter().all(|share| share.is_within(&one)),
        false => shares.iter().any(|share| !share.meets(&one)),
    }
}

/// Every percentage that a text names, with its comparator.
fn shares(text: &str) -> Vec<Interval> {
    let parts = text.split_inclusive('%').filter(|part| part.ends_with('%'));
    let share = |part: &str| {
        let number = part.trim_end_matches(['%', ' ']);
        let start = number.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.').len();
        let (before, number) = number.split_at_checked(start)?;
        let start = before.trim_end().trim_end_matches(['<', '>', '=', '\u{2264}', '\u{2265}']).len();
        let comparator = before.get(start..)?.trim_end();
        Measure::of_text(&format!("{comparator}{number}%"))?.in_unit("%", None).ok()
    };
    parts.filter_map(share).collect()
}
