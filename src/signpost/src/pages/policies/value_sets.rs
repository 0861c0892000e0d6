//! Value sets as their files list them: where the codes are from, the codes with their displays, the words.

use std::collections::BTreeSet;

use ehr::terminology::ValueSetFile;

use crate::content::Content;

/// The pseudo system under which value sets list words and phrases.
const WORDS: &str = "urn:signpost:text";
/// How one value set names another.
const REFERENCE: &str = "urn:signpost:value-set:";

/// A value set for people.
#[derive(Debug)]
pub(super) struct SetView {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) version: String,
    pub(super) description: String,
    /// Where the codes were seen.
    pub(super) source: String,
    /// How many codes, rules and words are in it.
    pub(super) count: String,
    pub(super) parts: Vec<PartView>,
}

/// Codes of one system, words, or other value sets, that are in a value set or out of it.
#[derive(Debug)]
pub(super) struct PartView {
    /// Whether what is in this part is not in the set.
    pub(super) is_excluded: bool,
    /// Name of the code system, or its URI.
    pub(super) system: String,
    /// Codes with their displays.
    pub(super) codes: Vec<(String, String)>,
    /// Codes that stand for themselves and all below them.
    pub(super) trees: Vec<String>,
    /// Words and phrases.
    pub(super) words: Vec<String>,
    /// Ids of other value sets.
    pub(super) sets: Vec<String>,
}

/// These value sets and all that they refer to, in the order of their ids.
pub(super) fn view<'s>(content: &Content, ids: impl Iterator<Item = &'s str>) -> Vec<SetView> {
    let mut wanted: BTreeSet<&str> = BTreeSet::new();
    let mut waiting: Vec<&str> = ids.collect();
    while let Some(id) = waiting.pop() {
        if let Some((id, file)) = content.value_sets.get_key_value(id)
            && wanted.insert(id)
        {
            waiting.extend(references(file));
        }
    }
    wanted.into_iter().filter_map(|id| content.value_sets.get(id)).map(set).collect()
}

fn references(file: &ValueSetFile) -> impl Iterator<Item = &str> {
    let parts = file.compose.include.iter().chain(&file.compose.exclude);
    parts.flat_map(|part| &part.value_set).filter_map(|reference| reference.strip_prefix(REFERENCE))
}

fn set(file: &ValueSetFile) -> SetView {
    let included = file.compose.include.iter().map(|one| part(one, false));
    let parts: Vec<PartView> =
        included.chain(file.compose.exclude.iter().map(|one| part(one, true))).collect();
    let sources: Vec<&str> = file.extension.iter().map(|source| source.value_string.as_str()).collect();
    SetView {
        id: file.id.clone(),
        title: file.title.clone().unwrap_or_else(|| file.id.clone()),
        version: file.version.clone(),
        description: file.description.clone().unwrap_or_default(),
        source: sources.join(" "),
        count: count(&parts),
        parts,
    }
}

fn part(part: &ehr::terminology::FilePart, is_excluded: bool) -> PartView {
    let system = part.system.as_deref().unwrap_or_default();
    let concepts = part.concept.iter();
    let (codes, words) = match system {
        WORDS => (Vec::new(), concepts.map(|concept| concept.code.clone()).collect()),
        _ => {
            let code = |concept: &ehr::terminology::Code| {
                (concept.code.clone(), concept.display.clone().unwrap_or_default())
            };
            (concepts.map(code).collect(), Vec::new())
        }
    };
    let sets = part.value_set.iter().filter_map(|reference| reference.strip_prefix(REFERENCE));
    PartView {
        is_excluded,
        system: system_name(system).to_owned(),
        codes,
        trees: part.filter.iter().map(|filter| filter.value.clone()).collect(),
        words,
        sets: sets.map(str::to_owned).collect(),
    }
}

fn count(parts: &[PartView]) -> String {
    let included = || parts.iter().filter(|part| !part.is_excluded);
    let codes: usize = included().map(|part| part.codes.len() + part.trees.len()).sum();
    let words: usize = included().map(|part| part.words.len()).sum();
    let sets: usize = included().map(|part| part.sets.len()).sum();
    let counts = [(codes, "code"), (words, "phrase"), (sets, "value set")];
    let told = counts.iter().filter(|(count, _)| *count > 0);
    let told = told.map(|(count, what)| format!("{count} {what}{}", if *count == 1 { "" } else { "s" }));
    told.collect::<Vec<_>>().join(", ")
}

/// What people call a code system; its URI where they have no name for it.
fn system_name(system: &str) -> &str {
    match system {
        "http://hl7.org/fhir/sid/icd-10-cm" => "ICD-10-CM",
        "http://snomed.info/sct" => "SNOMED CT",
        "http://loinc.org" => "LOINC",
        "http://www.nlm.nih.gov/research/umls/rxnorm" => "RxNorm",
        "http://hl7.org/fhir/sid/ndc" => "NDC",
        "http://www.whocc.no/atc" => "ATC",
        "https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
        | "http://terminology.hl7.org/CodeSystem/HCPCS-all-codes" => "HCPCS",
        "http://cancerstaging.org" => "AJCC",
        "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation" => {
            "HL7 observation interpretation"
        }
        "http://terminology.hl7.org/CodeSystem/v3-RouteOfAdministration" => "HL7 route of administration",
        "http://terminology.hl7.org/CodeSystem/v2-0162" => "HL7 route (table 0162)",
        "http://nucc.org/provider-taxonomy" => "NUCC provider taxonomy",
        "http://www.ama-assn.org/go/cpt" => "CPT",
        other => other,
    }
}
