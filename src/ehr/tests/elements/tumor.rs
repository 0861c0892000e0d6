//! Receptors, HER2, score, germline variants.

use ehr::search::Search;
use serde_json::{Value, json};

use crate::chart::{Chart, check, concept, condition, merged, seen, seen_with, status};

const POS: &str = "loinc:LA6576-8";
const NEG: &str = "loinc:LA6577-6";

fn er(value: &str, date: &str) -> Value {
    seen("85337-4", value, date)
}

fn er_with(more: Value) -> Vec<Value> {
    vec![seen_with("85337-4", "2026-01-01", &more)]
}

fn at_metastasis(observation: Value) -> Value {
    merged(observation, &json!({ "focus": [{ "reference": "Condition/liver" }] }))
}

#[test]
fn receptor_values_in_every_form() {
    let percent = |value: Value| json!({ "valueQuantity": merged(json!({ "unit": "%" }), &value) });
    check(
        "er",
        &[
            ("nothing", vec![], "positive|negative: not-recorded"),
            ("coded", vec![er(POS, "2026-01-01")], "positive"),
            ("words", vec![er("Positive (95%)", "2026-01-01")], "positive"),
            ("string", er_with(json!({ "valueString": "Negative" })), "negative"),
            ("interpretation", er_with(json!({ "interpretation": [concept("obs:NEG")] })), "negative"),
            (
                "interpretation against value",
                er_with(json!({ "valueString": "Positive", "interpretation": [concept("obs:NEG")] })),
                "positive|negative: unclassified",
            ),
            ("95 %", er_with(percent(json!({ "value": 95 }))), "positive"),
            ("1 %", er_with(percent(json!({ "value": 1 }))), "positive"),
            ("0 %", er_with(percent(json!({ "value": 0 }))), "negative"),
            ("<1 %", er_with(percent(json!({ "value": 1, "comparator": "<" }))), "negative"),
            (
                "<5 %",
                er_with(percent(json!({ "value": 5, "comparator": "<" }))),
                "positive|negative: imprecise",
            ),
            ("<1% as text", er_with(json!({ "valueString": "<1%" })), "negative"),
            ("3+", er_with(json!({ "valueString": "3+" })), "positive"),
            (
                "a number without a unit",
                er_with(json!({ "valueQuantity": { "value": 90 } })),
                "positive|negative: unclassified",
            ),
            ("see note", er_with(json!({ "valueString": "see note" })), "positive|negative: unclassified"),
            ("no value", er_with(json!({})), "positive|negative: imprecise"),
            (
                "preliminary",
                er_with(json!({ "status": "preliminary", "valueString": "Positive" })),
                "positive|negative: imprecise",
            ),
            (
                "cancelled",
                er_with(json!({ "status": "cancelled", "valueString": "Positive" })),
                "positive|negative: not-recorded",
            ),
        ],
    );
}

#[test]
fn the_newest_receptor_result_of_a_metastasis_decides() {
    let liver = condition("icd:C78.7", "2025-01-01", &json!({ "id": "liver" }));
    let combined = |value: &str, date: &str| seen("10480-2", value, date);
    let site = json!({ "bodySite": { "text": "liver metastasis" } });
    check(
        "er",
        &[
            ("newest", vec![er(POS, "2024-01-01"), er(NEG, "2026-01-01")], "negative"),
            (
                "same day, differing",
                vec![er(POS, "2026-01-01"), er(NEG, "2026-01-01")],
                "positive|negative: conflicting",
            ),
            ("order unclear", vec![er(POS, "2026"), er(NEG, "2026-01-01")], "positive|negative: imprecise"),
            (
                "metastasis first",
                vec![liver, at_metastasis(er(POS, "2025-01-01")), er(NEG, "2026-01-01")],
                "positive",
            ),
            (
                "metastasis by body site",
                vec![merged(er(POS, "2025-01-01"), &site), er(NEG, "2026-01-01")],
                "positive",
            ),
            (
                "focus elsewhere",
                vec![at_metastasis(er(POS, "2025-01-01")), er(NEG, "2026-01-01")],
                "negative",
            ),
            (
                "a newer preliminary does not count",
                vec![
                    er(POS, "2025-01-01"),
                    merged(er(NEG, "2026-01-01"), &json!({ "status": "preliminary" })),
                ],
                "positive",
            ),
            (
                "the newest is not readable",
                vec![er(POS, "2025-01-01"), er("see note", "2026-01-01")],
                "positive|negative: unclassified",
            ),
            (
                "not readable, may be newer",
                vec![er(POS, "2026-01-01"), er("see note", "2026")],
                "positive|negative: imprecise",
            ),
            (
                "not readable, beside one that is",
                vec![er(POS, "2026-01-01"), er("see note", "2026-01-01")],
                "positive",
            ),
            ("combined negative", vec![combined(NEG, "2026-01-01")], "negative"),
            ("combined positive", vec![combined(POS, "2026-01-01")], "positive|negative: imprecise"),
            (
                "combined positive, own negative",
                vec![combined(POS, "2026-01-01"), er(NEG, "2026-01-01")],
                "negative",
            ),
        ],
    );
}

