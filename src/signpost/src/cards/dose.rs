//! The order sent back with another dose: the client's own JSON, changed in nothing else.
//!
//! `serde_json` keeps the order of members and the digits of numbers (`preserve_order`, `arbitrary_precision`),
//! so what is not changed comes back as it came.

use criteria::interval::Decimal;
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Map, Number, Value};

/// The order with every dose set to `to`; `None` where no dose in that unit stands in it, or a dose stands in
/// another unit too: a change that fits only a part would be worse than none.
#[must_use]
pub fn changed(order: &RawValue, to: Decimal, unit: &str) -> Option<Box<RawValue>> {
    let mut order: Map<String, Value> = serde_json::from_str(order.get()).ok()?;
    let dosages = order.get_mut("dosageInstruction")?.as_array_mut()?;
    let mut set = 0;
    for dosage in dosages.iter_mut().filter_map(Value::as_object_mut) {
        set += change_dosage(dosage, to, unit)?;
    }
    (set > 0).then(|| to_raw_value(&order).ok()).flatten()
}

/// How many doses were set; `None` where one is in another unit.
fn change_dosage(dosage: &mut Map<String, Value>, to: Decimal, unit: &str) -> Option<usize> {
    let mut set = 0;
    let mut before = None;
    let doses = dosage.get_mut("doseAndRate").and_then(Value::as_array_mut);
    for dose in doses.into_iter().flatten() {
        for key in ["doseQuantity", "rateQuantity"] {
            let Some(quantity) = dose.get_mut(key).and_then(Value::as_object_mut) else { continue };
            if !is_in(quantity, unit) {
                return None;
            }
            let number = to.normalize().to_string().parse::<Number>().ok()?;
            before = quantity.insert("value".into(), Value::Number(number));
            set += 1;
        }
    }
    if set > 0 {
        change_text(dosage, before.as_ref(), to, unit);
    }
    Some(set)
}

fn is_in(quantity: &Map<String, Value>, unit: &str) -> bool {
    ["code", "unit"].iter().filter_map(|key| quantity.get(*key)?.as_str()).any(|known| known.trim() == unit)
}

/// A text that says another dose than the structure is dangerous: it is changed with it, or taken out.
fn change_text(dosage: &mut Map<String, Value>, before: Option<&Value>, to: Decimal, unit: &str) {
    let changed = dosage.get("text").and_then(Value::as_str).and_then(|text| {
        let old = format!("{} {unit}", before?);
        text.contains(&old).then(|| text.replace(&old, &format!("{} {unit}", to.normalize())))
    });
    match changed {
        Some(text) => {
            dosage.insert("text".into(), Value::String(text));
        }
        None => {
            dosage.shift_remove("text");
        }
    }
}
