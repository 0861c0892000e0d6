//! Germline BRCA1/2.

use ehr::search::Search;
use serde_json::{Value, json};

use crate::chart::{Chart, check, concept, condition, merged, seen, seen_with, status};
use crate::table::{each, observation_statuses, searches_without_an_answer, stays};

const ELEMENT: &str = "germline.brca";
const DAY: &str = "2025-01-10";
const SILENT: &str = "either: not-recorded";
const OPEN: &str = "either: imprecise";
const UNCLASSIFIED: &str = "either: unclassified";

const BRCA1: &str = "HGNC:1100";
const BRCA2: &str = "HGNC:1101";
const GERMLINE: &str = "loinc:LA6683-2";
const SOMATIC: &str = "loinc:LA6684-0";
const PATHOGENIC: &str = "loinc:LA6668-3";
const LIKELY: &str = "loinc:LA26332-9";
const NEG: &str = "loinc:LA6577-6";
const POS: &str = "loinc:LA6576-8";

fn part(code: &str, answer: &str) -> Value {
    json!({ "code": concept(&format!("loinc:{code}")), "valueCodeableConcept": concept(answer) })
}

fn genes(genes: &[&str]) -> Vec<Value> {
    genes.iter().map(|gene| part("48018-6", &format!("hgnc:{gene}"))).collect()
}

/// A variant that was found, as mCODE has it; an empty origin or significance is left out.
fn variant(gene: &str, origin: &str, significance: &str, date: &str) -> Value {
    let mut parts = genes(&[gene]);
    let stated = [("48002-0", origin), ("53037-8", significance)];
    parts.extend(
        stated.iter().filter(|(_, answer)| !answer.is_empty()).map(|(code, answer)| part(code, answer)),
    );
    let id = format!("v-{gene}-{origin}-{significance}-{date}").replace([':', ' '], "-");
    seen_with(
        "69548-6",
        date,
        &json!({ "id": id, "valueCodeableConcept": concept("loinc:LA9633-4"), "component": parts }),
    )
}

fn studied(list: &[&str], date: &str) -> Value {
    seen_with("53041-0", date, &json!({ "id": format!("s-{list:?}"), "component": genes(list) }))
}

fn both(value: &str, date: &str) -> Value {
    seen("59041-4", value, date)
}

#[test]
fn variants_by_gene_origin_and_significance() {
    let of = |gene: &str, origin: &str, significance: &str| vec![variant(gene, origin, significance, DAY)];
    let absent = merged(
        variant(BRCA1, GERMLINE, "", DAY),
        &json!({ "valueCodeableConcept": concept("loinc:LA9634-2") }),
    );
    let no_gene = merged(
        variant(BRCA1, GERMLINE, PATHOGENIC, DAY),
        &json!({ "component": [part("48002-0", GERMLINE), part("53037-8", PATHOGENIC)] }),
    );
    let no_call = merged(
        variant(BRCA1, GERMLINE, PATHOGENIC, DAY),
        &json!({ "valueCodeableConcept": concept("loinc:LA18198-4") }),
    );
    check(
        ELEMENT,
        &[
            ("nothing", vec![], SILENT),
            ("BRCA1, pathogenic", of(BRCA1, GERMLINE, PATHOGENIC), "yes"),
            ("BRCA2, likely pathogenic", of(BRCA2, GERMLINE, LIKELY), "yes"),
            ("without the prefix", of("1100", GERMLINE, PATHOGENIC), "yes"),
            ("prefix in lower case", of("hgnc:1101", GERMLINE, PATHOGENIC), "yes"),
            ("in words", of(BRCA1, "Germline", "Likely pathogenic"), "yes"),
            ("another gene", of("HGNC:26144", GERMLINE, PATHOGENIC), SILENT),
            ("uncertain significance", of(BRCA1, GERMLINE, "loinc:LA26333-7"), OPEN),
            ("benign", of(BRCA1, GERMLINE, "loinc:LA6675-8"), OPEN),
            ("likely benign", of(BRCA1, GERMLINE, "loinc:LA26334-5"), OPEN),
            ("somatic", of(BRCA1, SOMATIC, PATHOGENIC), OPEN),
            ("origin not stated", of(BRCA1, "", PATHOGENIC), OPEN),
            ("origin of another code", of(BRCA1, "loinc:LA18194-3", PATHOGENIC), OPEN),
            ("significance not stated", of(BRCA1, GERMLINE, ""), OPEN),
            ("gene not stated", vec![no_gene], OPEN),
            ("one variant absent", vec![absent], OPEN),
            ("no call", vec![no_call], UNCLASSIFIED),
        ],
    );
    observation_statuses(ELEMENT, &variant(BRCA1, GERMLINE, PATHOGENIC, DAY), "yes", "either");
}