#[test]
fn what_stands_beside_the_newest_result_is_said() {
    let preliminary = merged(er(NEG, "2026-01-01"), &json!({ "status": "preliminary" }));
    let note =
        |resources: &[Value]| Chart::of(resources).known("er").evidence[0].note.clone().unwrap_or_default();
    assert!(note(&[er(POS, "2025-01-01"), preliminary.clone()]).contains("preliminary"));
    assert_eq!(note(&[er(POS, "2026-02-01"), preliminary]), "", "an older one is of no interest");
    assert_eq!(note(&[er(POS, "2024-01-01"), er(NEG, "2026-01-01")]), "changed from LA6576-8 on 2024-01-01");
    let ahead = er(NEG, "2027-01-01");
    assert_eq!(Chart::of(&[er(POS, "2025-01-01"), ahead.clone()]).says("er"), "positive");
    assert_eq!(Chart::of(&[ahead]).says("er"), "positive|negative: imprecise");
}

#[test]
fn conditions_serve_where_there_is_no_result() {
    let z17 = |code: &str, more: &Value| condition(code, "2026-01-01", more);
    check(
        "er",
        &[
            ("Z17.0", vec![z17("icd:Z17.0", &json!({}))], "positive"),
            ("triple negative", vec![z17("sct:706970001", &json!({}))], "negative"),
            (
                "Z17.1 refuted",
                vec![z17("icd:Z17.1", &status("", "refuted"))],
                "positive|negative: not-recorded",
            ),
            (
                "Z17.1 provisional",
                vec![z17("icd:Z17.1", &status("", "provisional"))],
                "positive|negative: imprecise",
            ),
            (
                "both",
                vec![z17("icd:Z17.0", &json!({})), z17("icd:Z17.1", &json!({}))],
                "positive|negative: conflicting",
            ),
            ("an older result wins", vec![er(NEG, "2020-01-01"), z17("icd:Z17.0", &json!({}))], "negative"),
        ],
    );
    let chart =
        Chart { failed: vec![Search::ClinicalObservations], ..Chart::of(&[z17("icd:Z17.0", &json!({}))]) };
    assert_eq!(chart.says("er"), "positive|negative: unavailable");
}

fn ihc(value: &str, date: &str) -> Value {
    seen("85319-2", value, date)
}

fn ish(value: &str, date: &str) -> Value {
    seen("85318-4", value, date)
}

