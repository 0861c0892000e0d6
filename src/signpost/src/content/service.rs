//! How a CDS service is written in a file.

use schemars::JsonSchema;
use serde::Deserialize;

/// `cds-hooks/services/<id>.yaml`: one CDS service.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ServiceFile {
    /// The last part of the service's URL; the name of the file.
    pub id: String,
    /// The hook that it answers.
    pub hook: Hook,
    /// Name for people.
    pub title: String,
    /// What it does.
    pub description: String,
    /// What a client must provide, in words.
    pub usage_requirements: Option<String>,
    /// The drugs that it speaks about.
    pub drugs: Vec<DrugFile>,
    /// Which payer uses which policies. A payer that is not listed: every policy is shown, labelled.
    #[serde(default)]
    pub payers: Vec<Payer>,
    /// Reasons that a user may give for not following a card.
    #[serde(default)]
    pub override_reasons: Vec<OverrideReason>,
}

/// A hook that services can answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Hook {
    /// Orders are being signed.
    OrderSign,
}

impl Hook {
    /// The hook's name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OrderSign => "order-sign",
        }
    }
}

/// A drug that a service speaks about.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct DrugFile {
    /// What cards call it.
    pub name: String,
    /// Its generic name.
    pub generic: String,
    /// The value set that tells its orders.
    pub medication: String,
    /// The coverage policies, by id.
    #[serde(default)]
    pub policies: Vec<String>,
    /// The safety limits, by id.
    pub limits: Option<String>,
}

/// How a payer is recognized in a Coverage.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Payer {
    /// What cards call it.
    pub title: String,
    /// The policies that it uses.
    pub policies: Vec<String>,
    /// Business identifiers of the organization.
    #[serde(default)]
    pub identifiers: Vec<PayerIdentifier>,
    /// References, as `Organization/id`.
    #[serde(default)]
    pub references: Vec<String>,
    /// Names, compared without regard to case.
    #[serde(default)]
    pub names: Vec<String>,
}

/// A business identifier.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct PayerIdentifier {
    /// Namespace of the value.
    pub system: String,
    /// The value.
    pub value: String,
}

/// A reason that a user may give for not following a card.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct OverrideReason {
    /// Code.
    pub code: String,
    /// Code system.
    pub system: String,
    /// Words for the code.
    pub display: String,
}
