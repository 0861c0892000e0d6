//! What happened to the disease, by the signs of the rules.

use criteria::{Evidence, Gap, GapKind};

use super::Reader;
use crate::elements::focus::{self, Sites};
use crate::elements::standing::{self, Standing};
use crate::elements::{cited, value};
use crate::fhir::{Condition, Observation};
use crate::source::Sign;
use crate::therapy::recorded::{Day, Event, EventKind};
use crate::when::recorded;

impl Reader<'_, '_, '_> {
    pub(super) fn events(&mut self) {
        let rules = self.rules;
        for (kind, signs) in [
            (EventKind::Advanced, &rules.advanced),
            (EventKind::Progression, &rules.progression),
            (EventKind::Response, &rules.response),
            (EventKind::Stable, &rules.stable),
        ] {
            signs.iter().for_each(|sign| self.sign(kind, sign));
        }
        self.unclassified();
    }

    fn sign(&mut self, kind: EventKind, sign: &Sign) {
        let terminology = self.reading.terminology;
        match sign {
            Sign::Condition { codes, clinical_status, at, not_at } => {
                let sites = Sites { at: at.as_deref(), not_at: not_at.as_deref() };
                self.conditions(kind, codes, clinical_status, sites);
            }
            Sign::ConditionStage { codes, summary } => self.stages(kind, codes, summary),
            Sign::Observation { codes, values } => {
                self.observations(kind, codes, |seen| value::is_in(terminology, values, seen));
            }
            Sign::ObservationFlag { codes, value } => {
                self.observations(kind, codes, |seen| seen.value_boolean.0 == Some(*value));
            }
            // Refused when the rules are loaded: they say nothing about when the disease changed.
            Sign::ObservationBelow { .. } | Sign::Allergy { .. } | Sign::Medication { .. } => {}
        }
    }

    fn conditions(&mut self, kind: EventKind, codes: &str, clinical_status: &[String], sites: Sites<'_>) {
        for condition in focus::conditions(codes, sites, self.other(), self.reading) {
            let status = standing::clinical_status(condition, self.reading.at);
            let by_status = !clinical_status.is_empty();
            if by_status && !clinical_status.iter().any(|listed| status == Some(listed)) {
                continue;
            }
            let (day, may_be_earlier) = self.began(condition);
            // A status has no date of its own: the disease came back some time after it began.
            let day = if by_status { self.now.until_today(day) } else { day };
            let event = (day, may_be_earlier && !by_status);
            self.condition(kind, condition, event, cited::condition(condition));
        }
    }

    fn stages(&mut self, kind: EventKind, codes: &str, summary: &str) {
        for condition in self.reading.record.conditions_in(codes) {
            for stage in condition.stage.iter().filter_map(|stage| stage.summary.get()) {
                if !self.reading.terminology.has(summary, stage) {
                    continue;
                }
                let evidence = Evidence {
                    path: "Condition.stage.summary".into(),
                    value: cited::concept(stage),
                    ..cited::condition(condition)
                };
                self.condition(kind, condition, self.began(condition), evidence);
            }
        }
    }

    /// What was once there counts though it is over: only what was refuted or entered in error says nothing.
    fn condition(
        &mut self,
        kind: EventKind,
        condition: &Condition<'_>,
        (day, may_be_earlier): (Option<Day>, bool),
        evidence: Evidence,
    ) {
        let is_sure = match standing::verification(condition.verification_status.get()) {
            Standing::SaysNothing => return,
            Standing::Counts => focus::untold_relation(condition, self.other(), self.reading).is_none(),
            Standing::Doubtful(_) => false,
        };
        if !self.now.is_ahead(onset(condition).or_else(|| condition.recorded_date.get())) {
            self.recorded.events.push(Event { kind, day, may_be_earlier, is_sure, evidence });
        }
    }

    /// Conditions of other diseases.
    fn other(&self) -> Option<&str> {
        self.rules.other.as_deref()
    }

    /// When a condition began, and whether it may have begun earlier: without an onset only its writing down is dated.
    fn began(&self, condition: &Condition<'_>) -> (Option<Day>, bool) {
        match self.now.day(onset(condition)) {
            Some(day) => (Some(day), false),
            None => (self.now.day(condition.recorded_date.get()), true),
        }
    }

    /// Whether the value also says that the disease went another way: then it is not sure which.
    fn is_contradicted(&self, kind: EventKind, codes: &str, observation: &Observation<'_>) -> bool {
        let rules = self.rules;
        let ways = [
            (EventKind::Progression, &rules.progression),
            (EventKind::Response, &rules.response),
            (EventKind::Stable, &rules.stable),
        ];
        let is_way = ways.iter().any(|(way, _)| *way == kind);
        let mut others = ways.iter().filter(|(way, _)| is_way && *way != kind).flat_map(|(_, signs)| *signs);
        others.any(|sign| match sign {
            Sign::Observation { codes: other, values } => {
                other == codes && value::is_in(self.reading.terminology, values, observation)
            }
            _ => false,
        })
    }

    fn observations(&mut self, kind: EventKind, codes: &str, says: impl Fn(&Observation<'_>) -> bool) {
        let seen = focus::observations(codes, self.other(), self.reading);
        for observation in seen.into_iter().filter(|seen| says(seen)) {
            let is_sure = match standing::observation(observation) {
                Standing::SaysNothing => continue,
                Standing::Counts => {
                    focus::untold(observation, self.other(), self.reading).is_none()
                        && !self.is_contradicted(kind, codes, observation)
                }
                Standing::Doubtful(_) => false,
            };
            if self.now.is_ahead(recorded(observation)) {
                continue;
            }
            self.recorded.events.push(Event {
                kind,
                day: self.observed(observation),
                may_be_earlier: is_only_issued(observation),
                is_sure,
                evidence: cited::observation(observation),
            });
        }
    }

    /// On which day; within a period any.
    fn observed(&self, observation: &Observation<'_>) -> Option<Day> {
        let period = observation.effective_period.get();
        let at = observation.effective_date_time.get().or_else(|| observation.effective_instant.get());
        match (at, period.filter(|period| period.start.get().is_some())) {
            (None, Some(period)) => {
                let course = self.now.during(period);
                Some(Day { earliest: course.start?.earliest, latest: course.last?.latest })
            }
            _ => self.now.day(recorded(observation)),
        }
    }

    /// Observations that tell of progression by their value, and whose value is none that is known: it may be one.
    fn unclassified(&mut self) {
        let rules = self.rules;
        let told = |signs: &[Sign], codes: &str| -> Vec<String> {
            let values = signs.iter().filter_map(|sign| match sign {
                Sign::Observation { codes: other, values } if other == codes => Some(values.clone()),
                _ => None,
            });
            values.collect()
        };
        for sign in &rules.progression {
            let Sign::Observation { codes, .. } = sign else { continue };
            let all = [&rules.progression, &rules.response, &rules.stable, &rules.advanced];
            let known: Vec<String> = all.into_iter().flat_map(|signs| told(signs, codes)).collect();
            for observation in focus::observations(codes, self.other(), self.reading) {
                let sent = value::sent(observation).filter(|_| !value::is_not_determined(observation));
                let Some(sent) = sent else { continue };
                let is_known =
                    known.iter().any(|set| value::is_in(self.reading.terminology, set, observation));
                if is_known || standing::observation(observation) == Standing::SaysNothing {
                    continue;
                }
                let reference = cited::reference("Observation", &observation.id);
                let detail = format!("{reference}: {sent} is in no known value set, and may be progression");
                self.recorded.events_not_read.push(Gap { kind: GapKind::Unclassified, detail });
            }
        }
    }
}

/// Whether only the day is recorded on which it was made known.
fn is_only_issued(observation: &Observation<'_>) -> bool {
    let at = observation.effective_date_time.get().or_else(|| observation.effective_instant.get());
    let period = observation.effective_period.get();
    let during = period.and_then(|period| period.start.get().or_else(|| period.end.get()));
    at.or(during).is_none() && observation.issued.get().is_some()
}

fn onset<'c>(condition: &'c Condition<'_>) -> Option<&'c str> {
    let start = || condition.onset_period.get().and_then(|period| period.start.get());
    condition.onset_date_time.get().or_else(start)
}
