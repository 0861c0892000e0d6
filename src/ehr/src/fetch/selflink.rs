//! What a server says that it searched for: the `self` link of a searchset.

use std::collections::BTreeSet;

use url::Url;

/// Whether a server says that it did not use a parameter of a search, in a way that makes the answer worthless.
///
/// FHIR R4 3.1.1.1.4: the `self` link holds the parameters that were actually used. A server that passes over the
/// patient may answer for anybody; one that passes over a code answers for more than was asked, which does no harm unless
/// it answers nothing. A link without any parameter of ours (an address of a stored result) says nothing.
pub(super) fn has_ignored(asked: &Url, self_link: Option<&str>, found_nothing: bool) -> bool {
    let Some((_, query)) = self_link.and_then(|link| link.split_once('?')) else { return false };
    let used: BTreeSet<String> =
        url::form_urlencoded::parse(query.as_bytes()).map(|(name, _)| plain(&name).to_owned()).collect();
    let asked: BTreeSet<String> = asked
        .query_pairs()
        .map(|(name, _)| plain(&name).to_owned())
        .filter(|name| !name.starts_with('_'))
        .collect();
    let is_stored_result =
        !used.is_empty() && used.iter().all(|name| name.starts_with('_') && name != "_count");
    let is_missing = |name: &String| {
        // Some servers call the patient the subject, or the other way round.
        let is_called_otherwise = is_patient(name) && used.iter().any(|used| is_patient(used));
        !used.contains(name) && !is_called_otherwise
    };
    let mut missing = asked.iter().filter(|name| is_missing(name)).peekable();
    let is_any_missing = missing.peek().is_some();
    !is_stored_result && is_any_missing && (found_nothing || missing.any(|name| is_patient(name)))
}

/// Whether a server says that it searched by a patient.
pub(super) fn names_patient(self_link: Option<&str>) -> bool {
    parameters(self_link).iter().any(|(name, _)| is_patient(plain(name)))
}

/// The values of one parameter that a server says it used.
pub(super) fn values(self_link: Option<&str>, name: &str) -> Vec<String> {
    parameters(self_link).into_iter().filter(|(own, _)| plain(own) == name).map(|(_, value)| value).collect()
}

fn parameters(self_link: Option<&str>) -> Vec<(String, String)> {
    let query = self_link.and_then(|link| link.split_once('?')).map_or("", |(_, query)| query);
    url::form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

fn is_patient(name: &str) -> bool {
    matches!(name, "patient" | "subject")
}

/// A parameter's name without modifier or chain.
fn plain(name: &str) -> &str {
    name.split([':', '.']).next().unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_that_was_not_used_is_noticed() {
        let asked = Url::parse("https://h/f/Observation?patient=1&code=a,b&_count=200").expect("a URL");
        let rows = [
            (None, false, false),
            (Some("https://h/f/Observation"), false, false),
            (Some("https://h/f/Observation?patient=1&code=a%2Cb&_count=200"), false, false),
            (Some("https://h/f/Observation?subject=Patient/1&code=a"), false, false),
            (Some("https://h/f/Observation?patient:Patient=1&code=a"), false, false),
            (Some("https://h/f/Observation?patient=1"), true, false),
            (Some("https://h/f/Observation?code=a"), true, true),
            (Some("https://h/f/Observation?_count=200"), true, true),
            (Some("https://h/f/Observation?"), true, true),
            (Some("https://h/f?_getpages=abc"), false, false),
        ];
        assert!(names_patient(Some("https://h/f/Observation?subject:Patient=1")));
        assert!(!names_patient(Some("https://h/f/Observation?code=a")) && !names_patient(None));
        assert_eq!(
            values(Some("https://h/f/Patient?_revinclude=A%3Ap&_revinclude=B:p"), "_revinclude"),
            ["A:p", "B:p"]
        );
        for (link, when_empty, when_found) in rows {
            assert_eq!(has_ignored(&asked, link, true), when_empty, "{link:?}");
            assert_eq!(has_ignored(&asked, link, false), when_found, "{link:?}");
        }
    }
}
