//! ehr
pub mod content;
pub mod elements;
pub mod exact;
pub mod fhir;
pub mod order;
pub mod quantity;
pub mod reading;
pub mod record;
pub mod reference;
pub mod search;
pub mod source;
pub mod terminology;
pub mod units;
pub mod when;
