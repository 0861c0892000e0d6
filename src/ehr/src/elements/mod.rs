//! The built-in sources of data elements, one file each.

mod active_medication;
mod age;
mod allergy;
mod body_surface_area;
pub(crate) mod cited;
mod dated;
mod diagnosis;
pub(crate) mod dosing;
pub(crate) mod drug;
pub(crate) mod focus;
mod germline_variant;
mod her2;
mod laboratory;
mod marker;
mod measurements;
mod partners;
mod prescriber;
mod receptor;
mod score;
mod signs;
pub(crate) mod standing;
mod therapy;
pub(crate) mod value;

use crate::content::Definition;
use crate::reading::{Find, Finding, Reading};
use crate::search::Search;
use crate::source::Source;

impl Source {
    /// The way in which this source looks.
    fn way(&self) -> &dyn Find {
        match self {
            Self::Age {} => &age::Age,
            Self::Laboratory(source) => source,
            Self::BodySurfaceArea(source) => source,
            Self::Signs(source) => source,
            Self::Diagnosis(source) => source,
            Self::Receptor(source) => source,
            Self::Her2(source) => source,
            Self::Score(source) => source,
            Self::GermlineVariant(source) => source,
            Self::OrderPartners(source) => source,
            Self::OrderDose(source) => source,
            Self::OrderCycleLength(source) => source,
            Self::OrderDosesPerCycle(source) => source,
            Self::OrderRoute(source) => source,
            Self::Prescriber(source) => source,
            Self::ActiveMedication(source) => source,
            Self::Allergy(source) => source,
            Self::TherapyLines(source) => source,
            Self::DrugResistance(source) => source,
            Self::PreoperativeResponse(source) => source,
            Self::DrugCandidate(source) => source,
        }
    }
}

impl Find for Source {
    fn searches(&self) -> Vec<Search> {
        self.way().searches()
    }

    fn newest_of(&self) -> Option<Search> {
        self.way().newest_of()
    }

    fn find(&self, element: &Definition, reading: &Reading<'_, '_>) -> Finding {
        self.way().find(element, reading)
    }
}
