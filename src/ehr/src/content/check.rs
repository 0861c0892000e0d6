//! What can be wrong with a data element beyond its shape.

use std::collections::{HashMap, HashSet};

use criteria::{Codes, Document, Members, Problem};

use crate::source::{Absence, DataElement, KindName, Laboratory, OrderPartners, Source};
use crate::terminology::Terminology;
use crate::units::Unit;

/// Everything that is wrong in the files; value sets are looked up where they could be read.
pub(super) fn all(files: &[(Document, Vec<DataElement>)], terminology: Option<&Terminology>) -> Vec<Problem> {
    let by_id: HashMap<&str, &DataElement> = files
        .iter()
        .flat_map(|(_, elements)| elements)
        .map(|element| (element.id.as_str(), element))
        .collect();
    let mut seen = HashSet::new();
    let mut problems = Vec::new();
    for (document, elements) in files {
        for (position, element) in elements.iter().enumerate() {
            let mut check =
                Check { document, pointer: format!("/elements/{position}"), problems: &mut problems };
            if !seen.insert(element.id.as_str()) {
                check.wrong("/id", "another element has the same id");
            }
            check.element(element);
            for (position, source) in element.sources.iter().enumerate() {
                check.source(&format!("/sources/{position}"), element, source, &by_id, terminology);
            }
        }
    }
    problems
}

/// Looks at one element.
struct Check<'c> {
    document: &'c Document,
    pointer: String,
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
        if element.absence == Absence::No && element.sources.is_empty() {
            self.wrong("/absence", "without a source nothing is searched, so nothing can be absent");
        }
        self.unit(element);
        self.names("codes", element.kind == KindName::Coded, &element.codes, Codes::MOST);
        self.names("members", element.kind == KindName::Set, &element.members, Members::MOST);
        self.groups(element);
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
        if let Some(twice) = names.iter().find(|name| !seen.insert(name.as_str())) {
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

    fn source(
        &mut self,
        inner: &str,
        element: &DataElement,
        source: &Source,
        by_id: &HashMap<&str, &DataElement>,
        terminology: Option<&Terminology>,
    ) {
        if let Some(terminology) = terminology {
            for used in source.uses().iter().filter(|used| !terminology.knows(used.set)) {
                self.wrong(inner, format!("there is no value set `{}`", used.set));
            }
        }
        if let Err(expected) = fits(element, source) {
            self.wrong(inner, format!("this source is for {expected}"));
        }
        match source {
            Source::Laboratory(laboratory) => self.laboratory(inner, laboratory),
            Source::BodySurfaceArea(surface) if surface.weight_days == 0 => {
                self.wrong(inner, "a window of no days lets no weight count");
            }
            Source::OrderPartners(partners) => self.partners(inner, element, partners),
            Source::OrderDose(dose) => {
                let surface = by_id.get(dose.body_surface_area.as_str());
                if surface.and_then(|surface| surface.unit.as_deref()) != Some("m2") {
                    self.wrong(inner, format!("`{}` is no element in m2", dose.body_surface_area));
                }
            }
            _ => {}
        }
    }

    fn laboratory(&mut self, inner: &str, laboratory: &Laboratory) {
        if let Some(limits) = &laboratory.plausible_uln {
            if limits.low.0 > limits.high.0 || limits.low.0.is_zero() || limits.low.0.is_sign_negative() {
                self.wrong(inner, "the plausible upper limits are above zero, the smaller one first");
            }
            if Unit::read(&limits.unit).is_none() {
                self.wrong(inner, format!("`{}` is no unit that can be read", limits.unit));
            }
        }
        if laboratory.derived.as_ref().is_some_and(|derived| derived.percentages.is_empty()) {
            self.wrong(inner, "a derived count needs percentages");
        }
    }

    fn partners(&mut self, inner: &str, element: &DataElement, partners: &OrderPartners) {
        let declared: HashSet<&String> = element.members.iter().collect();
        for member in declared.symmetric_difference(&partners.members.keys().collect()) {
            self.wrong(inner, format!("`{member}` is not both a member and given drugs"));
        }
        for member in partners.maybe_if_ongoing.iter().filter(|member| !declared.contains(member)) {
            self.wrong(inner, format!("`{member}` is no member of the element"));
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
