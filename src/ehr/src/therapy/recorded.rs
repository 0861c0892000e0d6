//! What a record says about therapy, resource by resource, before anything is made of it.

use criteria::{Evidence, Gap};
use jiff::civil::Date;

/// A day that is known only to lie between two days, both of them possible. Exactly known: both are the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day {
    /// The first day that it may be.
    pub earliest: Date,
    /// The last day that it may be.
    pub latest: Date,
}

/// How well a resource shows that the drug was given, weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Strength {
    /// Ordered, or planned and said to be under way: whether it was given is not recorded.
    Ordered,
    /// Stated by someone (MedicationStatement; a CarePlan activity that is completed).
    Stated,
    /// Dispensed: it left the pharmacy for this patient.
    Dispensed,
    /// Given: an administration, or a completed Procedure of giving it.
    Given,
}

/// What a therapy was for, where a resource says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Intent {
    /// To cure, before or after surgery.
    Curative,
    /// Before surgery.
    Neoadjuvant,
    /// After surgery.
    Adjuvant,
    /// For advanced disease.
    Palliative,
}

/// Why a therapy ended, where a resource says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ending {
    /// The disease did not respond, or progressed.
    NoResponse,
    /// It was not tolerated.
    NotTolerated,
    /// Another reason, or one in no known value set.
    Other,
}

/// One resource that says that a drug was, or was to be, given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exposure {
    /// The agents, as positions in [`super::rules::TherapyRules::agents`]; several for a co-pack. Never empty.
    pub agents: Vec<usize>,
    /// How well it shows that the drug was given.
    pub strength: Strength,
    /// When this exposure began; `None` where no date can be read.
    pub start: Option<Day>,
    /// The last day on which the drug was given or taken by this resource; for a dispense the last day that the supply
    /// covers; while a statement is active and open, up to the evaluation day. Never before `start`.
    pub last: Option<Day>,
    /// What it was for.
    pub intent: Option<Intent>,
    /// Why it ended.
    pub ending: Option<Ending>,
    /// Where it stands in the record.
    pub evidence: Evidence,
}

/// Something that happened to the disease, or was done to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// What happened.
    pub kind: EventKind,
    /// When; `None` where no date can be read.
    pub day: Option<Day>,
    /// Whether it may have begun earlier than `day` says: a Condition with no onset, only the date of recording.
    pub may_be_earlier: bool,
    /// Whether it is sure; a refuted or preliminary sign that may be true is not.
    pub is_sure: bool,
    /// Where it stands in the record.
    pub evidence: Evidence,
}

/// What an [`Event`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventKind {
    /// A sign that the disease is advanced.
    Advanced,
    /// The disease got worse.
    Progression,
    /// The disease responded, or is in remission.
    Response,
    /// The disease is stable.
    Stable,
    /// Curative surgery.
    Surgery,
}

/// Everything that a record says about therapy under one set of rules. In an order that does not hang on the order of
/// the resources: exposures and events by day, then reference.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recorded {
    /// Exposures, the order that is being decided on and the other drafts excluded.
    pub exposures: Vec<Exposure>,
    /// What happened to the disease.
    pub events: Vec<Event>,
    /// Therapy that is there but cannot be placed: an antineoplastic in no agent's value set, "chemotherapy elsewhere"
    /// as text, a medication that leads nowhere. Each may hide a line.
    pub unplaced: Vec<Gap>,
    /// Searches for therapy that have no complete answer, in words; empty where everything was read.
    pub not_read: Vec<Gap>,
    /// The same for the searches for what happened to the disease.
    pub events_not_read: Vec<Gap>,
    /// The agents of the order that is being decided on: `ordered` itself, then its companions among the drafts.
    pub ordered: Vec<usize>,
    /// Agents drafted together with it.
    pub companions: Vec<usize>,
}
