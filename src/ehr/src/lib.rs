//! ehr
pub mod content;
pub mod elements;
pub mod fhir;
pub mod order;
pub mod reading;
pub mod record;
pub mod reference;
pub mod search;
pub mod source;
pub mod terminology;
