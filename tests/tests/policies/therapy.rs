//! The therapy rules of the content: each drug is told as what it is, and as nothing else.

use std::fs;
use std::sync::LazyLock;

use ehr::content::Content;

use crate::content::{list, root, sound};

const RULES: &str = "breast-cancer";

static CONTENT: LazyLock<Content> = LazyLock::new(|| {
    let texts = |folder: &str| -> Vec<(String, String)> {
        let read = |path: std::path::PathBuf| {
            let name = path.strip_prefix(root()).expect("it is under the root").display().to_string();
            (name, fs::read_to_string(&path).expect("the file can be read"))
        };
        list(folder).into_iter().map(read).collect()
    };
    sound(Content::load(&texts("data-elements"), &texts("value-sets"), &texts("therapy")))
});

/// The agents that a text names.
fn agents(text: &str) -> Vec<&'static str> {
    let rules = CONTENT.therapy(RULES).expect("the rules are there");
    let named = rules.agents.iter().filter(|agent| CONTENT.terminology.has_text(&agent.drugs, text));
    named.map(|agent| agent.id.as_str()).collect()
}

#[test]
fn drugs_are_told_by_name() {
    let rows: [(&str, &[&str]); 14] = [
        ("ado-trastuzumab emtansine", &["trastuzumab-emtansine"]),
        ("fam-trastuzumab deruxtecan-nxki (Enhertu)", &["trastuzumab-deruxtecan"]),
        ("datopotamab deruxtecan", &["datopotamab-deruxtecan"]),
        ("trastuzumab-dkst", &["trastuzumab"]),
        ("trastuzumab-hyaluronidase-oysk", &["trastuzumab"]),
        ("Phesgo", &["trastuzumab", "pertuzumab"]),
        ("PACLitaxel protein-bound", &["nab-paclitaxel"]),
        ("paclitaxel weekly x12 at outside hospital", &["paclitaxel"]),
        ("Kisqali Femara Co-Pack", &["letrozole", "ribociclib"]),
        ("doxorubicin, liposomal", &["liposomal-doxorubicin"]),
        ("Adriamycin/Cytoxan", &["doxorubicin", "cyclophosphamide"]),
        ("chemotherapy, doxorubicin", &["doxorubicin"]),
        ("aspirin 81 mg", &[]),
        ("chemotherapy", &[]),
    ];
    for (text, expected) in rows {
        let mut expected = expected.to_vec();
        expected.sort_unstable();
        let mut found = agents(text);
        found.sort_unstable();
        assert_eq!(found, expected, "{text}");
    }
}

#[test]
fn a_set_of_a_class_holds_the_agents_of_the_class() {
    let rules = CONTENT.therapy(RULES).expect("the rules are there");
    for (class, set) in [
        ("taxane", "taxane"),
        ("anthracycline", "anthracycline"),
        ("endocrine", "endocrine-therapy"),
        ("cdk4-6-inhibitor", "cdk4-6-inhibitor"),
        ("antibody-drug-conjugate", "antibody-drug-conjugate"),
        ("ovarian-suppression", "ovarian-suppression"),
    ] {
        let members = rules.agents.iter().filter(|agent| agent.classes.iter().any(|other| other == class));
        for agent in members {
            assert!(CONTENT.terminology.has_text(set, &agent.title), "{} is in {set}", agent.title);
        }
    }
}

#[test]
fn words_without_a_drug_are_told() {
    let rules = CONTENT.therapy(RULES).expect("the rules are there");
    for (set, text, is_in) in [
        (&rules.unplaced, "AC-T", true),
        (&rules.unplaced, "chemotherapy at outside hospital", true),
        (&rules.unplaced, "vincristine", true),
        (&rules.unplaced, "ondansetron for chemotherapy-induced nausea", false),
        (&rules.unplaced, "aspirin", false),
        (&rules.reasons.neoadjuvant, "neo-adjuvant chemotherapy", true),
        (&rules.reasons.adjuvant, "neo-adjuvant chemotherapy", false),
        (&rules.reasons.adjuvant, "neoadjuvant", false),
        (&rules.reasons.adjuvant, "adjuvant chemotherapy", true),
        (&rules.reasons.no_response, "no response to treatment", true),
        (&rules.surgery, "left lumpectomy", true),
        (&rules.surgery, "biopsy of breast", false),
    ] {
        assert_eq!(CONTENT.terminology.has_text(set, text), is_in, "{text} in {set}");
    }
}