#[test]
fn absence_must_be_shown_for_both_genes() {
    let tumor = [genes(&[BRCA1, BRCA2]), vec![part("48002-0", SOMATIC)]].concat();
    let somatic = merged(studied(&[BRCA1, BRCA2], DAY), &json!({ "component": tumor }));
    let both_studied = |more: Value| vec![merged(studied(&[BRCA1, BRCA2], DAY), &more)];
    let beside = |gene: Value| {
        let mutation = variant(BRCA1, GERMLINE, PATHOGENIC, DAY);
        let parts = json!({ "component": [gene, part("48002-0", GERMLINE), part("53037-8", PATHOGENIC)] });
        vec![studied(&[BRCA1, BRCA2], DAY), merged(mutation, &parts)]
    };
    let gene = |system: &str, code: &str| {
        json!({ "code": concept("loinc:48018-6"),
            "valueCodeableConcept": { "coding": [{ "system": system, "code": code }] } })
    };
    check(
        ELEMENT,
        &[
            ("both studied", vec![studied(&[BRCA1, BRCA2], DAY)], "no"),
            ("both studied, no prefix", vec![studied(&["1100", "1101"], DAY)], "no"),
            (
                "both studied, one at a time",
                vec![studied(&[BRCA1], DAY), studied(&[BRCA2], "2024-01-10")],
                "no",
            ),
            ("both among others", vec![studied(&[BRCA1, "HGNC:26144", BRCA2], DAY)], "no"),
            ("one studied", vec![studied(&[BRCA1], DAY)], OPEN),
            ("others studied", vec![studied(&["HGNC:26144"], DAY)], SILENT),
            ("both studied in the tumor", vec![somatic], OPEN),
            (
                "both studied in a specimen of the tumor",
                both_studied(json!({ "specimen": { "display": "Tumor tissue, FFPE" } })),
                OPEN,
            ),
            (
                "both studied in blood",
                both_studied(json!({ "specimen": { "display": "Whole blood" } })),
                "no",
            ),
            (
                "both studied, by tumor sequencing",
                both_studied(json!({ "method": { "text": "Tumor NGS panel" } })),
                OPEN,
            ),
            (
                "to be studied, and it failed",
                both_studied(json!({ "dataAbsentReason": concept("specimen insufficient") })),
                OPEN,
            ),
            (
                "both studied, a mutation in a gene of another system",
                beside(gene("http://www.ncbi.nlm.nih.gov/gene", "672")),
                OPEN,
            ),
            (
                "both studied, a mutation in a gene by its symbol",
                beside(gene("http://www.genenames.org", "BRCA1")),
                OPEN,
            ),
            (
                "both studied, a mutation in another gene",
                beside(gene("http://www.genenames.org/geneId", "HGNC:26144")),
                "no",
            ),
            (
                "both studied, one mutation",
                vec![studied(&[BRCA1, BRCA2], DAY), variant(BRCA2, GERMLINE, PATHOGENIC, DAY)],
                "yes",
            ),
            (
                "both studied, one of uncertain significance",
                vec![studied(&[BRCA1, BRCA2], DAY), variant(BRCA2, GERMLINE, "loinc:LA26333-7", DAY)],
                "no",
            ),
            (
                "both studied, one of unknown origin",
                vec![studied(&[BRCA1, BRCA2], DAY), variant(BRCA2, "", PATHOGENIC, DAY)],
                OPEN,
            ),
        ],
    );
    observation_statuses(ELEMENT, &studied(&[BRCA1, BRCA2], DAY), "no", "either");
}

