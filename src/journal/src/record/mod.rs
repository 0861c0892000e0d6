//! The record of one decision about one order: enough to say a year later why a card said what it said.
//!
//! Names that end in `/1` are versions of this shape: a member may be added under the same name, none may change its
//! meaning or go.

mod tree;
mod version;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::{PatientKey, Private};
pub use tree::Tree;
pub use version::Version;

/// One decision about one order.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Decision {
    /// The name and version of this shape: `signpost-decision/1`.
    pub record: Version,
    /// Id of the decision; version 7, so that ids sort by time.
    pub id: Uuid,
    /// `hookInstance` of the call.
    pub hook_instance: String,
    /// Id of the CDS service that was called.
    pub service: String,
    /// The client, by the name that the configuration gives it; absent where the service is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    /// Version and commit of the program.
    pub build: String,
    /// Hash of the content (policies, limits, data elements, value sets) in force.
    pub content: String,
    /// The instant that the evaluation took as now.
    pub at: Timestamp,
    /// Whose record was read.
    pub patient: PatientKey,
    /// The order.
    pub order: Order,
    /// What was read of the patient's record.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub read: Vec<Read>,
    /// What was known about each data element.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub knowledge: Vec<Known>,
    /// What each policy and each set of limits came to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub assessments: Vec<Assessment>,
    /// The cards that were shown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cards: Vec<Card>,
    /// How long each step took.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Step>,
}

/// The order that was decided about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Order {
    /// `MedicationRequest/...`.
    pub reference: String,
    /// Generic name of the drug; empty where it could not be read which it is.
    pub drug: String,
    /// The resource as it was sent.
    #[serde(default, skip_serializing_if = "Private::is_withheld")]
    pub resource: Private,
}

/// A resource that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Read {
    /// `Type/id`.
    pub reference: String,
    /// `meta.versionId`, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version_id: Option<String>,
    /// When it was read, if that was not at the instant of the decision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// Where it came from; absent where it may have come from either.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Origin>,
}

/// Where a resource came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// The client sent it with the call.
    Prefetch,
    /// The service read it from the EHR's FHIR server.
    Fhir,
}

/// What was known about a data element.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Known {
    /// Id of the element.
    pub element: String,
    /// The possible values, only as exactly as the policies' thresholds tell them apart: that is what the verdicts tell
    /// anyway, so it is kept at every level, and the recorded policies come to the same by it.
    pub possible: Box<RawValue>,
    /// The possible values, exactly; withheld where `possible` tells them all the same.
    #[serde(default, skip_serializing_if = "Private::is_withheld")]
    pub value: Private,
    /// Where they come from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
    /// Why they are not one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gaps: Vec<Gap>,
    /// How the evidence comes to the values, in words.
    #[serde(default, skip_serializing_if = "Private::is_withheld")]
    pub account: Private,
}

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Evidence {
    /// `Type/id`.
    pub reference: String,
    /// FHIRPath of what was read in it.
    pub path: String,
    /// The value as recorded.
    #[serde(default, skip_serializing_if = "Private::is_withheld")]
    pub value: Private,
    /// Its date, as recorded.
    #[serde(default, skip_serializing_if = "Private::is_withheld")]
    pub date: Private,
    /// How it was read, in words.
    #[serde(default, skip_serializing_if = "Private::is_withheld")]
    pub note: Private,
}

/// Why an element is not exactly known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Gap {
    /// `not-recorded`, `stale`, ...
    pub kind: String,
    /// What was found instead, in words.
    #[serde(default, skip_serializing_if = "Private::is_withheld")]
    pub detail: Private,
}

/// What a policy or a set of limits came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Assessment {
    /// Which of the two it is.
    pub kind: Kind,
    /// Id of the policy or of the limits.
    pub id: String,
    /// Its version.
    pub version: String,
    /// What it comes to: `meets-criteria`, ...
    pub determination: String,
    /// Ids of the criteria that settle it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deciding: Vec<String>,
    /// Ids of the criteria that are open.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub open: Vec<String>,
    /// The elements that could still change it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<Missing>,
    /// The whole tree: each part of the policy.
    #[serde(default, skip_serializing_if = "no_parts")]
    pub tree: Tree,
}

fn no_parts(tree: &Tree) -> bool {
    tree.is_empty()
}

/// What was assessed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A coverage policy.
    Policy,
    /// Safety limits of a drug.
    Limits,
}

/// An element that could still change a determination.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Missing {
    /// Id of the element.
    pub element: String,
    /// Why it is not known: `not-recorded`, ...
    pub gap: String,
}

/// A node of a policy's tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Node {
    /// `criteria`, `exclusions` or `clinical-review-unless` at the root of each.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<String>,
    /// Id of the criterion.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// `all`, `any`, `at-least`, `not` or `test`.
    pub kind: String,
    /// `met`, `not-met` or `unknown`.
    pub verdict: String,
    /// The element that a test asks about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub element: Option<String>,
    /// What a test asks of it, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<String>,
    /// The parts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Self>,
}

/// A card that was shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Card {
    /// `uuid` of the card, by which feedback names it.
    pub uuid: Uuid,
    /// Id of the assessment that it shows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assessment: Option<String>,
    /// `info`, `warning` or `critical`.
    pub indicator: String,
    /// The card as it was sent.
    #[serde(default, skip_serializing_if = "Private::is_withheld")]
    pub sent: Private,
    /// `uuid` of each suggestion on it, by which feedback names those that were taken.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub suggestions: Vec<Uuid>,
}

/// How long a step took.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    /// Name of the step.
    pub name: String,
    /// Microseconds.
    pub micros: u64,
}
