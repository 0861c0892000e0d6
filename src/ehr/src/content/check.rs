//! What can be wrong with a data element beyond its shape.

use std::collections::HashSet;

use criteria::{Codes, Document, Elements, Kind, Members, Problem};

use crate::source::{Absence, DataElement, KindName, Laboratory, OrderPartners, Source};
use crate::units::Unit;

use super::entry::Entry;

/// Adds what is wrong with an element but for its sources. Whether policies can be checked against it.
pub(super) fn element(
    document: &Document,
    pointer: &str,
    element: &DataElement,
    problems: &mut Vec<Problem>,
) -> bool {
    let mut check = Check { document, pointer, problems };
    check.element(element);
    let before = check.problems.len();
    check.unit(element);
    check.names("codes", element.kind == KindName::Coded, &element.codes, Codes::MOST);
    check.names("members", element.kind == KindName::Set, &element.members, Members::MOST);
    check.groups(element);
    check.problems.len() == before
}

/// What is wrong with the sources of the elements, which name each other and value sets.
pub(super) fn sources(
    entries: &[Entry<'_>],
    elements: &Elements,
    value_sets: &HashSet<&str>,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    for entry in entries {
        for (pointer, source) in &entry.sources {
            let mut check = Check { document: entry.document, pointer, problems: &mut problems };
            check.source(source, elements, value_sets);
            // Whether it fits cannot be told of an element that is wrong itself.
            if let Some(element) = &entry.element {
                check.fit(element, source);
            }
        }
    }
    problems
}

/// Looks at one element, or at one of its sources.
struct Check<'c> {
    document: &'c Document,
    pointer: &'c str,
    problems: &'c mut Vec<Problem>,
}

impl Check<'_> {
    fn wrong(&mut self, inner: &str, message: impl Into<String>) {
        self.problems.push(self.document.problem(&format!("{}{inner}", self.pointer), message));
    }

    fn element(&mut self, element: &DataElement) {
        let is_id =
            |char: char| char.is_ascii_lowercase() || char.is_ascii_digit() || matches!(char, '-' | '.');
        if !element.id.contains('.') || !element.id.chars().all(is_id) {
            self.wrong("/id", "an id is `group.name` in lower case, with digits and hyphens");
        }
        if element.window_days == Some(0) {
            self.wrong("/window-days", "a window of no days lets nothing count");
        }
        if element.absence == Absence::No && !matches!(element.kind, KindName::Truth | KindName::Set) {
            self.wrong("/absence", "only a truth or a set can be absent");
        }
        if element.absence == Absence::No && !self.has_sources() {
            self.wrong("/absence", "without a source nothing is searched, so nothing can be absent");
        }
    }

    fn has_sources(&self) -> bool {
        !self.document.entries(&format!("{}/sources", self.pointer)).is_empty()
    }

    fn unit(&mut self, element: &DataElement) {
        match (element.kind, element.unit.as_deref()) {
            (KindName::Quantity, None) => self.wrong("", "a quantity needs a `unit`"),
            (KindName::Quantity, Some(unit)) if Unit::read(unit).is_none() => {
                self.wrong("/unit", format!("`{unit}` is no unit that can be read"));
            }
            (KindName::Quantity, Some(_)) | (_, None) => {}
            (_, Some(_)) => self.wrong("/unit", "only a quantity has a unit"),
        }
    }

    /// The codes of a coded element, the members of a set.
    fn names(&mut self, key: &str, belongs: bool, names: &[String], most: usize) {
        let pointer = if names.is_empty() { String::new() } else { format!("/{key}") };
        if belongs == names.is_empty() {
            let message = if belongs {
                format!("this kind needs `{key}`")
            } else {
                format!("this kind has no `{key}`")
            };
            self.wrong(&pointer, message);
        }
        if names.len() > most {
            self.wrong(&pointer, format!("more than {most} `{key}`"));
        }
        let mut seen = HashSet::new();
        for twice in names.iter().filter(|name| !seen.insert(name.as_str())) {
            self.wrong(&pointer, format!("`{twice}` stands twice"));
        }
        if names.iter().any(|name| name != &name.to_lowercase() || name.trim().is_empty() || name == "none") {
            self.wrong(&pointer, "names are in lower case, not empty and not `none`");
        }
    }

    fn groups(&mut self, element: &DataElement) {
        for (name, codes) in &element.groups {
            let pointer = format!("/groups/{name}");
            if element.codes.contains(name) {
                self.wrong(&pointer, format!("`{name}` is a code already"));
            }
            if codes.is_empty() {
                self.wrong(&pointer, "an empty group");
            }
            for code in codes.iter().filter(|code| !element.codes.contains(code)) {
                self.wrong(&pointer, format!("`{code}` is no code of the element"));
            }
        }
    }

    /// What is wrong with a source, whatever element it is of.
    fn source(&mut self, source: &Source, elements: &Elements, value_sets: &HashSet<&str>) {
        for used in source.uses().iter().filter(|used| !value_sets.contains(used.set)) {
            self.wrong("", format!("there is no value set `{}`", used.set));
        }
        match source {
            Source::Laboratory(laboratory) => self.laboratory(laboratory),
            Source::BodySurfaceArea(surface) if surface.weight_days == 0 => {
                self.wrong("", "a window of no days lets no weight count");
            }
            Source::OrderDose(dose) => self.surface(&dose.body_surface_area, elements),
            _ => {}
        }
    }

    fn surface(&mut self, id: &str, elements: &Elements) {
        let found = elements.find(id).and_then(|index| elements.get(index));
        let is_surface = match found.map(|element| &element.kind) {
            Some(kind) => *kind == Kind::Quantity { unit: "m2".to_owned() },
            // One that cannot be read may be one.
            None => elements.unknown(id).is_none(),
        };
        if !is_surface {
            self.wrong("", format!("`{id}` is no element in m2"));
        }
    }

    /// What is wrong with a source as one of its element.
    fn fit(&mut self, element: &DataElement, source: &Source) {
        if let Err(expected) = fits(element, source) {
            self.wrong("", format!("this source is for {expected}"));
        }
        if let Source::OrderPartners(partners) = source {
            self.partners(element, partners);
        }
    }

    fn laboratory(&mut self, laboratory: &Laboratory) {
        if let Some(limits) = &laboratory.plausible_uln {
            if limits.low.0 > limits.high.0 || limits.low.0.is_zero() || limits.low.0.is_sign_negative() {
                self.wrong("", "the plausible upper limits are above zero, the smaller one first");
            }
            if Unit::read(&limits.unit).is_none() {
                self.wrong("", format!("`{}` is no unit that can be read", limits.unit));
            }
        }
        if laboratory.derived.as_ref().is_some_and(|derived| derived.percentages.is_empty()) {
            self.wrong("", "a derived count needs percentages");
        }
    }

    fn partners(&mut self, element: &DataElement, partners: &OrderPartners) {
        let declared: HashSet<&String> = element.members.iter().collect();
        for member in declared.symmetric_difference(&partners.members.keys().collect()) {
            self.wrong("", format!("`{member}` is not both a member and given drugs"));
        }
        for member in partners.maybe_if_ongoing.iter().filter(|member| !declared.contains(member)) {
            self.wrong("", format!("`{member}` is no member of the element"));
        }
    }
}

