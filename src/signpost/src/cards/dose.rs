//! The order sent back with another dose: the client's own JSON, byte for byte, but for the doses and their words.

use std::borrow::Cow;
use std::ops::Range;

use criteria::interval::{Decimal, shown};
use serde::Deserialize;
use serde_json::value::RawValue;

/// Another dose for an order.
#[derive(Debug, Clone, Copy)]
pub struct NewDose<'d> {
    /// The dose.
    pub to: Decimal,
    /// Its UCUM unit, `mg/m2` or `mg`.
    pub unit: &'d str,
    /// What the order's dose is now, in that unit, where it is known; to work out what an order in `mg` comes to.
    pub from: Option<Decimal>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OrderJson<'a> {
    #[serde(borrow)]
    dosage_instruction: Vec<DosageJson<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DosageJson<'a> {
    #[serde(borrow)]
    text: Option<&'a RawValue>,
    #[serde(borrow, default)]
    dose_and_rate: Vec<DoseJson<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DoseJson<'a> {
    #[serde(borrow)]
    dose_quantity: Option<QuantityJson<'a>>,
    #[serde(borrow)]
    rate_quantity: Option<QuantityJson<'a>>,
}

#[derive(Deserialize)]
struct QuantityJson<'a> {
    #[serde(borrow)]
    value: Option<&'a RawValue>,
    #[serde(borrow)]
    unit: Option<Cow<'a, str>>,
    #[serde(borrow)]
    code: Option<Cow<'a, str>>,
}

/// A part of the JSON and what stands there instead.
type Edit = (Range<usize>, String);

/// The order with every dose changed; `None` where it has no dose that can be, or only a part of its doses can: a
/// change that fits only a part would be worse than none.
#[must_use]
pub fn changed(order: &RawValue, new: &NewDose<'_>) -> Option<Box<RawValue>> {
    let json: OrderJson<'_> = serde_json::from_str(order.get()).ok()?;
    let mut edits = Vec::new();
    for dosage in &json.dosage_instruction {
        edits.extend(dosage_edits(order, dosage, new)?);
    }
    (!edits.is_empty()).then(|| spliced(order.get(), edits)).flatten()
}

fn dosage_edits(order: &RawValue, dosage: &DosageJson<'_>, new: &NewDose<'_>) -> Option<Vec<Edit>> {
    let mut edits = Vec::new();
    let mut words = None;
    for dose in &dosage.dose_and_rate {
        for quantity in dose.dose_quantity.iter().chain(&dose.rate_quantity) {
            let (value, unit) = (quantity.value?, quantity.unit_of(new)?);
            let before = Decimal::from_str_exact(value.get()).ok()?;
            let after = new.in_unit(before, unit)?;
            edits.push((place(order, value), after.to_string()));
            words = Some((format!("{before} {unit}"), format!("{after} {unit}")));
        }
    }
    let text =
        words.zip(dosage.text).and_then(|((before, after), text)| text_edit(order, text, &before, &after));
    edits.extend(text);
    Some(edits)
}

impl QuantityJson<'_> {
    /// The unit of the new dose, or the plain mg that it can be worked out for.
    fn unit_of<'d>(&self, new: &NewDose<'d>) -> Option<&'d str> {
        let is_in = |wanted: &str| self.code.iter().chain(&self.unit).any(|unit| unit.trim() == wanted);
        [new.unit, "mg"].into_iter().find(|unit| is_in(unit))
    }
}

impl NewDose<'_> {
    /// The new dose in the order's own unit. What is worked out in mg is rounded down to a tenth.
    fn in_unit(&self, before: Decimal, unit: &str) -> Option<Decimal> {
        if unit == self.unit {
            return Some(self.to.normalize());
        }
        let from = self.from.filter(|from| *from > Decimal::ZERO)?;
        let milligrams = before.checked_mul(self.to)?.checked_div(from)?;
        Some(milligrams.round_dp_with_strategy(1, rust_decimal::RoundingStrategy::ToZero).normalize())
    }
}

/// A text that says another dose than the structure is dangerous: the dose in it is changed, or else all of it.
fn text_edit(order: &RawValue, text: &RawValue, before: &str, after: &str) -> Option<Edit> {
    let words: String = serde_json::from_str(text.get()).ok()?;
    let replaced = words.replace(before, after);
    let says_another = replaced.replace(after, "").contains("mg");
    let words = if says_another { after.to_owned() } else { replaced };
    Some((place(order, text), serde_json::to_string(&words).ok()?))
}

/// Where a part of the JSON stands in it: the part borrows from the whole.
fn place(whole: &RawValue, part: &RawValue) -> Range<usize> {
    let start = (part.get().as_ptr() as usize).saturating_sub(whole.get().as_ptr() as usize);
    start..start + part.get().len()
}

/// The text with every edit made, from its end so that places stay what they are.
fn spliced(text: &str, mut edits: Vec<Edit>) -> Option<Box<RawValue>> {
    edits.sort_by_key(|(place, _)| std::cmp::Reverse(place.start));
    let mut text = text.to_owned();
    for (place, new) in edits {
        text.get(place.clone())?;
        text.replace_range(place, &new);
    }
    RawValue::from_string(text).ok()
}

/// A dose in words: `32 mg/m2`.
#[must_use]
pub fn words(to: Decimal, unit: &str) -> String {
    format!("{} {unit}", shown(to))
}
