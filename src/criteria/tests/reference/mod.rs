//! The reference evaluator: deliberately simple, and sharing nothing with the one under test but the words for
//! what is known. It tries every combination of values, one representative for everything that the policy's own
//! thresholds cannot tell apart.

use criteria::interval::End;
use criteria::{Decimal, Determination, Possible, Truth, Verdict};

use crate::written::{Condition, Formula, Formulas, Shape};

/// One value of an element.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value {
    Truth(bool),
    Code(usize),
    Number(Decimal),
    /// One bit a member.
    Set(u64),
}

/// One value for every element, by number.
pub type Point = Vec<Value>;

impl Formula {
    pub fn holds(&self, point: &Point) -> bool {
        match &self.shape {
            Shape::All(parts) => parts.iter().all(|part| part.holds(point)),
            Shape::Any(parts) => parts.iter().any(|part| part.holds(point)),
            Shape::AtLeast(needed, parts) => parts.iter().filter(|part| part.holds(point)).count() >= *needed,
            Shape::Not(part) => !part.holds(point),
            Shape::Test(element, condition) => condition.holds(point[*element]),
        }
    }

    pub fn verdict(&self, points: &[Point]) -> Verdict {
        match points.iter().filter(|point| self.holds(point)).count() {
            0 => Verdict::NotMet,
            held if held == points.len() => Verdict::Met,
            _ => Verdict::Unknown,
        }
    }
}

impl Condition {
    fn holds(&self, value: Value) -> bool {
        match (self, value) {
            (Self::Is, Value::Truth(truth)) => truth,
            (Self::In(codes), Value::Code(code)) => codes.contains(&code),
            (Self::Below(limit), Value::Number(number)) => number < *limit,
            (Self::AtMost(limit), Value::Number(number)) => number <= *limit,
            (Self::Above(limit), Value::Number(number)) => number > *limit,
            (Self::AtLeast(limit), Value::Number(number)) => number >= *limit,
            (Self::Exactly(limit), Value::Number(number)) => number == *limit,
            (Self::Contains(member), Value::Set(members)) => members >> member & 1 == 1,
            (Self::IsEmpty, Value::Set(members)) => members == 0,
            _ => panic!("{self:?} does not fit {value:?}"),
        }
    }
}

impl Formulas {
    pub fn eligible(&self, point: &Point) -> bool {
        self.criteria.holds(point)
            && !self.exclusions.as_ref().is_some_and(|exclusions| exclusions.holds(point))
    }

    /// What the policy comes to where everything is known.
    pub fn determination(&self, point: &Point) -> Determination {
        match (self.eligible(point), self.review.as_ref().is_none_or(|review| review.holds(point))) {
            (false, _) => Determination::DoesNotMeetCriteria,
            (true, true) => Determination::MeetsCriteria,
            (true, false) => Determination::ClinicalReview,
        }
    }

    /// One representative of each kind of value that is possible for an element.
    pub fn values(&self, element: usize, known: &Possible) -> Vec<Value> {
        let tests = self.walk();
        let limits: Vec<Decimal> = tests
            .iter()
            .filter_map(|formula| match &formula.shape {
                Shape::Test(tested, condition) if *tested == element => condition.limit(),
                _ => None,
            })
            .collect();
        let candidates: Vec<Value> = match known {
            Possible::Truth(_) => vec![Value::Truth(true), Value::Truth(false)],
            Possible::Coded(_) => (0..4).map(Value::Code).collect(),
            Possible::Set(_) => (0..8).map(Value::Set).collect(),
            Possible::Count(_) => (0..9).map(|count| Value::Number(count.into())).collect(),
            // Every quarter: finer than any limit and any end of what is known.
            Possible::Quantity(_) => (0..120).map(|n| Value::Number(Decimal::new(25 * n, 2))).collect(),
        };
        let tested =
            tests.iter().any(|node| matches!(node.shape, Shape::Test(tested, _) if tested == element));
        let alike = |one: &Value, other: &Value| match (one, other) {
            _ if !tested => true,
            (Value::Number(one), Value::Number(other)) => {
                limits.iter().all(|limit| one.cmp(limit) == other.cmp(limit))
            }
            _ => one == other,
        };
        let mut values: Vec<Value> = Vec::new();
        for value in candidates.into_iter().filter(|value| allows(known, *value)) {
            if !values.iter().any(|other| alike(&value, other)) {
                values.push(value);
            }
        }
        values
    }
}

/// Every combination of the values of all elements.
pub fn points(values: &[Vec<Value>]) -> Vec<Point> {
    values.iter().fold(vec![Vec::new()], |points, values| {
        let longer = |point: &Point, value: &Value| [point.as_slice(), &[*value]].concat();
        points.iter().flat_map(|point| values.iter().map(move |value| longer(point, value))).collect()
    })
}

/// Whether a value is one of the possible ones.
pub fn allows(possible: &Possible, value: Value) -> bool {
    match (possible, value) {
        (Possible::Truth(truth), Value::Truth(value)) => {
            *truth == Truth::Either || (*truth == Truth::Yes) == value
        }
        (Possible::Coded(codes), Value::Code(code)) => codes.bits() >> code & 1 == 1,
        (Possible::Set(set), Value::Set(members)) => {
            set.inside() & !members == 0 && set.outside() & members == 0
        }
        (Possible::Count(count), Value::Number(number)) => {
            number >= count.low().into() && count.high().is_none_or(|high| number <= high.into())
        }
        (Possible::Quantity(interval), Value::Number(number)) => {
            let above = match interval.low() {
                End::Unbounded => true,
                End::Closed(low) => low <= number,
                End::Open(low) => low < number,
            };
            above
                && match interval.high() {
                    End::Unbounded => true,
                    End::Closed(high) => number <= high,
                    End::Open(high) => number < high,
                }
        }
        _ => false,
    }
}