/// Whether a source can give what the element is; if not, what it is for.
fn fits(element: &DataElement, source: &Source) -> Result<(), &'static str> {
    let kind = element.kind;
    let codes: Vec<&str> = element.codes.iter().map(String::as_str).collect();
    let in_unit = |unit: &str| kind == KindName::Quantity && element.unit.as_deref() == Some(unit);
    let (fits, expected) = match source {
        Source::Age {} => (in_unit("a"), "a quantity in `a`"),
        Source::Laboratory(_) => (
            matches!(kind, KindName::Quantity | KindName::MultipleOfUln),
            "a quantity or a multiple of the upper limit",
        ),
        Source::BodySurfaceArea(_) => (in_unit("m2"), "a quantity in `m2`"),
        Source::Signs(_)
        | Source::Diagnosis(_)
        | Source::GermlineVariant(_)
        | Source::Prescriber(_)
        | Source::ActiveMedication(_)
        | Source::Allergy(_) => (kind == KindName::Truth, "a truth"),
        Source::Receptor(_) => (codes == ["positive", "negative"], "the codes `positive`, `negative`"),
        Source::Her2(_) => (codes == ["positive", "low", "zero"], "the codes `positive`, `low`, `zero`"),
        // A score has no unit; a share or percentage is a laboratory result, which is converted.
        Source::Score(_) => (in_unit("1"), "a quantity in `1`"),
        Source::OrderPartners(_) => (kind == KindName::Set, "a set"),
        Source::OrderDose(_) => (in_unit("mg/m2") || in_unit("mg"), "a quantity in `mg/m2` or `mg`"),
        Source::OrderCycleLength(_) => (in_unit("d"), "a quantity in `d`"),
        Source::OrderDosesPerCycle(_) => (kind == KindName::Count, "a count"),
        Source::TherapyLines(_) => (kind == KindName::Count, "a count"),
        Source::DrugResistance(_) | Source::PreoperativeResponse(_) | Source::DrugCandidate(_) => {
            (kind == KindName::Truth, "a truth")
        }
        Source::OrderRoute(_) => (kind == KindName::Coded && codes.len() == 2, "two codes"),
    };
    if fits { Ok(()) } else { Err(expected) }
}