#[test]
fn her2_by_immunohistochemistry() {
    let coded = |code: &str, text: &str| {
        vec![merged(
            ihc("x", "2026-01-01"),
            &json!({ "valueCodeableConcept": merged(concept(code), &json!({ "text": text })) }),
        )]
    };
    let text = |text: &str| vec![ihc(text, "2026-01-01")];
    check(
        "her2",
        &[
            ("nothing", vec![], "positive|low|zero: not-recorded"),
            ("3+", text("3+"), "positive"),
            ("2+", text("IHC 2+"), "positive|low: imprecise"),
            ("1+", text("1+"), "low"),
            ("0", text("IHC 0"), "zero"),
            ("2+/ISH-", text("IHC 2+/ISH-"), "low"),
            ("2+/FISH+", text("IHC 2+, FISH+"), "positive"),
            ("2+ not amplified", text("2+ (equivocal), FISH not amplified"), "low"),
            ("HER2-low", text("HER2-low"), "low"),
            ("not 3+", text("not 3+"), "positive|low|zero: unclassified"),
            ("3+ not seen", text("3+ not seen"), "positive|low|zero: unclassified"),
            ("a ratio is no score", text("0.8"), "positive|low|zero: unclassified"),
            ("a share is no score", text("0%"), "positive|low|zero: unclassified"),
            ("positive", text("Positive"), "positive"),
            ("negative without a score", coded(NEG, "HER2 negative"), "low|zero: imprecise"),
            ("negative with a score", coded(NEG, "IHC 1+"), "low"),
            ("negative with 2+", coded(NEG, "2+"), "positive|low: imprecise"),
            ("negative with 3+", coded(NEG, "3+"), "positive|low|zero: unclassified"),
            ("equivocal", coded("sct:42425007", "Equivocal"), "positive|low: imprecise"),
            ("a number", vec![seen_with("85319-2", "2026-01-01", &json!({ "valueInteger": 1 }))], "low"),
            (
                "serum HER2 never counts",
                vec![seen("32996-1", POS, "2026-01-01")],
                "positive|low|zero: not-recorded",
            ),
        ],
    );
}

#[test]
fn her2_by_hybridization() {
    let day = "2026-01-01";
    let specimen =
        |observation: Value| merged(observation, &json!({ "specimen": { "reference": "Specimen/s" } }));
    let ratio = seen_with("49683-6", day, &json!({ "valueQuantity": { "value": 1.8 } }));
    check(
        "her2",
        &[
            ("2+, negative", vec![ihc("2+", day), ish(NEG, day)], "low"),
            ("2+, positive", vec![ihc("2+", day), ish(POS, day)], "positive"),
            ("2+, then negative", vec![ihc("2+", day), ish("not amplified", "2026-01-09")], "low"),
            (
                "2+, before it positive",
                vec![ihc("2+", day), ish(POS, "2025-01-01")],
                "positive|low: imprecise",
            ),
            (
                "2+, before it positive, one specimen",
                vec![specimen(ihc("2+", day)), specimen(ish(POS, "2025-12-30"))],
                "positive",
            ),
            ("2+, equivocal", vec![ihc("2+", day), ish("equivocal", day)], "positive|low: imprecise"),
            ("2+, answered no", vec![ihc("2+", day), ish("Amplified: No", day)], "low"),
            ("2+, answered no in brackets", vec![ihc("2+", day), ish("amplified (no)", day)], "low"),
            ("2+, answered negative", vec![ihc("2+", day), ish("Amplified: negative", day)], "low"),
            ("2+, asked", vec![ihc("2+", day), ish("amplified?", day)], "positive|low: imprecise"),
            (
                "2+, asked and answered",
                vec![ihc("2+", day), ish("amplified? No", day)],
                "positive|low: imprecise",
            ),
            (
                "2+, no what",
                vec![ihc("2+", day), ish("amplified, no polysomy", day)],
                "positive|low: imprecise",
            ),
            ("2+, differing", vec![ihc("2+", day), ish(POS, day), ish(NEG, day)], "positive|low: imprecise"),
            ("2+, a bare ratio", vec![ihc("2+", day), ratio], "positive|low: imprecise"),
            ("3+, negative", vec![ihc("3+", day), ish(NEG, day)], "positive"),
            ("3+, later negative", vec![ihc("3+", day), ish(NEG, "2026-06-01")], "low|zero: imprecise"),
            ("0, amplified", vec![ihc("0", day), ish(POS, day)], "positive|zero: conflicting"),
            ("1+, later amplified", vec![ihc("1+", day), ish(POS, "2026-06-01")], "positive"),
            ("negative, negative", vec![ihc(NEG, day), ish(NEG, day)], "low|zero: imprecise"),
            ("only amplified", vec![ish(POS, day)], "positive"),
            ("only not amplified", vec![ish(NEG, day)], "low|zero: imprecise"),
            ("newest score", vec![ihc("0", "2024-01-01"), ihc("1+", day)], "low"),
            ("scores of one day", vec![ihc("0", day), ihc("1+", day)], "low|zero: conflicting"),
            ("triple negative", vec![condition("sct:706970001", day, &json!({}))], "low|zero: imprecise"),
            ("Z17.31", vec![condition("icd:Z17.31", day, &json!({}))], "positive"),
            (
                "Z17.31 beside a result",
                vec![condition("icd:Z17.31", day, &json!({})), ihc("1+", "2020-01-01")],
                "low",
            ),
            (
                "metastasis first",
                vec![
                    condition("icd:C78.7", day, &json!({ "id": "liver" })),
                    at_metastasis(ihc("0", day)),
                    ihc("3+", "2026-02-01"),
                    ish(POS, "2026-02-01"),
                ],
                "zero",
            ),
        ],
    );
}

