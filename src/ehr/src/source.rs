//! Data-element files: what an element is and where in a FHIR record it is found.
//!
//! The *sources* are built in; which codes, windows and limits they look for is content. A source that is
//! listed later serves where the earlier ones say nothing. Every element also accepts an attestation.

use std::collections::BTreeMap;

use criteria::Number;
use schemars::JsonSchema;
use serde::Deserialize;

/// The id of a value set: the file name under `cds-hooks/value-sets/` without `.json`.
pub type ValueSetId = String;

/// A file under `cds-hooks/data-elements/`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct DataElementsFile {
    /// The data elements that this file declares.
    pub elements: Vec<DataElement>,
}

/// One thing that a policy may ask about a patient or an order.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct DataElement {
    /// Fixed id, `group.name`.
    pub id: String,
    /// What it is called on a card.
    pub title: String,
    /// What exactly it means, for the author of a policy.
    pub description: String,
    /// What to do when it is missing, in words for the clinician.
    pub settle: String,
    /// Which values it can have.
    pub kind: KindName,
    /// UCUM code of the canonical unit; quantities only.
    pub unit: Option<String>,
    /// The codes of a coded element.
    #[serde(default)]
    pub codes: Vec<String>,
    /// Names for several codes together.
    #[serde(default)]
    pub groups: BTreeMap<String, Vec<String>>,
    /// The members of a set element.
    #[serde(default)]
    pub members: Vec<String>,
    /// How long a finding counts, in days of 24 hours back from the evaluation instant, inclusive.
    #[schemars(range(max = 36500))]
    pub window_days: Option<u32>,
    /// `no`: finding nothing after a complete search is an answer. Default: absence is not known.
    #[serde(default)]
    pub absence: Absence,
    /// Where it is found, best first. May be empty: then only an attestation settles it.
    #[serde(default)]
    pub sources: Vec<Source>,
}

/// The kind of a data element.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum KindName {
    /// Yes or no.
    Truth,
    /// One of `codes`.
    Coded,
    /// A number in `unit`.
    Quantity,
    /// A result divided by its own upper limit of normal.
    MultipleOfUln,
    /// A whole number.
    Count,
    /// Some, none or all of `members`.
    Set,
}

/// What finding nothing after a complete search means.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Absence {
    /// Nothing: the value stays unknown.
    #[default]
    Unknown,
    /// The answer is no (or the empty set).
    No,
}

/// One built-in way to find an element in the record.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all_fields = "kebab-case", rename_all = "kebab-case")]
pub enum Source {
    /// Completed years from `Patient.birthDate`.
    Age {},
    /// A laboratory result: a quantity in the element's unit, or a multiple of the result's own upper limit.
    Laboratory(Laboratory),
    /// Body surface area, measured or by Mosteller.
    BodySurfaceArea(BodySurfaceArea),
    /// Yes-or-no from dated signs in the record.
    Signs(Signs),
    /// A diagnosis: confirmed or unconfirmed but not refuted.
    Diagnosis(Diagnosis),
    /// A receptor of the tumor, positive or negative.
    Receptor(Receptor),
    /// HER2 by immunohistochemistry and in-situ hybridization: positive, low or zero.
    Her2(Her2),
    /// A numeric score of a tumor marker.
    Score(Score),
    /// A pathogenic germline variant in one of some genes.
    GermlineVariant(GermlineVariant),
    /// Antineoplastic drugs ordered together with the order.
    OrderPartners(OrderPartners),
    /// Dose of the order, per dose. In mg/m2 or mg, by the element's unit.
    OrderDose(OrderDose),
    /// Days between cycles of the order.
    OrderCycleLength(OrderCycleLength),
    /// Doses in one cycle of the order.
    OrderDosesPerCycle(OrderDosesPerCycle),
    /// Route of the order; the element's first code is the one that `codes` means, the second any other route.
    OrderRoute(OrderRoute),
    /// Specialty of the prescriber, or of someone consulted.
    Prescriber(Prescriber),
    /// A drug on an active order or statement within the element's window.
    ActiveMedication(ActiveMedication),
    /// An allergy or intolerance.
    Allergy(Allergy),
    /// Prior lines of therapy.
    TherapyLines(TherapyLines),
    /// Progression on a class of drugs, or soon after it.
    DrugResistance(DrugResistance),
    /// No response to therapy before surgery.
    PreoperativeResponse(PreoperativeResponse),
    /// Whether a drug is still an option.
    DrugCandidate(DrugCandidate),
}

