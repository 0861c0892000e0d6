//! What services there are: the body of `GET {base}/cds-services`.
//!
//! Clause: CDS Hooks "Discovery".

use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use crate::response::empty::{no_json, no_text};

/// The services of one base URL; may be none.
#[derive(Debug, Default, Serialize)]
pub struct Services {
    /// In the order in which they are shown.
    pub services: Vec<Service>,
}

/// One service.
#[derive(Debug, Serialize)]
pub struct Service {
    /// The hook that it answers.
    pub hook: String,
    /// The last part of its URL: `{base}/cds-services/{id}`.
    pub id: String,
    /// Name for people.
    #[serde(skip_serializing_if = "no_text")]
    pub title: Option<String>,
    /// What it does.
    pub description: String,
    /// Prefetch key and FHIR query template, in the order in which they are sent.
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "as_object")]
    pub prefetch: Vec<(String, String)>,
    /// What a client must provide for the service to be of use, in words.
    #[serde(rename = "usageRequirements", skip_serializing_if = "no_text")]
    pub usage_requirements: Option<String>,
    /// A JSON object, keyed by reverse-domain names.
    #[serde(skip_serializing_if = "no_json")]
    pub extension: Option<Box<RawValue>>,
}

fn as_object<S: Serializer>(pairs: &[(String, String)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(pairs.iter().map(|(key, template)| (key, template)))
}
