//! SMART scopes: which searches a token allows, so that one that it does not allow is not sent.

/// What the scopes say about an interaction with a resource type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Allowed {
    Yes,
    /// By a scope with a condition (`patient/Observation.rs?category=...`): what comes may be a part of what matches.
    InPart,
    No,
}

/// A FHIR interaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Interaction {
    Read,
    Search,
}

/// The resource scopes of a token.
#[derive(Debug, Clone, Default)]
pub(super) struct Scopes(Vec<Scope>);

#[derive(Debug, Clone)]
struct Scope {
    kind: String,
    reads: bool,
    searches: bool,
    is_conditional: bool,
}

impl Scopes {
    /// Reads SMART v1 (`patient/Observation.read`) and v2 (`patient/Observation.rs`) scopes; others (`openid`,
    /// `launch`) say nothing about resources.
    pub(super) fn of(scope: &str) -> Self {
        Self(scope.split_whitespace().filter_map(Scope::of).collect())
    }

    /// Whether a token allows an interaction. Scopes in a notation of the EHR's own leave that to the EHR.
    pub(super) fn allow(&self, interaction: Interaction, kind: &str) -> Allowed {
        if self.0.is_empty() {
            return Allowed::Yes;
        }
        let fits = |scope: &&Scope| {
            let grants = match interaction {
                Interaction::Read => scope.reads,
                Interaction::Search => scope.searches,
            };
            grants && (scope.kind == "*" || scope.kind == kind)
        };
        let mut fitting = self.0.iter().filter(fits).peekable();
        if fitting.peek().is_none() {
            Allowed::No
        } else if fitting.any(|scope| !scope.is_conditional) {
            Allowed::Yes
        } else {
            Allowed::InPart
        }
    }
}

impl Scope {
    fn of(text: &str) -> Option<Self> {
        let (context, rest) = text.split_once('/')?;
        if !matches!(context, "patient" | "user" | "system") {
            return None;
        }
        let (kind, permissions) = rest.split_once('.')?;
        let (permissions, is_conditional) =
            permissions.split_once('?').map_or((permissions, false), |(before, _)| (before, true));
        let (reads, searches) = match permissions {
            "read" | "*" => (true, true),
            "write" => (false, false),
            letters => (letters.contains('r'), letters.contains('s')),
        };
        Some(Self { kind: kind.to_owned(), reads, searches, is_conditional })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_of_both_versions_are_read() {
        use Allowed::{InPart, No, Yes};
        use Interaction::{Read, Search};
        let rows = [
            ("patient/Observation.read", Search, "Observation", Yes),
            ("patient/Observation.read", Read, "Observation", Yes),
            ("patient/Observation.read", Search, "Condition", No),
            ("launch patient/*.read openid", Search, "Condition", Yes),
            ("user/*.*", Search, "Condition", Yes),
            ("patient/Observation.write", Search, "Observation", No),
            ("patient/Observation.rs", Search, "Observation", Yes),
            ("patient/Observation.r", Search, "Observation", No),
            ("patient/Observation.s", Read, "Observation", No),
            ("system/*.cruds", Read, "Practitioner", Yes),
            ("patient/Observation.rs?category=laboratory", Search, "Observation", InPart),
            ("patient/Observation.rs?category=laboratory patient/*.rs", Search, "Observation", Yes),
            ("openid launch", Search, "Observation", Yes),
            ("", Search, "Observation", Yes),
        ];
        for (scope, interaction, kind, expected) in rows {
            assert_eq!(
                Scopes::of(scope).allow(interaction, kind),
                expected,
                "{scope} {interaction:?} {kind}"
            );
        }
    }
}
