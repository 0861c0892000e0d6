//! Value sets: which of them a code, a concept or a free text is in.
//!
//! Codes are compared without surrounding white space, ICD-10-CM also without regard to dots and case; code systems
//! go by their URI or a known alias. A coding without a system is in no value set by its code. Words are looked for
//! as whole words, in any case, in the text and the displays of a concept, except where they are denied or doubted.

mod codes;
mod file;
mod filter;
mod load;
mod sets;
mod text;

use std::sync::Arc;

use rustc_hash::FxHashMap;

pub use file::{Code, Part as FilePart, ValueSetFile};
pub(crate) use load::stem;
pub(crate) use sets::Sets;

use crate::fhir::{Coding, Concept};

/// All value sets of the content.
#[derive(Debug, Clone, Default)]
pub struct Terminology {
    indexes: Indexes,
    sets: Vec<ValueSet>,
    /// The value sets that refer to others, each after those that it refers to.
    referring: Vec<Referring>,
    /// Those value sets, and all that they include.
    referred: Sets,
    codes: codes::Codes,
    phrases: text::Phrases,
}

/// Value sets by id; shared with every record.
pub(crate) type Indexes = Arc<FxHashMap<Box<str>, SetIndex>>;

/// Where a value set stands in [`Terminology`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct SetIndex(pub(crate) usize);

/// One value set, as far as it is not in the tables of codes and phrases.
#[derive(Debug, Clone)]
struct ValueSet {
    id: Box<str>,
    version: Box<str>,
    /// Canonical system and code.
    codes: Vec<(Box<str>, Box<str>)>,
    excluded_codes: Vec<(Box<str>, Box<str>)>,
    included_sets: Vec<SetIndex>,
    excluded_sets: Vec<SetIndex>,
}

impl ValueSet {
    fn named(id: &str, version: &str) -> Self {
        Self {
            id: id.into(),
            version: version.into(),
            codes: Vec::new(),
            excluded_codes: Vec::new(),
            included_sets: Vec::new(),
            excluded_sets: Vec::new(),
        }
    }
}

/// A value set with those that it refers to.
#[derive(Debug, Clone)]
struct Referring {
    set: SetIndex,
    /// Those that it includes, and itself.
    included: Sets,
    excluded: Sets,
}

/// Whether a code or phrase stands in the included or the excluded part of a value set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Included,
    Excluded,
}

/// A place in a value set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Posting {
    set: SetIndex,
    part: Part,
}

/// Whether the words of a concept may doubt anything at all: a look that costs little, before [`Terminology::doubts`].
pub(crate) fn may_doubt(concept: &Concept<'_>) -> bool {
    let displays = concept.coding.iter().filter_map(|coding| coding.display.get());
    displays.chain(concept.text.get()).any(text::may_doubt)
}

impl Terminology {
    /// Whether there is a value set with this id.
    #[must_use]
    pub fn knows(&self, set: &str) -> bool {
        self.index(set).is_some()
    }

    /// Whether a concept is in a value set: by any coding or by the words of its text or displays, and not excluded.
    #[must_use]
    pub fn has(&self, set: &str, concept: &Concept<'_>) -> bool {
        self.holds(set, |membership| membership.concept(concept))
    }

    /// Whether one coding is in a value set, by its code or the words of its display, and not excluded.
    #[must_use]
    pub fn has_coding(&self, set: &str, coding: &Coding<'_>) -> bool {
        self.holds(set, |membership| membership.coding(coding))
    }

    /// Whether free text says something that is in a value set, and neither denies nor doubts it.
    #[must_use]
    pub fn has_text(&self, set: &str, text: &str) -> bool {
        self.holds(set, |membership| membership.text(text))
    }

    /// Whether the words of a concept name something that is in a value set, be it denied or doubted.
    #[must_use]
    pub fn names(&self, set: &str, concept: &Concept<'_>) -> bool {
        let displays = concept.coding.iter().filter_map(|coding| coding.display.get());
        let texts = displays.chain(concept.text.get());
        self.holds(set, |membership| texts.for_each(|text| membership.named(text)))
    }

