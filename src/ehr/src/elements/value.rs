//! What the value of an observation says, by value set, in numbers, or as it was sent.

use criteria::Interval;

use super::cited;
use crate::fhir::{Component, Concept, Observation};
use crate::quantity::{Measure, clipped};
use crate::terminology::Terminology;

/// Whether the coded or text value is in a value set.
pub(crate) fn is_in(terminology: &Terminology, set: &str, observation: &Observation<'_>) -> bool {
    observation.value_codeable_concept.get().is_some_and(|value| terminology.has(set, value))
        || observation.value_string.get().is_some_and(|text| terminology.has_text(set, text))
}

/// The same, by the value or by the interpretation beside it.
pub(super) fn is_interpreted_in(terminology: &Terminology, set: &str, observation: &Observation<'_>) -> bool {
    is_in(terminology, set, observation)
        || observation.interpretation.read().iter().any(|concept| terminology.has(set, concept))
}

/// Whether a component is in a value set, by its value or the interpretation beside it.
pub(super) fn is_component_in(terminology: &Terminology, set: &str, component: &Component<'_>) -> bool {
    component.value_codeable_concept.get().is_some_and(|value| terminology.has(set, value))
        || component.value_string.get().is_some_and(|text| terminology.has_text(set, text))
        || component.interpretation.iter().any(|concept| terminology.has(set, concept))
}

/// The value as it was sent, codes and all; `None` where there is none.
pub(crate) fn sent(observation: &Observation<'_>) -> Option<String> {
    let coded = observation.value_codeable_concept.get().map(codes_sent);
    coded.or_else(|| cited::result(observation)).map(|sent| format!("`{sent}`"))
}

/// `system|code` of every coding, with the words.
pub(super) fn codes_sent(concept: &Concept<'_>) -> String {
    let codes = concept.coding.iter().filter_map(|coding| {
        let code = coding.code.get()?;
        Some(coding.system.get().map_or_else(|| code.to_owned(), |system| format!("{system}|{code}")))
    });
    let codes = codes.collect::<Vec<_>>().join(", ");
    let words = concept.text.get().or_else(|| concept.coding.iter().find_map(|coding| coding.display.get()));
    match (codes.as_str(), words) {
        ("", None) => "neither code nor text".to_owned(),
        ("", Some(words)) => clipped(words),
        (codes, None) => codes.to_owned(),
        (codes, Some(words)) => format!("{codes} {}", clipped(words)),
    }
}

/// The number of an observation, in a unit; `None` where it has none, or in another unit.
pub(super) fn quantity_in(observation: &Observation<'_>, unit: &str) -> Option<Interval> {
    Measure::of_observation(observation).ok()?.in_unit(unit, None).ok()
}

/// Every text in which a value may be put in words.
pub(super) fn texts<'o>(observation: &'o Observation<'_>) -> Vec<&'o str> {
    let concept = observation.value_codeable_concept.get();
    let displays = concept.into_iter().flat_map(|value| value.coding.iter());
    concept
        .and_then(|value| value.text.get())
        .into_iter()
        .chain(displays.filter_map(|coding| coding.display.get()))
        .chain(observation.value_string.get())
        .collect()
}

/// Codes of the system `data-absent-reason` by which nothing was determined that could be known. The others (`unknown`,
/// `masked`) may hide something.
const NOT_DETERMINED: [&str; 3] = ["not-applicable", "not-asked", "not-performed"];

/// Whether the coded value says that there is none, as mCODE's own example does for a pathologic M category.
pub(crate) fn is_not_determined(observation: &Observation<'_>) -> bool {
    let codings = observation.value_codeable_concept.get().map(|value| value.coding.iter());
    codings.into_iter().flatten().any(|coding| {
        coding.system.get().is_some_and(|system| system.ends_with("data-absent-reason"))
            && coding.code.get().is_some_and(|code| NOT_DETERMINED.contains(&code))
    })
}
