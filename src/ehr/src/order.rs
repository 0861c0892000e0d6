//! The orders that are being signed, out of `context.draftOrders`.

use std::collections::BTreeSet;

use serde_json::value::RawValue;

use crate::fhir::{Bundle, Concept, Entry, MedicationRequest, Observation, Resource, Text};
use crate::record::{Medications, drug};
use crate::reference::contained;
use crate::terminology::Terminology;

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

/// Why `context.draftOrders` cannot be read at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DraftOrdersError {
    /// It is something else than a FHIR `Bundle`.
    #[error("`context.draftOrders` is not a Bundle")]
    NotABundle,
    /// Its entries are no list.
    #[error("`context.draftOrders.entry` is not a list of entries")]
    Entries,
}

impl<'a> DraftOrders<'a> {
    /// Reads the Bundle of draft orders; without entries there are none. Resources that are no medication orders
    /// (DSTU2 `MedicationOrder` among them) are passed over.
    ///
    /// # Errors
    /// If it is not a `Bundle`, or its `entry` is not a list.
    pub fn read(bundle: &'a RawValue) -> Result<Self, DraftOrdersError> {
        Self::read_with(bundle, &[])
    }

    /// The same, with `Medication` resources that orders point to and that the Bundle does not hold.
    ///
    /// # Errors
    /// As [`DraftOrders::read`].
    pub fn read_with(bundle: &'a RawValue, elsewhere: &[&'a RawValue]) -> Result<Self, DraftOrdersError> {
        let not_a_list = |_| match Resource::read(bundle) {
            Ok(resource) if resource.type_name() == "Bundle" => DraftOrdersError::Entries,
            _ => DraftOrdersError::NotABundle,
        };
        let bundle = Bundle::read_with_raw(bundle).map_err(not_a_list)?;
        if !bundle.resource_type.is("Bundle") {
            return Err(DraftOrdersError::NotABundle);
        }
        let mut has_unreadable = !bundle.unreadable.is_empty();
        let mut medications = Medications::default();
        let mut requests = Vec::new();
        for Entry { full_url, resource, raw, .. } in bundle.entries {
            match (resource, raw) {
                (Resource::MedicationRequest(request), Some(raw)) => requests.push((*request, raw)),
                (Resource::Medication(medication), _) => medications.add(full_url, *medication),
                (Resource::Other(kind), _) => has_unreadable |= kind == "Bundle",
                _ => {}
            }
        }
        for resource in elsewhere.iter().filter_map(|raw| Resource::read(raw).ok()) {
            if let Resource::Medication(medication) = resource {
                medications.add(Text::default(), *medication);
            }
        }
        let numbered = requests.into_iter().zip(1..);
        let orders = numbered.map(|((request, raw), n)| Order::new(request, raw, n, &medications)).collect();
        Ok(Self { orders, has_unreadable })
    }

    /// The ids of `Medication` resources that orders point to and that nobody has sent: which drug it is stands there.
    #[must_use]
    pub fn unresolved(&self) -> BTreeSet<&str> {
        let asks = self.orders.iter().filter(|order| order.asks_to_give());
        let of_unknown =
            asks.filter(|order| order.drug.as_ref().is_none_or(|concept| concept.coding.is_empty()));
        of_unknown.filter_map(Order::medication_id).collect()
    }

    /// The orders of which nothing shows the drug but a `Medication` resource that nobody has sent, with its id.
    pub fn unnamed(&self) -> impl Iterator<Item = (&Order<'a>, &str)> {
        let unnamed = self.orders.iter().filter(|order| order.asks_to_give() && order.drug.is_none());
        unnamed.filter_map(|order| Some((order, order.medication_id()?)))
    }

    /// The orders of a drug: those whose drug is in a value set and that do ask to give it.
    pub fn orders_of(&self, drug: &str, terminology: &Terminology) -> impl Iterator<Item = &Order<'a>> {
        self.orders.iter().filter(move |order| {
            order.asks_to_give() && order.drug.as_ref().is_some_and(|concept| terminology.has(drug, concept))
        })
    }
}

impl<'a> Order<'a> {
    fn new(
        request: MedicationRequest<'a>,
        raw: &'a RawValue,
        number: usize,
        medications: &Medications<'a>,
    ) -> Self {
        let inline = &request.medication_codeable_concept;
        let drug = drug(inline, &request.medication_reference, request.contained, medications);
        let reference = match request.id.get() {
            Some(id) => format!("MedicationRequest/{id}"),
            None => format!("MedicationRequest/#{number}"),
        };
        Self { reference, request, drug, raw }
    }

    /// The id of the `Medication` resource that it points to.
    fn medication_id(&self) -> Option<&str> {
        let target = self.request.medication_reference.get()?.target()?;
        (target.kind == Some("Medication")).then_some(target.id)
    }

    /// Whether it is an order to give the drug: not one to withhold it, and not withdrawn.
    #[must_use]
    pub fn asks_to_give(&self) -> bool {
        let status = self.request.status.get();
        self.request.do_not_perform.0 != Some(true)
            && !matches!(status, Some("cancelled" | "entered-in-error" | "stopped"))
    }

    /// The Observations that are contained in the order and that its `supportingInformation` points to.
    #[must_use]
    pub fn contained_observations(&self) -> Vec<Observation<'a>> {
        let pointed = |id: &str| {
            let id = id.trim_start_matches('#');
            self.request.supporting_information.iter().any(|reference| reference.contained_id() == Some(id))
        };
        let is_pointed_to = |observation: &Observation<'a>| observation.id.get().is_some_and(pointed);
        contained(self.request.contained)
            .into_iter()
            .filter_map(|(resource, _)| match resource {
                Resource::Observation(observation) => {
                    Some(*observation).filter(is_pointed_to).filter(|one| self.is_of_patient(one))
                }
                _ => None,
            })
            .collect()
    }

    /// Whether it does not name another patient than the order does.
    fn is_of_patient(&self, observation: &Observation<'_>) -> bool {
        let patients = observation
            .subject
            .get()
            .and_then(|subject| subject.target())
            .zip(self.request.subject.get().and_then(|subject| subject.target()));
        patients.is_none_or(|(one, other)| one.id == other.id)
    }
}
