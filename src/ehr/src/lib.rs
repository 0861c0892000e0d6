//! ehr
pub mod source;