    /// Whether the words of a concept doubt something that is in a value set, and do not deny it: "suspicious for".
    #[must_use]
    pub fn doubts(&self, set: &str, concept: &Concept<'_>) -> bool {
        let displays = concept.coding.iter().filter_map(|coding| coding.display.get());
        let texts = displays.chain(concept.text.get());
        self.holds(set, |membership| texts.for_each(|text| membership.doubted(text)))
    }

    /// Whether the text of a concept, or the display of one of its codings, is a phrase of a value set and nothing else.
    #[must_use]
    pub fn says_only(&self, set: &str, concept: &Concept<'_>) -> bool {
        let Some(set) = self.index(set) else { return false };
        let displays = concept.coding.iter().filter_map(|coding| coding.display.get());
        displays.chain(concept.text.get()).any(|text| self.phrases.is_whole(text, set))
    }

    /// Whether a concept says that it is in a value set and nothing besides: every coding is in it, and every text and
    /// display is a phrase of it and nothing else.
    #[must_use]
    pub fn says_no_more(&self, set: &str, concept: &Concept<'_>) -> bool {
        let Some(index) = self.index(set) else { return false };
        let displays = concept.coding.iter().filter_map(|coding| coding.display.get());
        concept.coding.iter().all(|coding| self.has_coding(set, coding))
            && displays.chain(concept.text.get()).all(|text| self.phrases.is_whole(text, index))
    }

    /// Whether a concept is in any value set at all.
    #[must_use]
    pub fn has_any(&self, concept: &Concept<'_>) -> bool {
        !self.sets_of(concept).is_empty()
    }

    /// The value sets that a concept is in.
    pub(crate) fn sets_of(&self, concept: &Concept<'_>) -> Sets {
        let mut membership = self.membership();
        membership.concept(concept);
        membership.sets()
    }

    /// The ids of some value sets.
    pub(crate) fn ids<'t>(&'t self, sets: &Sets) -> Vec<&'t str> {
        sets.iter().filter_map(|set| self.sets.get(set.0)).map(|set| &*set.id).collect()
    }

    /// The codes of one code system in a value set and those it includes, sorted, for a search at the EHR. Codes by
    /// rule (`is-a`) cannot be listed and are left out.
    #[must_use]
    pub fn codes(&self, set: &str, system: &str) -> Vec<&str> {
        let Some(set) = self.index(set) else { return Vec::new() };
        let mut codes = Vec::new();
        self.list_codes(set, codes::canonical(system), &mut codes);
        codes.sort_unstable();
        codes.dedup();
        codes
    }

    /// Id and version of every value set, sorted by id.
    #[must_use]
    pub fn versions(&self) -> Vec<(&str, &str)> {
        let mut versions: Vec<_> = self.sets.iter().map(|set| (&*set.id, &*set.version)).collect();
        versions.sort_unstable();
        versions
    }

    /// Begins to find out which value sets concepts are in; it keeps what it has seen, so one serves a whole record.
    pub(crate) fn membership(&self) -> Membership<'_> {
        Membership { terminology: self, postings: Vec::new() }
    }

    pub(crate) fn indexes(&self) -> &Indexes {
        &self.indexes
    }

    fn index(&self, set: &str) -> Option<SetIndex> {
        self.indexes.get(set).copied()
    }

    fn holds(&self, set: &str, add: impl FnOnce(&mut Membership<'_>)) -> bool {
        let Some(set) = self.index(set) else { return false };
        let mut membership = self.membership();
        add(&mut membership);
        !membership.postings.is_empty() && self.is_in(set, &membership.postings)
    }

    /// Whether a value set, with those that it refers to, holds what stands at these places.
    fn is_in(&self, set: SetIndex, postings: &[Posting]) -> bool {
        let stands = |part| postings.contains(&Posting { set, part });
        let Some(ValueSet { included_sets, excluded_sets, .. }) = self.sets.get(set.0) else { return false };
        let holds = |sets: &[SetIndex]| sets.iter().any(|other| self.is_in(*other, postings));
        !stands(Part::Excluded) && (stands(Part::Included) || holds(included_sets)) && !holds(excluded_sets)
    }

    fn list_codes<'t>(&'t self, set: SetIndex, system: &str, codes: &mut Vec<&'t str>) {
        let Some(set) = self.sets.get(set.0) else { return };
        let first = codes.len();
        codes.extend(set.codes.iter().filter(|(of, _)| &**of == system).map(|(_, code)| &**code));
        for other in &set.included_sets {
            self.list_codes(*other, system, codes);
        }
        let mut excluded: Vec<&str> =
            set.excluded_codes.iter().filter(|(of, _)| &**of == system).map(|(_, code)| &**code).collect();
        for other in &set.excluded_sets {
            self.list_codes(*other, system, &mut excluded);
        }
        let own = codes.split_off(first);
        codes.extend(own.into_iter().filter(|code| !excluded.contains(code)));
    }

    fn referring(&self) -> impl Iterator<Item = SetIndex> {
        let refers =
            |set: &&(usize, &ValueSet)| !(set.1.included_sets.is_empty() && set.1.excluded_sets.is_empty());
        self.sets.iter().enumerate().filter(move |set| refers(&set)).map(|(set, _)| SetIndex(set))
    }

    fn references(&self, set: SetIndex) -> impl Iterator<Item = SetIndex> {
        let set = self.sets.get(set.0);
        set.into_iter().flat_map(|set| set.included_sets.iter().chain(&set.excluded_sets).copied())
    }
}

