//! From the written criterion to a formula, with everything wrong in it reported at once.

use crate::element::{Element, ElementIndex, Elements, Kind};
use crate::file::{Document, Problem};
use crate::interval::{Decimal, Interval};
use crate::number::Number;
use crate::possible::{Codes, Count, Members};

use super::file::CriterionFile;
use super::test::{Accepts, Test};
use super::{Node, NodeKind};

/// Turns the criteria of one file into formulas over one list of tested elements.
pub(crate) struct Compiler<'d> {
    pub(super) document: &'d Document,
    pub(super) elements: &'d Elements,
    pub(super) slots: Vec<(ElementIndex, Vec<Accepts>)>,
    ids: Vec<String>,
    pub(super) problems: Vec<Problem>,
    /// Where each node stands in the file, by position.
    pub(super) pointers: Vec<String>,
    /// The positions of the formulas that were asked for, with or without an id.
    pub(super) whole: Vec<usize>,
    /// What is right in parts that are wrong.
    pub(super) sound: Vec<Node>,
    /// Whether a formula is wrong, or asks for an element that could not be read.
    pub(super) is_incomplete: bool,
    /// How many numbered criteria stand around what is being compiled.
    level: usize,
}

impl<'d> Compiler<'d> {
    /// A compiler for a file that was checked against its schema, with the problems of that file so far.
    pub(crate) fn new(document: &'d Document, elements: &'d Elements, problems: Vec<Problem>) -> Self {
        Self {
            document,
            elements,
            slots: Vec::new(),
            ids: Vec::new(),
            problems,
            pointers: Vec::new(),
            whole: Vec::new(),
            sound: Vec::new(),
            is_incomplete: false,
            level: 0,
        }
    }

    /// The next position, for a node that stands at this place or is implied there.
    pub(crate) fn next_position(&mut self, pointer: &str) -> usize {
        self.pointers.push(pointer.to_owned());
        self.pointers.len() - 1
    }

    pub(crate) fn report(&mut self, pointer: &str, message: impl Into<String>) {
        self.problems.push(self.document.problem(pointer, message));
    }

    /// The formula at a pointer; `None` where it is wrong or asks for what could not be read, and then
    /// [`Compiler::finish`] fails.
    pub(crate) fn compile(&mut self, pointer: &str) -> Option<Node> {
        self.whole.push(self.pointers.len());
        let formula = self.node(pointer);
        self.is_incomplete |= formula.is_none();
        formula
    }

    /// The formula at a pointer, if something is written there.
    pub(crate) fn compile_if_written(&mut self, pointer: &str) -> Option<Node> {
        self.is_written(pointer).then(|| self.compile(pointer))?
    }

    /// A position for a node that is implied at a pointer, if something is written there.
    pub(crate) fn position_if_written(&mut self, pointer: &str) -> Option<usize> {
        self.is_written(pointer).then(|| self.next_position(pointer))
    }

    fn is_written(&self, pointer: &str) -> bool {
        self.document.value(pointer).is_some_and(|written| !written.is_null())
    }

    /// Reports that something is missing, unless a key that nobody knows may stand for it.
    fn lacks(&mut self, pointer: &str, message: impl Into<String>) {
        if !self.document.has_unknown_key(pointer) {
            self.report(pointer, message);
        }
    }

    fn node(&mut self, pointer: &str) -> Option<Node> {
        let position = self.next_position(pointer);
        let Some(file) = self.document.part::<CriterionFile>(pointer, &mut self.problems) else {
            self.check_parts(pointer);
            return None;
        };
        self.check_words(&file, pointer);
        let level = self.level;
        self.level += usize::from(file.id.is_some());
        let kind = self.kind(&file, pointer);
        self.level = level;
        let (kind, end) = (kind?, self.pointers.len());
        let CriterionFile { id, statement, citation, .. } = file;
        Some(Node { position, end, level, id, statement, citation, kind })
    }

    /// What a person could be told about needs a number, words and a place in the source.
    fn check_words(&mut self, file: &CriterionFile, pointer: &str) {
        if let Some(id) = &file.id {
            self.claim_id(id, pointer);
            for (word, missing) in
                [("statement", file.statement.is_none()), ("citation", file.citation.is_none())]
            {
                if missing {
                    self.lacks(pointer, format!("a criterion with an id needs a `{word}`"));
                }
            }
        } else if file.statement.is_some() || file.citation.is_some() {
            self.report(pointer, "a statement or citation without an `id`");
        }
    }

    /// Reports an id that stands twice.
    pub(crate) fn claim_id(&mut self, id: &str, pointer: &str) {
        if self.ids.iter().any(|known| known == id) {
            self.report(pointer, format!("id `{id}` stands twice"));
        }
        self.ids.push(id.to_owned());
    }

