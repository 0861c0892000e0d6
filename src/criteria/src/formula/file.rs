//! How a criterion is written in a file.

use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::number::Number;

/// A criterion: a connective over other criteria, or one test of one data element.
///
/// Exactly one of `all`, `any`, `of` (with `at-least`), `not`, `is` and `element` says which. Whatever a person
/// could be told about has an `id` as the source numbers it, and then a `statement` and a `citation` too.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct CriterionFile {
    /// The number that the source gives it.
    pub id: Option<String>,
    /// What it asks, in our own words.
    pub statement: Option<String>,
    /// Where the source says so.
    pub citation: Option<String>,

    // The parts are read one by one, each from its own place: see `Compiler`.
    /// Every one of these.
    #[schemars(with = "Option<Vec<CriterionFile>>")]
    pub all: Option<Vec<IgnoredAny>>,
    /// At least one of these.
    #[schemars(with = "Option<Vec<CriterionFile>>")]
    pub any: Option<Vec<IgnoredAny>>,
    /// `at-least` so many of these.
    #[schemars(with = "Option<Vec<CriterionFile>>")]
    pub of: Option<Vec<IgnoredAny>>,
    /// Not this.
    #[schemars(with = "Option<Box<CriterionFile>>")]
    pub not: Option<IgnoredAny>,

    /// A yes-or-no element that must be yes.
    pub is: Option<String>,
    /// Any other element, tested by what follows.
    pub element: Option<String>,
    /// Of a coded element: one of these codes or groups.
    pub r#in: Option<Vec<String>>,
    /// Less than this.
    pub below: Option<Number>,
    /// This or less.
    pub at_most: Option<Number>,
    /// More than this.
    pub above: Option<Number>,
    /// This or more; beside `of`, how many of those.
    pub at_least: Option<Number>,
    /// This and nothing else.
    pub exactly: Option<Number>,
    /// UCUM unit of the number: it must be the element's own. Multiples of the upper limit of normal: `ULN`.
    pub unit: Option<String>,
    /// Of a set element: this member is in it.
    pub contains: Option<String>,
    /// Of a set element: nothing is in it.
    pub is_empty: Option<bool>,
}
