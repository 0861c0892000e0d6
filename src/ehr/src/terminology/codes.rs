//! Codes of value sets, by code system.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::Posting;

/// Pseudo system of a value set file: its codes are words and phrases that are looked for in text and displays.
pub(super) const TEXT: &str = "urn:signpost:text";

/// ICD-10-CM, the one system whose codes form a tree by their own letters.
pub(super) const ICD_10_CM: &str = "http://hl7.org/fhir/sid/icd-10-cm";

const HCPCS: &str = "http://terminology.hl7.org/CodeSystem/HCPCS-all-codes";
const INTERPRETATION: &str = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation";
const HGNC: &str = "http://www.genenames.org/geneId";

/// Other names under which senders know a code system.
const ALIASES: [(&str, &str); 21] = [
    ("urn:oid:2.16.840.1.113883.6.90", ICD_10_CM),
    // The international edition's URI is in wide use for the American codes.
    ("http://hl7.org/fhir/sid/icd-10", ICD_10_CM),
    ("http://terminology.hl7.org/CodeSystem/icd10CM", ICD_10_CM),
    ("urn:oid:2.16.840.1.113883.6.96", "http://snomed.info/sct"),
    ("urn:oid:2.16.840.1.113883.6.1", "http://loinc.org"),
    ("urn:oid:2.16.840.1.113883.6.88", "http://www.nlm.nih.gov/research/umls/rxnorm"),
    ("urn:oid:2.16.840.1.113883.6.69", "http://hl7.org/fhir/sid/ndc"),
    ("urn:oid:2.16.840.1.113883.6.73", "http://www.whocc.no/atc"),
    ("http://fhir.de/CodeSystem/bfarm/atc", "http://www.whocc.no/atc"),
    ("urn:oid:2.16.840.1.113883.6.101", "http://nucc.org/provider-taxonomy"),
    ("urn:oid:2.16.840.1.113883.6.12", "http://www.ama-assn.org/go/cpt"),
    ("urn:oid:2.16.840.1.113883.6.285", HCPCS),
    ("urn:oid:2.16.840.1.113883.6.14", HCPCS),
    ("http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets", HCPCS),
    ("https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets", HCPCS),
    ("http://www.genenames.org", HGNC),
    ("urn:oid:2.16.840.1.113883.6.281", HGNC),
    ("urn:oid:2.16.840.1.113883.5.83", INTERPRETATION),
    ("http://hl7.org/fhir/v3/ObservationInterpretation", INTERPRETATION),
    ("http://hl7.org/fhir/v2/0078", INTERPRETATION),
    ("urn:oid:2.16.840.1.113883.5.112", "http://terminology.hl7.org/CodeSystem/v3-RouteOfAdministration"),
];

/// The name of a code system that value sets use, whatever the sender calls it.
pub(super) fn canonical(system: &str) -> &str {
    let system = system.trim_end_matches('/');
    ALIASES.iter().find(|(alias, _)| *alias == system).map_or(system, |(_, name)| name)
}

/// All codes of all value sets.
#[derive(Debug, Clone, Default)]
pub(super) struct Codes {
    by_system: FxHashMap<Box<str>, CodesOfSystem>,
}

#[derive(Debug, Clone, Default)]
struct CodesOfSystem {
    by_code: FxHashMap<Box<str>, Vec<Posting>>,
    /// Codes that stand for themselves and every code that starts with them; ICD-10-CM only.
    by_prefix: FxHashMap<Box<str>, Vec<Posting>>,
}

impl Codes {
    /// Adds one code.
    pub(super) fn add(&mut self, system: &str, code: &str, posting: Posting) {
        self.system(system).by_code.entry(normal(canonical(system), code).into()).or_default().push(posting);
    }

    /// Adds a code and every code that starts with it.
    pub(super) fn add_prefix(&mut self, system: &str, code: &str, posting: Posting) {
        self.system(system)
            .by_prefix
            .entry(normal(canonical(system), code).into())
            .or_default()
            .push(posting);
    }

    fn system(&mut self, system: &str) -> &mut CodesOfSystem {
        self.by_system.entry(canonical(system).into()).or_default()
    }

    /// Adds to `postings` where a code stands.
    pub(super) fn collect(&self, system: &str, code: &str, postings: &mut Vec<Posting>) {
        let by_alias = || self.by_system.get_key_value(canonical(system));
        let Some((system, codes)) = self.by_system.get_key_value(system).or_else(by_alias) else { return };
        let code = normal(system, code);
        postings.extend(codes.by_code.get(code.as_ref()).into_iter().flatten());
        if codes.by_prefix.is_empty() {
            return;
        }
        for (end, _) in code.char_indices().skip(1).chain([(code.len(), ' ')]) {
            let prefix = code.get(..end).and_then(|prefix| codes.by_prefix.get(prefix));
            postings.extend(prefix.into_iter().flatten());
        }
    }
}

/// The form in which codes of a system are compared.
fn normal<'c>(canonical: &str, code: &'c str) -> Cow<'c, str> {
    let code = code.trim();
    match canonical {
        ICD_10_CM => code.chars().filter(|char| *char != '.').map(|char| char.to_ascii_uppercase()).collect(),
        HGNC => match code.split_once(':') {
            Some((prefix, id)) if prefix.eq_ignore_ascii_case("hgnc") => Cow::Borrowed(id.trim()),
            _ => Cow::Borrowed(code),
        },
        _ => Cow::Borrowed(code),
    }
}