#[test]
fn tests_of_both_genes() {
    let rows = [
        (POS, "yes"),
        ("sct:10828004", "yes"),
        ("loinc:LA9633-4", "yes"),
        (PATHOGENIC, "yes"),
        (LIKELY, "yes"),
        ("Pathogenic variant in BRCA1", "yes"),
        ("Deleterious mutation detected", "yes"),
        ("Positive for BRCA2 mutation", "yes"),
        (NEG, "no"),
        ("sct:260385009", "no"),
        ("loinc:LA9634-2", "no"),
        ("Negative", "no"),
        ("No mutation detected", "no"),
        ("No pathogenic variants identified", "no"),
        ("Not detected", "no"),
        ("Negative for pathogenic variants", "no"),
        ("Negative for BRCA1 and BRCA2 mutations", "no"),
        ("Wild type", "no"),
        ("Variant of uncertain significance", UNCLASSIFIED),
        ("VUS in BRCA2", UNCLASSIFIED),
        ("Negative, VUS in BRCA2", UNCLASSIFIED),
        ("Negative for BRCA1 mutation", UNCLASSIFIED),
        ("Specimen negative for malignancy", UNCLASSIFIED),
        ("Pending", UNCLASSIFIED),
        ("see report", UNCLASSIFIED),
    ];
    for code in ["59041-4", "50995-0"] {
        each(ELEMENT, &rows, |value| vec![seen(code, value, DAY)]);
    }
    let named =
        |words: &str, value: &str| vec![merged(seen("0-0", value, DAY), &json!({ "code": concept(words) }))];
    let of_tumor = |more: Value| vec![merged(both(POS, DAY), &more)];
    check(
        ELEMENT,
        &[
            ("named in words, negative", named("BRCA1/2 germline analysis", NEG), "no"),
            ("named in words, positive", named("gBRCA1/2", POS), "yes"),
            ("named in words, of the tumor", named("Somatic BRCA1/2 (tumor)", POS), SILENT),
            ("named in words, of tumor DNA in blood", named("BRCA1/2 ctDNA", NEG), SILENT),
            (
                "specimen: tumor",
                of_tumor(
                    json!({ "specimen": { "reference": "Specimen/s", "display": "Tumor tissue, FFPE" } }),
                ),
                OPEN,
            ),
            (
                "specimen: blood",
                of_tumor(json!({ "specimen": { "reference": "Specimen/s", "display": "Whole blood" } })),
                "yes",
            ),
            ("method: tumor sequencing", of_tumor(json!({ "method": { "text": "Tumor NGS panel" } })), OPEN),
            ("source class somatic", of_tumor(json!({ "component": [part("48002-0", SOMATIC)] })), OPEN),
            (
                "interpretation",
                vec![seen_with("59041-4", DAY, &json!({ "interpretation": [concept("obs:NEG")] }))],
                "no",
            ),
            (
                "restricted to one gene",
                vec![merged(both(NEG, DAY), &json!({ "component": genes(&[BRCA1]) }))],
                OPEN,
            ),
            ("without a value", vec![seen_with("59041-4", DAY, &json!({}))], UNCLASSIFIED),
            (
                "negative, then a mutation",
                vec![both(NEG, "2024-01-01"), variant(BRCA1, GERMLINE, PATHOGENIC, DAY)],
                "yes",
            ),
            (
                "a mutation, then negative",
                vec![variant(BRCA1, GERMLINE, PATHOGENIC, DAY), both(NEG, "2026-01-01")],
                "either: conflicting",
            ),
            ("both on one day", vec![both(POS, DAY), both(NEG, DAY)], "either: conflicting"),
            (
                "negative, and one of unknown origin",
                vec![both(NEG, DAY), variant(BRCA1, "", PATHOGENIC, DAY)],
                OPEN,
            ),
            (
                "negative, and an unclear one",
                vec![both(NEG, DAY), both("see report", "2024-01-01")],
                UNCLASSIFIED,
            ),
        ],
    );
    observation_statuses(ELEMENT, &both(NEG, DAY), "no", "either");
    observation_statuses(ELEMENT, &both(POS, DAY), "yes", "either");
}

