//! Value set files into [`Terminology`], with everything that is wrong in any of them.

use std::collections::HashSet;

use rustc_hash::FxHashMap;

use criteria::{Document, Problem};
use serde_json::Value;

use super::codes::{ICD_10_CM, TEXT, canonical};
use super::file::{Part as FilePart, ValueSetFile};
use super::{Part, Posting, Referring, SetIndex, Terminology, ValueSet};

const REFERENCE: &str = "urn:signpost:value-set:";
const SOURCE: &str = "urn:signpost:source";

impl Terminology {
    /// Reads value set files: name (`ast.json`, a path is fine) and text of each.
    ///
    /// # Errors
    /// Everything that is wrong in any file: members, operators and systems that would not be honoured, an empty
    /// value set, a missing version or source, an id that is not the file's name, unknown and circular references.
    pub fn load(files: &[(String, String)]) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut documents = Vec::new();
        for (name, text) in files {
            match Document::read(name, text) {
                Ok(document) => {
                    let (document, found) = document.checked::<ValueSetFile>();
                    problems.extend(found);
                    documents.push(document);
                }
                Err(problem) => problems.push(problem),
            }
        }
        let named = files.iter().map(|(name, _)| stem(name)).collect();
        let mut loading = Loading { terminology: Self::default(), named, problems };
        loading.name_all(&documents);
        for (set, document) in documents.iter().enumerate() {
            loading.fill(SetIndex(set), document);
        }
        loading.order_references(&documents);
        loading.finish()
    }
}

struct Loading<'f> {
    terminology: Terminology,
    /// The names of all files: what refers to one that cannot be read is not wrong for that.
    named: HashSet<&'f str>,
    problems: Vec<Problem>,
}

