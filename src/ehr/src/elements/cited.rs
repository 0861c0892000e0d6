//! Evidence out of a resource: its reference, the value as it was recorded, its date.

use criteria::Evidence;

use crate::fhir::{
    AllergyIntolerance, Component, Concept, Condition, MedicationRequest, MedicationStatement, Observation,
    Quantity, Text,
};
use crate::quantity::{clip, clipped};
use crate::reading::Finding;
use crate::when::recorded;

/// `Type/id`, or the type alone where the resource has no id.
pub(crate) fn reference(kind: &str, id: &Text<'_>) -> String {
    id.get().map_or_else(|| kind.to_owned(), |id| [kind, "/", id].concat())
}

/// A concept for the eye: its words, and the code where the words are not the code.
pub(crate) fn concept(concept: &Concept<'_>) -> String {
    let code = concept.coding.iter().find_map(|coding| coding.code.get());
    match (concept.shown(), code) {
        (Some(words), Some(code)) if words != code => [&*clip(words), " (", code, ")"].concat(),
        (Some(words), _) => clipped(words),
        (None, _) => "no code and no text".to_owned(),
    }
}

/// A drug for the eye, or that it is not stated.
pub(crate) fn drug(drug: Option<&Concept<'_>>) -> String {
    drug.map_or_else(|| "drug not stated".to_owned(), concept)
}

/// A quantity for the eye, as it was recorded.
pub(super) fn quantity(quantity: &Quantity<'_>) -> String {
    let unit = quantity.unit.get().or_else(|| quantity.code.get());
    let [comparator, value] =
        [quantity.comparator.get(), quantity.value.get()].map(Option::unwrap_or_default);
    unit.map_or_else(|| [comparator, value].concat(), |unit| [comparator, value, " ", unit].concat())
}

/// The result of an observation for the eye; the interpretation where there is no value.
pub(super) fn result(observation: &Observation<'_>) -> Option<String> {
    let coded = || observation.value_codeable_concept.get().map(concept);
    let text = || observation.value_string.get().map(clipped);
    let measured = || observation.value_quantity.get().map(quantity);
    let whole = || observation.value_integer.get().map(str::to_owned);
    let flag = || observation.value_boolean.0.map(|flag| flag.to_string());
    let range = || {
        let range = observation.value_range.get()?;
        let ends = [range.low.get(), range.high.get()].map(|end| end.map_or_else(String::new, quantity));
        Some(ends.join(" to "))
    };
    let interpretation = || observation.interpretation.read().first().map(concept);
    coded()
        .or_else(text)
        .or_else(measured)
        .or_else(whole)
        .or_else(flag)
        .or_else(range)
        .or_else(interpretation)
}

/// An observation with its result.
pub(crate) fn observation(observation: &Observation<'_>) -> Evidence {
    Evidence {
        reference: reference("Observation", &observation.id),
        path: "Observation.value".into(),
        value: result(observation).unwrap_or_else(|| "no value".to_owned()),
        date: recorded(observation).map(str::to_owned),
        note: None,
    }
}

/// A component of an observation, with its coded or text value.
pub(super) fn component(observation: &Observation<'_>, component: &Component<'_>) -> Evidence {
    let coded = || component.value_codeable_concept.get().map(concept);
    let text = || component.value_string.get().map(clipped);
    let interpretation = || component.interpretation.iter().next().map(concept);
    Evidence {
        path: "Observation.component.value".into(),
        value: coded().or_else(text).or_else(interpretation).unwrap_or_else(|| "no value".to_owned()),
        ..self::observation(observation)
    }
}

/// A condition with its code.
pub(crate) fn condition(condition: &Condition<'_>) -> Evidence {
    let onset = condition.onset_period.get().and_then(|period| period.start.get());
    Evidence {
        reference: reference("Condition", &condition.id),
        path: "Condition.code".into(),
        value: condition.code.get().map(concept).unwrap_or_default(),
        date: condition
            .recorded_date
            .get()
            .or_else(|| condition.onset_date_time.get())
            .or(onset)
            .map(str::to_owned),
        note: None,
    }
}

/// An allergy with its substance.
pub(super) fn allergy(allergy: &AllergyIntolerance<'_>) -> Evidence {
    let substance = || allergy.reaction.iter().find_map(|reaction| reaction.substance.get());
    Evidence {
        reference: reference("AllergyIntolerance", &allergy.id),
        path: "AllergyIntolerance.code".into(),
        value: allergy.code.get().or_else(substance).map(concept).unwrap_or_default(),
        date: allergy.recorded_date.get().or_else(|| allergy.onset_date_time.get()).map(str::to_owned),
        note: None,
    }
}

/// A medication order with its drug.
pub(crate) fn order(
    reference: String,
    drug: Option<&Concept<'_>>,
    request: &MedicationRequest<'_>,
) -> Evidence {
    Evidence {
        reference,
        path: "MedicationRequest.medication".into(),
        value: self::drug(drug),
        date: request.authored_on.get().map(str::to_owned),
        note: None,
    }
}

/// A medication statement with its drug.
pub(crate) fn statement(drug: Option<&Concept<'_>>, statement: &MedicationStatement<'_>) -> Evidence {
    let period = statement.effective_period.get();
    Evidence {
        reference: reference("MedicationStatement", &statement.id),
        path: "MedicationStatement.medication".into(),
        value: self::drug(drug),
        date: statement
            .effective_date_time
            .get()
            .or_else(|| period.and_then(|period| period.end.get().or_else(|| period.start.get())))
            .or_else(|| statement.date_asserted.get())
            .map(str::to_owned),
        note: None,
    }
}

/// `Positive on 2026-10-02`: an evidence in the words of a gap.
pub(crate) fn words(evidence: &Evidence) -> String {
    match &evidence.date {
        Some(date) => [&evidence.value, " on ", date].concat(),
        None => [&evidence.value, ", undated"].concat(),
    }
}

/// Evidence and gaps in an order that does not depend on the order of the resources, each once.
pub(super) fn sorted(mut finding: Finding) -> Finding {
    finding.evidence.sort_by(|one, other| {
        (&other.date, &one.reference, &one.path, &one.value).cmp(&(
            &one.date,
            &other.reference,
            &other.path,
            &other.value,
        ))
    });
    finding.evidence.dedup();
    finding.gaps.sort_by(|one, other| (one.kind, &one.detail).cmp(&(other.kind, &other.detail)));
    finding.gaps.dedup();
    finding
}
