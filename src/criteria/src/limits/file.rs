//! How safety limits are written in a file.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::formula::CriterionFile;
use crate::number::Number;

/// `cds-hooks/safety/<drug>.yaml`: the limits of a drug, always evaluated, whoever pays.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct LimitsFile {
    /// Fixed id; the name of the file.
    pub id: String,
    /// Date of the version, `YYYY-MM-DD`.
    pub version: String,
    /// The value set of the drug.
    pub medication: String,
    /// Where the limits come from.
    pub source: crate::policy::Source,
    /// What cards are about: limits of one topic share a card.
    pub topics: Vec<Topic>,
    /// Laboratory orders that a limit may suggest.
    #[serde(default)]
    pub lab_orders: Vec<LabOrder>,
    /// The limits.
    pub limits: Vec<LimitFile>,
}

/// What a card is about.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Topic {
    /// The name by which limits refer to it.
    pub id: String,
    /// Code system.
    pub system: String,
    /// Code.
    pub code: String,
    /// Words for the code.
    pub display: String,
}

/// A laboratory order that a limit may suggest.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct LabOrder {
    /// The name by which limits refer to it.
    pub id: String,
    /// What it is called on a button.
    pub title: String,
    /// Code system of the order.
    pub system: String,
    /// Code of the order.
    pub code: String,
    /// Words for the code.
    pub display: String,
    /// The data elements that its results settle.
    pub settles: Vec<String>,
}

/// One limit: exactly one of `when` and `missing`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct LimitFile {
    /// Fixed id.
    pub id: String,
    /// What is wrong, in at most 80 characters; the card's summary begins with the drug's name.
    pub title: String,
    /// The topic of its card.
    pub topic: String,
    /// How much it matters.
    pub indicator: Severity,
    /// It applies when this holds.
    pub when: Option<CriterionFile>,
    /// It applies when nothing is known of one of these.
    pub missing: Option<Vec<String>>,
    /// What to do, for the card.
    pub advice: String,
    /// Where the source says so.
    pub citation: String,
    /// Changes that the card offers.
    #[serde(default)]
    pub suggest: Vec<Suggest>,
    /// What happens while the record leaves it open.
    #[serde(default)]
    pub while_unknown: WhileUnknown,
}

/// How much a limit matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Good to know.
    Info,
    /// Think again.
    Warning,
    /// Do not.
    Critical,
}

/// A change that a card offers.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Suggest {
    /// Take the order back.
    RemoveOrder {},
    /// Order laboratory tests, by the names of `lab-orders`.
    OrderLabs {
        /// Which.
        labs: Vec<String>,
    },
    /// Change the order's dose.
    #[serde(rename_all = "kebab-case")]
    ChangeDose {
        /// The new dose.
        to: Number,
        /// UCUM code, `mg/m2` or `mg`.
        unit: String,
        /// For a cap, which by itself is no dose: offered only where every limit that tests nothing but the dose is
        /// known not to apply to it. Without it, where none is known to apply.
        #[serde(default)]
        only_if_checked: bool,
    },
}

/// What happens while the record leaves a limit open.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum WhileUnknown {
    /// A card says that it could not be checked, and why.
    #[default]
    Say,
    /// Named only where that card is shown anyway; for what is seldom on record and seldom applies.
    Silent,
}
