//! Value set files: FHIR R4 `ValueSet` resources, in the part that is honoured. Anything else is refused.

use schemars::JsonSchema;
use serde::Deserialize;

/// A file under `cds-hooks/value-sets/`: a FHIR R4 `ValueSet`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ValueSetFile {
    /// `ValueSet`.
    pub resource_type: ResourceType,
    /// The file's name without `.json`.
    pub id: String,
    /// Canonical URL.
    pub url: Option<String>,
    /// Version of this file; goes into the journal.
    pub version: String,
    /// Name for machines.
    pub name: Option<String>,
    /// Name for people.
    pub title: Option<String>,
    /// Draft, active, retired.
    pub status: String,
    /// Whether it is only for trying out.
    pub experimental: Option<bool>,
    /// When it was last changed.
    pub date: Option<String>,
    /// Who publishes it.
    pub publisher: Option<String>,
    /// What it is for and what it leaves out.
    pub description: Option<String>,
    /// Why it is needed.
    pub purpose: Option<String>,
    /// Terms of the code systems.
    pub copyright: Option<String>,
    /// `urn:signpost:source`: where the codes were seen.
    pub extension: Vec<Source>,
    /// The codes.
    pub compose: Compose,
}

/// The one resource type of these files.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
pub enum ResourceType {
    /// FHIR `ValueSet`.
    ValueSet,
}

/// `ValueSet.extension`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Source {
    /// What the extension says.
    pub url: String,
    /// Its value.
    pub value_string: String,
}

/// `ValueSet.compose`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Compose {
    /// What is in.
    pub include: Vec<Part>,
    /// What is out: a concept that is in this part by any coding or by its text is not in the set.
    #[serde(default)]
    pub exclude: Vec<Part>,
}

/// `ValueSet.compose.include` and `exclude`: a system with codes or filters, or other value sets.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Part {
    /// Code system; `urn:signpost:text` for words and phrases.
    pub system: Option<String>,
    /// Codes.
    #[serde(default)]
    pub concept: Vec<Code>,
    /// Codes by rule.
    #[serde(default)]
    pub filter: Vec<Filter>,
    /// Other value sets, as `urn:signpost:value-set:<id>`: a concept in any of them.
    #[serde(default)]
    pub value_set: Vec<String>,
}

/// `ValueSet.compose.include.concept`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Code {
    /// The code.
    pub code: String,
    /// What it means.
    pub display: Option<String>,
}

/// `ValueSet.compose.include.filter`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    /// `concept`.
    pub property: FilterProperty,
    /// `is-a`.
    pub op: FilterOperator,
    /// A code of ICD-10-CM: it and every code that starts with it.
    pub value: String,
}

/// What a filter looks at.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FilterProperty {
    /// The code itself.
    Concept,
}

/// How a filter compares.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FilterOperator {
    /// The code and everything below it.
    IsA,
}
