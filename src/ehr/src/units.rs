//! Units of measure: the spellings that laboratories and EHRs send, and exact factors between them.

use std::collections::HashMap;
use std::sync::LazyLock;

use criteria::{Decimal, Interval};

use crate::exact;

/// What a unit measures; only units of one dimension convert into each other (and mass to substance by molar mass).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Dimension {
    /// Cells per volume; counted in `/uL`.
    Count,
    /// Enzyme activity per volume; counted in `U/L`.
    Enzyme,
    /// Mass per volume; counted in `mg/dL`.
    MassConcentration,
    /// Amount of substance per volume; counted in `umol/L`.
    SubstanceConcentration,
    /// Counted in `cm`.
    Length,
    /// Counted in `mg`.
    Mass,
    /// Counted in `m2`.
    Area,
    /// Counted in `mg/m2`.
    MassPerArea,
    /// Counted in `s`.
    Time,
    /// Calendar months and years; counted in `mo`.
    Calendar,
    /// Counted in `1`.
    Fraction,
}

use Dimension::{
    Area, Calendar, Count, Enzyme, Fraction, Length, Mass, MassConcentration, MassPerArea,
    SubstanceConcentration, Time,
};

/// A unit that is understood: its dimension and its size, as digits and a number of decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unit {
    dimension: Dimension,
    digits: i64,
    decimals: u32,
}

const fn unit(dimension: Dimension, digits: i64, decimals: u32) -> Unit {
    Unit { dimension, digits, decimals }
}

/// Spellings that differ only by case from another unit: `G/L` is a count (10*9/L), `g/L` a mass.
const BY_CASE: &[(&str, Unit)] = &[
    // UCUM prefixes (UCUM 4, table 1): G giga, g gram. Laboratories write G/L for counts.
    ("G/L", unit(Count, 1000, 0)),
    ("G/l", unit(Count, 1000, 0)),
    ("g/L", unit(MassConcentration, 100, 0)),
    ("g/l", unit(MassConcentration, 100, 0)),
    // A capital M is mega or molar, never metre.
    ("m", unit(Length, 100, 0)),
    // UCUM: `a` is the year, `A` the ampere; `d` the day, `D` no unit of time.
    ("a", unit(Calendar, 12, 0)),
    ("g", unit(Mass, 1000, 0)),
];

