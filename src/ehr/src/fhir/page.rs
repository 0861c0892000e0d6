//! One page of a searchset, its resources unread: what is needed to follow pages and to tell matches from the rest.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::lenient::{Many, NumberText, One, Text, object_items};

/// A Bundle as a page.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Page<'a> {
    /// `Bundle`, or what it is instead.
    #[serde(borrow)]
    pub resource_type: Text<'a>,
    /// Its entries, each as it came.
    #[serde(borrow)]
    pub entry: Option<Vec<&'a RawValue>>,
    /// How many resources match, on all pages together.
    #[serde(borrow)]
    pub total: NumberText<'a>,
    #[serde(borrow)]
    link: Many<Link<'a>>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Link<'a> {
    #[serde(borrow)]
    relation: Text<'a>,
    #[serde(borrow)]
    url: Text<'a>,
}

/// What an entry of a searchset is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// It matches.
    Match,
    /// It came along: `_include`.
    Include,
    /// The server says something about the search that is worth a warning, or worse.
    Trouble,
    /// The server says something about the search that changes nothing.
    Remark,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct EntryHead<'a> {
    #[serde(borrow)]
    search: One<SearchHead<'a>>,
    #[serde(borrow)]
    resource: One<ResourceHead<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct SearchHead<'a> {
    #[serde(borrow)]
    mode: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct ResourceHead<'a> {
    #[serde(borrow)]
    resource_type: Text<'a>,
    #[serde(borrow)]
    id: Text<'a>,
    #[serde(borrow)]
    issue: Many<IssueHead<'a>>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct IssueHead<'a> {
    #[serde(borrow)]
    severity: Text<'a>,
}

object_items!(Link, IssueHead);

impl<'a> Page<'a> {
    /// Reads a page.
    ///
    /// # Errors
    /// If it is not an object whose `entry` is an array.
    pub fn read(body: &'a str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(body)
    }

    /// The address of a link, by its relation in any spelling.
    #[must_use]
    pub fn link(&self, relation: &str) -> Option<&str> {
        let is_it =
            |link: &&Link<'_>| link.relation.get().is_some_and(|own| own.eq_ignore_ascii_case(relation));
        self.link.iter().find(is_it).and_then(|link| link.url.get())
    }
}

/// The resource of an entry, as it came.
#[must_use]
pub fn resource(entry: &RawValue) -> Option<&RawValue> {
    #[derive(Deserialize)]
    struct Body<'a> {
        #[serde(borrow)]
        resource: Option<&'a RawValue>,
    }
    serde_json::from_str::<Body<'_>>(entry.get()).ok()?.resource
}

/// What an entry is there for. An OperationOutcome is never a match, whatever its mode.
#[must_use]
pub fn role(entry: &RawValue) -> Role {
    let head: EntryHead<'_> = serde_json::from_str(entry.get()).unwrap_or_default();
    let mode = head.search.get().and_then(|search| search.mode.get());
    let resource = head.resource.get();
    let is_outcome = resource.is_some_and(|resource| resource.resource_type.is("OperationOutcome"));
    if is_outcome || mode == Some("outcome") {
        let issues = resource.map(|resource| &resource.issue);
        let is_remark = issues.is_some_and(|issues| {
            !issues.is_empty() && issues.iter().all(|issue| issue.severity.is("information"))
        });
        return if is_remark { Role::Remark } else { Role::Trouble };
    }
    if mode == Some("include") { Role::Include } else { Role::Match }
}

/// The type and id of a resource.
#[must_use]
pub fn identity(body: &str) -> Option<(String, Option<String>)> {
    let head: ResourceHead<'_> = serde_json::from_str(body).ok()?;
    Some((head.resource_type.get()?.to_owned(), head.id.get().map(str::to_owned)))
}
