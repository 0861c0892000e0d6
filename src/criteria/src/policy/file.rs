//! How a policy is written in a file.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::formula::CriterionFile;

/// `cds-hooks/policies/<id>/policy.yaml`: one published version of a coverage policy.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct PolicyFile {
    /// Fixed id; the name of its folder.
    pub id: String,
    /// Date of the published version, `YYYY-MM-DD`.
    pub version: String,
    /// What it is called on a card.
    pub title: String,
    /// Whether it is in use.
    pub status: Status,
    /// Whether its cards are shown.
    #[serde(default)]
    pub mode: Mode,
    /// Which orders it speaks about: a value set of the drug.
    pub medication: String,
    /// From when to when it is in force.
    pub effective: Effective,
    /// The published document.
    pub source: Source,
    /// What must hold.
    pub criteria: CriterionFile,
    /// What must not hold.
    pub exclusions: Option<CriterionFile>,
    /// Outside this the policy does not deny: a reviewer decides.
    pub clinical_review_unless: Option<CriterionFile>,
    /// How the source numbers and words what follows where the criteria do not hold.
    pub otherwise: Option<Otherwise>,
}

/// Whether a policy is in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Being written: checked and tested, never used.
    Draft,
    /// In use.
    Active,
    /// No longer used.
    Retired,
}

/// Whether a policy's cards are shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// Evaluated and shown.
    #[default]
    Advise,
    /// Evaluated and recorded, no card.
    Shadow,
}

/// From when to when a policy is in force, both days included.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Effective {
    /// First day, `YYYY-MM-DD`.
    pub start: String,
    /// Last day, `YYYY-MM-DD`; none: still in force.
    pub end: Option<String>,
}

/// The published document.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Source {
    /// What the document is called.
    pub label: String,
    /// Where it is published, an absolute URL.
    pub url: Option<String>,
}

/// See [`PolicyFile::otherwise`].
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Otherwise {
    /// The number that the source gives it.
    pub id: String,
    /// What it says, in our own words.
    pub statement: String,
    /// Where the source says so.
    pub citation: String,
}