/// See [`Source::Laboratory`].
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Laboratory {
    /// LOINC codes of the result.
    pub codes: ValueSetId,
    /// Words by which a result is known that has none of these codes. Where its words say more than these, or it comes
    /// without a unit, it is not sure enough to decide, and too new to be passed over.
    pub named: Option<ValueSetId>,
    /// Words that may mean the result or another one (`bilirubin`): never sure enough to decide.
    pub suggests: Option<ValueSetId>,
    /// Codes whose value is a lower bound of the result (segmented neutrophils only).
    pub lower_bound: Option<ValueSetId>,
    /// A count derived as total x (sum of percentages), from one collection.
    pub derived: Option<DerivedCount>,
    /// Above this value (canonical unit) the unit is not trusted.
    pub implausible_above: Option<Number>,
    /// Upper limits of normal that any laboratory may have; used where a result brings none. In `unit`.
    pub plausible_uln: Option<PlausibleUln>,
    /// g/mol, to convert between mass and molar units.
    pub molar_mass: Option<Number>,
}

/// See [`Laboratory::derived`].
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct DerivedCount {
    /// The total count (white cells), in a unit that converts to the element's.
    pub total: ValueSetId,
    /// Percentages that are added up, one value set each (segmented, bands).
    pub percentages: Vec<ValueSetId>,
    /// The percentage of all that is counted, which is never added to its parts.
    pub whole: Option<ValueSetId>,
}

/// See [`Laboratory::plausible_uln`].
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct PlausibleUln {
    /// Smallest upper limit in use.
    pub low: Number,
    /// Largest upper limit in use.
    pub high: Number,
    /// UCUM code of the unit of both.
    pub unit: String,
}

/// See [`Source::BodySurfaceArea`].
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct BodySurfaceArea {
    /// Body surface area itself; counts for the element's window, and where it is newer than the weight.
    pub measured: ValueSetId,
    /// Body height; of an adult it counts at any age.
    pub height: ValueSetId,
    /// Body weight.
    pub weight: ValueSetId,
    /// How long a weight counts, in days.
    #[schemars(range(max = 36500))]
    pub weight_days: u32,
}

/// Yes-or-no from dated signs. Any sign for `yes` makes it true, unless a sign for `no` is newer than every
/// sign for `yes` and every sign in `no-only-after`; signs of one instant that contradict each other conflict, and so
/// does a `no` with a Condition for `yes` that still stands, or with a stage for `yes`: neither gets old.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Signs {
    /// What makes it true.
    #[serde(default)]
    pub yes: Vec<Sign>,
    /// What makes it false.
    #[serde(default)]
    pub no: Vec<Sign>,
    /// A sign for `no` must also be newer than each of these.
    #[serde(default)]
    pub no_only_after: Vec<Sign>,
    /// Conditions of other diseases: an observation whose focus is such a Condition, and nothing else, says nothing,
    /// nor does a Condition that is said to be related to one.
    pub other: Option<ValueSetId>,
    /// Stages of a Condition, by their summary or type, that say nothing of this (the T category, of metastasis). Where
    /// stages speak for both answers, one that is neither a sign nor among these may be a sign for `yes`.
    pub stages_beside: Option<ValueSetId>,
}

/// One thing in the record that speaks for or against.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all_fields = "kebab-case", rename_all = "kebab-case")]
pub enum Sign {
    /// A Condition with one of these codes (or words in its text) that is active and not refuted.
    Condition {
        /// Codes and words.
        codes: ValueSetId,
        /// Clinical statuses that count; without any: active, recurrence, relapse, or none stated.
        #[serde(default)]
        clinical_status: Vec<String>,
        /// Body sites: it counts only where one of the Condition's is among them.
        at: Option<ValueSetId>,
        /// Body sites: it does not count where all of the Condition's are among them.
        not_at: Option<ValueSetId>,
    },
    /// A Condition with one of these codes whose `stage.summary` is one of `summary`.
    ConditionStage {
        /// Codes of the Condition.
        codes: ValueSetId,
        /// Codes and words of the stage.
        summary: ValueSetId,
    },
    /// An Observation with one of these codes whose coded or text value is one of `values`.
    Observation {
        /// Codes of the Observation.
        codes: ValueSetId,
        /// Codes and words of the value.
        values: ValueSetId,
    },
    /// An Observation with one of these codes whose value is this boolean.
    ObservationFlag {
        /// Codes of the Observation.
        codes: ValueSetId,
        /// The value that counts.
        value: bool,
    },
    /// An Observation with one of these codes whose quantity is below a limit.
    ObservationBelow {
        /// Codes of the Observation.
        codes: ValueSetId,
        /// The limit, in `unit`.
        below: Number,
        /// UCUM code.
        unit: String,
    },
    /// An AllergyIntolerance to one of these, active and not refuted.
    Allergy {
        /// Codes and words of the substance.
        codes: ValueSetId,
    },
    /// A drug that was given, dispensed or taken, or ordered and not cancelled.
    Medication {
        /// The drugs.
        codes: ValueSetId,
    },
}

