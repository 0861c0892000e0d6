//! fhirbolt turns on `serde_json/arbitrary_precision` for the whole binary. Types that serde buffers (`flatten`,
//! `untagged`, internally tagged) then fail on decimals, so our formats have none; and decimals stay as written.

use std::fs;
use std::path::Path;

use ehr::fhir::{Dosage, Observation, Quantity, Repeat};

/// The contents of every `serde(...)` attribute in a source text.
fn serde_attributes(source: &str) -> Vec<String> {
    source.split("serde(").skip(1).map(inside).collect()
}

/// What stands before the parenthesis that closes one opened earlier.
fn inside(rest: &str) -> String {
    let mut depth = 1;
    let is_inside = |character: &char| {
        depth += match character {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        depth > 0
    };
    rest.chars().take_while(is_inside).collect()
}

/// Whether an attribute makes serde buffer what it reads.
fn buffers(attribute: &str) -> bool {
    let words: Vec<&str> =
        attribute.split(|character: char| !character.is_alphanumeric() && character != '_').collect();
    let has = |word| words.contains(&word);
    has("flatten") || has("untagged") || (has("tag") && !has("content"))
}

fn sources(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push((path.display().to_string(), fs::read_to_string(&path).unwrap()));
        }
    }
}

#[test]
fn no_format_of_ours_is_buffered_by_serde() {
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../src"), &mut files);
    let mut attributes = 0;
    for (path, source) in files {
        for attribute in serde_attributes(&source) {
            attributes += 1;
            assert!(!buffers(&attribute), "{path}: serde({attribute})");
        }
    }
    assert!(attributes > 50, "the sources were found");
}

#[test]
fn what_serde_buffers_is_recognised() {
    let rows = [
        ("#[serde(flatten)]", true),
        ("#[serde(default, untagged)]", true),
        ("#[serde(tag = \"type\")]", true),
        ("#[cfg_attr(x, serde(rename_all(serialize = \"a\"), flatten))]", true),
        ("#[serde(tag = \"type\", content = \"value\")]", false),
        ("#[serde(rename_all = \"kebab-case\", deny_unknown_fields)]", false),
    ];
    for (source, expected) in rows {
        let attributes = serde_attributes(source);
        assert_eq!(attributes.len(), 1, "{source}");
        assert_eq!(buffers(&attributes[0]), expected, "{source}");
    }
}

/// The two whole numbers are what fhirbolt 0.4 reads as negative ones.
const DECIMALS: [&str; 11] = [
    "1.00",
    "0.1e3",
    "0.10E-7",
    "1e+3",
    "-0.0",
    "0",
    "3.14159265358979323846264338327950288",
    "123456789012345678901234567890.10",
    "1e400",
    "9223372036854775808",
    "18446744073709551615",
];

#[test]
fn decimals_stay_as_they_were_written() {
    for decimal in DECIMALS {
        let quantity: Quantity<'_> = read(&format!(r#"{{"value":{decimal}}}"#));
        assert_eq!(quantity.value.get(), Some(decimal));
        let quoted: Quantity<'_> = read(&format!(r#"{{"unit":"g","value": "{decimal}" }}"#));
        assert_eq!(quoted.value.get(), Some(decimal));
        let repeat: Repeat<'_> = read(&format!(r#"{{"period":{decimal},"periodUnit":"d"}}"#));
        assert_eq!(repeat.period.get(), Some(decimal));
        // Deep inside, one or many: the ways that go through a visitor.
        let json =
            format!(r#"{{"referenceRange":{{"high":[{{"value":{decimal}}}]}},"valueInteger":{decimal}}}"#);
        let observation: Observation<'_> = read(&json);
        assert_eq!(observation.reference_range.read()[0].high.get().unwrap().value.get(), Some(decimal));
        assert_eq!(observation.value_integer.get(), Some(decimal));
        let json = format!(r#"{{"doseAndRate":[{{"rateRatio":{{"numerator":{{"value":{decimal}}}}}}}]}}"#);
        let dosage: Dosage<'_> = read(&json);
        let ratio = dosage.dose_and_rate[0].rate_ratio.get().unwrap();
        assert_eq!(ratio.numerator.get().unwrap().value.get(), Some(decimal));
    }
}

/// Leaks the text, since views borrow from it and a test is short.
fn read<T: serde::Deserialize<'static>>(json: &str) -> T {
    serde_json::from_str(Box::leak(json.to_owned().into_boxed_str())).unwrap()
}
