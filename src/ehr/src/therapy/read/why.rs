//! What a therapy was for, and why it ended, as a resource says it: extensions, reasons, words.

use crate::fhir::{Annotation, Concept, Extension};
use crate::terminology::Terminology;
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
    /// The drug as it was written ("adjuvant ...").
    pub(super) drug: Option<&'w Concept<'a>>,
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
        let mut found =
            coded.chain(words.drug).filter_map(|concept| self.intent_of(concept)).collect::<Vec<_>>();
        found.extend(
            words.note.iter().filter_map(|note| note.text.get()).filter_map(|text| self.intent_in(text)),
        );
        found.into_iter().map(Some).reduce(|one, other| agreed(one?, other?)).flatten()
    }

    fn intent_of(&self, concept: &Concept<'_>) -> Option<Intent> {
        self.which(|set| self.terminology.has(set, concept))
    }

    fn intent_in(&self, text: &str) -> Option<Intent> {
        self.which(|set| self.terminology.has_text(set, text))
    }

    fn which(&self, is_in: impl Fn(&str) -> bool) -> Option<Intent> {
        let Reasons { curative, neoadjuvant, adjuvant, palliative, .. } = self.reasons;
        let intents = [
            (curative, Intent::Curative),
            (neoadjuvant, Intent::Neoadjuvant),
            (adjuvant, Intent::Adjuvant),
            (palliative, Intent::Palliative),
        ];
        let found = intents.into_iter().filter(|(set, _)| is_in(set)).map(|(_, intent)| Some(intent));
        found.reduce(|one, other| agreed(one?, other?)).flatten()
    }

    /// Why it ended; a stated reason that is in no value set is another one.
    pub(super) fn ending(&self, words: &Words<'_, '_>) -> Option<Ending> {
        let stated = || extended(words.extension, TERMINATION).chain(words.status_reason);
        let coded = self.ending_among(|set| stated().any(|concept| self.terminology.has(set, concept)));
        let is_stated = stated().any(|concept| concept.shown().is_some());
        let notes = || words.note.iter().filter_map(|note| note.text.get());
        let noted = || self.ending_among(|set| notes().any(|text| self.terminology.has_text(set, text)));
        coded
            .or_else(|| is_stated.then_some(Ending::Other))
            .or_else(|| words.is_stopped.then(noted).flatten())
    }

    fn ending_among(&self, says: impl Fn(&str) -> bool) -> Option<Ending> {
        let Reasons { no_response, not_tolerated, .. } = self.reasons;
        let endings = [(no_response, Ending::NoResponse), (not_tolerated, Ending::NotTolerated)];
        endings.into_iter().find_map(|(set, ending)| says(set).then_some(ending))
    }
}

fn extended<'w, 'a>(extensions: &'w [Extension<'a>], url: &str) -> impl Iterator<Item = &'w Concept<'a>> {
    let is_it = move |extension: &&Extension<'a>| extension.url.is(url);
    extensions.iter().filter(is_it).filter_map(|extension| extension.value_codeable_concept.get())
}

/// What two intents say together: before and after surgery are both to cure; to cure and to palliate is neither.
fn agreed(one: Intent, other: Intent) -> Option<Intent> {
    match (one, other) {
        (one, other) if one == other => Some(one),
        (Intent::Palliative, _) | (_, Intent::Palliative) => None,
        (Intent::Curative, narrower) | (narrower, Intent::Curative) => Some(narrower),
        _ => Some(Intent::Curative),
    }
}
