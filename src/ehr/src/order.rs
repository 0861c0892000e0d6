//! The orders that are being signed, out of `context.draftOrders`.

use serde_json::value::RawValue;

use crate::fhir::{Concept, MedicationRequest};

/// One draft MedicationRequest.
#[derive(Debug, Clone)]
pub struct Order<'a> {
    /// `MedicationRequest/id`; `MedicationRequest/#n` (n counted from 1) where it has no id.
    pub reference: String,
    /// The order.
    pub request: MedicationRequest<'a>,
    /// The drug, wherever it stood: inline, contained, or another entry of the Bundle.
    pub drug: Option<Concept<'a>>,
    /// The order's own JSON, to be sent back with a change in it.
    pub raw: &'a RawValue,
}

/// All draft orders of one hook call.
#[derive(Debug, Clone, Default)]
pub struct DraftOrders<'a> {
    /// Medication orders, in the order of the Bundle.
    pub orders: Vec<Order<'a>>,
    /// Whether an entry could not be read: it may be anything, so nothing can be said to be absent.
    pub has_unreadable: bool,
}