    fn kind(&mut self, file: &CriterionFile, pointer: &str) -> Option<NodeKind> {
        let shapes = [
            file.all.is_some(),
            file.any.is_some(),
            file.of.is_some(),
            file.not.is_some(),
            file.is.is_some(),
            file.element.is_some(),
        ];
        let given = shapes.iter().filter(|shape| **shape).count();
        if given != 1 {
            let message = "needs exactly one of `all`, `any`, `of`, `not`, `is` and `element`";
            if given == 0 {
                self.lacks(pointer, message)
            } else {
                self.report(pointer, message)
            }
            self.check_parts(pointer);
            return None;
        }
        if file.is.is_none() && file.element.is_none() {
            self.check_no_test_keys(file, pointer);
            return self.connective(file, pointer);
        }
        self.test(file, pointer).map(NodeKind::Test)
    }

    /// Reads the parts for what is wrong in them only.
    fn check_parts(&mut self, pointer: &str) {
        let lists = ["all", "any", "of"].map(|key| self.document.entries(&format!("{pointer}/{key}")));
        let not = format!("{pointer}/not");
        let negated = self.document.value(&not).map(|_| not);
        for part in lists.into_iter().flatten().chain(negated) {
            let node = self.node(&part);
            self.sound.extend(node);
        }
    }

    fn check_no_test_keys(&mut self, file: &CriterionFile, pointer: &str) {
        let counts = file.of.is_some();
        let stray = self.conditions(file).into_iter().filter(|key| !(counts && *key == "at-least"));
        for key in stray.chain(file.unit.as_ref().map(|_| "unit")).collect::<Vec<_>>() {
            self.report(pointer, format!("`{key}` belongs to a test of an element"));
        }
    }

    fn connective(&mut self, file: &CriterionFile, pointer: &str) -> Option<NodeKind> {
        if file.not.is_some() {
            return self.node(&format!("{pointer}/not")).map(|part| NodeKind::Not(Box::new(part)));
        }
        if file.all.is_some() {
            return self.parts(&format!("{pointer}/all")).map(NodeKind::All);
        }
        if file.any.is_some() {
            return self.parts(&format!("{pointer}/any")).map(NodeKind::Any);
        }
        self.at_least(file, pointer)
    }

    fn at_least(&mut self, file: &CriterionFile, pointer: &str) -> Option<NodeKind> {
        let count = file.of.as_ref().map_or(0, Vec::len);
        let needed = file.at_least.and_then(|Number(count)| usize::try_from(whole(count)?).ok());
        let needed = needed.filter(|needed| (1..=count).contains(needed));
        if needed.is_none() && count > 0 {
            self.report(pointer, format!("`of` needs `at-least`, a whole number from 1 to {count}"));
        }
        let parts = self.parts(&format!("{pointer}/of"))?;
        let Some(needed) = needed else {
            self.sound.extend(parts);
            return None;
        };
        Some(NodeKind::AtLeast(needed, parts))
    }

    fn parts(&mut self, pointer: &str) -> Option<Vec<Node>> {
        let entries = self.document.entries(pointer);
        if entries.is_empty() {
            self.report(pointer, "has no parts");
            return None;
        }
        let compiled: Vec<Option<Node>> = entries.iter().map(|entry| self.node(entry)).collect();
        if compiled.iter().all(Option::is_some) {
            return Some(compiled.into_iter().flatten().collect());
        }
        self.sound.extend(compiled.into_iter().flatten());
        None
    }

    fn test(&mut self, file: &CriterionFile, pointer: &str) -> Option<Test> {
        let id = file.is.as_ref().or(file.element.as_ref())?;
        let Some(index) = self.elements.find(id) else {
            if let Some(message) = self.elements.unknown(id) {
                self.report(pointer, message);
            }
            return None;
        };
        let element = self.elements.get(index)?;
        let conditions = self.conditions(file);
        if file.is.is_none() && conditions.is_empty() {
            self.lacks(pointer, "`element` needs exactly one condition, this has 0");
            return None;
        }
        match accepts(element, file, &conditions) {
            Ok(accepts) => Some(Test { element: index, slot: self.slot(index, accepts), accepts }),
            Err(message) => {
                self.report(pointer, message);
                None
            }
        }
    }

    /// The keys of a test that are there.
    fn conditions(&self, file: &CriterionFile) -> Vec<&'static str> {
        [
            ("in", file.r#in.is_some()),
            ("below", file.below.is_some()),
            ("at-most", file.at_most.is_some()),
            ("above", file.above.is_some()),
            ("at-least", file.at_least.is_some()),
            ("exactly", file.exactly.is_some()),
            ("contains", file.contains.is_some()),
            ("is-empty", file.is_empty.is_some()),
        ]
        .into_iter()
        .filter_map(|(key, there)| there.then_some(key))
        .collect()
    }

