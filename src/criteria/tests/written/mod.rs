//! Policies as values, and how they are written in a file.

pub mod random;

use std::fmt::Write;

use criteria::{Codes, Decimal, Element, Elements, Kind};

/// A criterion. `id` is the number in the source, where it has one.
#[derive(Debug, Clone)]
pub struct Formula {
    pub id: Option<usize>,
    pub shape: Shape,
}

#[derive(Debug, Clone)]
pub enum Shape {
    All(Vec<Formula>),
    Any(Vec<Formula>),
    AtLeast(usize, Vec<Formula>),
    Not(Box<Formula>),
    /// A test of the element with this number.
    Test(usize, Condition),
}

#[derive(Debug, Clone)]
pub enum Condition {
    Is,
    /// Positions of codes.
    In(Vec<usize>),
    Below(Decimal),
    AtMost(Decimal),
    Above(Decimal),
    AtLeast(Decimal),
    Exactly(Decimal),
    /// Position of a member.
    Contains(usize),
    IsEmpty,
}

/// The formulas of a policy.
#[derive(Debug, Clone)]
pub struct Formulas {
    pub criteria: Formula,
    pub exclusions: Option<Formula>,
    pub review: Option<Formula>,
}

impl Formula {
    pub fn parts(&self) -> &[Formula] {
        match &self.shape {
            Shape::All(parts) | Shape::Any(parts) | Shape::AtLeast(_, parts) => parts,
            Shape::Not(part) => std::slice::from_ref(part),
            Shape::Test(..) => &[],
        }
    }

    pub fn parts_mut(&mut self) -> &mut [Formula] {
        match &mut self.shape {
            Shape::All(parts) | Shape::Any(parts) | Shape::AtLeast(_, parts) => parts,
            Shape::Not(part) => std::slice::from_mut(part),
            Shape::Test(..) => &mut [],
        }
    }

    pub fn walk(&self) -> Vec<&Formula> {
        std::iter::once(self).chain(self.parts().iter().flat_map(Formula::walk)).collect()
    }
}

impl Condition {
    pub fn limit(&self) -> Option<Decimal> {
        match self {
            Self::Below(limit) | Self::AtMost(limit) | Self::Above(limit) => Some(*limit),
            Self::AtLeast(limit) | Self::Exactly(limit) => Some(*limit),
            Self::Is | Self::In(_) | Self::Contains(_) | Self::IsEmpty => None,
        }
    }
}

impl Formulas {
    pub fn walk(&self) -> Vec<&Formula> {
        let rest = self.exclusions.iter().chain(&self.review);
        std::iter::once(&self.criteria).chain(rest).flat_map(Formula::walk).collect()
    }
}

/// An element of every kind, two of the plainest.
pub const IDS: [&str; 7] = ["truth.one", "truth.other", "coded", "quantity", "multiple", "count", "set"];
const CODES: [&str; 4] = ["red", "amber", "green", "blue"];
const MEMBERS: [&str; 3] = ["x", "y", "z"];

pub fn elements() -> Elements {
    let coded = Kind::Coded {
        codes: CODES.map(str::to_owned).to_vec(),
        groups: vec![("warm".to_owned(), Codes::first(2).unwrap())],
    };
    let quantity = Kind::Quantity { unit: "/uL".to_owned() };
    let set = Kind::Set { members: MEMBERS.map(str::to_owned).to_vec() };
    let kinds = [Kind::Truth, Kind::Truth, coded, quantity, Kind::MultipleOfUln, Kind::Count, set];
    let mut elements = Elements::default();
    for (id, kind) in IDS.into_iter().zip(kinds) {
        let added = elements.add(Element { id: id.into(), title: id.into(), settle: String::new(), kind });
        assert!(added.is_some());
    }
    elements
}

impl Formulas {
    /// The text of its file.
    pub fn text(&self) -> String {
        let mut text = String::from(
            r#"{"id": "p", "version": "2024-01-01", "title": "t", "status": "active", "medication": "m",
            "effective": {"start": "2024-01-01"}, "source": {"label": "s"}, "criteria": "#,
        );
        text += &self.criteria.text();
        for (key, formula) in [("exclusions", &self.exclusions), ("clinical-review-unless", &self.review)] {
            if let Some(formula) = formula {
                write!(text, ",\n\"{key}\": {}", formula.text()).unwrap();
            }
        }
        text + "}"
    }
}

impl Formula {
    fn text(&self) -> String {
        let words = self
            .id
            .map_or(String::new(), |id| format!(r#""id": "{id}", "statement": "s", "citation": "c", "#));
        let list = |parts: &[Formula]| parts.iter().map(Formula::text).collect::<Vec<_>>().join(", ");
        let shape = match &self.shape {
            Shape::All(parts) => format!(r#""all": [{}]"#, list(parts)),
            Shape::Any(parts) => format!(r#""any": [{}]"#, list(parts)),
            Shape::AtLeast(needed, parts) => format!(r#""at-least": {needed}, "of": [{}]"#, list(parts)),
            Shape::Not(part) => format!(r#""not": {}"#, part.text()),
            Shape::Test(element, Condition::Is) => format!(r#""is": "{}""#, IDS[*element]),
            Shape::Test(element, condition) => {
                let unit = match IDS[*element] {
                    "quantity" => r#", "unit": "/uL""#,
                    "multiple" => r#", "unit": "ULN""#,
                    _ => "",
                };
                format!(r#""element": "{}", {}{unit}"#, IDS[*element], condition.text())
            }
        };
        format!("{{{words}{shape}}}")
    }
}

impl Condition {
    fn text(&self) -> String {
        match self {
            Self::Is => unreachable!("written as `is`"),
            // The group is written where it fits.
            Self::In(codes) if *codes == [0, 1] => r#""in": ["warm"]"#.into(),
            Self::In(codes) => {
                let codes: Vec<String> = codes.iter().map(|code| format!("\"{}\"", CODES[*code])).collect();
                format!(r#""in": [{}]"#, codes.join(", "))
            }
            Self::Below(limit) => format!(r#""below": {limit}"#),
            Self::AtMost(limit) => format!(r#""at-most": {limit}"#),
            Self::Above(limit) => format!(r#""above": {limit}"#),
            Self::AtLeast(limit) => format!(r#""at-least": {limit}"#),
            Self::Exactly(limit) => format!(r#""exactly": {limit}"#),
            Self::Contains(member) => format!(r#""contains": "{}""#, MEMBERS[*member]),
            Self::IsEmpty => r#""is-empty": true"#.into(),
        }
    }
}
