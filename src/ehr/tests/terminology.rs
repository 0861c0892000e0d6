//! Value sets: what is in them, what is not, and which files are refused.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that fails says where")]

use ehr::fhir::{Coding, Concept};
use ehr::terminology::Terminology;
use serde_json::{Value, json};

const ICD: &str = "http://hl7.org/fhir/sid/icd-10-cm";

fn file(id: &str, compose: Value) -> (String, String) {
    let file = json!({
        "resourceType": "ValueSet", "id": id, "version": "1", "status": "active", "title": id,
        "extension": [{ "url": "urn:signpost:source", "valueString": "made up" }],
        "compose": compose,
    });
    (format!("value-sets/{id}.json"), file.to_string())
}

fn words(words: &[&str]) -> Value {
    let concepts: Vec<Value> = words.iter().map(|word| json!({ "code": word })).collect();
    json!({ "system": "urn:signpost:text", "concept": concepts })
}

fn codes(system: &str, codes: &[&str]) -> Value {
    let concepts: Vec<Value> = codes.iter().map(|code| json!({ "code": code, "display": "d" })).collect();
    json!({ "system": system, "concept": concepts })
}

fn is_a(code: &str) -> Value {
    json!({ "system": ICD, "filter": [{ "property": "concept", "op": "is-a", "value": code }] })
}

fn refers(ids: &[&str]) -> Value {
    let ids: Vec<String> = ids.iter().map(|id| format!("urn:signpost:value-set:{id}")).collect();
    json!({ "valueSet": ids })
}

fn terminology() -> Terminology {
    Terminology::load(&[
        file("lab", json!({ "include": [codes("http://loinc.org", &["751-8", "26499-4"])] })),
        file("gene", json!({ "include": [codes("http://www.genenames.org/geneId", &["HGNC:1100"])] })),
        file("secondary", json!({ "include": [is_a("C78"), is_a("C79.5")], "exclude": [codes(ICD, &["C78.01"])] })),
        file("antibody", json!({
            "include": [codes("http://www.nlm.nih.gov/research/umls/rxnorm", &["1"]), words(&["mabalin"])],
            "exclude": [codes("http://www.nlm.nih.gov/research/umls/rxnorm", &["2"]), words(&["toxitan"])],
        })),
        file("drugs", json!({ "include": [refers(&["antibody"]), codes("urn:x", &["y"])], "exclude": [refers(&["lab"])] })),
        file("all", json!({ "include": [refers(&["drugs", "secondary"])] })),
        file("detected", json!({ "include": [words(&["detected", "positive", "er+"])] })),
        file("not-detected", json!({ "include": [words(&["not detected", "negative", "er-"])] })),
        file("metastasis", json!({ "include": [words(&["distant metastasis", "metastatic", "metastasis"])] })),
        file("cancer", json!({ "include": [words(&["breast cancer", "recurrent breast cancer"])], "exclude": [words(&["cancer screening"])] })),
        file("past", json!({ "include": [words(&["history of breast cancer"])] })),
        file("no-cancer", json!({ "include": [words(&["breast cancer free"])], "exclude": [words(&["breast cancer"])] })),
    ])
    .unwrap()
}

#[test]
fn codes_are_compared_as_their_systems_mean_them() {
    let terminology = terminology();
    let rows = [
        ("lab", "http://loinc.org", "751-8", true),
        ("lab", "http://loinc.org/", " 751-8 ", true),
        ("lab", "urn:oid:2.16.840.1.113883.6.1", "751-8", true),
        ("lab", "http://loinc.org", "751-9", false),
        ("lab", "http://snomed.info/sct", "751-8", false),
        ("lab", "", "751-8", false),
        ("secondary", ICD, "C78", true),
        ("secondary", ICD, "C78.7", true),
        ("secondary", ICD, "c787", true),
        ("secondary", "urn:oid:2.16.840.1.113883.6.90", "C7951", true),
        ("secondary", ICD, "C78.01", false),
        ("secondary", ICD, "C79.6", false),
        ("secondary", ICD, "C7", false),
        ("secondary", "http://snomed.info/sct", "C78", false),
        ("gene", "http://www.genenames.org", "HGNC:1100", true),
        ("gene", "http://www.genenames.org/geneId", "1100", true),
        ("gene", "http://www.genenames.org", "HGNC:11001", false),
        ("drugs", "urn:x", "y", true),
        ("all", "urn:x", "y", true),
        ("all", ICD, "C78.7", true),
        ("all", ICD, "C78.01", false),
        ("nowhere", ICD, "C78.7", false),
    ];
    for (set, system, code, expected) in rows {
        let coding = Coding { system: system.into(), code: code.into(), ..Coding::default() };
        assert_eq!(terminology.has_coding(set, &coding), expected, "{set} {system}|{code}");
    }
}

