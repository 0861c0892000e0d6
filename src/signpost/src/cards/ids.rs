//! Ids of cards and suggestions: the same request gives the same ids, so that an answer can be compared with
//! an earlier one and feedback on either is feedback on the same card.

use std::borrow::Cow;
use std::collections::HashMap;

use uuid::Uuid;

/// Namespace of the ids: drawn once at random, and never changed.
const NAMESPACE: Uuid = Uuid::from_u128(0x35f9_e79a_fdd4_4903_8a30_080a_5adb_a7fa);

/// Stands in none of the parts of a name, and so keeps `a` + `bc` apart from `ab` + `c`.
const SEPARATOR: &str = "\u{1f}";

/// The id of what is named by these parts within one firing of a hook.
#[must_use]
pub fn id(parts: &[&str]) -> String {
    Uuid::new_v5(&NAMESPACE, parts.join(SEPARATOR).as_bytes()).to_string()
}

/// Orders as ids name them, by their references: some EHRs send several drafts under one id, and the second and later ones
/// of a reference have their number beside it.
#[must_use]
pub fn names<'o>(references: impl IntoIterator<Item = &'o str>) -> Vec<Cow<'o, str>> {
    let mut times: HashMap<&str, usize> = HashMap::new();
    let name = |reference: &'o str| {
        let number = times.entry(reference).or_default();
        *number = number.saturating_add(1);
        match *number {
            1 => Cow::Borrowed(reference),
            number => Cow::Owned(format!("{reference}{SEPARATOR}{number}")),
        }
    };
    references.into_iter().map(name).collect()
}

/// The id of the card about one topic (a policy, a topic of limits) of one order, by its name.
#[must_use]
pub fn card_id(hook_instance: &str, service: &str, order: &str, topic: &str) -> String {
    id(&[hook_instance, service, order, topic])
}
