//! A patient of the table, and the record that says so.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::support::Request;
use crate::support::resources::{
    LOINC, RXNORM, SNOMED, attestation, concept, condition, ixabepilone, lab, number, observed, order,
    patient, role,
};

/// What is known about a patient and the order; `None` is not recorded.
#[derive(Debug, Clone, Copy)]
pub struct Patient {
    pub birth_date: &'static str,
    pub metastatic: Option<bool>,
    pub regimen: Regimen,
    /// Prior lines of therapy, at least and at most.
    pub lines: (u32, u32),
    pub her2: Her2,
    pub hr: Receptors,
    pub visceral_crisis: Option<bool>,
    pub endocrine_refractory: Option<bool>,
    pub gbrca: Option<bool>,
    pub cps: Option<&'static str>,
    pub tdxd_candidate: Option<bool>,
    pub taxane_resistant: Option<bool>,
    pub anthracycline_contraindicated: Option<bool>,
    /// Per microlitre.
    pub neutrophils: Option<&'static str>,
    /// Per microlitre.
    pub platelets: Option<&'static str>,
    /// Times the upper limit of normal, as the other two.
    pub ast: Option<&'static str>,
    pub alt: Option<&'static str>,
    pub bilirubin: Option<&'static str>,
    pub lab_date: &'static str,
    pub oncologist: Option<bool>,
    /// mg/m2.
    pub dose: &'static str,
    pub cycle_days: u32,
    pub doses_per_cycle: u32,
}

/// What is given beside the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Regimen {
    Alone,
    Capecitabine,
    Trastuzumab,
}

/// HER2 by immunohistochemistry, without a score.
#[derive(Debug, Clone, Copy)]
pub enum Her2 {
    Positive,
    Negative,
}

/// Hormone receptors.
#[derive(Debug, Clone, Copy)]
pub enum Receptors {
    Positive,
    Negative,
    NotRecorded,
}

/// Upper limits of normal of the laboratory: U/L for both enzymes, mg/dL for bilirubin.
const ENZYME_LIMIT: &str = "40";
const BILIRUBIN_LIMIT: &str = "1.2";

const POSITIVE: &str = "10828004";
const NEGATIVE: &str = "260385009";

impl Patient {
    /// The patient whom every case starts from.
    pub const DEFAULT: Self = Self {
        birth_date: "1971-03-02",
        metastatic: Some(true),
        regimen: Regimen::Alone,
        lines: (0, 0),
        her2: Her2::Negative,
        hr: Receptors::Negative,
        visceral_crisis: None,
        endocrine_refractory: None,
        gbrca: None,
        cps: None,
        tdxd_candidate: None,
        taxane_resistant: None,
        anthracycline_contraindicated: None,
        neutrophils: Some("3000"),
        platelets: Some("200000"),
        ast: Some("0.8"),
        alt: Some("0.8"),
        bilirubin: Some("0.5"),
        lab_date: "2026-11-19",
        oncologist: Some(true),
        dose: "40",
        cycle_days: 21,
        doses_per_cycle: 1,
    };

    /// The hook request for this patient.
    pub fn request(&self) -> Request {
        Request::new(&self.orders())
            .answered("patient", patient(self.birth_date))
            .found("conditions", self.conditions())
            .found("laboratory", self.labs())
            .found("clinical-observations", self.tumor())
            .found("attestations", self.attested())
            .found("user-roles", (self.oncologist == Some(true)).then(|| role("207RX0202X")))
    }

    fn orders(&self) -> Vec<Value> {
        let mut orders = vec![ixabepilone("ord1", self.dose, self.doses_per_cycle, self.cycle_days)];
        let partner = |rxnorm| order("ord2", rxnorm, json!({ "text": "as the regimen says" }));
        match self.regimen {
            Regimen::Alone => {}
            Regimen::Capecitabine => orders.push(partner("200328")),
            Regimen::Trastuzumab => orders.push(partner("1922509")),
        }
        orders
    }

    fn conditions(&self) -> Vec<Value> {
        let mut conditions = vec![condition("breast", "C50.911")];
        conditions.extend((self.metastatic == Some(true)).then(|| condition("bone", "C79.51")));
        conditions
    }

