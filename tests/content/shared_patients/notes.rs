//! Why nothing is known from a fact: written by hand, in `notes.yaml`.

use std::collections::{BTreeMap, BTreeSet};

use criteria::Document;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::facts::Fact;

/// What is said of a fact whose name is also that of one that is cited.
const TWIN: &str = "another of the same code was read: the newest, or the one that outranks it";

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Notes {
    notes: Vec<Note>,
}

/// One explanation.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Note {
    /// Part of the name of the only file that it is about; every file where there is none.
    #[serde(default)]
    file: String,
    /// Why nothing is known from them.
    why: String,
    /// Names of facts; one that ends with `*` is the start of a name.
    facts: Vec<String>,
}

/// The facts of a file with their explanations.
pub struct Explained {
    /// `why: facts with their numbers`.
    pub lines: Vec<String>,
    /// Facts without an explanation.
    pub without_note: Vec<String>,
}

impl Notes {
    pub fn read() -> Self {
        let document = Document::read("notes.yaml", include_str!("notes.yaml")).unwrap();
        document.shape().unwrap_or_else(|problems| panic!("{problems:?}"))
    }

    /// Explains facts; which names of facts were of use is added to `used`.
    pub fn explain(&self, file: &str, facts: &[Fact], used: &mut BTreeSet<(usize, usize)>) -> Explained {
        let mut by_reason: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
        let mut without_note = Vec::new();
        for fact in facts {
            let why = match self.find(file, &fact.name) {
                // A note of this very file says more than that there is another.
                Some((place, why)) if !fact.has_cited_twin || !self.notes[place.0].file.is_empty() => {
                    used.insert(place);
                    why
                }
                _ if fact.has_cited_twin => TWIN,
                _ => {
                    without_note.push(fact.name.clone());
                    "NOT EXPLAINED"
                }
            };
            *by_reason.entry(why).or_default().entry(&fact.name).or_default() += 1;
        }
        let lines = by_reason.iter().map(|(why, facts)| line(why, facts)).collect();
        Explained { lines, without_note }
    }

    /// The first note about a fact; notes of a file before those of all.
    fn find(&self, file: &str, name: &str) -> Option<((usize, usize), &str)> {
        let notes = || self.notes.iter().enumerate();
        let of_file = notes().filter(|(_, note)| !note.file.is_empty() && file.contains(&note.file));
        let of_all = notes().filter(|(_, note)| note.file.is_empty());
        of_file.chain(of_all).find_map(|(position, note)| {
            let fits = |pattern: &String| match pattern.strip_suffix('*') {
                Some(start) => name.starts_with(start),
                None => pattern == name,
            };
            let fact = note.facts.iter().position(fits)?;
            Some(((position, fact), note.why.as_str()))
        })
    }

    /// The names of facts in the notes that explained nothing.
    pub fn unused(&self, used: &BTreeSet<(usize, usize)>) -> Vec<&str> {
        let all = self.notes.iter().enumerate();
        all.flat_map(|(note, noted)| {
            noted.facts.iter().enumerate().map(move |(fact, name)| ((note, fact), name))
        })
        .filter(|(place, _)| !used.contains(place))
        .map(|(_, name)| name.as_str())
        .collect()
    }
}

fn line(why: &str, facts: &BTreeMap<&str, usize>) -> String {
    let times = |(name, count): (&&str, &usize)| match count {
        1 => (*name).to_owned(),
        _ => format!("{name} x{count}"),
    };
    format!("{}\n  {}", why.trim(), facts.iter().map(times).collect::<Vec<_>>().join(", "))
}
