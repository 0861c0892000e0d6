//! Who signs, among those whom the searches for the user and the user's roles brought.

use std::collections::HashMap;

use super::Record;
use crate::fhir::Reference;
use crate::reference::Target;

impl Record<'_> {
    /// Leaves as users those who may be this one (`Practitioner/1` or `PractitionerRole/2`). A server that does not know a
    /// search parameter passes over it, and sends everybody's roles.
    pub fn signed_by(&mut self, user: &str) {
        let Some(Target { kind: Some(kind), id: user }) = Target::of(user) else { return };
        let roles: HashMap<&str, Option<&str>> = self
            .practitioner_roles
            .iter()
            .filter_map(|role| {
                let person = role.practitioner.get().and_then(Reference::target).map(|person| person.id);
                Some((role.id.get()?, person))
            })
            .collect();
        let person = match kind {
            "Practitioner" => Some(user),
            "PractitionerRole" => roles.get(user).copied().flatten(),
            _ => return,
        };
        // What does not say whose it is was found by the user's search.
        let may_be = |other: Option<&str>| person.is_none() || other.is_none() || other == person;
        self.users.retain(|known| match known.split_once('/') {
            Some(("Practitioner", id)) => may_be(Some(id)),
            Some(("PractitionerRole", id)) if kind == "PractitionerRole" && id == user => true,
            Some(("PractitionerRole", id)) => may_be(roles.get(id).copied().flatten()),
            _ => true,
        });
    }
}
