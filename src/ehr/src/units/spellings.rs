//! Spellings of units that are no UCUM, as laboratories, analysers and EHRs print them, and common codes in any case.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::{Unit, ucum};

/// Longest text that is read as a unit.
const LONGEST: usize = 64;

/// What laboratories write for giga per litre; `G` is the gauss by UCUM, and `g` the gram.
const BY_CASE: &[(&str, &str)] = &[("G/L", "10*9/L"), ("G/l", "10*9/L"), ("g/L", "g/L"), ("g/l", "g/L")];

/// Common UCUM codes, each with its other spellings in lower case and as [`plain`] leaves them. All are found in any
/// case, but for codes of one letter: `a` is a year and `A` an ampere, `m` a metre and `M` molar.
const ANY_CASE: &[(&str, &[&str])] = &[
    // Counts.
    ("/uL", &["cells/ul", "cells/mm3", "/cmm", "cells/cmm"]),
    ("/mm3", &[]),
    ("10*3/uL", &["10*3cells/ul", "k/ul", "k/mm3", "k/cmm", "thou/ul", "thou/mm3"]),
    ("10*3/mm3", &["thousand/ul", "thousands/ul", "thousand/mm3"]),
    ("10*9/L", &[]),
    ("10*6/L", &[]),
    ("10*6/uL", &["m/ul"]),
    ("10*12/L", &[]),
    ("/mL", &[]),
    ("/L", &[]),
    // Enzymes.
    ("U/L", &["iu/l", "[iu]/l", "units/l"]),
    ("U/mL", &["iu/ml", "[iu]/ml", "units/ml"]),
    ("mU/mL", &["miu/ml", "m[iu]/ml"]),
    ("mU/L", &["miu/l", "m[iu]/l"]),
    ("ukat/L", &[]),
    ("nkat/L", &[]),
    // Mass and substance concentration.
    ("mg/dL", &[]),
    ("mg/L", &[]),
    ("ug/mL", &[]),
    ("ug/dL", &[]),
    ("ng/mL", &[]),
    ("mg/mL", &[]),
    ("g/dL", &[]),
    ("umol/L", &[]),
    ("nmol/L", &[]),
    ("mmol/L", &[]),
    // Body measures.
    ("cm", &[]),
    ("mm", &[]),
    ("[in_i]", &["in", "inch", "inches"]),
    ("[ft_i]", &["ft", "feet"]),
    ("m", &[]),
    ("kg", &[]),
    ("g", &[]),
    ("mg", &[]),
    ("ug", &["mcg"]),
    ("[lb_av]", &["lb", "lbs"]),
    ("[oz_av]", &[]),
    ("m2", &["sqm"]),
    // Doses by body surface area.
    ("mg/m2", &["mg/sqm", "mgperm2"]),
    ("g/m2", &[]),
    ("ug/m2", &["mcg/m2"]),
    // Time, and the words of schedules.
    ("s", &[]),
    ("min", &[]),
    ("h", &["hr", "hour", "hours"]),
    ("d", &["day", "days"]),
    ("wk", &["w", "wks", "week", "weeks"]),
    ("mo", &["month", "months"]),
    ("a", &["yr", "year", "years"]),
    // Fractions; an annotation alone (`{score}`) is dimensionless by UCUM, and nothing is left of it.
    ("1", &[""]),
    ("%", &["percent"]),
];

/// Both tables, to be looked up. The codes are in it as they are written too, which is how most of them are sent.
static SPELLINGS: LazyLock<FxHashMap<String, Unit>> = LazyLock::new(|| {
    let own = ANY_CASE.iter().flat_map(|(code, _)| [(code.to_lowercase(), *code), (code.to_string(), *code)]);
    let others =
        ANY_CASE.iter().flat_map(|(code, others)| others.iter().map(|other| (other.to_string(), *code)));
    let by_case = BY_CASE.iter().map(|(spelling, code)| (spelling.to_string(), *code));
    let all = own.chain(others).chain(by_case);
    all.filter_map(|(spelling, code)| Some((spelling, ucum::read(code)?))).collect()
});

/// The unit of a text that is a spelling as the tables have it: nearly every text.
pub(super) fn of_table(text: &str) -> Option<Unit> {
    SPELLINGS.get(text).copied()
}

/// The unit that a usual spelling means, in whatever case unless it is one letter.
pub(super) fn read(plain: &str) -> Option<Unit> {
    of_table(plain).or_else(|| {
        let lower = plain.to_lowercase();
        let is_letter = plain.len() == 1;
        of_table(&lower).or_else(|| of_table(&powers(&lower))).filter(|_| !is_letter)
    })
}

/// The text without white space and UCUM annotations, with plain letters and digits; `None` where it is far too long.
pub(super) fn plain(text: &str) -> Option<String> {
    if text.len() > LONGEST {
        return None;
    }
    let mut depth = 0usize;
    let mut plain = String::with_capacity(text.len());
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