impl Loading<'_> {
    fn report(&mut self, document: &Document, pointer: &str, message: impl Into<String>) {
        self.problems.push(document.problem(pointer, message));
    }

    fn name_all(&mut self, documents: &[Document]) {
        let mut indexes = FxHashMap::default();
        for (set, document) in documents.iter().enumerate() {
            let id = document.text("/id").unwrap_or(stem(document.name()));
            if stem(document.name()) != id {
                self.report(document, "/id", "the id is not the file's name without `.json`");
            }
            if indexes.insert(id.to_owned().into_boxed_str(), SetIndex(set)).is_some() {
                self.report(document, "/id", "another value set has the same id");
            }
            let version = document.text("/version").unwrap_or_default();
            self.terminology.sets.push(ValueSet::named(id, version));
        }
        self.terminology.indexes = indexes.into();
    }

    fn fill(&mut self, set: SetIndex, document: &Document) {
        if document.text("/version").is_some_and(|version| version.trim().is_empty()) {
            self.report(document, "/version", "the version is empty");
        }
        self.sources(document);
        if document.value("/compose/include").and_then(Value::as_array).is_some_and(Vec::is_empty) {
            self.report(document, "/compose/include", "the value set is empty");
        }
        for (side, list) in [(Part::Included, "/compose/include"), (Part::Excluded, "/compose/exclude")] {
            for pointer in document.entries(list) {
                if let Some(part) = document.part::<FilePart>(&pointer, &mut self.problems) {
                    self.add(Posting { set, part: side }, &part, At { document, pointer: &pointer });
                }
            }
        }
    }

    /// The extensions of the file: where the codes are from.
    fn sources(&mut self, document: &Document) {
        let Some(extensions) = document.value("/extension").and_then(Value::as_array) else { return };
        let url = |extension: &Value| extension.get("url").and_then(Value::as_str).map(str::to_owned);
        let says = |extension: &Value| {
            let value = extension.get("valueString").and_then(Value::as_str);
            // What cannot be read was reported as such.
            value.is_none_or(|value| !value.trim().is_empty())
        };
        if !extensions.iter().any(|one| url(one).is_none_or(|url| url == SOURCE) && says(one)) {
            let message = format!("no extension `{SOURCE}` says where the codes are from");
            self.report(document, "/extension", message);
        }
        for (position, _) in
            extensions.iter().enumerate().filter(|(_, one)| url(one).is_some_and(|url| url != SOURCE))
        {
            let pointer = format!("/extension/{position}/url");
            self.report(document, &pointer, format!("only the extension `{SOURCE}` is known"));
        }
    }

    /// Adds one part of a value set.
    fn add(&mut self, posting: Posting, part: &FilePart, at: At<'_>) {
        match (
            part.system.as_deref(),
            part.concept.is_empty(),
            part.filter.is_empty(),
            part.value_set.is_empty(),
        ) {
            (Some(TEXT), false, true, true) => self.add_words(posting, part, at),
            (Some(system), false, true, true) => self.add_codes(system, posting, part, at),
            (Some(system), true, false, true) => self.add_filters(system, posting, part, at),
            (None, true, true, false) => self.add_references(posting, part, at),
            _ => {
                let message = "a part has a system with codes or filters, or value sets; one of the three";
                self.report(at.document, at.pointer, message);
            }
        }
    }

    fn add_words(&mut self, posting: Posting, part: &FilePart, at: At<'_>) {
        for (position, concept) in part.concept.iter().enumerate() {
            let pointer = at.inner("concept", position, "code");
            if concept.code != concept.code.to_lowercase() {
                let message = format!("`{}`: words are written in lower case", concept.code);
                self.report(at.document, &pointer, message);
            } else if !self.terminology.phrases.add(&concept.code, posting) {
                self.report(at.document, &pointer, "no word");
            }
        }
    }

    fn add_codes(&mut self, system: &str, posting: Posting, part: &FilePart, at: At<'_>) {
        for (position, concept) in part.concept.iter().enumerate() {
            let code = concept.code.trim();
            if code.is_empty() {
                self.report(at.document, &at.inner("concept", position, "code"), "an empty code");
                continue;
            }
            self.terminology.codes.add(system, code, posting);
            if let Some(set) = self.terminology.sets.get_mut(posting.set.0) {
                let list = if posting.is_excluded() { &mut set.excluded_codes } else { &mut set.codes };
                list.push((canonical(system).into(), code.into()));
            }
        }
    }

    fn add_filters(&mut self, system: &str, posting: Posting, part: &FilePart, at: At<'_>) {
        if canonical(system) != ICD_10_CM {
            let pointer = format!("{}/system", at.pointer);
            self.report(at.document, &pointer, "`is-a` is known for ICD-10-CM only");
            return;
        }
        for (position, filter) in part.filter.iter().enumerate() {
            // Fewer than three characters are no category of ICD-10-CM.
            if filter.value.trim().len() < 3 {
                self.report(at.document, &at.inner("filter", position, "value"), "not a code of ICD-10-CM");
            }
            self.terminology.codes.add_prefix(system, &filter.value, posting);
        }
    }

    fn add_references(&mut self, posting: Posting, part: &FilePart, at: At<'_>) {
        for (position, reference) in part.value_set.iter().enumerate() {
            let id = reference.strip_prefix(REFERENCE);
            let Some(other) = id.and_then(|id| self.terminology.index(id)) else {
                if !id.is_some_and(|id| self.named.contains(id)) {
                    let pointer = format!("{}/valueSet/{position}", at.pointer);
                    self.report(at.document, &pointer, format!("`{reference}` is no known value set"));
                }
                continue;
            };
            if let Some(set) = self.terminology.sets.get_mut(posting.set.0) {
                let list =
                    if posting.is_excluded() { &mut set.excluded_sets } else { &mut set.included_sets };
                list.push(other);
            }
        }
    }

    /// Orders the value sets that refer to others so that each comes after those it refers to.
    fn order_references(&mut self, documents: &[Document]) {
        let mut waiting: Vec<SetIndex> = self.terminology.referring().collect();
        let mut ordered = Vec::new();
        while !waiting.is_empty() {
            let blocked: HashSet<SetIndex> = waiting.iter().copied().collect();
            let (ready, rest): (Vec<SetIndex>, Vec<SetIndex>) = waiting
                .iter()
                .partition(|set| !self.terminology.references(**set).any(|other| blocked.contains(&other)));
            if ready.is_empty() {
                self.problems.extend(rest.iter().filter_map(|set| documents.get(set.0)).map(|document| {
                    document.problem("/compose", "the value set refers to itself, through others or not")
                }));
                break;
            }
            ordered.extend(ready);
            waiting = rest;
        }
        let referring = ordered.into_iter().filter_map(|set| {
            let ValueSet { included_sets, excluded_sets, .. } = self.terminology.sets.get(set.0)?;
            let included = included_sets.iter().copied().chain([set]).collect();
            Some(Referring { set, included, excluded: excluded_sets.iter().copied().collect() })
        });
        self.terminology.referring = referring.collect();
        let referred = self.terminology.referring.iter().flat_map(|referring| referring.included.iter());
        self.terminology.referred = referred.collect();
    }

    fn finish(mut self) -> Result<Terminology, Vec<Problem>> {
        self.problems.sort();
        if self.problems.is_empty() { Ok(self.terminology) } else { Err(self.problems) }
    }
}

/// The place of a part that is being added.
#[derive(Clone, Copy)]
struct At<'d> {
    document: &'d Document,
    pointer: &'d str,
}

impl At<'_> {
    fn inner(&self, list: &str, position: usize, member: &str) -> String {
        format!("{}/{list}/{position}/{member}", self.pointer)
    }
}

/// The file's name without folders and `.json`.
pub(crate) fn stem(name: &str) -> &str {
    let name = name.rsplit('/').next().unwrap_or(name);
    name.strip_suffix(".json").unwrap_or(name)
}
