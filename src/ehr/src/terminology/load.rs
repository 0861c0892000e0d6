//! Value set files into [`Terminology`], with everything that is wrong in any of them.

use std::collections::HashSet;

use rustc_hash::FxHashMap;

use criteria::{Document, Problem};

use super::codes::{ICD_10_CM, TEXT, canonical};
use super::file::{Part as FilePart, ValueSetFile};
use super::{Part, Posting, SetIndex, Terminology, ValueSet};

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
        let mut read = Vec::new();
        for (name, text) in files {
            match Document::read(name, text) {
                Ok(document) => match document.shape::<ValueSetFile>() {
                    Ok(file) => read.push((document, file)),
                    Err(found) => problems.extend(found),
                },
                Err(problem) => problems.push(problem),
            }
        }
        let mut loading = Loading { terminology: Self::default(), problems };
        loading.name_all(&read);
        for (set, (document, file)) in read.iter().enumerate() {
            loading.fill(SetIndex(set), document, file);
        }
        loading.order_references(&read);
        loading.finish()
    }
}

struct Loading {
    terminology: Terminology,
    problems: Vec<Problem>,
}

impl Loading {
    fn name_all(&mut self, read: &[(Document, ValueSetFile)]) {
        let mut indexes = FxHashMap::default();
        for (set, (document, file)) in read.iter().enumerate() {
            if stem(document.name()) != file.id {
                self.problems.push(document.problem("/id", "the id is not the file's name without `.json`"));
            }
            if indexes.insert(file.id.clone().into_boxed_str(), SetIndex(set)).is_some() {
                self.problems.push(document.problem("/id", "another value set has the same id"));
            }
        }
        self.terminology.indexes = indexes.into();
        self.terminology.sets =
            read.iter().map(|(_, file)| ValueSet::named(&file.id, &file.version)).collect();
    }

    fn fill(&mut self, set: SetIndex, document: &Document, file: &ValueSetFile) {
        if file.version.trim().is_empty() {
            self.problems.push(document.problem("/version", "the version is empty"));
        }
        if !file.extension.iter().any(|source| source.url == SOURCE && !source.value_string.trim().is_empty())
        {
            self.problems.push(
                document
                    .problem("/extension", format!("no extension `{SOURCE}` says where the codes are from")),
            );
        }
        if let Some(position) = file.extension.iter().position(|source| source.url != SOURCE) {
            let pointer = format!("/extension/{position}/url");
            self.problems.push(document.problem(&pointer, format!("only the extension `{SOURCE}` is known")));
        }
        if file.compose.include.is_empty() {
            self.problems.push(document.problem("/compose/include", "the value set is empty"));
        }
        for (side, parts) in
            [(Part::Included, &file.compose.include), (Part::Excluded, &file.compose.exclude)]
        {
            for (position, part) in parts.iter().enumerate() {
                let name = if side == Part::Included { "include" } else { "exclude" };
                let pointer = format!("/compose/{name}/{position}");
                if let Err((inner, message)) = self.add(Posting { set, part: side }, part) {
                    self.problems.push(document.problem(&format!("{pointer}{inner}"), message));
                }
            }
        }
    }

    /// Adds one part of a value set, or says what is wrong with it and where.
    fn add(&mut self, posting: Posting, part: &FilePart) -> Result<(), (String, String)> {
        match (
            part.system.as_deref(),
            part.concept.is_empty(),
            part.filter.is_empty(),
            part.value_set.is_empty(),
        ) {
            (Some(TEXT), false, true, true) => self.add_words(posting, part),
            (Some(system), false, true, true) => self.add_codes(system, posting, part),
            (Some(system), true, false, true) => self.add_filters(system, posting, part),
            (None, true, true, false) => self.add_references(posting, part),
            _ => Err((
                String::new(),
                "a part has a system with codes or filters, or value sets; one of the three".into(),
            )),
        }
    }

    fn add_words(&mut self, posting: Posting, part: &FilePart) -> Result<(), (String, String)> {
        for (position, concept) in part.concept.iter().enumerate() {
            if concept.code != concept.code.to_lowercase() {
                return Err((format!("/concept/{position}/code"), "words are written in lower case".into()));
            }
            if !self.terminology.phrases.add(&concept.code, posting) {
                return Err((format!("/concept/{position}/code"), "no word".into()));
            }
        }
        Ok(())
    }

    fn add_codes(&mut self, system: &str, posting: Posting, part: &FilePart) -> Result<(), (String, String)> {
        for (position, concept) in part.concept.iter().enumerate() {
            let code = concept.code.trim();
            if code.is_empty() {
                return Err((format!("/concept/{position}/code"), "an empty code".into()));
            }
            self.terminology.codes.add(system, code, posting);
            if let Some(set) = self.terminology.sets.get_mut(posting.set.0) {
                let list = if posting.is_excluded() { &mut set.excluded_codes } else { &mut set.codes };
                list.push((canonical(system).into(), code.into()));
            }
        }
        Ok(())
    }

    fn add_filters(
        &mut self,
        system: &str,
        posting: Posting,
        part: &FilePart,
    ) -> Result<(), (String, String)> {
        if canonical(system) != ICD_10_CM {
            return Err(("/system".into(), "`is-a` is known for ICD-10-CM only".into()));
        }
        for (position, filter) in part.filter.iter().enumerate() {
            // Fewer than three characters are no category of ICD-10-CM.
            if filter.value.trim().len() < 3 {
                return Err((format!("/filter/{position}/value"), "not a code of ICD-10-CM".into()));
            }
            self.terminology.codes.add_prefix(system, &filter.value, posting);
        }
        Ok(())
    }

    fn add_references(&mut self, posting: Posting, part: &FilePart) -> Result<(), (String, String)> {
        for (position, reference) in part.value_set.iter().enumerate() {
            let other = reference.strip_prefix(REFERENCE).and_then(|id| self.terminology.index(id));
            let Some(other) = other else {
                return Err((
                    format!("/valueSet/{position}"),
                    format!("`{reference}` is no known value set"),
                ));
            };
            if let Some(set) = self.terminology.sets.get_mut(posting.set.0) {
                let list =
                    if posting.is_excluded() { &mut set.excluded_sets } else { &mut set.included_sets };
                list.push(other);
            }
        }
        Ok(())
    }

    /// Orders the value sets that refer to others so that each comes after those it refers to.
    fn order_references(&mut self, read: &[(Document, ValueSetFile)]) {
        let mut waiting: Vec<SetIndex> = self.terminology.referring().collect();
        let mut ordered = Vec::new();
        while !waiting.is_empty() {
            let blocked: HashSet<SetIndex> = waiting.iter().copied().collect();
            let (ready, rest): (Vec<SetIndex>, Vec<SetIndex>) = waiting
                .iter()
                .partition(|set| !self.terminology.references(**set).any(|other| blocked.contains(&other)));
            if ready.is_empty() {
                self.problems.extend(rest.iter().filter_map(|set| read.get(set.0)).map(|(document, _)| {
                    document.problem("/compose", "the value set refers to itself, through others or not")
                }));
                break;
            }
            ordered.extend(ready);
            waiting = rest;
        }
        self.terminology.referring = ordered;
    }

    fn finish(mut self) -> Result<Terminology, Vec<Problem>> {
        self.problems.sort();
        if self.problems.is_empty() { Ok(self.terminology) } else { Err(self.problems) }
    }
}

/// The file's name without folders and `.json`.
fn stem(name: &str) -> &str {
    let name = name.rsplit('/').next().unwrap_or(name);
    name.strip_suffix(".json").unwrap_or(name)
}
