//! Rows of `fixtures/histories.yaml` as FHIR resources.
#![allow(clippy::indexing_slicing, reason = "members of JSON objects that were just made")]

use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::{Value, json};

const SNOMED: &str = "http://snomed.info/sct";
const NDC: &str = "http://hl7.org/fhir/sid/ndc";
const HCPCS: &str = "https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets";

/// When a row happened: as it is written, or a day for each dose.
struct When<'r> {
    from: &'r str,
    to: Option<&'r str>,
    every: Option<i64>,
}

/// The resources of one row, with the search that they belong to.
pub fn resources(row: &str, number: usize) -> Vec<(&'static str, Value)> {
    let (row, flags) =
        row.split_once(" {").map_or((row, ""), |(row, flags)| (row, flags.trim_end_matches('}')));
    let mut words = row.splitn(3, ' ');
    let (when, kind, what) = (words.next().unwrap(), words.next().unwrap(), words.next().unwrap_or_default());
    let row = Row { when: When::of(when), flags: flags.split(", ").collect(), number };
    match kind {
        "condition" => vec![("conditions", row.condition(what))],
        "status" => vec![("clinical-observations", row.observation("97509-4", &status(what)))],
        "her2" => vec![("clinical-observations", row.observation("85319-2", &json!({ "text": what })))],
        "procedure" => vec![("procedures", row.procedure(what))],
        "administration" => row.drugs(what, "medication-administrations", Row::administration),
        "dispense" => row.drugs(what, "medication-dispenses", Row::dispense),
        "statement" => row.drugs(what, "medication-statements", Row::statement),
        "order" => row.drugs(what, "medication-requests", Row::order),
        other => panic!("no kind `{other}`"),
    }
}

impl<'r> When<'r> {
    fn of(text: &'r str) -> Self {
        let (text, every) =
            text.split_once('/').map_or((text, None), |(text, every)| (text, every.parse().ok()));
        let (from, to) = text.split_once("..").map_or((text, None), |(from, to)| (from, Some(to)));
        Self { from, to, every }
    }

    fn date(&self) -> Value {
        if self.from == "?" { Value::Null } else { json!(self.from) }
    }

    /// The date of each dose, and whether it is the last one.
    fn doses(&self) -> Vec<(Value, bool)> {
        let (Some(every), Some(to)) = (self.every, self.to) else { return vec![(self.date(), true)] };
        let (mut date, to): (Date, Date) = (self.from.parse().unwrap(), to.parse().unwrap());
        let mut doses = Vec::new();
        while date <= to {
            let next = date.checked_add(every.days()).unwrap();
            doses.push((json!(date.to_string()), next > to));
            date = next;
        }
        doses
    }
}

/// One row.
struct Row<'r> {
    when: When<'r>,
    flags: Vec<&'r str>,
    number: usize,
}

/// One dose of one drug.
struct Dose<'d> {
    id: String,
    drug: &'d Value,
    date: Value,
    is_last: bool,
}

