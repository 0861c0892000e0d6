//! Coverage policies and their exact evaluation under an incomplete record.
//!
//! What a record tells about a **data element** is the set of values it may still have ([`Possible`]),
//! with the evidence it came from and, when it is not exactly known, the gap that says why. A policy is
//! a formula over data elements; it is [`Verdict::Met`] when it holds for every combination of possible
//! values, [`Verdict::NotMet`] when it holds for none, and [`Verdict::Unknown`] otherwise.
//!
//! Pure: no I/O, no FHIR, no HTTP, no clock. Files come in as text, time as values.

pub mod cases;
pub mod element;
pub mod file;
pub mod formula;
pub mod interval;
pub mod knowledge;
pub mod limits;
mod notation;
pub mod number;
pub mod policy;
pub mod possible;
pub mod recorded;
pub mod verdict;

pub use element::{Element, ElementIndex, Elements, Kind};
pub use file::{Document, Problem};
pub use interval::{Decimal, End, Interval};
pub use knowledge::{Evidence, Gap, GapKind, Knowledge, Known};
pub use limits::Limits;
pub use number::Number;
pub use policy::{Determination, Evaluation, Need, Policy};
pub use possible::{Codes, Count, Members, Possible, Truth};
pub use verdict::Verdict;
