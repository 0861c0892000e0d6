//! What one search brought: its pages put together into one Bundle.

use serde_json::value::RawValue;

use super::access::Access;
use crate::fhir::{Page, Role, identity, resource, role};
use crate::search::Reason;

/// The most resources that are taken of one search.
const MOST_RESOURCES: usize = 5_000;

/// The most bytes that are taken of one search.
const MOST_BYTES: usize = 8 * 1024 * 1024;

/// The entries of all pages so far.
#[derive(Debug, Default)]
pub(super) struct Collected {
    entries: String,
    count: usize,
    matches: usize,
    total: usize,
    /// Why it is not complete; the first reason stays.
    pub(super) reason: Option<Reason>,
    /// What the server says that it searched for.
    pub(super) self_link: Option<String>,
}

impl Collected {
    pub(super) fn failed(reason: Reason) -> Self {
        Self { reason: Some(reason), ..Self::default() }
    }

    /// Takes one page, as much of it as there is time for.
    pub(super) fn add(&mut self, page: &Page<'_>, access: &Access) {
        // `total` counts matches on all pages; some servers put it on the first only.
        let total = page.total.get().and_then(|total| total.parse().ok()).unwrap_or(0);
        self.total = self.total.max(total);
        for entry in page.entry.iter().flatten().filter(|entry| entry.get() != "null") {
            if access.is_over() {
                return self.because(Reason::TimedOut);
            }
            match role(entry) {
                Role::Trouble => self.because(Reason::Failed),
                Role::Remark => {}
                Role::Match => {
                    self.matches += 1;
                    self.push(entry.get());
                }
                Role::Include => self.push(entry.get()),
            }
        }
    }

    fn push(&mut self, entry: &str) {
        if self.count >= MOST_RESOURCES || self.entries.len() + entry.len() > MOST_BYTES {
            return self.because(Reason::Truncated);
        }
        if self.count > 0 {
            self.entries.push(',');
        }
        self.entries.push_str(entry);
        self.count += 1;
    }

    /// Takes one resource that comes along with the search.
    pub(super) fn include(&mut self, resource: &RawValue) {
        self.push(&format!(r#"{{"resource":{resource},"search":{{"mode":"include"}}}}"#));
    }

    /// Takes everything that another search brought as coming along with this one.
    pub(super) fn include_all(&mut self, other: &Self) {
        other.each(|resource| self.include(resource));
        if let Some(reason) = other.reason {
            self.because(reason);
        }
    }

    /// What is of one resource type, as coming along.
    pub(super) fn only(&self, kind: &str) -> Self {
        let mut only = Self::default();
        self.each(|resource| {
            if identity(resource.get()).is_some_and(|(own, _)| own == kind) {
                only.include(resource);
            }
        });
        only
    }

    fn each(&self, take: impl FnMut(&RawValue)) {
        let entries = format!("[{}]", self.entries);
        let entries: Vec<&RawValue> = serde_json::from_str(&entries).unwrap_or_default();
        entries.into_iter().filter_map(resource).for_each(take);
    }

    /// Keeps why it is not complete.
    pub(super) fn because(&mut self, reason: Reason) {
        self.reason.get_or_insert(reason);
    }

    /// Called when there are no more pages: fewer matches than the server counts are not all.
    pub(super) fn close(&mut self) {
        if self.total > self.matches {
            self.because(Reason::Paged);
        }
    }

    /// Whether nothing matches, and nothing says why.
    pub(super) fn is_empty(&self) -> bool {
        self.matches == 0 && self.reason.is_none()
    }

    /// Whether it holds nothing at all.
    pub(super) fn is_blank(&self) -> bool {
        self.count == 0
    }

    pub(super) fn has_matches(&self) -> bool {
        self.matches > 0
    }

    /// One Bundle of everything.
    pub(super) fn bundle(&self) -> Option<Box<RawValue>> {
        let bundle = format!(r#"{{"resourceType":"Bundle","type":"searchset","entry":[{}]}}"#, self.entries);
        RawValue::from_string(bundle).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resource(length: usize) -> Box<RawValue> {
        let text = format!(r#"{{"resourceType":"Observation","note":"{}"}}"#, "x".repeat(length));
        RawValue::from_string(text).expect("JSON")
    }

    #[test]
    fn one_search_brings_no_more_than_so_many_resources_and_bytes() {
        for (length, most) in [(10, MOST_RESOURCES), (MOST_BYTES / 4, 3)] {
            let mut collected = Collected::default();
            let one = resource(length);
            (0..most).for_each(|_| collected.include(&one));
            assert_eq!((collected.count, collected.reason), (most, None), "{length}");
            collected.include(&one);
            assert_eq!((collected.count, collected.reason), (most, Some(Reason::Truncated)), "{length}");
        }
    }

    #[test]
    fn resources_are_sorted_by_their_type() {
        let mut collected = Collected::default();
        let patient =
            RawValue::from_string(r#"{"resourceType":"Patient","id":"1"}"#.to_owned()).expect("JSON");
        collected.include(&patient);
        collected.include(&resource(1));
        let texts = ["Patient", "Observation", "Condition"].map(|kind| collected.only(kind).count);
        assert_eq!(texts, [1, 1, 0]);
    }
}
