//! Every data element accepts an attestation: by status, by window to the second, in every zone, whatever else failed.

use criteria::{GapKind, Known, Possible};
use ehr::search::Search;
use jiff::tz::{TimeZone, offset};
use jiff::{Timestamp, ToSpan};
use serde_json::{Value, json};

use crate::chart::{AT, Chart, merged};
use crate::content::content;

/// What is attested of an element, and its window in days.
struct Row {
    element: &'static str,
    value: Value,
    window: Option<i64>,
}

fn quantity(value: u32, unit: &str) -> Value {
    json!({ "valueQuantity": { "value": value, "unit": unit, "system": "http://unitsofmeasure.org", "code": unit } })
}

fn rows() -> Vec<Row> {
    let truth = |element, window| Row { element, value: json!({ "valueBoolean": true }), window };
    let coded = |element, code: &str| Row { element, value: json!({ "valueString": code }), window: None };
    let of = |element, value, window| Row { element, value, window };
    vec![
        of("patient.age", quantity(55, "a"), None),
        of("patient.body-surface-area", quantity(2, "m2"), Some(30)),
        truth("patient.pregnant", Some(280)),
        truth("diagnosis.breast-cancer", None),
        truth("disease.metastatic", None),
        truth("disease.locally-advanced", None),
        truth("disease.recurrent", None),
        truth("disease.unresectable", None),
        truth("disease.no-response-to-preoperative-therapy", None),
        truth("disease.visceral-crisis", None),
        coded("tumor.er", "positive"),
        coded("tumor.pr", "negative"),
        coded("tumor.her2", "low"),
        of("tumor.pd-l1-cps", quantity(4, "1"), None),
        truth("germline.brca", None),
        of("therapy.prior-lines", json!({ "valueInteger": 2 }), None),
        truth("therapy.taxane-resistant", None),
        truth("therapy.anthracycline-contraindicated", None),
        truth("therapy.endocrine-refractory", None),
        truth("therapy.t-dxd-candidate", None),
        of("order.partners", json!({ "valueString": "capecitabine" }), None),
        of("order.dose", quantity(40, "mg/m2"), None),
        of("order.dose-absolute", quantity(70, "mg"), None),
        of("order.cycle-length", quantity(21, "d"), None),
        of("order.doses-per-cycle", json!({ "valueInteger": 1 }), None),
        coded("order.route", "intravenous"),
        truth("prescriber.oncologist", None),
        of("labs.neutrophils", quantity(1600, "/uL"), Some(14)),
        of("labs.platelets", quantity(150_000, "/uL"), Some(14)),
        of("labs.ast", quantity(2, "1"), Some(14)),
        of("labs.alt", quantity(2, "1"), Some(14)),
        of("labs.bilirubin", quantity(2, "1"), Some(14)),
        truth("medication.strong-cyp3a4-inhibitor", Some(60)),
        truth("medication.strong-cyp3a4-inducer", Some(60)),
        truth("allergy.polyoxyl-castor-oil", None),
    ]
}

impl Row {
    fn with(&self, more: &Value) -> Chart {
        let code = json!({ "coding": [{ "system": "urn:signpost:data-element", "code": self.element }] });
        let bare = json!({ "resourceType": "Observation", "id": "at", "status": "final", "code": code,
            "effectiveDateTime": "2026-11-22T11:00:00Z" });
        Chart::of(&[merged(merged(bare, &self.value), more)])
    }

    fn known(&self, more: &Value) -> Known {
        self.with(more).known(self.element)
    }

    /// Attested at an instant, written in a zone so many hours from UTC.
    fn known_at(&self, instant: Timestamp, hours: i8) -> Known {
        let zoned = instant.to_zoned(TimeZone::fixed(offset(hours)));
        self.known(&json!({ "effectiveDateTime": zoned.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string() }))
    }

    fn assert_attested(&self, known: &Known, how: &str) {
        let noted = |note: &Option<String>| note.as_deref().is_some_and(|note| note.starts_with("attested"));
        assert!(known.gaps.is_empty(), "{} {how}: {:?}", self.element, known.gaps);
        assert!(
            known.evidence.iter().any(|one| noted(&one.note)),
            "{} {how}: {:?}",
            self.element,
            known.evidence
        );
    }

