//! The ways in which the demo EHR can fail, as real servers do.

use std::fmt;
use std::str::FromStr;

/// A way to fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Answers after a minute.
    Slow,
    /// Answers with this status, such as 401, 403, 404, 429, 500.
    Status(u16),
    /// 503 with `Retry-After: 1` the first time that something is asked.
    BusyOnce,
    /// Breaks the connection in the middle of the body.
    HalfBody,
    /// A whole answer with half of the JSON.
    HalfJson,
    /// 200 with a page for people.
    Html,
    /// Everything is about another patient.
    WrongPatient,
    /// An OperationOutcome among the entries.
    Outcome,
    /// `next` leads to the same page.
    NextLoop,
    /// `next` leads to another host.
    NextElsewhere,
    /// `next` leads to a new page for ever.
    NextEndless,
    /// Redirects to another host.
    Redirect,
    /// Every search finds nothing.
    EmptySearch,
    /// Searches by code find nothing, though `code` is advertised.
    EmptyCodeSearch,
    /// Searches by `patient` find nothing, though it is advertised; those by `subject` do.
    EmptyPatientSearch,
    /// Parameters other than those of our templates are an error (400).
    FewParameters,
    /// Finds nothing, and the `self` link lacks the parameters that were passed over.
    UnknownParameter,
    /// The Patient comes along with every search.
    IncludePatient,
    /// The last page is empty.
    EmptyLastPage,
    /// Pages of two, whatever `_count` says.
    SmallPages,
}

/// The ways that have a name; statuses are written as numbers.
const NAMES: [(&str, Way); 19] = [
    ("slow", Way::Slow),
    ("busy-once", Way::BusyOnce),
    ("half-body", Way::HalfBody),
    ("half-json", Way::HalfJson),
    ("html", Way::Html),
    ("wrong-patient", Way::WrongPatient),
    ("outcome", Way::Outcome),
    ("next-loop", Way::NextLoop),
    ("next-elsewhere", Way::NextElsewhere),
    ("next-endless", Way::NextEndless),
    ("redirect", Way::Redirect),
    ("empty-search", Way::EmptySearch),
    ("empty-code-search", Way::EmptyCodeSearch),
    ("empty-patient-search", Way::EmptyPatientSearch),
    ("few-parameters", Way::FewParameters),
    ("unknown-parameter", Way::UnknownParameter),
    ("include-patient", Way::IncludePatient),
    ("empty-last-page", Way::EmptyLastPage),
    ("small-pages", Way::SmallPages),
];

/// A way to fail, for everything or for one resource type: `500`, `half-body`, `slow:Observation`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    way: Way,
    kind: Option<String>,
}

/// No such way to fail.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "a way to fail is a status (`500`) or one of {}, optionally for one resource type (`500:Observation`)",
    names()
)]
pub struct NoSuchFailure;

impl Failure {
    /// The way in which it answers about a resource type.
    #[must_use]
    pub fn on(&self, kind: &str) -> Option<Way> {
        self.kind.as_ref().is_none_or(|own| own == kind).then_some(self.way)
    }
}

impl FromStr for Failure {
    type Err = NoSuchFailure;

    fn from_str(text: &str) -> Result<Self, NoSuchFailure> {
        let (way, kind) =
            text.split_once(':').map_or((text, None), |(way, kind)| (way, Some(kind.to_owned())));
        let named = NAMES.iter().find(|(name, _)| *name == way).map(|(_, way)| *way);
        let status = || way.parse().ok().filter(|status| (400..600).contains(status)).map(Way::Status);
        Ok(Self { way: named.or_else(status).ok_or(NoSuchFailure)?, kind })
    }
}

fn names() -> impl fmt::Display {
    NAMES.map(|(name, _)| name).join(", ")
}
