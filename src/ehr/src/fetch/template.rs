//! Prefetch templates filled with the context of a call.

/// The values of the tokens that our templates use.
#[derive(Debug, Clone, Copy)]
pub(super) struct Context<'q> {
    pub(super) patient_id: &'q str,
    pub(super) user_id: &'q str,
    pub(super) encounter_id: Option<&'q str>,
    /// The practitioner who signs: the user, or who stands behind the user's role.
    pub(super) practitioner_id: Option<&'q str>,
}

impl Context<'_> {
    /// The read or search that a template asks for; `None` where the context does not say what for.
    pub(super) fn fill(&self, template: &str) -> Option<String> {
        let mut filled = String::with_capacity(template.len() + 32);
        let mut rest = template;
        while let Some((before, after)) = rest.split_once("{{") {
            let (token, after) = after.split_once("}}")?;
            filled.push_str(before);
            match token.trim() {
                "context.patientId" => filled.push_str(&id(self.patient_id)?),
                "context.encounterId" => filled.push_str(&id(self.encounter_id?)?),
                "userPractitionerId" => filled.push_str(&id(self.practitioner_id?)?),
                "context.userId" => filled.push_str(&reference(self.user_id)?),
                _ => return None,
            }
            rest = after;
        }
        filled.push_str(rest);
        Some(filled)
    }
}

/// `Type/id` in a URL.
pub(super) fn reference(reference: &str) -> Option<String> {
    let (kind, own) = reference.split_once('/')?;
    let is_type = !kind.is_empty() && kind.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_type.then_some(())?;
    Some(format!("{kind}/{}", id(own)?))
}

/// An id in a URL. EHRs' ids are wider than FHIR's; whatever they hold, they stay one segment of a path.
pub(super) fn id(id: &str) -> Option<String> {
    if id.is_empty() || id.bytes().all(|byte| byte == b'.') {
        return None;
    }
    let mut encoded = String::with_capacity(id.len());
    for byte in id.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    Some(encoded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_filled_and_what_the_context_does_not_say_is_not_asked() {
        let context = Context {
            patient_id: "p 1/../2",
            user_id: "Practitioner/dr1",
            encounter_id: None,
            practitioner_id: Some("dr1"),
        };
        let rows = [
            ("Patient/{{context.patientId}}", Some("Patient/p%201%2F..%2F2")),
            ("Condition?patient={{context.patientId}}", Some("Condition?patient=p%201%2F..%2F2")),
            ("{{context.userId}}", Some("Practitioner/dr1")),
            (
                "PractitionerRole?practitioner={{userPractitionerId}}",
                Some("PractitionerRole?practitioner=dr1"),
            ),
            ("Encounter/{{context.encounterId}}", None),
            ("Encounter/{{context.unknown}}", None),
            ("Encounter/{{context.patientId", None),
        ];
        for (template, expected) in rows {
            assert_eq!(context.fill(template).as_deref(), expected, "{template}");
        }
        assert_eq!(id(".."), None);
        assert_eq!(reference("../x"), None);
    }
}