    /// What is known without it, or nothing where its absence would have been an answer; and why it does not count.
    fn assert_not_counted(&self, known: &Known, kind: GapKind, how: &str) {
        let without = Chart::default().known(self.element);
        let named = known.gaps.iter().any(|gap| gap.kind == kind && gap.detail.contains("the attestation"));
        assert!(named, "{} {how}: {:?}", self.element, known.gaps);
        let is_as_without = known.possible == without.possible || known.possible == self.domain();
        assert!(is_as_without, "{} {how}: {:?}", self.element, known.possible);
    }

    fn domain(&self) -> Possible {
        let elements = &content().elements;
        elements.get(elements.find(self.element).unwrap()).unwrap().kind.domain()
    }
}

#[test]
fn no_element_is_left_out() {
    let mut all: Vec<&str> = content().elements.iter().map(|(_, element)| element.id.as_str()).collect();
    let mut here: Vec<&str> = rows().iter().map(|row| row.element).collect();
    all.sort_unstable();
    here.sort_unstable();
    assert_eq!(here, all);
}

#[test]
fn by_status() {
    for row in rows() {
        for status in ["final", "amended", "corrected"] {
            row.assert_attested(&row.known(&json!({ "status": status })), status);
        }
        for status in ["preliminary", "registered", "unknown"] {
            row.assert_not_counted(&row.known(&json!({ "status": status })), GapKind::NotRecorded, status);
        }
        row.assert_not_counted(&row.known(&json!({ "status": null })), GapKind::NotRecorded, "no status");
        let without = Chart::default().known(row.element);
        for status in ["entered-in-error", "cancelled"] {
            assert_eq!(row.known(&json!({ "status": status })), without, "{} {status}", row.element);
        }
    }
}

#[test]
fn by_window_to_the_second_in_every_zone() {
    let at: Timestamp = AT.parse().unwrap();
    for row in rows() {
        for hours in [-12, -5, 0, 9, 14] {
            let ahead = at + 24.hours() + 1.second();
            row.assert_not_counted(&row.known_at(ahead, hours), GapKind::Imprecise, "ahead");
            let Some(days) = row.window else { continue };
            let edge = at - (24 * days).hours();
            row.assert_attested(&row.known_at(edge, hours), "at the edge");
            let known = row.known_at(edge - 1.second(), hours);
            row.assert_not_counted(&known, GapKind::Stale, "a second before the edge");
        }
        let partial = row.known(&json!({ "effectiveDateTime": "2015" }));
        match row.window {
            Some(_) => row.assert_not_counted(&partial, GapKind::Stale, "years ago"),
            None if row.element.starts_with("order.") => {
                row.assert_not_counted(&partial, GapKind::Stale, "of another order");
            }
            None => row.assert_attested(&partial, "years ago"),
        }
    }
}

#[test]
fn whatever_else_failed() {
    let others = Search::ALL.into_iter().filter(|search| *search != Search::ClinicalObservations);
    let failed: Vec<Search> = others.collect();
    for row in rows() {
        let chart = Chart { failed: failed.clone(), ..row.with(&json!({})) };
        row.assert_attested(&chart.known(row.element), "all else failed");
        let paged = Chart { paged: Search::ALL.to_vec(), ..row.with(&json!({})) };
        row.assert_attested(&paged.known(row.element), "all paged");
    }
}

#[test]
fn a_value_that_cannot_be_read_leaves_it_open() {
    for row in rows() {
        let taken = row.value.as_object().unwrap().keys().next().unwrap().clone();
        let mut known = row.known(&json!({ (&taken): null, "valueString": "see note" }));
        assert!(known.gaps.iter().any(|gap| gap.kind == GapKind::Imprecise), "{}: {known:?}", row.element);
        assert_eq!(known.possible, row.domain(), "{}", row.element);
        known = row.known(&json!({ (&taken): null, "dataAbsentReason": { "text": "asked" } }));
        assert_eq!(known, Chart::default().known(row.element), "{}: no value, but why", row.element);
    }
}
