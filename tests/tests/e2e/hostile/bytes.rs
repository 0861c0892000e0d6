//! Bodies that are hostile as bytes or as JSON.

use std::time::Instant;

use serde_json::json;

use super::BOUND;
use crate::support::resources::ixabepilone;
use crate::support::{Answer, CLINICAL_CRITERIA, Request, post_bytes};

/// The body of a good request with one piece of its text replaced.
fn replaced(from: &str, to: &str) -> String {
    let body = Request::meets().0.to_string();
    assert!(body.contains(from), "`{from}` is not in the body");
    body.replacen(from, to, 1)
}

fn in_time(body: impl Into<Vec<u8>>) -> Answer {
    let start = Instant::now();
    let answer = post_bytes(body);
    assert!(start.elapsed() < BOUND, "{:?}", start.elapsed());
    answer
}

fn never_denies(answer: &Answer) {
    for found in answer.determinations() {
        assert_ne!(found.comes_to(), "does-not-meet-criteria", "{}", found.0);
    }
}

/// Depths around the limit of recursive readers, and far beyond it.
const DEPTHS: [usize; 5] = [100, 127, 129, 10_000, 1_000_000];

#[test]
fn depth_bombs_are_refused_or_read() {
    for depth in DEPTHS {
        for (open, close) in [("[", "]"), (r#"{"a":"#, "}")] {
            let bomb = |middle: &str| format!("{}{middle}{}", open.repeat(depth), close.repeat(depth));
            assert_eq!(in_time(bomb("1")).status, 400, "{depth}");
            assert_eq!(in_time(open.repeat(depth)).status, 400, "{depth}");
            let bomb = bomb("1");
            // Where nobody reads, depth is no reason to refuse.
            let outside = in_time(replaced(r#""hook":"#, &format!(r#""extension":{bomb},"hook":"#)));
            assert_eq!(outside.determinations().len(), 2, "{depth}");
            let unread =
                in_time(replaced(r#""status":"draft""#, &format!(r#""status":"draft","note":{bomb}"#)));
            assert!(unread.status == 200 || unread.status == 400, "{depth}");
            for place in
                [r#""valueQuantity":{"#, r#""clinicalStatus":{"#, r#""birthDate":"#, r#""specialty":["#]
            {
                let (name, rest) = place.split_at(place.find(':').expect("a colon") + 1);
                let answer = in_time(replaced(place, &format!("{name}{bomb},\"x\":{rest}")));
                assert_eq!(answer.status, 200, "{depth} {place}");
                never_denies(&answer);
            }
        }
    }
}

#[test]
fn many_digits_are_refused_or_read() {
    let digits = "9".repeat(7_000_000);
    assert_eq!(in_time("9".repeat(10_000_000)).status, 413);
    assert_eq!(in_time(digits.clone()).status, 400);
    for number in [digits.clone(), format!("0.{digits}"), format!("1e{digits}"), format!("-{digits}")] {
        let answer = in_time(replaced(r#""value":3.0"#, &format!(r#""value":{number}"#)));
        assert_eq!(answer.status, 200);
        let elsewhere = in_time(replaced(r#""total":5"#, &format!(r#""total":{number}"#)));
        assert_eq!(elsewhere.determinations().len(), 2);
    }
}

#[test]
fn numbers_beyond_every_decimal_never_hang_and_never_count_as_known() {
    let zeros = format!("1{}", "0".repeat(400));
    for number in ["1e999999999", "1E+999999999", "1e400", "99999999999999999999999999999999", &zeros] {
        let answer = in_time(replaced(r#""value":3.0"#, &format!(r#""value":{number}"#)));
        let found = answer.determination(CLINICAL_CRITERIA);
        assert_eq!(found.comes_to(), "information-needed", "{number}: {}", found.0);
        assert!(!found.gaps("labs.neutrophils").is_empty(), "{number}: {}", found.0);
    }
    let tiny = format!("0.{}1", "0".repeat(400));
    for number in ["1e-999999999", "-1e999999999", "-0", "-5", "1e-400", &tiny, "0e999999999"] {
        let answer = in_time(replaced(r#""value":3.0"#, &format!(r#""value":{number}"#)));
        assert_ne!(answer.determination(CLINICAL_CRITERIA).comes_to(), "meets-criteria", "{number}");
    }
    for (place, number) in [(r#""valueInteger":2"#, "1e999999999"), (r#""valueInteger":2"#, &*zeros)] {
        let answer = in_time(replaced(place, &format!(r#""valueInteger":{number}"#)));
        never_denies(&answer);
    }
    for place in [r#""period":21"#, r#""frequency":1"#, r#""value":40"#] {
        let name = place.split_once(':').expect("a colon").0;
        for number in ["1e999999999", "1e-999999999", &*zeros, "-1", "0"] {
            never_denies(&in_time(replaced(place, &format!("{name}:{number}"))));
        }
    }
}

#[test]
fn members_that_occur_twice_are_refused_or_one_gap() {
    let twice = [r#""hook":"order-sign""#, r#""patientId":"p1""#, r#""userId":"Practitioner/dr1""#];
    for member in twice {
        assert_eq!(in_time(replaced(member, &format!("{member},{member}"))).status, 400, "{member}");
    }
    assert_eq!(in_time(replaced(r#""prefetch":{"#, r#""prefetch":{"laboratory":null,"#)).status, 400);
    // Readers differ on which of two values counts: none does.
    let low = in_time(replaced(r#""value":3.0"#, r#""value":3.0,"value":0.1"#));
    let high = in_time(replaced(r#""value":3.0"#, r#""value":0.1,"value":3.0"#));
    for answer in [low, high] {
        assert_eq!(
            answer.determination(CLINICAL_CRITERIA).comes_to(),
            "information-needed",
            "{}",
            answer.text()
        );
    }
    let other = in_time(replaced(r#""birthDate":"#, r#""birthDate":"2015-01-01","birthDate":"#));
    never_denies(&other);
}

#[test]
fn bytes_that_are_no_utf_8_are_refused() {
    let body = Request::meets().0.to_string();
    for marker in ["order-sign", "C50.911", "10*3/uL", "dev", "2026"] {
        let Some(at) = body.find(marker) else { continue };
        for wrong in [0xff, 0xc0, 0x80, 0xed] {
            let mut bytes = body.clone().into_bytes();
            bytes[at] = wrong;
            assert_eq!(in_time(bytes).status, 400, "{marker}");
        }
    }
    assert_eq!(in_time([b"\xef\xbb\xbf", body.as_bytes()].concat()).status, 400, "a byte order mark");
    let utf_16: Vec<u8> = body.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(in_time(utf_16).status, 400);
}

#[test]
fn surrogates_without_a_partner_and_nul_are_refused_or_one_gap() {
    for escape in [r"\ud800", r"\udc00", r"\udc00\ud800", r"\u0000", r"\uffff"] {
        for text in ["C50.911", "10*3/uL", "1726271", "751-8", "Bundle", "207RX0202X", "final"] {
            let body = replaced(&format!("\"{text}\""), &format!("\"{text}{escape}\""));
            let answer = in_time(body);
            assert!(matches!(answer.status, 200 | 400), "{escape} {text}: {}", answer.text());
            if answer.status == 200 {
                never_denies(&answer);
            }
        }
        // A name of a member that nobody asked for.
        let answer = in_time(replaced(r#""hook":"#, &format!(r#""{escape}":1,"hook":"#)));
        assert!(matches!(answer.status, 200 | 400), "{escape}");
        let id = in_time(replaced(r#""patientId":"p1""#, &format!(r#""patientId":"p1{escape}""#)));
        assert!(matches!(id.status, 200 | 400), "{escape}");
    }
    let mut raw = Request::meets().0.to_string().into_bytes();
    raw.insert(1, 0);
    assert_eq!(in_time(raw).status, 400, "a NUL between tokens");
}

#[test]
fn thousands_of_results_are_read_in_time() {
    let request = Request::meets();
    let one = request.resources("laboratory")[0].clone();
    let many = (0..8_000).map(|n| {
        let mut result = one.clone();
        result["id"] = json!(format!("o{n}"));
        result
    });
    let body = request.found("laboratory", many).0.to_string();
    assert_eq!(in_time(body).determinations().len(), 2);
}

/// Each of another time, and none of them with a value: every one could hide a readable one.
#[test]
fn thousands_of_results_without_a_value_are_read_in_time() {
    let request = Request::meets();
    let one = request.resources("laboratory")[0].clone();
    let start: jiff::Timestamp = "2026-11-14T00:00:00Z".parse().unwrap();
    let many = (0..24_000).map(|n| {
        let mut result = one.clone();
        result["id"] = json!(format!("o{n}"));
        result["effectiveDateTime"] = json!((start + jiff::SignedDuration::from_secs(20 * n)).to_string());
        result.as_object_mut().unwrap().remove("valueQuantity");
        result
    });
    let body = request.found("laboratory", many).0.to_string();
    assert_eq!(in_time(body).determinations().len(), 2);
}

/// Two drugs in turn, each dose in a pause of the other's: every dose parts a course.
#[test]
fn thousands_of_courses_that_part_each_other_are_read_in_time() {
    let request = Request::meets();
    let patient = request.0["context"]["patientId"].as_str().unwrap().to_owned();
    let start: jiff::civil::Date = "0930-01-01".parse().unwrap();
    let many = (0..20_000_i64).map(|n| {
        let day = start + jiff::Span::new().days(20 * n);
        let code = if n % 2 == 0 { "72962" } else { "1298944" };
        json!({ "resourceType": "MedicationAdministration", "id": format!("a{n}"), "status": "completed",
            "subject": { "reference": format!("Patient/{patient}") }, "effectiveDateTime": day.to_string(),
            "medicationCodeableConcept": {
                "coding": [{ "system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": code }] } })
    });
    let body = request.found("medication-administrations", many).0.to_string();
    assert_eq!(in_time(body).determinations().len(), 2);
}

#[test]
fn many_orders_are_each_answered_in_time() {
    let orders: Vec<_> = (0..50).map(|n| ixabepilone(&format!("o{n}"), "40", 1, 21)).collect();
    let answer = in_time(Request::new(&orders).0.to_string());
    assert_eq!(answer.determinations().len(), 100);
}