#[test]
fn a_test_of_one_gene_is_half_an_answer() {
    let (one, two) = (
        |value: &str, date: &str| seen("21636-6", value, date),
        |value: &str, date: &str| seen("38530-2", value, date),
    );
    let worded = |gene: &str, value: &str| {
        merged(
            seen("0-0", value, DAY),
            &json!({ "id": gene, "code": concept(&format!("{gene} gene analysis")) }),
        )
    };
    let component =
        |code: &str, value: &str| json!({ "code": concept(code), "valueCodeableConcept": concept(value) });
    let panel = |parts: &[Value]| vec![seen_with("59041-4", DAY, &json!({ "component": parts }))];
    check(
        ELEMENT,
        &[
            ("BRCA1 negative", vec![one(NEG, DAY)], OPEN),
            ("BRCA2 negative", vec![two(NEG, DAY)], OPEN),
            ("each negative", vec![one(NEG, DAY), two(NEG, "2024-01-01")], "no"),
            (
                "each negative, by the other codes",
                vec![seen("21639-0", NEG, DAY), seen("38531-0", NEG, DAY)],
                "no",
            ),
            ("each negative, in words", vec![worded("BRCA1", "Negative"), worded("BRCA2", "Negative")], "no"),
            ("BRCA1 twice", vec![one(NEG, DAY), seen("21639-0", NEG, DAY)], OPEN),
            ("BRCA1 positive", vec![one(POS, DAY)], "yes"),
            ("BRCA1 positive, BRCA2 negative since", vec![one(POS, DAY), two(NEG, "2026-01-01")], "yes"),
            (
                "BRCA1 positive, BRCA1 negative since",
                vec![one(POS, DAY), one(NEG, "2026-01-01")],
                "either: conflicting, imprecise",
            ),
            ("BRCA1 negative, BRCA1 positive since", vec![one(NEG, DAY), one(POS, "2026-01-01")], "yes"),
            (
                "BRCA1 negative, BRCA2 unclear",
                vec![one(NEG, DAY), two("see report", DAY)],
                "either: imprecise, unclassified",
            ),
            (
                "BRCA1 negative, BRCA2 preliminary",
                vec![one(NEG, DAY), merged(two(NEG, DAY), &json!({ "status": "preliminary" }))],
                OPEN,
            ),
            (
                "BRCA1 negative, BRCA2 in error",
                vec![one(NEG, DAY), merged(two(NEG, DAY), &json!({ "status": "entered-in-error" }))],
                OPEN,
            ),
            ("one studied, one negative", vec![studied(&[BRCA2], DAY), one(NEG, DAY)], "no"),
            (
                "components, each negative",
                panel(&[component("loinc:21636-6", NEG), component("loinc:38530-2", NEG)]),
                "no",
            ),
            (
                "components in words",
                panel(&[component("BRCA1", "Not detected"), component("BRCA2", "Not detected")]),
                "no",
            ),
            ("one component", panel(&[component("BRCA1", NEG)]), OPEN),
            ("components, one positive", panel(&[component("BRCA1", POS), component("BRCA2", NEG)]), "yes"),
            (
                "components, one unclear",
                panel(&[component("BRCA1", NEG), component("BRCA2", "see report")]),
                "either: imprecise, unclassified",
            ),
            ("components of other genes", panel(&[component("PALB2", NEG)]), UNCLASSIFIED),
        ],
    );
    let gaps = Chart::of(&[one(NEG, DAY)]).known(ELEMENT).gaps;
    assert!(gaps.iter().any(|gap| gap.detail.contains("only some of the genes")), "{gaps:?}");
}

