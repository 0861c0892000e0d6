//! Elements and value sets of the tests' own. Drugs are invented.

use std::sync::OnceLock;

use ehr::content::Content;
use serde_json::{Value, json};

use crate::chart::system;
use crate::given::composed;

/// Value sets: `system:code`, a code with `*` for its tree, plain words, and `-` before what is excluded.
const VALUE_SETS: &[(&str, &[&str])] = &[
    ("breast-cancer", &["icd:C50*", "breast cancer", "metastatic breast cancer"]),
    ("breast-cancer-history", &["icd:Z85.3"]),
    ("other-cancer", &["icd:C34*", "lung cancer"]),
    ("distant-metastasis", &["icd:C78*", "icd:C79.3*", "liver metastasis"]),
    ("stage-group", &["loinc:21908-9"]),
    ("stage-iv", &["sct:258228008", "stage iv"]),
    ("stage-0-to-iii", &["stage i", "stage ii", "stage iii"]),
    ("m-category", &["loinc:21907-1"]),
    ("m1", &["sct:1229903009", "m1"]),
    ("m0", &["sct:1229901006", "m0"]),
    ("disease-status", &["loinc:97509-4"]),
    ("worsened", &["sct:271299001"]),
    ("history-of-metastasis", &["sct:1287652008"]),
    ("pregnancy", &["icd:Z33*"]),
    ("pregnancy-status", &["loinc:82810-3"]),
    ("pregnant", &["sct:77386006"]),
    ("not-pregnant", &["sct:60001007"]),
    ("lvef", &["loinc:10230-1"]),
    ("heart-failure", &["icd:I50*"]),
    ("rubicin", &["examplerubicin"]),
    ("er", &["loinc:85337-4", "loinc:16112-5"]),
    ("er-pr", &["loinc:10480-2"]),
    ("positive", &["loinc:LA6576-8", "obs:POS", "positive", "-equivocal"]),
    ("negative", &["loinc:LA6577-6", "obs:NEG", "negative", "not amplified", "-equivocal"]),
    ("equivocal", &["sct:42425007", "equivocal"]),
    ("er-positive-condition", &["icd:Z17.0"]),
    ("er-negative-condition", &["icd:Z17.1", "sct:706970001"]),
    ("her2-ihc", &["loinc:85319-2"]),
    ("her2-ish", &["loinc:85318-4", "loinc:49683-6"]),
    ("her2-positive-condition", &["icd:Z17.31"]),
    ("her2-negative-condition", &["icd:Z17.32", "sct:706970001"]),
    ("cps", &["loinc:105303-2"]),
    ("pd-l1", &["loinc:105303-2", "loinc:83052-1", "loinc:83053-9", "loinc:105302-4"]),
    ("cps-named", &["cps", "combined positive score"]),
    ("variant", &["loinc:69548-6"]),
    ("region", &["loinc:53041-0"]),
    ("brca-test", &["loinc:59041-4"]),
    ("brca-suggestive", &["icd:Z15.01"]),
    ("found", &["loinc:LA9633-4", "positive", "pathogenic variant detected"]),
    ("not-found", &["loinc:LA9634-2", "loinc:LA6577-6", "not detected", "negative"]),
    ("betacil", &["rx:2001", "betacil"]),
    ("alphamab", &["rx:2002", "alphamab", "-alphamab toxitan", "-rx:2012"]),
    ("hormonal", &["rx:2003", "gammazole"]),
    ("other-chemo", &["rx:1001", "rx:2004", "rx:2012", "deltaplatin", "alphamab toxitan"]),
    ("chemotherapy-act", &["chemotherapy", "chemotherapy infusion"]),
    ("strong-inhibitor", &["rx:3001", "inhibinavir"]),
    ("castor-oil", &["castor oil", "solvitaxel"]),
    ("no-known-allergy", &["sct:716186003"]),
    ("oncology", &["nucc:207RX0202X", "nucc:207RH0003X", "medical oncology", "-oncology nurse"]),
];

