//! Therapy files: which drugs make up therapy for a disease, and what begins a new line of it.
//!
//! A file under `cds-hooks/therapy/`. Drugs are told apart by *agent*; *classes* are free names by which the rules
//! and the data elements speak of several agents (`taxane`, `endocrine`, `supportive`).

use schemars::JsonSchema;
use serde::Deserialize;

use crate::source::{Sign, ValueSetId};

/// A file under `cds-hooks/therapy/`: the reading of therapy for one disease.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct TherapyRules {
    /// Id, by which data elements name these rules.
    pub id: String,
    /// What they are called.
    pub title: String,
    /// Where the parameters come from.
    pub source: String,
    /// The drugs. A drug that several agents match is all of them (a co-pack: one code, two drugs).
    pub agents: Vec<Agent>,
    /// Drugs, procedures and words that are therapy but name none of the agents ("chemotherapy", a trial drug): each may
    /// hide a line. What is in an agent too is that agent.
    pub unplaced: ValueSetId,
    /// Procedures that are the act of giving a drug and do not name it: on a day of a dose they tell of that dose.
    #[serde(default)]
    pub acts: Vec<Act>,
    /// What counts as a line, and what does not.
    pub lines: LineRules,
    /// Signs that the disease is advanced (metastatic or recurrent): lines are counted from the first of them.
    pub advanced: Vec<Sign>,
    /// Signs that the disease got worse, besides a therapy that was stopped for want of a response.
    pub progression: Vec<Sign>,
    /// Signs that the disease responded or is stable.
    pub response: Vec<Sign>,
    /// Signs that the disease is stable, neither better nor worse.
    pub stable: Vec<Sign>,
    /// Conditions of other diseases: what is said of one of them is no sign of this one.
    pub other: Option<ValueSetId>,
    /// Procedures that are curative surgery: a course that ends before the first of them was preoperative.
    pub surgery: ValueSetId,
    /// Reasons and intents, as resources state them.
    pub reasons: Reasons,
}

impl TherapyRules {
    /// Whether an agent has this id, or belongs to this class.
    #[must_use]
    pub fn is(&self, agent: usize, name: &str) -> bool {
        let agent = self.agents.get(agent);
        agent.is_some_and(|agent| agent.id == name || agent.classes.iter().any(|class| class == name))
    }

    /// What an agent is called.
    #[must_use]
    pub fn title(&self, agent: usize) -> &str {
        self.agents.get(agent).map_or("", |agent| &agent.title)
    }
}

/// One drug.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Agent {
    /// Id, unique in the file.
    pub id: String,
    /// What it is called on a card.
    pub title: String,
    /// Its codes and words, brands and biosimilars included.
    pub drugs: ValueSetId,
    /// The classes it belongs to.
    pub classes: Vec<String>,
}

/// The act of giving some drug of a class.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Act {
    /// Its codes, and the words that say it and nothing else.
    pub procedures: ValueSetId,
    /// Class or agent that is given.
    pub of: String,
}

/// What begins a new line of therapy. Days are calendar days; names are classes or agents.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct LineRules {
    /// Classes that never make or change a line (supportive care, ovarian suppression, prevention).
    pub never_counts: Vec<String>,
    /// Classes of which a line must hold a drug to count by every reading of the policies; a line without any (endocrine
    /// therapy alone) counts by some. Without any class every line counts.
    #[serde(default)]
    pub surely_counts: Vec<String>,
    /// Drugs that start within so many days of the first one of a line belong to its regimen.
    pub regimen_window_days: u32,
    /// The same drug after a gap of more than so many days without it may be a new line.
    pub gap_days: u32,
    /// Toxicity switches: members of one group that replace each other are one line (see the module for when).
    pub substitutions: Vec<Vec<String>>,
    /// One after the other in one regimen (AC, then a taxane).
    pub sequences: Vec<DrugSequence>,
    /// What may follow as maintenance, without progression.
    pub maintenance: Vec<Maintenance>,
    /// How long after its last dose a drug still acts: progression by then is progression during therapy.
    pub during_therapy_days: u32,
    /// Recurrence within so many calendar months of the end of curative therapy: that therapy may count as a line.
    pub early_relapse_months: u32,
}

/// A regimen given one after the other.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct DrugSequence {
    /// Class or agent that comes first.
    pub first: String,
    /// Class or agent that follows.
    pub then: String,
    /// Days from the last dose of the first to the start of the other, at most.
    pub within_days: u32,
}

/// What may follow a line as its maintenance.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Maintenance {
    /// Class or agent of the line.
    pub after: String,
    /// Class or agent that is started or goes on.
    pub with: String,
}

/// Value sets of why a therapy ended and what it was for, as coded or in words.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Reasons {
    /// Ended because the disease did not respond or progressed.
    pub no_response: ValueSetId,
    /// Ended because it was not tolerated.
    pub not_tolerated: ValueSetId,
    /// Meant to cure, without saying whether before or after surgery.
    pub curative: ValueSetId,
    /// Given before surgery.
    pub neoadjuvant: ValueSetId,
    /// Given after surgery.
    pub adjuvant: ValueSetId,
    /// Given for advanced disease.
    pub palliative: ValueSetId,
}