impl Row<'_> {
    fn has(&self, flag: &str) -> bool {
        self.flags.contains(&flag)
    }

    fn value(&self, flag: &str) -> Option<&str> {
        self.flags.iter().find_map(|text| text.strip_prefix(flag)?.strip_prefix('='))
    }

    fn status(&self, usual: &str) -> String {
        self.value("status").unwrap_or(usual).to_owned()
    }

    fn drugs(
        &self,
        what: &str,
        search: &'static str,
        resource: impl Fn(&Self, &Dose<'_>) -> Value,
    ) -> Vec<(&'static str, Value)> {
        let mut resources = Vec::new();
        for (place, name) in what.split(" + ").enumerate() {
            let drug = drug(name);
            let doses = if search == "medication-statements" {
                vec![(self.when.date(), true)]
            } else {
                self.when.doses()
            };
            for (count, (date, is_last)) in doses.into_iter().enumerate() {
                let id = format!("r{}-{place}-{count}", self.number);
                let mut one = resource(self, &Dose { id, drug: &drug, date, is_last });
                one["subject"] = json!({ "reference": "Patient/p1" });
                if let Some(intent) = self.intent() {
                    one["extension"] = intent;
                }
                resources.push((search, one));
            }
        }
        resources
    }

    fn administration(&self, dose: &Dose<'_>) -> Value {
        let mut one = json!({ "resourceType": "MedicationAdministration", "id": dose.id, "status": self.status("completed"),
            "medicationCodeableConcept": dose.drug, "effectiveDateTime": dose.date });
        if let Some(reason) = self.reason().filter(|_| dose.is_last) {
            one["status"] = json!("stopped");
            one["statusReason"] = json!([reason]);
        }
        one
    }

    fn dispense(&self, dose: &Dose<'_>) -> Value {
        let supply = self.value("supply").and_then(|days| days.parse().ok());
        let days = supply.or(self.when.every).unwrap();
        json!({ "resourceType": "MedicationDispense", "id": dose.id, "status": self.status("completed"),
            "medicationCodeableConcept": dose.drug, "whenHandedOver": dose.date,
            "daysSupply": { "value": days, "unit": "d", "system": "http://unitsofmeasure.org", "code": "d" } })
    }

    fn statement(&self, dose: &Dose<'_>) -> Value {
        let mut one = json!({ "resourceType": "MedicationStatement", "id": dose.id, "status": self.status("completed"),
            "medicationCodeableConcept": dose.drug });
        match self.when.to {
            Some(to) => one["effectivePeriod"] = json!({ "start": dose.date, "end": to }),
            None if self.has("asserted") => one["dateAsserted"] = dose.date.clone(),
            None => one["effectiveDateTime"] = dose.date.clone(),
        }
        one
    }

    fn order(&self, dose: &Dose<'_>) -> Value {
        let mut one = json!({ "resourceType": "MedicationRequest", "id": dose.id, "status": self.status("active"),
            "intent": "order", "medicationCodeableConcept": dose.drug, "authoredOn": dose.date });
        if let Some(start) = self.value("starts") {
            let period = json!({ "start": start });
            one["dosageInstruction"] = json!([{ "timing": { "repeat": { "boundsPeriod": period } } }]);
        }
        one
    }

    fn condition(&self, code: &str) -> Value {
        let coding = json!({ "system": "http://hl7.org/fhir/sid/icd-10-cm", "code": code });
        let mut one = json!({ "resourceType": "Condition", "id": format!("r{}", self.number), "code": { "coding": [coding] },
            "subject": { "reference": "Patient/p1" },
            "clinicalStatus": { "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": self.value("clinical").unwrap_or("active") }] } });
        let date = if self.has("recorded") { "recordedDate" } else { "onsetDateTime" };
        one[date] = self.when.date();
        one
    }

    fn observation(&self, code: &str, value: &Value) -> Value {
        json!({ "resourceType": "Observation", "id": format!("r{}", self.number), "status": "final",
            "subject": { "reference": "Patient/p1" }, "effectiveDateTime": self.when.date(),
            "code": { "coding": [{ "system": "http://loinc.org", "code": code }] }, "valueCodeableConcept": value })
    }

    fn procedure(&self, what: &str) -> Value {
        json!({ "resourceType": "Procedure", "id": format!("r{}", self.number), "status": "completed",
            "subject": { "reference": "Patient/p1" }, "code": drug(what), "performedDateTime": self.when.date() })
    }

    fn reason(&self) -> Option<Value> {
        let code = match () {
            () if self.has("no-response") => "266721009",
            () if self.has("not-tolerated") => "407563006",
            () => return None,
        };
        Some(json!({ "coding": [{ "system": SNOMED, "code": code }] }))
    }

    fn intent(&self) -> Option<Value> {
        let value = match () {
            () if self.has("adjuvant") => json!({ "coding": [{ "system": SNOMED, "code": "373846009" }] }),
            () if self.has("neoadjuvant") => json!({ "text": "neoadjuvant" }),
            () if self.has("palliative") => json!({ "coding": [{ "system": SNOMED, "code": "363676003" }] }),
            () => return None,
        };
        let url = "http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-procedure-intent";
        Some(json!([{ "url": url, "valueCodeableConcept": value }]))
    }
}

fn drug(name: &str) -> Value {
    let coded = |system: &str, code: &str| json!({ "coding": [{ "system": system, "code": code }] });
    match name.split_once(':') {
        Some(("rxnorm", code)) => coded("http://www.nlm.nih.gov/research/umls/rxnorm", code),
        Some(("hcpcs", code)) => coded(HCPCS, code),
        Some(("ndc", code)) => coded(NDC, code),
        Some(("snomed", code)) => coded(SNOMED, code),
        _ => json!({ "text": name }),
    }
}

/// Condition status trends of mCODE.
fn status(what: &str) -> Value {
    let code = match what {
        "improved" => "268910001",
        "stable" => "359746009",
        "worsened" => "271299001",
        "remission" => "103338009",
        other => panic!("no status `{other}`"),
    };
    json!({ "coding": [{ "system": SNOMED, "code": code }] })
}
