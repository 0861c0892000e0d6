//! Drugs on order and on record: which are the same, and which belong to the order that is being decided on.

use crate::fhir::Concept;
use crate::order::Order;
use crate::reading::Reading;
use crate::reference::Target;
use crate::terminology::Terminology;

/// Whether two concepts share a coding.
pub(super) fn is_same_code(one: &Concept<'_>, other: &Concept<'_>) -> bool {
    one.coding.iter().any(|coding| {
        coding.code.get().is_some()
            && other.coding.iter().any(|other| {
                coding.code.get() == other.code.get() && coding.system.get() == other.system.get()
            })
    })
}

/// Whether two concepts share their words. Without words to compare, they do not.
pub(super) fn is_same_text(one: &Concept<'_>, other: &Concept<'_>) -> bool {
    let texts = |concept: &Concept<'_>| {
        let displays = concept.coding.iter().filter_map(|coding| coding.display.get());
        displays.chain(concept.text.get()).map(str::to_lowercase).collect::<Vec<_>>()
    };
    texts(one).iter().any(|text| texts(other).contains(text))
}

/// Whether two orders are of one drug: they share a code, or their drugs are in the same value sets (two vials of one drug
/// have different codes). What is in no value set is only what its code says.
pub(super) fn is_same_drug(one: &Order<'_>, other: &Order<'_>, terminology: &Terminology) -> bool {
    let (Some(one), Some(other)) = (&one.drug, &other.drug) else { return false };
    let sets = terminology.sets_of(one);
    is_same_code(one, other) || (!sets.is_empty() && sets == terminology.sets_of(other))
}

/// The drug, where it says anything by which it could be told: words, or a code that is in any value set. A code alone
/// that is in none may be any drug.
pub(super) fn resolved<'c, 'a>(
    drug: Option<&'c Concept<'a>>,
    terminology: &Terminology,
) -> Option<&'c Concept<'a>> {
    drug.filter(|drug| drug.has_words() || terminology.has_any(drug))
}

/// The other orders of the same hook that are not withdrawn. They count whatever their intent: they are being signed.
pub(crate) fn other_drafts<'r, 'a>(reading: &Reading<'r, 'a>) -> impl Iterator<Item = &'r Order<'a>> {
    let own = &reading.order.reference;
    reading.drafts.orders.iter().filter(move |draft| {
        let is_withdrawn = matches!(
            draft.request.status.get(),
            Some("entered-in-error" | "cancelled" | "stopped" | "completed")
        );
        draft.reference != *own && !is_withdrawn && draft.request.do_not_perform.0 != Some(true)
    })
}

/// Whether an order on record is one of the drafts.
pub(crate) fn is_draft(id: Option<&str>, reading: &Reading<'_, '_>) -> bool {
    let is_it = |draft: &Order<'_>| {
        id.is_some_and(|id| {
            Target::of(&draft.reference).is_some_and(|draft| draft.is("MedicationRequest", id))
        })
    };
    reading.drafts.orders.iter().any(is_it)
}