/// See [`Source::Diagnosis`].
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Diagnosis {
    /// Codes and words of the diagnosis.
    pub codes: ValueSetId,
    /// Codes that suggest it without showing it (personal history): found alone, it stays unknown.
    pub suggests: Option<ValueSetId>,
    /// Codes of other diseases: as the order's own reason, and with nothing of the diagnosis on record, they make it false.
    pub other: ValueSetId,
}

/// See [`Source::Receptor`]. The element's codes are `positive` and `negative`, in this order.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Receptor {
    /// Observations of this receptor.
    pub codes: ValueSetId,
    /// Values, coded or in words, that are positive.
    pub positive: ValueSetId,
    /// Values, coded or in words, that are negative.
    pub negative: ValueSetId,
    /// Observations of several receptors together: negative makes this one negative; positive alone does not tell which.
    pub combined: Option<ValueSetId>,
    /// Conditions and body sites that are a metastasis: a result whose focus, specimen or body site is one comes first.
    pub metastasis: Option<ValueSetId>,
    /// Conditions that say positive, where there is no result.
    pub condition_positive: Option<ValueSetId>,
    /// Conditions that say negative, where there is no result.
    pub condition_negative: Option<ValueSetId>,
    /// Conditions that say that one of several receptors is positive and not which, where there is no result.
    pub condition_combined: Option<ValueSetId>,
    /// Conditions of other diseases: an observation whose focus is such a Condition, and nothing else, says nothing.
    pub other: Option<ValueSetId>,
}

/// See [`Source::Her2`]. The element's codes are `positive`, `low` and `zero`, in this order.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Her2 {
    /// Immunohistochemistry or overall status.
    pub immunohistochemistry: ValueSetId,
    /// In-situ hybridization.
    pub in_situ_hybridization: ValueSetId,
    /// Values that are positive.
    pub positive: ValueSetId,
    /// Values that are negative.
    pub negative: ValueSetId,
    /// Values that are equivocal.
    pub equivocal: ValueSetId,
    /// Conditions and body sites that are a metastasis: a result whose focus, specimen or body site is one comes first.
    pub metastasis: Option<ValueSetId>,
    /// Conditions that say positive, where there is no result.
    pub condition_positive: Option<ValueSetId>,
    /// Conditions that say negative, where there is no result.
    pub condition_negative: Option<ValueSetId>,
    /// Conditions of other diseases: an observation whose focus is such a Condition, and nothing else, says nothing.
    pub other: Option<ValueSetId>,
}

/// See [`Source::Score`].
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Score {
    /// Observations whose value is the score.
    pub codes: ValueSetId,
    /// Observations of the same marker, by any method: they count where a component, the method or the text names the score.
    pub marker: ValueSetId,
    /// Words and codes that name the score (`CPS`).
    pub named: ValueSetId,
    /// Conditions of other diseases: an observation whose focus is such a Condition, and nothing else, says nothing.
    pub other: Option<ValueSetId>,
}

/// See [`Source::GermlineVariant`].
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct GermlineVariant {
    /// HGNC ids of the genes; `no` needs a negative test of all of them.
    pub genes: Vec<String>,
    /// Observations of a variant (mCODE genomic variant).
    pub variant: ValueSetId,
    /// Observations of a studied region.
    pub region_studied: ValueSetId,
    /// Tests of all the genes together, whose value says found or not found.
    pub tests: ValueSetId,
    /// Tests of one gene each, in the order of `genes`; also the components of a test that are about one gene.
    #[serde(default)]
    pub gene_tests: Vec<ValueSetId>,
    /// Specimens, methods and sites that say that the tumor was examined, which tells nothing about the germline.
    pub tumor: Option<ValueSetId>,
    /// Values of a test that say found.
    pub found: ValueSetId,
    /// Values of a test that say not found.
    pub not_found: ValueSetId,
    /// Conditions that suggest it without showing it.
    pub suggests: Option<ValueSetId>,
    /// Conditions that say that a mutation was found: beside a test that found none they leave it open.
    pub stated: Option<ValueSetId>,
}

