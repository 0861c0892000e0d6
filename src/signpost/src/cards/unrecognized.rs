//! Orders of which it is not known what they are for: that nothing was checked is said, never left to be guessed.

use ehr::search::Reason;
use hooks::{Card, Coding, Indicator, Source, Summary};

use super::ids;
use super::markdown::{escaped, whole};
use crate::content::Service;

/// An order whose drug stands in a resource that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unrecognized {
    /// The order, as cards name it.
    pub order: String,
    /// The order, as ids name it.
    pub name: String,
    /// Why its drug could not be read.
    pub reason: Reason,
}

impl Unrecognized {
    /// The id of its card.
    #[must_use]
    pub fn id(&self, service: &Service, hook_instance: &str) -> String {
        ids::id(&[hook_instance, &service.file.id, &self.name, "unrecognized"])
    }

    /// The card that says so.
    #[must_use]
    pub fn card(&self, service: &Service, hook_instance: &str) -> Card {
        let names: Vec<&str> = service.drugs.iter().map(|drug| drug.file.name.as_str()).collect();
        let names = names.join(", ");
        let source = Source {
            label: service.file.title.clone(),
            url: None,
            icon: None,
            topic: Some(Coding {
                code: "coverage-info".into(),
                system: "http://terminology.hl7.org/CodeSystem/cdshooks-card-type".into(),
                display: Some("Coverage Information".into()),
            }),
        };
        let summary = format!("An order was not checked: whether it is for {names} could not be read");
        let detail = format!(
            "**Order:** {}\n\nWhich drug it is for stands in a resource of the EHR's that {}. \
             Neither coverage criteria nor safety limits were checked for it; this does not mean safe.\n",
            escaped(&self.order),
            whole(&self.reason.to_string()),
        );
        Card {
            uuid: Some(self.id(service, hook_instance)),
            detail: Some(detail),
            ..Card::new(Summary::new(&summary), Indicator::Info, source)
        }
    }
}
