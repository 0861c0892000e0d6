//! What changed between two versions of a policy, in the words of a person who would tell another.
//!
//! Criteria are known again by the number that the source gives them; one that has another number and the same words and
//! tests is renumbered. The order in which they are written makes no difference.

use std::collections::BTreeMap;

use criteria::formula::{Node, NodeKind, describe};
use criteria::policy::{Mode, Status};
use criteria::{ElementIndex, Elements, Policy};

use super::criteria::parts;

/// What changed, from the earlier version to the later one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Difference {
    /// What is said of the policy as a whole.
    pub policy: Vec<Line>,
    /// The criteria, in the order of the later version; those that are gone come last.
    pub criteria: Vec<Changed>,
}

/// A criterion that changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// Its number.
    pub id: String,
    /// What it says, in the later version if it is there.
    pub statement: String,
    /// What became of it.
    pub how: How,
    /// What is not as it was; for one that is new or gone, what it asks.
    pub lines: Vec<Line>,
}

/// What became of a criterion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It has another number, and is the same.
    Renumbered,
    /// Something in it changed.
    Changed,
}

impl How {
    /// For people.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Added => "Added",
            Self::Removed => "Removed",
            Self::Renumbered => "Renumbered",
            Self::Changed => "Changed",
        }
    }
}

/// One thing that was so and is so now; what is empty was or is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What it is.
    pub what: String,
    /// What it was.
    pub was: String,
    /// What it is now.
    pub is: String,
}

impl Line {
    fn new(what: impl Into<String>, was: impl Into<String>, is: impl Into<String>) -> Self {
        Self { what: what.into(), was: was.into(), is: is.into() }
    }
}

impl Difference {
    /// Whether nothing changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.policy.is_empty() && self.criteria.is_empty()
    }
}

/// What changed from one version to another, each with the elements of its content.
#[must_use]
pub fn difference(was: (&Policy, &Elements), is: (&Policy, &Elements)) -> Difference {
    let (before, after) = (criteria(was.0, was.1), criteria(is.0, is.1));
    let gone = |id: &str| before.iter().find(|old| old.id == id && !after.iter().any(|new| new.id == id));
    let mut renumbered: Vec<&str> = Vec::new();
    let mut changed: Vec<Changed> = Vec::new();
    for new in &after {
        let same_number = before.iter().find(|old| old.id == new.id);
        let moved = before.iter().find(|old| gone(&old.id).is_some() && old.says_as(new));
        match (same_number, moved.filter(|old| !renumbered.contains(&old.id.as_str()))) {
            (Some(old), _) => changed.extend(compared(old, new)),
            (None, Some(old)) => {
                renumbered.push(&old.id);
                changed.push(new.changed(How::Renumbered, vec![Line::new("Number", &old.id, &new.id)]));
            }
            (None, None) => changed.push(new.changed(How::Added, new.asked(false))),
        }
    }
    let removed = before.iter().filter(|old| gone(&old.id).is_some());
    let removed = removed.filter(|old| !renumbered.contains(&old.id.as_str()));
    changed.extend(removed.map(|old| old.changed(How::Removed, old.asked(true))));
    Difference { policy: policy_lines(was.0, is.0), criteria: changed }
}

fn policy_lines(was: &Policy, is: &Policy) -> Vec<Line> {
    let end = |policy: &Policy| policy.effective.end.clone().unwrap_or_else(|| "open".into());
    let url = |policy: &Policy| policy.source.url.clone().unwrap_or_default();
    let lines = [
        Line::new("Title", &was.title, &is.title),
        Line::new("Status", status(was.status), status(is.status)),
        Line::new("Cards", mode(was.mode), mode(is.mode)),
        Line::new("Drug", &was.medication, &is.medication),
        Line::new("In force from", &was.effective.start, &is.effective.start),
        Line::new("In force to", end(was), end(is)),
        Line::new("Source", &was.source.label, &is.source.label),
        Line::new("Address of the source", url(was), url(is)),
    ];
    lines.into_iter().filter(|line| line.was != line.is).collect()
}

/// Whether it is in use, for people.
pub(super) fn status(status: Status) -> &'static str {
    match status {
        Status::Draft => "draft",
        Status::Active => "active",
        Status::Retired => "retired",
    }
}

/// Whether its cards are shown, for people.
pub(super) fn mode(mode: Mode) -> &'static str {
    match mode {
        Mode::Advise => "shown",
        Mode::Shadow => "evaluated and recorded, not shown",
    }
}

/// A criterion, without those that stand in it under numbers of their own.
struct Criterion {
    id: String,
    statement: String,
    citation: String,
    /// What it stands under.
    under: String,
    /// How its tests and parts hang together.
    whole: String,
    tests: Vec<Asked>,
}

/// What a criterion asks of a data element.
#[derive(Clone, PartialEq, Eq)]
struct Asked {
    /// Id of the element, by which it is known again.
    element: String,
    title: String,
    asked: String,
}

fn criteria(policy: &Policy, elements: &Elements) -> Vec<Criterion> {
    let mut all = Vec::new();
    for (title, root) in parts(policy) {
        // What has no number of its own belongs to the whole part.
        if root.id.is_none() {
            all.push(Criterion::of(root, title, "", elements));
        }
        collect(root, title, elements, &mut all);
    }
    all.extend(policy.otherwise.as_ref().map(|otherwise| Criterion {
        id: otherwise.id.clone(),
        statement: otherwise.statement.clone(),
        citation: otherwise.citation.clone(),
        under: "Otherwise".into(),
        whole: String::new(),
        tests: Vec::new(),
    }));
    all
}