#[test]
fn only_the_score_itself_counts() {
    let day = "2026-01-01";
    let cps = |more: Value| vec![seen_with("105303-2", day, &more)];
    let pdl1 = |more: Value| vec![seen_with("83052-1", day, &more)];
    let text = |text: &str| json!({ "valueString": text });
    let component =
        |code: &str, more: &Value| json!({ "component": [merged(json!({ "code": concept(code) }), more)] });
    check(
        "cps",
        &[
            ("nothing", vec![], "any value: not-recorded"),
            ("a number", cps(json!({ "valueQuantity": { "value": 10 } })), "10"),
            ("an annotated unit", cps(json!({ "valueQuantity": { "value": 5, "code": "{score}" } })), "5"),
            (
                "below",
                cps(json!({ "valueQuantity": { "value": 10, "comparator": "<" } })),
                "below 10: imprecise",
            ),
            ("<1", cps(text("<1")), "below 1: imprecise"),
            (">= 10", cps(text(">= 10")), "at least 10: imprecise"),
            ("another score by its words", cps(text("TPS 5")), "any value: imprecise"),
            ("a failed test", cps(text("test failed 0")), "any value: imprecise"),
            ("less than 1", cps(text("CPS less than 1")), "below 1: imprecise"),
            ("a range", cps(text("between 5 and 10")), "any value: imprecise"),
            ("not done", cps(text("pending")), "any value: imprecise"),
            ("named in words", pdl1(text("TPS 60%, CPS: 15")), "15"),
            ("named in words, clone beside it", pdl1(text("PD-L1 22C3 CPS >=10")), "at least 10: imprecise"),
            ("named, no number", pdl1(text("CPS positive")), "any value: imprecise"),
            ("two numbers", pdl1(text("CPS 15 TPS 60")), "any value: imprecise"),
            ("named by method", pdl1(json!({ "valueInteger": 12, "method": { "text": "CPS" } })), "12"),
            ("named by component", pdl1(component("CPS", &json!({ "valueInteger": 12 }))), "12"),
            (
                "coded component",
                pdl1(component("loinc:105303-2", &json!({ "valueString": "<1" }))),
                "below 1: imprecise",
            ),
            ("presence", pdl1(json!({ "valueCodeableConcept": concept(POS) })), "any value: unclassified"),
            (
                "tumor proportion score",
                vec![seen_with("83053-9", day, &json!({ "valueQuantity": { "value": 60, "unit": "%" } }))],
                "any value: unclassified",
            ),
            (
                "newest",
                vec![
                    seen_with("105303-2", "2025-01-01", &json!({ "id": "a", "valueInteger": 20 })),
                    seen_with("105303-2", day, &json!({ "valueInteger": 4 })),
                ],
                "4",
            ),
            (
                "differing",
                vec![
                    seen_with("105303-2", day, &json!({ "id": "a", "valueInteger": 20 })),
                    seen_with("105303-2", day, &json!({ "valueInteger": 4 })),
                ],
                "4 to 20: conflicting",
            ),
            (
                "not readable, of one time",
                [cps(json!({ "id": "a", "valueInteger": 4 })), cps(text("see note"))].concat(),
                "4",
            ),
            (
                "not readable, may be newer",
                vec![
                    seen_with("105303-2", "2026", &text("see note")),
                    seen_with("105303-2", day, &json!({ "id": "a", "valueInteger": 4 })),
                ],
                "any value: imprecise",
            ),
            (
                "preliminary",
                cps(json!({ "status": "preliminary", "valueInteger": 4 })),
                "any value: imprecise",
            ),
        ],
    );
}

fn part(code: &str, answer: &str) -> Value {
    json!({ "code": { "coding": [{ "code": code }] }, "valueCodeableConcept": concept(answer) })
}

