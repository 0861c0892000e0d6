//! UCUM codes: the library knows the grammar, the prefixes and the tables; the arithmetic is ours.
//!
//! The library computes with 28 significant digits, which is not exact where a unit is no decimal (U is umol/min), and
//! by UCUM a mole is the bare number of Avogadro, so that it would count cells per litre in umol/L. So its syntax tree
//! is walked here, in ratios, with the mole as a dimension of its own.

use octofhir_ucum::{Case, Number, SpecialKind, UnitExpr, UnitRecord, lookup_unit, parse_expression};

use super::ratio::Ratio;
use super::{Dimension, Unit};

const NUMBER: Dimension = Dimension { length: 0, mass: 0, time: 0, amount: 0, calendar: 0 };
const AMOUNT: Dimension = Dimension { amount: 1, ..NUMBER };
const CATALYTIC_ACTIVITY: Dimension = Dimension { time: -1, ..AMOUNT };
const CALENDAR: Dimension = Dimension { calendar: 1, ..NUMBER };
/// The plain number one.
pub(super) const ONE: Unit = Unit { dimension: NUMBER, size: Ratio::ONE };

/// The unit that a UCUM code means (case sensitive). `None` where it is no code, or one of no use here: see [`atom`].
pub(super) fn read(code: &str) -> Option<Unit> {
    size(&parse_expression(code).ok()?)
}

/// Recurses as deep as the library's parser did, which refuses more than 128 levels.
fn size(expression: &UnitExpr) -> Option<Unit> {
    match expression {
        UnitExpr::Symbol(symbol) => simple(symbol),
        UnitExpr::Numeric(number) => Some(Unit { size: ratio(*number)?, ..ONE }),
        UnitExpr::Power(base, exponent) => size(base)?.power(i8::try_from(*exponent).ok()?),
        UnitExpr::Annotation(_) => Some(ONE),
        UnitExpr::Annotated(unit, _) => size(unit),
        UnitExpr::Product(terms) => terms.iter().try_fold(ONE, |product, term| product.times(size(term)?)),
        UnitExpr::Quotient(over, under) => size(over)?.times(size(under)?.power(-1)?),
        UnitExpr::Reciprocal(under) => size(under)?.power(-1),
    }
}

fn simple(symbol: &str) -> Option<Unit> {
    let (prefix, record) = lookup_unit(symbol, Case::Sensitive)?;
    let unit = atom(record)?;
    match prefix {
        Some(prefix) => Some(Unit { size: unit.size.times(ratio(prefix.factor)?)?, ..unit }),
        None => Some(unit),
    }
}

/// A unit of the tables without a prefix.
///
/// `None` for what no result or dose here is measured in, and where a guess could be taken for a value: a scale that
/// is no ratio (temperature, pH), arbitrary units but for the one of enzymes, electricity and light, views of a
/// microscope, equivalents and osmoles (they are moles by UCUM, but depend on the substance), and the atomic mass
/// unit `u`, which people write for U.
fn atom(record: &UnitRecord) -> Option<Unit> {
    let unit = |over, under, dimension| Ratio::new(over, under).map(|size| Unit { dimension, size });
    match record.code {
        "mol" => unit(1, 1, AMOUNT),
        "kat" => unit(1, 1, CATALYTIC_ACTIVITY),
        // 1 U = 1 umol/min (UCUM 2.2, table 4). The international unit of an enzyme is the same.
        "U" | "[iU]" | "[IU]" => unit(1, 60_000_000, CATALYTIC_ACTIVITY),
        // Months and years of a calendar have no fixed number of days, whatever UCUM's mean ones have.
        "mo" => unit(1, 1, CALENDAR),
        "a" => unit(12, 1, CALENDAR),
        "u" => None,
        _ => proper(record),
    }
}

fn proper(record: &UnitRecord) -> Option<Unit> {
    let [length, time, mass, 0, 0, 0, 0] = record.dim.0 else { return None };
    let is_counted = record.dim.is_dimensionless() && !matches!(record.property, "number" | "fraction");
    if record.special != SpecialKind::None || is_counted {
        return None;
    }
    Some(Unit { dimension: Dimension { length, mass, time, ..NUMBER }, size: ratio(record.factor)? })
}

fn ratio(number: Number) -> Option<Ratio> {
    let (digits, exponent) = number.to_integer_and_exponent();
    Ratio::decimal(digits, exponent)
}
