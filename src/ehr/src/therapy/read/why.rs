//! What a therapy was for, and why it ended, as a resource says it: extensions, reasons, words.

use crate::fhir::{Annotation, Concept, Extension};
use crate::terminology::{Membership, Sets, Terminology};
use crate::therapy::recorded::{Ending, Intent};
use crate::therapy::rules::Reasons;

/// mCODE's extension for the intent of a treatment.
const INTENT: &str = "http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-procedure-intent";

/// mCODE's extension for why a treatment ended, deprecated and in use.
const TERMINATION: &str =
    "http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-treatment-termination-reason";

/// Everything in which a resource may say why.
#[derive(Debug, Default)]
pub(super) struct Words<'w, 'a> {
    pub(super) extension: &'w [Extension<'a>],
    /// Why it is given.
    pub(super) reason: &'w [Concept<'a>],
    /// Why it has the status that it has.
    pub(super) status_reason: &'w [Concept<'a>],
    pub(super) note: &'w [Annotation<'a>],
    /// What the drug as it was written says it is for ("adjuvant ...").
    pub(super) drug: Option<Intent>,
    /// Whether it was broken off: then comments say why, where no code does.
    pub(super) is_stopped: bool,
}

/// Tells reasons apart by value set.
#[derive(Debug, Clone, Copy)]
pub(super) struct Why<'t> {
    pub(super) reasons: &'t Reasons,
    pub(super) terminology: &'t Terminology,
}

impl Why<'_> {
    /// What it was for; nothing where what is said contradicts itself.
    pub(super) fn intent(&self, words: &Words<'_, '_>) -> Option<Intent> {
        let coded = extended(words.extension, INTENT).chain(words.reason);
        let coded = coded.filter_map(|concept| self.intent_of(concept)).chain(words.drug);
        let notes = words.note.iter().filter_map(|note| note.text.get());
        let noted = notes.filter_map(|text| self.intent_by(&self.sets(|sets| sets.text(text))));
        agreed(coded.chain(noted))
    }

    /// What a concept says that something is for.
    pub(super) fn intent_of(&self, concept: &Concept<'_>) -> Option<Intent> {
        self.intent_by(&self.sets(|sets| sets.concept(concept)))
    }

    /// Why it ended; a stated reason that is in no value set is another one.
    pub(super) fn ending(&self, words: &Words<'_, '_>) -> Option<Ending> {
        let stated = extended(words.extension, TERMINATION).chain(words.status_reason);
        let mut stated = stated.filter(|concept| concept.shown().is_some()).peekable();
        let is_stated = stated.peek().is_some();
        let coded =
            stated.filter_map(|concept| self.ending_by(&self.sets(|sets| sets.concept(concept)))).min();
        let notes = words.note.iter().filter_map(|note| note.text.get()).filter(|_| words.is_stopped);
        let noted = || notes.filter_map(|text| self.ending_by(&self.sets(|sets| sets.text(text)))).min();
        coded.or_else(|| is_stated.then_some(Ending::Other)).or_else(noted)
    }

    /// The value sets that hold what is added.
    fn sets(&self, add: impl FnOnce(&mut Membership<'_>)) -> Sets {
        let mut membership = self.terminology.membership();
        add(&mut membership);
        membership.sets()
    }

    fn intent_by(&self, sets: &Sets) -> Option<Intent> {
        agreed(
            intents(self.reasons)
                .into_iter()
                .filter(|(set, _)| self.is_in(set, sets))
                .map(|(_, intent)| intent),
        )
    }

    fn ending_by(&self, sets: &Sets) -> Option<Ending> {
        let Reasons { no_response, not_tolerated, .. } = self.reasons;
        let endings = [(no_response, Ending::NoResponse), (not_tolerated, Ending::NotTolerated)];
        endings.into_iter().find_map(|(set, ending)| self.is_in(set, sets).then_some(ending))
    }

    fn is_in(&self, set: &str, sets: &Sets) -> bool {
        self.terminology.indexes().get(set).is_some_and(|index| sets.has(*index))
    }
}

/// Each intent with its value set.
pub(super) fn intents(reasons: &Reasons) -> [(&str, Intent); 4] {
    let Reasons { curative, neoadjuvant, adjuvant, palliative, .. } = reasons;
    [
        (curative, Intent::Curative),
        (neoadjuvant, Intent::Neoadjuvant),
        (adjuvant, Intent::Adjuvant),
        (palliative, Intent::Palliative),
    ]
}

fn extended<'w, 'a>(extensions: &'w [Extension<'a>], url: &str) -> impl Iterator<Item = &'w Concept<'a>> {
    let is_it = move |extension: &&Extension<'a>| extension.url.is(url);
    extensions.iter().filter(is_it).filter_map(|extension| extension.value_codeable_concept.get())
}

/// What several intents say together: before and after surgery are both to cure; to cure and to palliate is neither.
pub(super) fn agreed(intents: impl Iterator<Item = Intent>) -> Option<Intent> {
    intents.map(Some).reduce(|one, other| both(one?, other?)).flatten()
}

fn both(one: Intent, other: Intent) -> Option<Intent> {
    match (one, other) {
        (one, other) if one == other => Some(one),
        (Intent::Palliative, _) | (_, Intent::Palliative) => None,
        (Intent::Curative, narrower) | (narrower, Intent::Curative) => Some(narrower),
        _ => Some(Intent::Curative),
    }
}