fn genes(genes: &[&str]) -> Vec<Value> {
    genes.iter().map(|gene| part("48018-6", &format!("hgnc:{gene}"))).collect()
}

fn variant(gene: &str, origin: &str, significance: &str) -> Value {
    let mut parts = genes(&[gene]);
    parts.extend(
        [("48002-0", origin), ("53037-8", significance)]
            .iter()
            .filter(|(_, answer)| !answer.is_empty())
            .map(|(code, answer)| part(code, answer)),
    );
    let more = json!({ "id": format!("v{gene}{origin}{significance}"), "valueCodeableConcept": concept("loinc:LA9633-4"), "component": parts });
    seen_with("69548-6", "2025-01-01", &more)
}

#[test]
fn a_germline_variant_must_be_shown_and_so_must_its_absence() {
    let (germline, somatic) = ("loinc:LA6683-2", "loinc:LA6684-0");
    let (pathogenic, vus) = ("loinc:LA6668-3", "loinc:LA26333-7");
    let studied = |list: &[&str]| {
        seen_with("53041-0", "2025-01-01", &json!({ "id": format!("{list:?}"), "component": genes(list) }))
    };
    let test = |value: &str, date: &str| seen("59041-4", value, date);
    let absent =
        merged(variant("1100", germline, ""), &json!({ "valueCodeableConcept": concept("loinc:LA9634-2") }));
    check(
        "germline",
        &[
            ("nothing", vec![], "either: not-recorded"),
            ("pathogenic", vec![variant("HGNC:1100", germline, pathogenic)], "yes"),
            ("likely pathogenic, no prefix", vec![variant("1101", germline, "loinc:LA26332-9")], "yes"),
            ("another gene", vec![variant("HGNC:26144", germline, pathogenic)], "either: not-recorded"),
            ("uncertain significance", vec![variant("1100", germline, vus)], "either: imprecise"),
            ("somatic", vec![variant("1100", somatic, pathogenic)], "either: imprecise"),
            ("origin not stated", vec![variant("1100", "", pathogenic)], "either: imprecise"),
            ("significance not stated", vec![variant("1100", germline, "")], "either: imprecise"),
            ("one variant absent", vec![absent], "either: imprecise"),
            (
                "preliminary",
                vec![merged(variant("1100", germline, pathogenic), &json!({ "status": "preliminary" }))],
                "either: imprecise",
            ),
            ("both genes studied", vec![studied(&["HGNC:1100", "1101"])], "no"),
            ("both genes studied, one each", vec![studied(&["1100"]), studied(&["1101"])], "no"),
            ("one gene studied", vec![studied(&["1100"])], "either: imprecise"),
            (
                "studied, and pathogenic",
                vec![studied(&["1100", "1101"]), variant("1100", germline, pathogenic)],
                "yes",
            ),
            (
                "studied, and uncertain",
                vec![studied(&["1100", "1101"]), variant("1100", germline, vus)],
                "no",
            ),
            (
                "studied, origin not stated",
                vec![studied(&["1100", "1101"]), variant("1100", "", pathogenic)],
                "either: imprecise",
            ),
            ("test negative", vec![test(NEG, "2025-01-01")], "no"),
            ("test positive", vec![test("pathogenic variant detected", "2025-01-01")], "yes"),
            ("test unclear", vec![test("see report", "2025-01-01")], "either: unclassified"),
            (
                "test negative, then a variant",
                vec![test(NEG, "2024-01-01"), variant("1100", germline, pathogenic)],
                "yes",
            ),
            (
                "a variant, then test negative",
                vec![variant("1100", germline, pathogenic), test(NEG, "2026-01-01")],
                "either: conflicting",
            ),
            (
                "susceptibility may be another gene",
                vec![condition("icd:Z15.01", "2025-01-01", &json!({}))],
                "either: imprecise",
            ),
        ],
    );
    let failed = vec![Search::ClinicalObservations];
    let chart = Chart { failed: failed.clone(), ..Chart::default() };
    assert_eq!(chart.says("germline"), "either: unavailable");
    // A failed search may still bring a part; the test may also come with another search.
    let mut elsewhere = test(NEG, "2025-01-01");
    elsewhere["resourceType"] = json!("Observation");
    let chart = Chart { failed, also: vec![elsewhere], ..Chart::default() };
    assert_eq!(chart.says("germline"), "either: unavailable");
}