    fn labs(&self) -> Vec<Value> {
        let count = |id, loinc, per_microlitre: Option<&str>| {
            let thousands = per_microlitre.map(|value| product(value, "0.001"));
            thousands.map(|value| lab(id, loinc, self.lab_date, &value, "10*3/uL", None))
        };
        let ratio = |id, loinc, times: Option<&str>, limit: &str, unit| {
            times.map(|times| lab(id, loinc, self.lab_date, &product(times, limit), unit, Some(limit)))
        };
        let labs = [
            count("anc", "751-8", self.neutrophils),
            count("plt", "777-3", self.platelets),
            ratio("ast", "1920-8", self.ast, ENZYME_LIMIT, "U/L"),
            ratio("alt", "1742-6", self.alt, ENZYME_LIMIT, "U/L"),
            ratio("bili", "1975-2", self.bilirubin, BILIRUBIN_LIMIT, "mg/dL"),
        ];
        labs.into_iter().flatten().collect()
    }

    fn tumor(&self) -> Vec<Value> {
        let result = |id, loinc, answer| {
            observed(id, (LOINC, loinc), "2026-02-01", ("valueCodeableConcept", concept(SNOMED, answer)))
        };
        let her2 = match self.her2 {
            Her2::Positive => POSITIVE,
            Her2::Negative => NEGATIVE,
        };
        let mut found = vec![result("her2", "85319-2", her2)];
        match self.hr {
            Receptors::Positive => found.push(result("er", "85337-4", POSITIVE)),
            Receptors::Negative => {
                found.extend([result("er", "85337-4", NEGATIVE), result("pr", "85339-0", NEGATIVE)]);
            }
            Receptors::NotRecorded => {}
        }
        let brca = |found| result("brca", "59041-4", if found { POSITIVE } else { NEGATIVE });
        found.extend(self.gbrca.map(brca));
        found.extend(self.cps.map(|score| {
            let quantity = json!({ "value": number(score), "code": "1" });
            observed("cps", (LOINC, "105303-2"), "2026-02-01", ("valueQuantity", quantity))
        }));
        let m0 = || {
            observed(
                "m",
                (LOINC, "21907-1"),
                "2026-10-01",
                ("valueCodeableConcept", concept(SNOMED, "30893008")),
            )
        };
        found.extend((self.metastatic == Some(false)).then(m0));
        found
    }

    /// What no code says, or the service does not derive yet.
    fn attested(&self) -> Vec<Value> {
        let truths = [
            ("disease.locally-advanced", Some(false)),
            ("disease.recurrent", Some(false)),
            ("disease.unresectable", Some(false)),
            ("disease.no-response-to-preoperative-therapy", Some(false)),
            ("disease.visceral-crisis", self.visceral_crisis),
            ("therapy.endocrine-refractory", self.endocrine_refractory),
            ("therapy.t-dxd-candidate", self.tdxd_candidate),
            ("therapy.taxane-resistant", self.taxane_resistant),
            ("therapy.anthracycline-contraindicated", self.anthracycline_contraindicated),
            // Another specialty on record would not exclude a consultation.
            ("prescriber.oncologist", self.oncologist.filter(|is_one| !is_one)),
        ];
        let stated = truths.into_iter().filter_map(|(element, truth)| Some((element, truth?)));
        let mut attested: Vec<Value> =
            stated.map(|(element, truth)| attestation(element, ("valueBoolean", json!(truth)))).collect();
        attested.push(attestation("therapy.prior-lines", self.lines_value()));
        attested
    }

    fn lines_value(&self) -> (&'static str, Value) {
        match self.lines {
            (low, high) if low == high => ("valueInteger", json!(low)),
            (low, high) => ("valueRange", json!({ "low": { "value": low }, "high": { "value": high } })),
        }
    }
}

/// An exact product of two decimals.
fn product(one: &str, other: &str) -> String {
    let decimal = |text: &str| text.parse::<Decimal>().expect("a decimal");
    (decimal(one) * decimal(other)).normalize().to_string()
}

#[test]
fn the_record_says_exactly_what_the_table_says() {
    assert_eq!(product("2.51", ENZYME_LIMIT), "100.4");
    assert_eq!(product("1499", "0.001"), "1.499");
    assert_eq!(product("1.0", BILIRUBIN_LIMIT), "1.2");
    let draft = &Patient { regimen: Regimen::Capecitabine, ..Patient::DEFAULT }.orders()[1];
    assert_eq!(draft["medicationCodeableConcept"], concept(RXNORM, "200328"));
}