const ELEMENTS: &str = r#"
elements:
  - id: test.metastatic
    title: t
    description: d
    settle: s
    kind: truth
    sources:
      - signs:
          yes:
            - condition: { codes: distant-metastasis }
            - condition-stage: { codes: breast-cancer, summary: stage-iv }
            - observation: { codes: stage-group, values: stage-iv }
            - observation: { codes: m-category, values: m1 }
            - observation-flag: { codes: history-of-metastasis, value: true }
          no:
            - condition-stage: { codes: breast-cancer, summary: stage-0-to-iii }
            - observation: { codes: stage-group, values: stage-0-to-iii }
            - observation: { codes: m-category, values: m0 }
          no-only-after:
            - condition: { codes: breast-cancer, clinical-status: [recurrence, relapse] }
            - observation: { codes: disease-status, values: worsened }
  - id: test.pregnant
    title: t
    description: d
    settle: s
    kind: truth
    window-days: 280
    sources:
      - signs:
          yes:
            - condition: { codes: pregnancy }
            - observation: { codes: pregnancy-status, values: pregnant }
          no:
            - observation: { codes: pregnancy-status, values: not-pregnant }
  - id: test.contraindicated
    title: t
    description: d
    settle: s
    kind: truth
    sources:
      - signs:
          yes:
            - condition: { codes: heart-failure }
            - observation-below: { codes: lvef, below: 50, unit: "%" }
            - allergy: { codes: rubicin }
  - id: test.used
    title: t
    description: d
    settle: s
    kind: truth
    sources:
      - signs: { yes: [ { medication: { codes: rubicin } } ] }
  - id: test.diagnosis
    title: t
    description: d
    settle: s
    kind: truth
    sources:
      - diagnosis: { codes: breast-cancer, suggests: breast-cancer-history, other: other-cancer }
  - id: test.er
    title: t
    description: d
    settle: s
    kind: coded
    codes: [positive, negative]
    sources:
      - receptor:
          codes: er
          positive: positive
          negative: negative
          combined: er-pr
          metastasis: distant-metastasis
          condition-positive: er-positive-condition
          condition-negative: er-negative-condition
  - id: test.her2
    title: t
    description: d
    settle: s
    kind: coded
    codes: [positive, low, zero]
    sources:
      - her2:
          immunohistochemistry: her2-ihc
          in-situ-hybridization: her2-ish
          positive: positive
          negative: negative
          equivocal: equivocal
          metastasis: distant-metastasis
          condition-positive: her2-positive-condition
          condition-negative: her2-negative-condition
  - id: test.cps
    title: t
    description: d
    settle: s
    kind: quantity
    unit: "1"
    sources:
      - score: { codes: cps, marker: pd-l1, named: cps-named }
  - id: test.germline
    title: t
    description: d
    settle: s
    kind: truth
    sources:
      - germline-variant:
          genes: ["HGNC:1100", "1101"]
          variant: variant
          region-studied: region
          tests: brca-test
          found: found
          not-found: not-found
          suggests: brca-suggestive
  - id: test.partners
    title: t
    description: d
    settle: s
    kind: set
    members: [betacil, alphamab, hormonal, other]
    window-days: 60
    absence: "no"
    sources:
      - order-partners:
          members: { betacil: betacil, alphamab: alphamab, hormonal: hormonal, other: other-chemo }
          maybe-if-ongoing: [hormonal]
          unnamed: chemotherapy-act
  - id: test.inhibitor
    title: t
    description: d
    settle: s
    kind: truth
    window-days: 60
    absence: "no"
    sources:
      - active-medication: { codes: strong-inhibitor }
  - id: test.castor-oil
    title: t
    description: d
    settle: s
    kind: truth
    absence: "no"
    sources:
      - allergy: { codes: castor-oil, none-known: no-known-allergy }
  - id: test.oncologist
    title: t
    description: d
    settle: s
    kind: truth
    sources:
      - prescriber: { specialties: oncology }
"#;

/// The content of these tests.
pub fn content() -> &'static Content {
    static CONTENT: OnceLock<Content> = OnceLock::new();
    CONTENT.get_or_init(|| {
        let value_sets: Vec<_> = VALUE_SETS.iter().map(|(id, members)| value_set(id, members)).collect();
        Content::load(&[("elements.yaml".to_owned(), ELEMENTS.to_owned())], &value_sets, &[])
            .unwrap_or_else(|problems| panic!("{problems:?}"))
    })
}

/// The id of an element of these tests.
pub fn id(element: &str) -> String {
    format!("test.{element}")
}

fn value_set(id: &str, members: &[&str]) -> (String, String) {
    let part = |is_excluded: bool| -> Vec<Value> {
        let members = members.iter().filter(|member| member.starts_with('-') == is_excluded);
        members.map(|member| member_of(member.trim_start_matches('-'))).collect()
    };
    let mut compose = json!({ "include": part(false) });
    if members.iter().any(|member| member.starts_with('-')) {
        compose["exclude"] = part(true).into();
    }
    composed(id, &compose)
}

fn member_of(member: &str) -> Value {
    match member.split_once(':').and_then(|(short, code)| Some((system(short)?, code))) {
        Some((system, code)) => match code.strip_suffix('*') {
            Some(tree) => {
                json!({ "system": system, "filter": [{ "property": "concept", "op": "is-a", "value": tree }] })
            }
            None => json!({ "system": system, "concept": [{ "code": code }] }),
        },
        None => json!({ "system": "urn:signpost:text", "concept": [{ "code": member }] }),
    }
}
