//! FHIR R4 in: prefetch, the patient's record, data elements with evidence and gaps.

pub mod attestation;
pub mod content;
pub mod derived;
pub mod elements;
pub mod exact;
pub mod fetch;
pub mod fhir;
pub mod knowledge;
pub mod order;
pub mod quantity;
pub mod reading;
pub mod record;
pub mod reference;
pub mod search;
pub mod source;
pub mod templates;
pub mod terminology;
pub mod therapy;
pub mod units;
pub mod uses;
pub mod when;
