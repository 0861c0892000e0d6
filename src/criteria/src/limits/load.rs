//! What can be wrong with a limit beyond its shape.

use crate::element::{ElementIndex, Elements};
use crate::file::{Document, Problem};
use crate::formula::Compiler;

use super::Condition;

/// A limits file that is being read, with everything wrong in it so far.
pub(super) struct Loading<'d> {
    pub(super) document: &'d Document,
    pub(super) elements: &'d Elements,
    pub(super) problems: Vec<Problem>,
}

impl Loading<'_> {
    fn report(&mut self, pointer: &str, message: impl Into<String>) {
        self.problems.push(self.document.problem(pointer, message));
    }

    /// Checks the laboratory orders that limits may suggest.
    pub(super) fn lab_orders(&mut self) {
        for order in self.document.entries("/lab-orders") {
            for settled in self.document.entries(&format!("{order}/settles")) {
                self.element(&settled);
            }
        }
    }

    /// Checks one limit, whether all of it can be read or not. Its condition, if that is right.
    pub(super) fn limit(&mut self, pointer: &str) -> Option<Condition> {
        self.id(pointer);
        self.topic(pointer);
        self.labs(pointer);
        self.condition(pointer)
    }

    fn id(&mut self, pointer: &str) {
        let Some(id) = self.document.text(&format!("{pointer}/id")) else { return };
        let earlier = self.document.entries("/limits").into_iter().take_while(|other| other != pointer);
        if earlier.into_iter().any(|other| self.document.text(&format!("{other}/id")) == Some(id)) {
            self.report(pointer, format!("id `{id}` stands twice"));
        }
    }

    fn topic(&mut self, pointer: &str) {
        let pointer = format!("{pointer}/topic");
        let topic = self.document.text(&pointer);
        if let Some(topic) = topic.filter(|topic| !self.document.may_declare("/topics", topic)) {
            self.report(&pointer, format!("unknown topic `{topic}`"));
        }
    }

    fn labs(&mut self, pointer: &str) {
        let suggestions = self.document.entries(&format!("{pointer}/suggest"));
        let labs =
            suggestions.iter().flat_map(|one| self.document.entries(&format!("{one}/order-labs/labs")));
        for lab in labs.collect::<Vec<_>>() {
            let unknown = self.document.text(&lab).filter(|id| !self.document.may_declare("/lab-orders", id));
            if let Some(id) = unknown {
                self.report(&lab, format!("unknown laboratory order `{id}`"));
            }
        }
    }

    fn condition(&mut self, pointer: &str) -> Option<Condition> {
        let written = |key: &str| {
            let at = format!("{pointer}/{key}");
            self.document.value(&at).is_some_and(|value| !value.is_null()).then_some(at)
        };
        match (written("when"), written("missing")) {
            (Some(when), None) => self.formula(&when),
            (None, Some(missing)) => self.missing(&missing),
            (None, None) if self.document.has_unknown_key(pointer) => None,
            (when, missing) => {
                self.report(pointer, "needs exactly one of `when` and `missing`");
                when.and_then(|when| self.formula(&when));
                missing.and_then(|missing| self.missing(&missing));
                None
            }
        }
    }

    fn formula(&mut self, pointer: &str) -> Option<Condition> {
        let mut compiler = Compiler::new(self.document, self.elements, Vec::new());
        let formula = compiler.compile(pointer);
        let tested = compiler.finish(&formula.iter().collect::<Vec<_>>());
        let tested = tested.map_err(|found| self.problems.extend(found)).ok()?;
        formula.map(|formula| Condition::When { formula, tested })
    }

    fn missing(&mut self, pointer: &str) -> Option<Condition> {
        let wanted = self.document.entries(pointer);
        let found: Vec<_> = wanted.iter().map(|wanted| self.element(wanted)).collect();
        found.into_iter().collect::<Option<_>>().map(Condition::Missing)
    }

    /// The element that is named at a pointer.
    fn element(&mut self, pointer: &str) -> Option<ElementIndex> {
        let id = self.document.text(pointer)?;
        let found = self.elements.find(id);
        if found.is_none()
            && let Some(message) = self.elements.unknown(id)
        {
            self.report(pointer, message);
        }
        found
    }
}