/// See [`Source::OrderPartners`].
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct OrderPartners {
    /// The drugs of each member of the element.
    pub members: BTreeMap<String, ValueSetId>,
    /// A member that is only maybe in while it is merely ongoing (endocrine therapy).
    #[serde(default)]
    pub maybe_if_ongoing: Vec<String>,
    /// Words of orders that are for such a drug and do not say which: any member may be in.
    pub unnamed: Option<ValueSetId>,
}

/// See [`Source::OrderDose`].
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct OrderDose {
    /// The data element that holds the body surface area.
    pub body_surface_area: String,
}

/// See [`Source::Allergy`].
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Allergy {
    /// Substances to which an allergy counts unless every reaction is stated to be mild. Low criticality alone leaves it open.
    pub codes: ValueSetId,
    /// Substances that suggest it without showing it (a class of which some hold it): found alone, it stays unknown.
    pub suggests: Option<ValueSetId>,
    /// Codes that say that there is no allergy at all: named as evidence, never stronger than an allergy on record.
    pub none_known: Option<ValueSetId>,
}

/// See [`Source::OrderCycleLength`].
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct OrderCycleLength {}

/// See [`Source::OrderDosesPerCycle`].
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct OrderDosesPerCycle {}

/// See [`Source::OrderRoute`].
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct OrderRoute {
    /// Codes and words of the first route.
    pub codes: ValueSetId,
    /// Codes and words of other routes. What is in neither may be either.
    pub other: Option<ValueSetId>,
}

/// See [`Source::Prescriber`].
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Prescriber {
    /// Specialties and roles that make it true.
    pub specialties: ValueSetId,
}

/// See [`Source::ActiveMedication`].
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ActiveMedication {
    /// The drugs.
    pub codes: ValueSetId,
}

/// See [`Source::TherapyLines`].
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct TherapyLines {
    /// Id of the rules by which therapy is read.
    pub therapy: String,
}

/// See [`Source::DrugResistance`]. Months are calendar months from the last dose, the last day included.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct DrugResistance {
    /// Id of the rules by which therapy is read.
    pub therapy: String,
    /// The class or agent.
    pub class: String,
    /// Progression within so many months after the last dose in advanced disease counts.
    pub advanced_months: u32,
    /// The same after therapy that was given to cure; the recurrence is the progression then.
    pub curative_months: u32,
    /// What a recurrence on or soon after therapy to cure means.
    pub after_cure: RecurrenceAfterCure,
}

/// See [`DrugResistance::after_cure`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RecurrenceAfterCure {
    /// It is resistance.
    Counts,
    /// It leaves it open: resistance is asked for in advanced disease only.
    LeavesOpen,
}

/// See [`Source::PreoperativeResponse`].
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct PreoperativeResponse {
    /// Id of the rules by which therapy is read.
    pub therapy: String,
}

/// See [`Source::DrugCandidate`]. False if the drug was given, a sign excludes it, or the tumor has none of the codes
/// that fit; true if the tumor has one that fits and complete searches show none of the others.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct DrugCandidate {
    /// Id of the rules by which therapy is read.
    pub therapy: String,
    /// The drug, by agent or class.
    pub agents: Vec<String>,
    /// What rules it out.
    pub excluded_by: Vec<Sign>,
    /// The coded data element of the tumor.
    pub element: String,
    /// Its codes that make a candidate.
    pub candidate: Vec<String>,
    /// Its codes that rule it out.
    pub not_candidate: Vec<String>,
}

impl Source {
    /// The id of the rules of therapy that it rests on.
    #[must_use]
    pub fn therapy(&self) -> Option<&str> {
        match self {
            Self::TherapyLines(TherapyLines { therapy })
            | Self::DrugResistance(DrugResistance { therapy, .. })
            | Self::PreoperativeResponse(PreoperativeResponse { therapy })
            | Self::DrugCandidate(DrugCandidate { therapy, .. }) => Some(therapy),
            _ => None,
        }
    }

    /// The id of the data element that it rests on.
    #[must_use]
    pub fn element(&self) -> Option<&str> {
        match self {
            Self::OrderDose(OrderDose { body_surface_area: element })
            | Self::DrugCandidate(DrugCandidate { element, .. }) => Some(element),
            _ => None,
        }
    }
}