#[test]
fn hints_statuses_and_searches() {
    let z = |verification: &str| vec![condition("icd:Z15.01", DAY, &status("active", verification))];
    check(
        ELEMENT,
        &[
            ("susceptibility may be another gene", z("confirmed"), OPEN),
            ("susceptibility refuted", z("refuted"), SILENT),
            ("susceptibility beside a negative test", [z("confirmed"), vec![both(NEG, DAY)]].concat(), "no"),
            ("family history", vec![condition("icd:Z80.3", DAY, &json!({}))], SILENT),
            (
                "a PARP inhibitor is only a hint",
                vec![crate::chart::ordered("olaparib", DAY, &json!({}))],
                SILENT,
            ),
            ("undated negative", vec![merged(both(NEG, DAY), &json!({ "effectiveDateTime": null }))], "no"),
            ("negative of a year", vec![both(NEG, "2015")], "no"),
            ("negative of a month", vec![both(NEG, "2026-05")], "no"),
            ("negative, 24 hours ahead", vec![both(NEG, "2026-11-23T12:00:00Z")], "no"),
            ("negative, a second more ahead", vec![both(NEG, "2026-11-23T12:00:01Z")], "either: imprecise"),
            ("negative, 24 hours ahead, in the east", vec![both(NEG, "2026-11-23T21:00:00+09:00")], "no"),
            (
                "negative, a second more ahead, in the west",
                vec![both(NEG, "2026-11-23T07:00:01-05:00")],
                "either: imprecise",
            ),
        ],
    );
    searches_without_an_answer(ELEMENT, &[Search::ClinicalObservations], "either");
    stays(ELEMENT, &[both(NEG, DAY)], Search::ClinicalObservations, "either: unavailable");
    stays(ELEMENT, &[both(NEG, DAY)], Search::Conditions, "no");
    let paged = Chart {
        paged: vec![Search::ClinicalObservations],
        ..Chart::of(&[variant(BRCA1, GERMLINE, PATHOGENIC, DAY)])
    };
    assert_eq!(paged.says(ELEMENT), "yes");
}

#[test]
fn a_condition_that_says_a_mutation_was_found_leaves_a_negative_test_open() {
    let said = |words: &str, more: &Value| {
        let code = merged(json!({ "code": { "text": words } }), more);
        vec![both(NEG, DAY), condition("icd:C50.911", DAY, &code)]
    };
    let confirmed = status("active", "confirmed");
    check(
        ELEMENT,
        &[
            ("said", said("BRCA1 gene mutation positive", &confirmed), OPEN),
            (
                "before the test",
                said("BRCA2 mutation carrier", &json!({ "recordedDate": "2020-01-01" })),
                OPEN,
            ),
            ("refuted", said("BRCA1 gene mutation positive", &status("active", "refuted")), "no"),
            ("denied", said("No BRCA1 mutation", &confirmed), "no"),
            ("the mother's", said("Mother BRCA1 positive", &confirmed), "no"),
            ("without a test", vec![said("BRCA1 positive", &confirmed).remove(1)], OPEN),
        ],
    );
    let tumor =
        merged(both(NEG, DAY), &json!({ "valueCodeableConcept": { "text": "Negative (tumor tissue)" } }));
    check(ELEMENT, &[("a test of the tumor, by its words", vec![tumor], OPEN)]);
}