/// Every other spelling, in lower case and as [`plain`] leaves it.
const ANY_CASE: &[(&str, Unit)] = &[
    // Counts: UCUM first, then what analysers and EHRs print.
    ("/ul", unit(Count, 1, 0)),
    ("cells/ul", unit(Count, 1, 0)),
    ("/mm3", unit(Count, 1, 0)),
    ("cells/mm3", unit(Count, 1, 0)),
    ("/cmm", unit(Count, 1, 0)),
    ("cells/cmm", unit(Count, 1, 0)),
    ("10*3/ul", unit(Count, 1000, 0)),
    ("10*3cells/ul", unit(Count, 1000, 0)),
    ("10*3/mm3", unit(Count, 1000, 0)),
    ("k/ul", unit(Count, 1000, 0)),
    ("k/mm3", unit(Count, 1000, 0)),
    ("k/cmm", unit(Count, 1000, 0)),
    ("thou/ul", unit(Count, 1000, 0)),
    ("thou/mm3", unit(Count, 1000, 0)),
    ("thousand/ul", unit(Count, 1000, 0)),
    ("thousands/ul", unit(Count, 1000, 0)),
    ("10*9/l", unit(Count, 1000, 0)),
    ("10*6/l", unit(Count, 1, 0)),
    ("10*6/ul", unit(Count, 1_000_000, 0)),
    ("m/ul", unit(Count, 1_000_000, 0)),
    ("10*12/l", unit(Count, 1_000_000, 0)),
    ("/ml", unit(Count, 1, 3)),
    ("/l", unit(Count, 1, 6)),
    // Enzymes: 1 kat = 1 mol/s, 1 U = 1 umol/min (UCUM table 4), so 1 ukat = 60 U.
    ("u/l", unit(Enzyme, 1, 0)),
    ("iu/l", unit(Enzyme, 1, 0)),
    ("[iu]/l", unit(Enzyme, 1, 0)),
    ("units/l", unit(Enzyme, 1, 0)),
    ("ukat/l", unit(Enzyme, 60, 0)),
    ("nkat/l", unit(Enzyme, 6, 2)),
    // Mass and substance concentration: SI prefixes.
    ("mg/dl", unit(MassConcentration, 1, 0)),
    ("mg/l", unit(MassConcentration, 1, 1)),
    ("ug/ml", unit(MassConcentration, 1, 1)),
    ("ug/dl", unit(MassConcentration, 1, 3)),
    ("mg/ml", unit(MassConcentration, 100, 0)),
    ("g/dl", unit(MassConcentration, 1000, 0)),
    ("umol/l", unit(SubstanceConcentration, 1, 0)),
    ("nmol/l", unit(SubstanceConcentration, 1, 3)),
    ("mmol/l", unit(SubstanceConcentration, 1000, 0)),
    // Body measures: international inch and pound (UCUM tables for [in_i], [lb_av], [ft_i], [oz_av]).
    ("cm", unit(Length, 1, 0)),
    ("mm", unit(Length, 1, 1)),
    ("[in_i]", unit(Length, 254, 2)),
    ("in", unit(Length, 254, 2)),
    ("inch", unit(Length, 254, 2)),
    ("inches", unit(Length, 254, 2)),
    ("[ft_i]", unit(Length, 3048, 2)),
    ("ft", unit(Length, 3048, 2)),
    ("feet", unit(Length, 3048, 2)),
    ("kg", unit(Mass, 1_000_000, 0)),
    ("mg", unit(Mass, 1, 0)),
    ("ug", unit(Mass, 1, 3)),
    ("mcg", unit(Mass, 1, 3)),
    ("[lb_av]", unit(Mass, 45_359_237, 2)),
    ("lb", unit(Mass, 45_359_237, 2)),
    ("lbs", unit(Mass, 45_359_237, 2)),
    ("[oz_av]", unit(Mass, 28_349_523_125, 6)),
    ("m2", unit(Area, 1, 0)),
    ("sqm", unit(Area, 1, 0)),
    // Doses by body surface area.
    ("mg/m2", unit(MassPerArea, 1, 0)),
    ("mg/sqm", unit(MassPerArea, 1, 0)),
    ("mgperm2", unit(MassPerArea, 1, 0)),
    ("g/m2", unit(MassPerArea, 1000, 0)),
    ("ug/m2", unit(MassPerArea, 1, 3)),
    ("mcg/m2", unit(MassPerArea, 1, 3)),
    // Time: UCUM table 5, and the words of schedules.
    ("s", unit(Time, 1, 0)),
    ("min", unit(Time, 60, 0)),
    ("h", unit(Time, 3600, 0)),
    ("hr", unit(Time, 3600, 0)),
    ("hour", unit(Time, 3600, 0)),
    ("hours", unit(Time, 3600, 0)),
    ("d", unit(Time, 86_400, 0)),
    ("day", unit(Time, 86_400, 0)),
    ("days", unit(Time, 86_400, 0)),
    ("w", unit(Time, 604_800, 0)),
    ("wk", unit(Time, 604_800, 0)),
    ("wks", unit(Time, 604_800, 0)),
    ("week", unit(Time, 604_800, 0)),
    ("weeks", unit(Time, 604_800, 0)),
    ("mo", unit(Calendar, 1, 0)),
    ("month", unit(Calendar, 1, 0)),
    ("months", unit(Calendar, 1, 0)),
    ("yr", unit(Calendar, 12, 0)),
    ("year", unit(Calendar, 12, 0)),
    ("years", unit(Calendar, 12, 0)),
    // Fractions; an annotation alone (`{score}`) is dimensionless by UCUM.
    ("", unit(Fraction, 1, 0)),
    ("1", unit(Fraction, 1, 0)),
    ("%", unit(Fraction, 1, 2)),
    ("percent", unit(Fraction, 1, 2)),
];

