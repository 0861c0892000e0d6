//! Where one sign is seen in the record.

use criteria::{Decimal, Evidence, Gap, GapKind};

use crate::content::Definition;
use crate::elements::dated::{self, Dated, Span};
use crate::elements::standing::{self, Standing};
use crate::elements::{cited, focus, value};
use crate::fhir::{Concept, Condition, MedicationStatement, Observation, Stage};
use crate::reading::Reading;
use crate::search::Search;
use crate::source::Sign;
use crate::when::Window;

/// A sign in the record.
pub(super) type Sighting = Dated<Weight>;

/// What a sign is worth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Weight {
    /// It counts.
    Sure,
    /// It may be so; why it is not sure.
    Doubtful(Gap),
}

/// The searches that a sign is in.
pub(super) fn searches(sign: &Sign) -> &'static [Search] {
    match sign {
        Sign::Condition { .. } | Sign::ConditionStage { .. } => &[Search::Conditions],
        Sign::Observation { .. } | Sign::ObservationFlag { .. } | Sign::ObservationBelow { .. } => {
            &[Search::ClinicalObservations]
        }
        Sign::Allergy { .. } => &[Search::Allergies],
        Sign::Medication { .. } => &[Search::MedicationRequests, Search::MedicationStatements],
    }
}

/// What a sign is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// It speaks for yes.
    Yes,
    /// It speaks for no.
    No,
    /// A sign for no must be newer.
    After,
}

fn gap(kind: GapKind, detail: String) -> Gap {
    Gap { kind, detail }
}

/// `None` where it is not below; a doubt where it may be.
fn is_below(seen: &Observation<'_>, limit: Decimal, unit: &str) -> Option<Option<Gap>> {
    let interval = value::quantity_in(seen, unit);
    let Some(interval) = interval else {
        let shown = cited::words(&cited::observation(seen));
        let is_there = cited::result(seen).is_some();
        return is_there.then(|| Some(gap(GapKind::Imprecise, format!("{shown}: no value in {unit}"))));
    };
    let below = criteria::Interval::below(limit);
    // 0.62 % is 62 %, written as a fraction.
    let is_fraction = unit == "%" && interval.high().value().is_some_and(|high| high <= Decimal::ONE);
    if interval.is_within(&below) && !is_fraction {
        return Some(None);
    }
    let shown = cited::words(&cited::observation(seen));
    interval
        .meets(&below)
        .then(|| Some(gap(GapKind::Imprecise, format!("{shown} may be below {limit} {unit}"))))
}

/// Looks for signs.
pub(super) struct Look<'l, 'r, 'a> {
    pub(super) purpose: Purpose,
    /// Conditions of other diseases.
    pub(super) other: Option<&'l str>,
    pub(super) element: &'l Definition,
    pub(super) reading: &'l Reading<'r, 'a>,
}

