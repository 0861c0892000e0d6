//! Ids of cards and suggestions: the same request gives the same ids, so that an answer can be compared with
//! an earlier one and feedback on either is feedback on the same card.

use uuid::Uuid;

/// Namespace of the ids: drawn once at random, and never changed.
const NAMESPACE: Uuid = Uuid::from_u128(0x35f9_e79a_fdd4_4903_8a30_080a_5adb_a7fa);

/// The id of what is named by these parts within one firing of a hook.
#[must_use]
pub fn id(parts: &[&str]) -> String {
    // A separator that stands in none of them keeps `a` + `bc` apart from `ab` + `c`.
    Uuid::new_v5(&NAMESPACE, parts.join("\u{1f}").as_bytes()).to_string()
}

/// The id of the card about one topic (a policy, a topic of limits) of one order.
#[must_use]
pub fn card_id(hook_instance: &str, service: &str, order: &str, topic: &str) -> String {
    id(&[hook_instance, service, order, topic])
}