    fn slot(&mut self, element: ElementIndex, accepts: Accepts) -> usize {
        if let Some(slot) = self.slots.iter().position(|(known, _)| *known == element) {
            if let Some((_, tests)) = self.slots.get_mut(slot) {
                tests.push(accepts);
            }
            return slot;
        }
        self.slots.push((element, vec![accepts]));
        self.slots.len() - 1
    }
}

fn accepts(element: &Element, file: &CriterionFile, conditions: &[&str]) -> Result<Accepts, String> {
    let id = &element.id;
    if file.is.is_some() {
        return match (&element.kind, conditions, &file.unit) {
            (Kind::Truth, [], None) => Ok(Accepts::Yes),
            (Kind::Truth, ..) => Err("`is` takes no other condition".into()),
            _ => Err(format!("`{id}` is no yes-or-no element: `is` does not fit it")),
        };
    }
    let [condition] = conditions else {
        return Err(format!("`element` needs exactly one condition, this has {}", conditions.len()));
    };
    check_unit(element, file)?;
    match (&element.kind, *condition) {
        (Kind::Coded { .. }, "in") => {
            codes(element, file.r#in.as_deref().unwrap_or_default()).map(Accepts::Codes)
        }
        (Kind::Set { .. }, "contains") => member(element, file.contains.as_deref().unwrap_or_default()),
        (Kind::Set { members }, "is-empty") if file.is_empty == Some(true) => {
            Ok(Accepts::Empty(Members::exactly(u64::MAX, members.len()).inside()))
        }
        (Kind::Set { .. }, "is-empty") => Err("`is-empty` is only ever `true`; use `not`".into()),
        (Kind::Quantity { .. } | Kind::MultipleOfUln, _) => {
            interval(file).map(Accepts::Quantity).ok_or_else(misfit(id, condition))
        }
        (Kind::Count, _) => count(file).map(Accepts::Count).ok_or_else(misfit(id, condition)),
        _ => Err(misfit(id, condition)()),
    }
}

fn misfit<'m>(id: &'m str, condition: &'m str) -> impl Fn() -> String + 'm {
    move || format!("`{condition}` does not fit the kind of `{id}`")
}

fn check_unit(element: &Element, file: &CriterionFile) -> Result<(), String> {
    let own = match &element.kind {
        Kind::Quantity { unit } => Some(unit.as_str()),
        Kind::MultipleOfUln => Some("ULN"),
        _ => None,
    };
    match (own, file.unit.as_deref()) {
        (own, given) if own == given => Ok(()),
        (Some(own), _) => Err(format!("`{}` is in `{own}`: write `unit: {own}`", element.id)),
        (None, _) => Err(format!("`{}` has no unit", element.id)),
    }
}

fn codes(element: &Element, names: &[String]) -> Result<Codes, String> {
    let unknown: Vec<&str> =
        names.iter().map(String::as_str).filter(|name| element.kind.codes_named(name).is_none()).collect();
    if !unknown.is_empty() {
        return Err(format!("`{}` has no code or group `{}`", element.id, unknown.join("`, `")));
    }
    let named = names.iter().filter_map(|name| element.kind.codes_named(name));
    named.reduce(Codes::union).ok_or_else(|| "`in` names no code".into())
}

fn member(element: &Element, name: &str) -> Result<Accepts, String> {
    let member = element.kind.member_named(name);
    member.map(Accepts::Contains).ok_or_else(|| format!("`{}` has no member `{name}`", element.id))
}

fn interval(file: &CriterionFile) -> Option<Interval> {
    let (below, above) = (
        file.below.map(|Number(value)| Interval::below(value)),
        file.above.map(|Number(value)| Interval::above(value)),
    );
    let (at_most, at_least) = (
        file.at_most.map(|Number(value)| Interval::at_most(value)),
        file.at_least.map(|Number(value)| Interval::at_least(value)),
    );
    below.or(above).or(at_most).or(at_least).or(file.exactly.map(|Number(value)| Interval::exactly(value)))
}

fn count(file: &CriterionFile) -> Option<Count> {
    let number = |number: Option<Number>| number.and_then(|Number(value)| whole(value));
    if let Some(count) = number(file.at_least) {
        return Some(Count::at_least(count));
    }
    if let Some(count) = number(file.exactly) {
        return Some(Count::exactly(count));
    }
    if let Some(count) = number(file.at_most) {
        return Count::new(0, Some(count));
    }
    if let Some(count) = number(file.above) {
        return count.checked_add(1).map(Count::at_least);
    }
    number(file.below).and_then(|count| Count::new(0, Some(count.checked_sub(1)?)))
}

/// The whole number that a decimal is. The largest of all is none: a count next to it could not be told from it.
fn whole(value: Decimal) -> Option<u32> {
    use rust_decimal::prelude::ToPrimitive;
    value.is_integer().then(|| value.to_u32()).flatten().filter(|whole| *whole < u32::MAX)
}
