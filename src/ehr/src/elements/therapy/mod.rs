//! What is derived from the history of therapy.

mod candidate;

use criteria::{Gap, Possible, Truth};

use super::cited;
use crate::content::Definition;
use crate::reading::{Find, Finding, Reading};
use crate::search::Search;
use crate::source::{DrugResistance, PreoperativeResponse, RecurrenceAfterCure, TherapyLines};
use crate::therapy::preoperative::preoperative;
use crate::therapy::read;
use crate::therapy::resistance::{Limits, resistance};

/// Where therapy stands, and what happened to the disease.
pub(super) fn searches() -> Vec<Search> {
    let mut searches: Vec<Search> = read::SEARCHES.into_iter().chain(read::EVENT_SEARCHES).collect();
    searches.sort_unstable();
    searches.dedup();
    searches
}

impl Find for TherapyLines {
    fn searches(&self) -> Vec<Search> {
        searches()
    }

    fn find(&self, _: &Definition, reading: &Reading<'_, '_>) -> Finding {
        let Some(history) = reading.history(&self.therapy) else {
            return Finding::nothing();
        };
        let prior = &history.prior;
        let gaps: Vec<Gap> = prior.open.iter().chain(&prior.doubts).cloned().collect();
        let possible = (!history.is_empty()).then_some(Possible::Count(prior.count));
        cited::sorted(Finding { possible, evidence: history.evidence(), gaps })
    }
}

impl Find for DrugResistance {
    fn searches(&self) -> Vec<Search> {
        searches()
    }

    fn find(&self, _: &Definition, reading: &Reading<'_, '_>) -> Finding {
        let Some(history) = reading.history(&self.therapy) else {
            return Finding::nothing();
        };
        let limits = Limits {
            class: &self.class,
            advanced_months: self.advanced_months,
            curative_months: self.curative_months,
            curative_counts: self.after_cure == RecurrenceAfterCure::Counts,
        };
        let found = resistance(history, &limits);
        finding(found.is_resistant, found.evidence, found.gaps)
    }
}

impl Find for PreoperativeResponse {
    fn searches(&self) -> Vec<Search> {
        searches()
    }

    fn find(&self, _: &Definition, reading: &Reading<'_, '_>) -> Finding {
        let Some(history) = reading.history(&self.therapy) else {
            return Finding::nothing();
        };
        let found = preoperative(history);
        finding(found.is_without_response, found.evidence, found.gaps)
    }
}

fn finding(truth: Option<Truth>, evidence: Vec<criteria::Evidence>, gaps: Vec<Gap>) -> Finding {
    cited::sorted(Finding { possible: truth.map(Possible::Truth), evidence, gaps })
}
