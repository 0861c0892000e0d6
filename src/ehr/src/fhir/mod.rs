//! Borrowed views of FHIR R4: only what is read, and tolerant of what real servers send.
//!
//! A view never fails over the shape of a member: what has the wrong shape reads as absent. One or many,
//! absent, null, empty and unknown members are all fine. Text borrows from the body; decimals stay text.

mod bundle;
mod datatypes;
mod dosage;
mod lenient;
mod page;
mod resource;
mod resources;

pub use bundle::{Bundle, Entry, Unreadable};
pub use datatypes::{
    Annotation, Coding, Concept, Extension, Identifier, Period, Quantity, Range, Ratio, Reference,
    ReferenceRange,
};
pub use dosage::{Dosage, DoseAndRate, Repeat, Timing};
pub use lenient::{Flag, Later, Many, NumberText, One, Raw, Text};
pub use page::{Page, Role, identity, resource, role};
pub use resource::Resource;
pub use resources::{
    ActivityDetail, AllergyIntolerance, CarePlan, CarePlanActivity, CareTeam, Component, Condition, Coverage,
    DispenseRequest, Encounter, Medication, MedicationAdministration, MedicationDispense, MedicationRequest,
    MedicationStatement, Observation, Organization, Participant, Patient, Practitioner, PractitionerRole,
    Procedure, Qualification, Reaction, ServiceRequest, Stage,
};
