//! Age in completed years.

use criteria::{Decimal, Evidence, GapKind, Interval, Possible};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::content::Definition;
use crate::fhir::Patient;
use crate::quantity::clipped;
use crate::reading::{Find, Finding, Reading};
use crate::search::Search;
use crate::when::When;

/// See [`crate::source::Source::Age`].
#[derive(Debug)]
pub struct Age;

impl Find for Age {
    fn searches(&self) -> Vec<Search> {
        vec![Search::Patient]
    }

    fn find(&self, _element: &Definition, reading: &Reading<'_, '_>) -> Finding {
        let Some(patient) = &reading.record.patient else { return Finding::nothing() };
        let Some(recorded) = patient.birth_date.get() else { return Finding::nothing() };
        let evidence = Evidence {
            reference: patient.id.get().map_or_else(|| "Patient".to_owned(), |id| format!("Patient/{id}")),
            path: "Patient.birthDate".into(),
            value: clipped(recorded),
            ..Evidence::default()
        };
        match years_at(patient, reading.at) {
            None => {
                Finding { possible: None, evidence: vec![evidence], gaps: Vec::new(), ..Finding::default() }
                    .with_gap(GapKind::Imprecise, "the birth date is no date in the past")
            }
            Some((youngest, oldest)) => {
                let interval = Interval::spanning(youngest.into(), oldest.into());
                let finding = Finding::of(Possible::Quantity(interval), vec![evidence]);
                if youngest == oldest {
                    return finding;
                }
                finding.with_gap(
                    GapKind::Imprecise,
                    format!("the birth date is recorded as {} only", clipped(recorded)),
                )
            }
        }
    }
}

/// The fewest and the most years that the patient may have completed at an instant (its day in UTC).
///
/// `None` where there is no birth date, or it lies ahead.
pub(super) fn years_at(patient: &Patient<'_>, at: Timestamp) -> Option<(u16, u16)> {
    let (first, last) = When::read(patient.birth_date.get()?)?.calendar_days();
    let today = at.to_zoned(TimeZone::UTC).date();
    let oldest = completed_years(first, today)?;
    // A partial birth date of this year may lie ahead, which nobody's does.
    Some((completed_years(last, today).unwrap_or(0), oldest))
}

/// Whether the patient had completed 18 years on every day that a time may mean; `None` where that is not known.
pub(super) fn is_adult(patient: Option<&Patient<'_>>, at: Timestamp) -> Option<bool> {
    let (youngest, oldest) = years_at(patient?, at)?;
    if youngest >= 18 { Some(true) } else { (oldest < 18).then_some(false) }
}

/// Born on 29 February, a year is completed on 1 March where there is no such day.
fn completed_years(born: Date, today: Date) -> Option<u16> {
    let had_no_birthday = (today.month(), today.day()) < (born.month(), born.day());
    u16::try_from(today.year() - born.year() - i16::from(had_no_birthday)).ok()
}

/// The age of the patient in years, where it is known at all.
pub(super) fn years(patient: Option<&Patient<'_>>, at: Timestamp) -> Option<Interval> {
    let (youngest, oldest) = years_at(patient?, at)?;
    Some(Interval::spanning(Decimal::from(youngest), Decimal::from(oldest)))
}