/// Finds the value sets of one concept after the other.
#[derive(Debug)]
pub(crate) struct Membership<'t> {
    terminology: &'t Terminology,
    postings: Vec<Posting>,
}

impl Membership<'_> {
    /// Adds all codings and the text of a concept.
    pub(crate) fn concept(&mut self, concept: &Concept<'_>) {
        concept.coding.iter().for_each(|coding| self.code(coding));
        // Most senders write the same words with every coding, and again as the text.
        let mut before = None;
        let displays = concept.coding.iter().map(|coding| coding.display.get());
        for words in displays.chain([concept.text.get()]).flatten() {
            if before.replace(words) != Some(words) {
                self.text(words);
            }
        }
    }

    fn coding(&mut self, coding: &Coding<'_>) {
        self.code(coding);
        coding.display.get().into_iter().for_each(|display| self.text(display));
    }

    fn code(&mut self, coding: &Coding<'_>) {
        if let (Some(system), Some(code)) = (coding.system.get(), coding.code.get()) {
            self.terminology.codes.collect(system, code, &mut self.postings);
        }
    }

    /// Adds free text.
    pub(crate) fn text(&mut self, text: &str) {
        self.terminology.phrases.collect(text, &mut self.postings);
    }

    fn named(&mut self, text: &str) {
        self.terminology.phrases.collect_named(text, &mut self.postings);
    }

    fn doubted(&mut self, text: &str) {
        self.terminology.phrases.collect_doubted(text, &mut self.postings);
    }

    /// The value sets that hold what was added since the last call.
    pub(crate) fn sets(&mut self) -> Sets {
        if self.postings.is_empty() {
            return Sets::default();
        }
        let of = |part| self.postings.iter().filter(move |posting| posting.part == part);
        let excluded: Sets = of(Part::Excluded).map(|posting| posting.set).collect();
        let mut sets: Sets = of(Part::Included).map(|posting| posting.set).collect();
        sets.remove(&excluded);
        self.postings.clear();
        if !sets.has_any(&self.terminology.referred) {
            return sets;
        }
        for Referring { set, included, excluded: without } in &self.terminology.referring {
            if sets.has_any(included) {
                sets.put(*set, !excluded.has(*set) && !sets.has_any(without));
            }
        }
        sets
    }
}