/// The numbered criteria in a node, each with what it stands under.
fn collect(node: &Node, under: &str, elements: &Elements, all: &mut Vec<Criterion>) {
    let under = match &node.id {
        Some(id) => {
            all.push(Criterion::of(node, id, under, elements));
            id
        }
        None => under,
    };
    node.parts().iter().for_each(|part| collect(part, under, elements, all));
}

impl Criterion {
    fn of(node: &Node, id: &str, under: &str, elements: &Elements) -> Self {
        let mut tests = Vec::new();
        let whole = whole(node, true, elements, &mut tests);
        Self {
            id: id.into(),
            statement: node.statement.clone().unwrap_or_default(),
            citation: node.citation.clone().unwrap_or_default(),
            under: under.into(),
            whole,
            tests,
        }
    }

    /// Whether another criterion, under another number, says and asks the same.
    fn says_as(&self, other: &Self) -> bool {
        self.statement == other.statement && self.tests == other.tests && !self.statement.is_empty()
    }

    fn changed(&self, how: How, lines: Vec<Line>) -> Changed {
        Changed { id: self.id.clone(), statement: self.statement.clone(), how, lines }
    }

    /// What it asks, as what was or as what is.
    fn asked(&self, was: bool) -> Vec<Line> {
        let line = |test: &Asked| match was {
            true => Line::new(&test.title, &test.asked, ""),
            false => Line::new(&test.title, "", &test.asked),
        };
        self.tests.iter().map(line).collect()
    }
}

/// How a node's tests and parts hang together, in words that do not depend on their order, and the tests themselves.
fn whole(node: &Node, is_first: bool, elements: &Elements, tests: &mut Vec<Asked>) -> String {
    if let (Some(id), false) = (&node.id, is_first) {
        return format!("criterion {id}");
    }
    if let Some((element, asked)) = test(node, elements) {
        let element = elements.get(element);
        let title = element.map(|element| element.title.clone()).unwrap_or_default();
        let words = format!("{title}: {asked}");
        tests.push(Asked { element: element.map(|one| one.id.clone()).unwrap_or_default(), title, asked });
        return words;
    }
    let mut parts: Vec<String> =
        node.parts().iter().map(|part| whole(part, false, elements, tests)).collect();
    parts.sort();
    match &node.kind {
        NodeKind::All(_) => format!("all of ({})", parts.join("; ")),
        NodeKind::Any(_) => format!("any of ({})", parts.join("; ")),
        NodeKind::AtLeast(count, _) => format!("at least {count} of ({})", parts.join("; ")),
        NodeKind::Not(_) | NodeKind::Test(_) => format!("not ({})", parts.join("; ")),
    }
}

/// The element that a node tests, or that it tests not to be so, and what is asked of it, in words.
pub(super) fn test(node: &Node, elements: &Elements) -> Option<(ElementIndex, String)> {
    match &node.kind {
        NodeKind::Test(test) => Some((test.element, describe(elements.get(test.element)?, &test.accepts))),
        NodeKind::Not(part) => {
            let NodeKind::Test(test) = &part.kind else { return None };
            let asked = describe(elements.get(test.element)?, &test.accepts);
            let not = if asked == "yes" { "no".into() } else { format!("not {asked}") };
            Some((test.element, not)).filter(|_| part.id.is_none())
        }
        _ => None,
    }
}

fn compared(old: &Criterion, new: &Criterion) -> Option<Changed> {
    let mut lines = vec![
        Line::new("Stands under", &old.under, &new.under),
        Line::new("Reworded", &old.statement, &new.statement),
        Line::new("Citation", &old.citation, &new.citation),
    ];
    lines.retain(|line| line.was != line.is);
    let tests = tests_compared(&old.tests, &new.tests);
    // Where the same is asked, it may hang together in another way; where not, that is told by what is asked.
    if tests.is_empty() && old.whole != new.whole {
        lines.push(Line::new("Combined", &old.whole, &new.whole));
    }
    lines.extend(tests);
    (!lines.is_empty()).then(|| new.changed(How::Changed, lines))
}

/// What is asked otherwise than it was, element by element: a changed threshold is one line.
fn tests_compared(old: &[Asked], new: &[Asked]) -> Vec<Line> {
    let mut lines = Vec::new();
    for (element, title) in by_element(new.iter().chain(old)) {
        let of = |tests: &[Asked]| -> Vec<String> {
            let of_element = tests.iter().filter(|test| test.element == element);
            of_element.map(|test| test.asked.clone()).collect()
        };
        let (mut was, mut is) = (of(old), of(new));
        let same: Vec<String> = was.iter().filter(|asked| is.contains(asked)).cloned().collect();
        was.retain(|asked| !same.contains(asked));
        is.retain(|asked| !same.contains(asked));
        if !was.is_empty() || !is.is_empty() {
            lines.push(Line::new(title, was.join("; "), is.join("; ")));
        }
    }
    lines
}

/// The elements that are asked about, each with its title, in the order of their ids.
fn by_element<'t>(tests: impl Iterator<Item = &'t Asked>) -> BTreeMap<&'t str, &'t str> {
    let mut titles = BTreeMap::new();
    for test in tests {
        titles.entry(test.element.as_str()).or_insert(test.title.as_str());
    }
    titles
}
