//! Data elements: one thing each that a policy may ask about a patient or an order.

use std::collections::{HashMap, HashSet};

use crate::interval::Interval;
use crate::possible::{Codes, Count, Members, Possible, Truth};

/// A data element as its file declares it. Where it is found in a record is not known here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    /// Fixed id, such as `labs.neutrophils`.
    pub id: String,
    /// What it is called on a card.
    pub title: String,
    /// What to do when it is missing, in words for the clinician ("order a CBC with differential").
    pub settle: String,
    /// Which values it can have.
    pub kind: Kind,
}

/// The kind of a data element, with its domain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// Yes or no.
    Truth,
    /// One of the declared codes.
    Coded {
        /// The codes, in the order they are declared.
        codes: Vec<String>,
        /// Names for several of them together, such as `negative` for `low` and `zero`.
        groups: Vec<(String, Codes)>,
    },
    /// A number in the canonical unit (a UCUM code), not negative.
    Quantity {
        /// UCUM code of the unit that every value and threshold is in.
        unit: String,
    },
    /// A result divided by that result's own upper limit of normal.
    MultipleOfUln,
    /// A whole number, not negative.
    Count,
    /// Some, none or all of the declared members.
    Set {
        /// The members, in the order they are declared.
        members: Vec<String>,
    },
}

impl Kind {
    /// Every value there is: what is possible while nothing is known.
    #[must_use]
    pub fn domain(&self) -> Possible {
        match self {
            Self::Truth => Possible::Truth(Truth::Either),
            // An element without codes is refused when its file is read; a code it never has stands in.
            Self::Coded { codes, .. } => {
                Codes::first(codes.len().max(1)).map_or(Possible::Truth(Truth::Either), Possible::Coded)
            }
            Self::Quantity { .. } | Self::MultipleOfUln => Possible::Quantity(Interval::NOT_NEGATIVE),
            Self::Count => Possible::Count(Count::ANY),
            Self::Set { .. } => Possible::Set(Members::ANY),
        }
    }

    /// Whether `possible` is one value only.
    #[must_use]
    pub fn is_exact(&self, possible: &Possible) -> bool {
        match (self, possible) {
            (_, Possible::Truth(truth)) => *truth != Truth::Either,
            (_, Possible::Coded(codes)) => codes.is_exact(),
            (_, Possible::Quantity(interval)) => interval.exact().is_some(),
            (_, Possible::Count(count)) => count.exact().is_some(),
            (Self::Set { members }, Possible::Set(set)) => set.is_exact(members.len()),
            (_, Possible::Set(_)) => false,
        }
    }

    /// The codes that `name` stands for: a code of its own, or a declared group.
    #[must_use]
    pub fn codes_named(&self, name: &str) -> Option<Codes> {
        let Self::Coded { codes, groups } = self else { return None };
        codes
            .iter()
            .position(|code| code == name)
            .and_then(Codes::one)
            .or_else(|| groups.iter().find(|(group, _)| group == name).map(|(_, codes)| *codes))
    }

    /// The bit of a declared member.
    #[must_use]
    pub fn member_named(&self, name: &str) -> Option<u64> {
        let Self::Set { members } = self else { return None };
        members.iter().position(|member| member == name).and_then(Codes::one).map(Codes::bits)
    }
}

/// Where an element stands in [`Elements`]; knowledge is kept in the same order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ElementIndex(usize);

impl ElementIndex {
    /// The position, counted from zero.
    #[must_use]
    pub fn position(self) -> usize {
        self.0
    }
}

/// All data elements that policies may ask about.
#[derive(Debug, Clone, Default)]
pub struct Elements {
    list: Vec<Element>,
    by_id: HashMap<String, ElementIndex>,
    unread: HashSet<String>,
}

impl Elements {
    /// Adds an element; an element with the same id is kept and `None` returned.
    pub fn add(&mut self, element: Element) -> Option<ElementIndex> {
        if self.by_id.contains_key(&element.id) {
            return None;
        }
        let index = ElementIndex(self.list.len());
        self.by_id.insert(element.id.clone(), index);
        self.list.push(element);
        Some(index)
    }

    /// Adds what cannot be read of the files that declare elements, be it an entry or a whole file: every word in it
    /// counts as the id of an element from then on, so that one mistake is not reported in every file that asks for
    /// the element.
    pub fn add_unread(&mut self, text: &str) {
        let is_of_id = |char: char| char.is_alphanumeric() || matches!(char, '.' | '-' | '_');
        self.unread.extend(text.split(|char| !is_of_id(char)).map(str::to_owned));
    }

    /// What is wrong with asking for an element that [`Elements::find`] does not know: nothing, if what declares it
    /// could not be read.
    #[must_use]
    pub fn unknown(&self, id: &str) -> Option<String> {
        (!self.unread.contains(id)).then(|| format!("unknown data element `{id}`"))
    }

    /// The element with this id.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<ElementIndex> {
        self.by_id.get(id).copied()
    }

    /// The element at an index. Indexes come from [`Elements::find`] and [`Elements::iter`] of the same registry.
    #[must_use]
    pub fn get(&self, index: ElementIndex) -> Option<&Element> {
        self.list.get(index.0)
    }

    /// All elements with their indexes, in the order they were added.
    pub fn iter(&self) -> impl Iterator<Item = (ElementIndex, &Element)> {
        self.list.iter().enumerate().map(|(position, element)| (ElementIndex(position), element))
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
}