impl Look<'_, '_, '_> {
    /// Where a sign is seen.
    pub(super) fn find(&self, sign: &Sign) -> Vec<Sighting> {
        match sign {
            Sign::Condition { codes, clinical_status, at, not_at } => {
                let sites = focus::Sites { at: at.as_deref(), not_at: not_at.as_deref() };
                self.conditions(codes, clinical_status, sites)
            }
            Sign::ConditionStage { codes, summary } => self.stages(codes, summary),
            Sign::Observation { codes, values } => {
                let is_in = |seen: &Observation<'_>| value::is_in(self.reading.terminology, values, seen);
                self.observations(codes, |seen| is_in(seen).then_some(None))
            }
            Sign::ObservationFlag { codes, value } => {
                self.observations(codes, |seen| (seen.value_boolean.0 == Some(*value)).then_some(None))
            }
            Sign::ObservationBelow { codes, below, unit } => {
                self.observations(codes, |seen| is_below(seen, below.0, unit))
            }
            Sign::Allergy { codes } => self.allergies(codes),
            Sign::Medication { codes } => self.medications(codes),
        }
    }

    /// Observations with a value that is in none of the value sets.
    pub(super) fn unclassified(&self, codes: &str, values: &[&str]) -> Vec<Sighting> {
        self.observations(codes, |seen| {
            let is_known = values.iter().any(|set| value::is_in(self.reading.terminology, set, seen));
            let sent = value::sent(seen).filter(|_| !value::is_not_determined(seen))?;
            (!is_known).then(|| Some(gap(GapKind::Unclassified, format!("{sent} is in no known value set"))))
        })
    }

    /// A sighting by its status, its own doubt, and its date.
    fn sighting(&self, standing: Standing, when: Option<Span>, evidence: Evidence) -> Option<Sighting> {
        let shown = cited::words(&evidence);
        let doubt = match standing {
            Standing::SaysNothing => return None,
            Standing::Doubtful(why) => Some(gap(GapKind::Imprecise, format!("{shown} is {why}"))),
            Standing::Counts => None,
        };
        let doubt = doubt.or(match dated::window(when, self.element.window_days, self.reading.at) {
            Window::Within => None,
            Window::Outside => {
                let days = dated::days_before(when, self.reading.at);
                Some(gap(GapKind::Stale, format!("{shown} is {days} days old")))
            }
            Window::Unclear => {
                Some(gap(GapKind::Imprecise, format!("{shown}: not clear whether it is current")))
            }
            Window::Ahead => Some(gap(GapKind::Imprecise, format!("{shown} is dated in the future"))),
        });
        Some(Dated { when, evidence, says: doubt.map_or(Weight::Sure, Weight::Doubtful) })
    }

    fn conditions(&self, codes: &str, clinical_status: &[String], sites: focus::Sites<'_>) -> Vec<Sighting> {
        let standing = |condition: &Condition<'_>| {
            if clinical_status.is_empty() {
                return standing::condition(condition, self.reading.at);
            }
            let status = standing::clinical_status(condition, self.reading.at);
            let is_listed = clinical_status.iter().any(|listed| status == Some(listed));
            match is_listed {
                true => standing::consistent(condition, self.reading.at),
                false => Standing::SaysNothing,
            }
        };
        let seen = focus::conditions(codes, sites, self.other, self.reading);
        let said = seen.into_iter().filter_map(|condition| {
            let when = dated::condition(condition);
            let untold = focus::untold_relation(condition, self.other, self.reading);
            let standing = but(standing(condition), untold);
            let sighting = self.sighting(standing, when, cited::condition(condition))?;
            Some(if self.lasts(condition, !clinical_status.is_empty()) {
                self.until_now(sighting)
            } else {
                sighting
            })
        });
        let mut sightings = said.collect::<Vec<_>>();
        if clinical_status.is_empty() && self.purpose != Purpose::No {
            sightings.extend(self.doubted(codes, sites));
        }
        sightings
    }

    /// Conditions whose words doubt what they name: "suspicious for".
    fn doubted(&self, codes: &str, sites: focus::Sites<'_>) -> impl Iterator<Item = Sighting> {
        focus::doubted_conditions(codes, sites, self.reading).into_iter().filter_map(|condition| {
            let standing = standing::condition(condition, self.reading.at);
            let standing = but(standing, Some("in doubt by its own words".to_owned()));
            self.sighting(standing, dated::condition(condition), cited::condition(condition))
        })
    }

    /// What a Condition says while it is active it says of every moment until now, so that nothing recorded later
    /// undoes it. A sign that a `no` must be newer than is over with its date, unless it is the clinical status, which
    /// has no date of its own.
    fn lasts(&self, condition: &Condition<'_>, is_by_status: bool) -> bool {
        let status = standing::clinical_status(condition, self.reading.at);
        let is_current = matches!(status, None | Some("active" | "recurrence" | "relapse"));
        match self.purpose {
            Purpose::Yes => is_current,
            Purpose::After => is_current && is_by_status,
            Purpose::No => false,
        }
    }

    fn until_now(&self, sighting: Sighting) -> Sighting {
        match sighting.says {
            Weight::Sure => Dated { when: sighting.when.map(|when| when.until(self.reading.at)), ..sighting },
            Weight::Doubtful(_) => sighting,
        }
    }

    fn stages(&self, codes: &str, summary: &str) -> Vec<Sighting> {
        let is_it = |stage: &Stage<'_>| {
            stage.summary.get().is_some_and(|stage| self.reading.terminology.has(summary, stage))
        };
        // A stage is never revised: what it showed once is not undone by a later one.
        let sightings = self.staged(codes, is_it).into_iter().map(|sighting| match self.purpose {
            Purpose::Yes => self.until_now(sighting),
            Purpose::No | Purpose::After => sighting,
        });
        sightings.collect()
    }

    /// Stages of Conditions whose summary is in none of the value sets, and which do not say something else.
    pub(super) fn unclassified_stages(
        &self,
        codes: &str,
        summaries: &[&str],
        beside: Option<&str>,
    ) -> Vec<Sighting> {
        let is_in = |set: &str, concept: &Concept<'_>| self.reading.terminology.has(set, concept);
        let is_unknown = |stage: &Stage<'_>| {
            let Some(summary) = stage.summary.get().filter(|summary| summary.shown().is_some()) else {
                return false;
            };
            let is_beside =
                |set: &str| is_in(set, summary) || stage.r#type.get().is_some_and(|kind| is_in(set, kind));
            !summaries.iter().any(|set| is_in(set, summary)) && !beside.is_some_and(is_beside)
        };
        let doubtful = self.staged(codes, is_unknown).into_iter().map(|sighting| {
            let detail = format!("{}: the stage is in no known value set", cited::words(&sighting.evidence));
            Dated { says: Weight::Doubtful(gap(GapKind::Unclassified, detail)), ..sighting }
        });
        doubtful.collect()
    }

    /// Stages of Conditions.
    fn staged(&self, codes: &str, is_it: impl Fn(&Stage<'_>) -> bool) -> Vec<Sighting> {
        let mut sightings = Vec::new();
        for condition in self.reading.record.conditions_in(codes) {
            // A stage is that at diagnosis: it stays true in remission.
            let standing = match standing::clinical_status(condition, self.reading.at) {
                Some("remission") => standing::verification(condition.verification_status.get()),
                _ => standing::condition(condition, self.reading.at),
            };
            for stage in condition.stage.iter().filter(|stage| is_it(stage)) {
                let mut evidence = cited::condition(condition);
                evidence.path = "Condition.stage.summary".into();
                evidence.value = stage.summary.get().map(cited::concept).unwrap_or_default();
                sightings.extend(self.sighting(standing.clone(), dated::condition(condition), evidence));
            }
        }
        sightings
    }

    /// `says`: `None` where the value is no such sign, else the doubt it leaves.
    fn observations(
        &self,
        codes: &str,
        says: impl Fn(&Observation<'_>) -> Option<Option<Gap>>,
    ) -> Vec<Sighting> {
        let seen = focus::observations(codes, self.other, self.reading);
        seen.into_iter()
            .filter_map(|observation| {
                let doubt = says(observation)?;
                let evidence = cited::observation(observation);
                let when = dated::observation(observation);
                let untold = focus::untold(observation, self.other, self.reading);
                let standing = but(standing::observation(observation), untold);
                let sighting = self.sighting(standing, when, evidence)?;
                match (doubt, &sighting.says) {
                    (Some(doubt), Weight::Sure) => Some(Dated { says: Weight::Doubtful(doubt), ..sighting }),
                    _ => Some(sighting),
                }
            })
            .collect()
    }

    fn allergies(&self, codes: &str) -> Vec<Sighting> {
        let seen = self.reading.record.allergies_in(codes);
        seen.filter_map(|allergy| {
            let when = dated::spanning([allergy.onset_date_time.get(), allergy.recorded_date.get()]);
            self.sighting(standing::allergy(allergy), when, cited::allergy(allergy))
        })
        .collect()
    }

    fn medications(&self, codes: &str) -> Vec<Sighting> {
        let (record, terminology) = (self.reading.record, self.reading.terminology);
        let mut sightings = Vec::new();
        for drug in &record.medication_requests {
            let Some(concept) = drug.concept.as_ref().filter(|drug| terminology.has(codes, drug)) else {
                continue;
            };
            let request = &drug.resource;
            let when = dated::spanning([request.authored_on.get()]);
            let evidence =
                cited::order(cited::reference("MedicationRequest", &request.id), Some(concept), request);
            sightings.extend(self.sighting(standing::past_order(request), when, evidence));
        }
        for drug in &record.medication_statements {
            let Some(concept) = drug.concept.as_ref().filter(|drug| terminology.has(codes, drug)) else {
                continue;
            };
            let evidence = cited::statement(Some(concept), &drug.resource);
            let when = statement_time(&drug.resource);
            sightings.extend(self.sighting(standing::past_statement(&drug.resource), when, evidence));
        }
        sightings
    }
}

/// What counts by its status, unless something else leaves it in doubt.
fn but(standing: Standing, doubt: Option<String>) -> Standing {
    match (standing, doubt) {
        (Standing::Counts, Some(doubt)) => Standing::Doubtful(doubt),
        (standing, _) => standing,
    }
}

fn statement_time(statement: &MedicationStatement<'_>) -> Option<Span> {
    let period = statement.effective_period.get();
    let dates = period.map(|period| [period.start.get(), period.end.get()]);
    dated::spanning([statement.effective_date_time.get()])
        .or_else(|| dates.and_then(dated::spanning))
        .or_else(|| dated::spanning([statement.date_asserted.get()]))
}