/// [`ANY_CASE`], to be looked up.
static SPELLINGS: LazyLock<HashMap<&str, Unit>> = LazyLock::new(|| ANY_CASE.iter().copied().collect());

impl Unit {
    /// The unit that a text means: a UCUM code or a usual spelling. `None` where it is in no table.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let plain = plain(text)?;
        if let Some((_, unit)) = BY_CASE.iter().find(|(spelling, _)| *spelling == plain) {
            return Some(*unit);
        }
        let lower = plain.to_lowercase();
        let find = |spelling: &str| SPELLINGS.get(spelling).copied();
        // Nearly every unit is spelled as the table has it.
        find(&lower).or_else(|| find(&powers(&lower)))
    }

    /// Whether it is the plain number one.
    #[must_use]
    pub fn is_one(self) -> bool {
        self == unit(Fraction, 1, 0)
    }

    fn size(self) -> Option<Interval> {
        Decimal::try_from_i128_with_scale(i128::from(self.digits), self.decimals).ok().map(Interval::exactly)
    }

    /// What a number in this unit is multiplied by to be in another; `None` where they do not convert.
    ///
    /// `molar_mass` in g/mol. Exact wherever the factor is a decimal.
    #[must_use]
    pub fn factor(self, to: Self, molar_mass: Option<Decimal>) -> Option<Interval> {
        let (from_size, to_size) = (self.size()?, to.size()?);
        // 1 umol/L of a substance of M g/mol is M x 10^-4 mg/dL.
        let bridge = molar_mass
            .map(|mass| exact::product(&Interval::exactly(mass), &Interval::exactly(Decimal::new(1, 4))));
        let from_size = match (self.dimension, to.dimension) {
            (one, other) if one == other => from_size,
            (SubstanceConcentration, MassConcentration) => exact::product(&from_size, &bridge?),
            (MassConcentration, SubstanceConcentration) => exact::quotient(&from_size, &bridge?)?,
            _ => return None,
        };
        exact::quotient(&from_size, &to_size)
    }
}

/// What a number in `from` is multiplied by to be in `to`; `None` where one is not understood or they do not convert.
///
/// Both are UCUM codes or usual spellings; `molar_mass` in g/mol. Exact wherever the factor is a decimal.
#[must_use]
pub fn factor(from: &str, to: &str, molar_mass: Option<Decimal>) -> Option<Interval> {
    Unit::read(from)?.factor(Unit::read(to)?, molar_mass)
}

/// The text without white space and UCUM annotations, with plain letters and digits; `None` where it is far too long.
fn plain(text: &str) -> Option<String> {
    if text.len() > 64 {
        return None;
    }
    let mut depth = 0usize;
    let mut plain = String::new();
    for letter in text.chars() {
        match letter {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ if depth > 0 || letter.is_whitespace() => {}
            'µ' | 'μ' => plain.push('u'),
            '²' => plain.push('2'),
            '³' => plain.push_str(if plain.ends_with("10") { "*3" } else { "3" }),
            '⁶' => plain.push_str("*6"),
            '⁹' => plain.push_str("*9"),
            '×' => plain.push('x'),
            _ => plain.push(letter),
        }
    }
    Some(plain)
}

/// One spelling of powers: `x10E3/uL`, `10^3/uL` and `10*3/uL` are the same; so are `m^2`, `m(2)` and `m2`.
fn powers(lower: &str) -> String {
    let number = lower.strip_prefix(['x', '*']).filter(|rest| rest.starts_with("10")).unwrap_or(lower);
    let number = ["10^", "10e+", "10e", "10exp"]
        .iter()
        .find_map(|prefix| number.strip_prefix(prefix))
        .map_or_else(|| number.to_owned(), |rest| format!("10*{rest}"));
    number
        .replace("m^2", "m2")
        .replace("m(2)", "m2")
        .replace("sq.m", "sqm")
        .replace("mm^3", "mm3")
        .replace("cu.mm", "cmm")
        .replace("mcl", "ul")
}