#[test]
fn what_is_excluded_takes_the_whole_concept_out() {
    let terminology = terminology();
    let rows = [
        (r#"{"text":"Mabalin 150 mg"}"#, true),
        (r#"{"text":"mabalin toxitan"}"#, false),
        (r#"{"coding":[{"system":"http://www.nlm.nih.gov/research/umls/rxnorm","code":"1"}]}"#, true),
        (r#"{"coding":[{"code":"1","display":"something"}]}"#, false),
        (r#"{"coding":[{"code":"1","display":"MABALIN"}]}"#, true),
        (
            r#"{"coding":[{"system":"http://www.nlm.nih.gov/research/umls/rxnorm","code":"1","display":"mabalin"},
                {"system":"http://www.nlm.nih.gov/research/umls/rxnorm","code":"2"}]}"#,
            false,
        ),
        (
            r#"{"coding":[{"system":"http://www.nlm.nih.gov/research/umls/rxnorm","code":"1"}],"text":"Toxitan"}"#,
            false,
        ),
    ];
    for (json, expected) in rows {
        let concept: Concept<'_> = serde_json::from_str(json).unwrap();
        for set in ["antibody", "drugs", "all"] {
            assert_eq!(terminology.has(set, &concept), expected, "{set} {json}");
        }
    }
    let both: Concept<'_> = serde_json::from_str(
        r#"{"coding":[{"system":"urn:x","code":"y"},{"system":"http://loinc.org","code":"751-8"}]}"#,
    )
    .unwrap();
    assert!(!terminology.has("drugs", &both) && terminology.has("lab", &both));
}

#[test]
fn text_is_read_with_its_denials() {
    let terminology = terminology();
    let rows = [
        ("detected", "Detected", true),
        ("detected", "DETECTED.", true),
        ("detected", "Not detected", false),
        ("not-detected", "Not Detected", true),
        ("detected", "undetected", false),
        ("detected", "ER+/PR+", true),
        ("detected", "ER-", false),
        ("not-detected", "ER-, PR-", true),
        ("not-detected", "ER-positive", false),
        ("not-detected", "HER2 negative", true),
        ("metastasis", "Metastatic disease", true),
        ("metastasis", "metastatic – été 2025", true),
        ("metastasis", "metastases", false),
        ("metastasis", "No metastasis", false),
        ("metastasis", "no evidence of distant metastasis", false),
        ("metastasis", "without recurrence, metastasis or progression", false),
        ("metastasis", "Denies pain, metastatic to liver", true),
        ("metastasis", "No pain; metastatic to liver", true),
        ("metastasis", "no pain but metastatic to liver", true),
        ("metastasis", "no pain except metastatic to liver", true),
        ("metastasis", "not otherwise specified carcinoma with metastasis", true),
        ("metastasis", "carcinoma of no special type with metastasis", true),
        ("metastasis", "Negative for metastasis", false),
        ("metastasis", "metastasis ruled out", false),
        ("metastasis", "metastasis was not seen", false),
        ("metastasis", "R/O metastasis", false),
        ("metastasis", "rule out metastasis", false),
        ("metastasis", "possible metastasis", false),
        ("metastasis", "Suspected metastasis", false),
        ("metastasis", "?metastasis", false),
        ("metastasis", "metastasis?", false),
        ("metastasis", "non-metastatic", false),
        ("metastasis", "Metastasis: none", false),
        ("metastasis", "family history of metastatic cancer", false),
        ("metastasis", "no metastasis in 2019. Now metastatic", true),
        ("cancer", "breast cancer no metastasis", true),
        ("cancer", "Metastatic breast cancer", true),
        ("cancer", "breast cancer screening", false),
        ("cancer", "History of breast cancer", false),
        ("past", "Personal history of breast cancer", true),
        ("past", "no history of breast cancer", false),
        ("no-cancer", "breast cancer free", true),
    ];
    for (set, text, expected) in rows {
        assert_eq!(terminology.has_text(set, text), expected, "{set}: {text}");
    }
}

#[test]
fn what_is_told_of_others_or_in_doubt_is_not_the_patients() {
    let terminology = terminology();
    let rows = [
        ("cancer", "FHx: breast cancer", false),
        ("cancer", "FH breast cancer", false),
        ("cancer", "Mother had breast cancer", false),
        ("cancer", "maternal aunt with breast cancer", false),
        ("cancer", "breast cancer in mother", false),
        ("cancer", "breast cancer in her sister", false),
        ("cancer", "breast cancer in left breast", true),
        ("cancer", "hx breast cancer", false),
        ("cancer", "PMH breast cancer", false),
        ("cancer", "query breast cancer", false),
        ("cancer", "worried about breast cancer", false),
        ("cancer", "concern about breast cancer", false),
        ("cancer", "counseling for breast cancer", false),
        ("cancer", "breast cancer, ruled out", false),
        ("cancer", "breast cancer, negative nodes", true),
        ("cancer", "breast cancer not excluded", false),
        ("cancer", "breast cancer cannot be excluded", false),
        ("cancer", "breast cancer survivor", false),
        ("metastasis", "monitor for metastasis", false),
        ("metastasis", "evaluate for metastasis", false),
        ("metastasis", "indeterminate for metastasis", false),
        ("metastasis", "equivocal metastasis", false),
        ("metastasis", "metastasis workup", false),
        ("metastasis", "metastasis, no pain", true),
        ("cancer", "At risk for breast cancer", false),
        ("cancer", "risk factors for breast cancer", false),
        ("cancer", "breast cancer risk", false),
        ("cancer", "High-risk breast cancer", true),
        ("cancer", "Concern re breast cancer", false),
        ("cancer", "concerns regarding breast cancer", false),
        ("cancer", "Breast cancer (mother)", false),
        ("cancer", "Breast cancer - mother", false),
        ("cancer", "Fetal breast cancer", false),
        ("metastasis", "cannot exclude metastasis", false),
        ("detected", "Lacks positive staining", false),
        ("detected", "Formerly positive", false),
        ("cancer", "", false),
    ];
    for (set, text, expected) in rows {
        assert_eq!(terminology.has_text(set, text), expected, "{set}: {text}");
    }
}

#[test]
fn a_doubt_is_no_denial() {
    let terminology = terminology();
    let rows = [
        ("Suspicious for metastasis", true),
        ("Possible metastasis", true),
        ("Probable bone metastasis", true),
        ("Suspected metastasis", true),
        ("metastasis cannot be excluded", true),
        ("cannot exclude metastasis", true),
        ("metastasis not excluded", true),
        ("metastasis?", true),
        ("?metastasis", true),
        ("concern for metastasis", true),
        ("no suspicion of metastasis", false),
        ("Not suspicious for metastasis", false),
        ("No metastasis", false),
        ("metastasis ruled out", false),
        ("metastasis excluded", false),
        ("mother had possible metastasis", false),
        ("at risk for metastasis", false),
        ("Metastatic disease", false),
        ("suspected fracture", false),
    ];
    for (text, expected) in rows {
        let concept = Concept { text: text.into(), ..Concept::default() };
        assert_eq!(terminology.doubts("metastasis", &concept), expected, "{text}");
    }
}

#[test]
fn codes_can_be_listed_for_a_search() {
    let terminology = terminology();
    assert_eq!(terminology.codes("lab", "http://loinc.org"), ["26499-4", "751-8"]);
    assert_eq!(terminology.codes("drugs", "http://www.nlm.nih.gov/research/umls/rxnorm"), ["1"]);
    assert!(terminology.codes("secondary", ICD).is_empty());
    assert!(terminology.knows("lab") && !terminology.knows("nowhere"));
    assert_eq!(terminology.versions().first(), Some(&("all", "1")));
}

#[test]
fn a_file_that_would_not_be_honoured_is_refused() {
    let refused = |name: &str, text: String, expected: &str| {
        let problems = Terminology::load(&[(name.to_owned(), text.clone())]).unwrap_err();
        let all: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert!(all.iter().any(|problem| problem.contains(expected)), "{text}: {all:?}");
    };
    let one = |compose: Value| file("one", compose).1;
    let filter = |system: &str, op: &str| json!({ "include": [{ "system": system, "filter": [{ "property": "concept", "op": op, "value": "C78" }] }] });
    refused("one.json", "{".into(), "one.json");
    refused("two.json", one(json!({ "include": [is_a("C78")] })), "file's name");
    refused("one.json", one(json!({ "include": [] })), "empty");
    refused("one.json", one(json!({ "include": [codes(ICD, &[])] })), "one of the three");
    refused("one.json", one(json!({ "include": [{ "system": ICD }] })), "one of the three");
    refused("one.json", one(filter(ICD, "descendent-of")), "is-a");
    refused("one.json", one(filter("http://snomed.info/sct", "is-a")), "ICD-10-CM only");
    refused("one.json", one(json!({ "include": [refers(&["other"])] })), "no known value set");
    refused("one.json", one(json!({ "include": [refers(&["one"])] })), "refers to itself");
    refused("one.json", one(json!({ "include": [is_a("C78")], "inactive": true })), "unknown key `inactive`");
    refused("one.json", one(json!({ "include": [words(&["Upper"])] })), "lower case");
    let without = |member: &str| {
        let mut value: Value = serde_json::from_str(&one(json!({ "include": [is_a("C78")] }))).unwrap();
        value.as_object_mut().unwrap().remove(member);
        value.to_string()
    };
    refused("one.json", without("version"), "`version` is missing");
    refused("one.json", without("extension"), "`extension` is missing");
}

#[test]
fn all_problems_of_all_files_come_at_once() {
    let cycle = [
        file("a", json!({ "include": [refers(&["b"])] })),
        file("b", json!({ "include": [refers(&["a"])] })),
        file("c", json!({ "include": [refers(&["nowhere"])] })),
        ("d.json".to_owned(), "{}".to_owned()),
    ];
    let problems = Terminology::load(&cycle).unwrap_err();
    let files: std::collections::BTreeSet<&str> =
        problems.iter().map(|problem| problem.file.as_str()).collect();
    assert_eq!(files.len(), 4, "{problems:?}");
}
