//! `/policies/{id}`: one version of a policy, whole.

use askama::Template;
use criteria::Policy;
use criteria::cases::Case;
use criteria::policy::Otherwise;

use super::cases::{self, CaseView};
use super::criteria::{self as tree, PartView};
use super::difference::{Difference, difference};
use super::elements::{self, ElementView};
use super::encoded;
use super::list::{self, About, VersionView};
use super::value_sets::{self, SetView};
use crate::content::Content;
use crate::pages::{Audience, Frame, Place};

/// Which policy is to be shown, and how.
#[derive(Debug)]
pub(super) struct Chosen {
    pub(super) id: String,
    /// Without one: the version in force, or the newest.
    pub(super) version: Option<String>,
    /// The version to compare with.
    pub(super) compare: Option<String>,
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "policies/show.html")]
pub(super) struct Show {
    frame: Frame,
    id: String,
    about: About,
    shown: VersionView,
    versions: Vec<VersionView>,
    parts: Vec<PartView>,
    otherwise: Option<Otherwise>,
    elements: Vec<ElementView>,
    sets: Vec<SetView>,
    defaults: Vec<(String, String)>,
    cases: Vec<CaseView>,
    compared: Option<Compared>,
    content: String,
}

/// What changed from the version that is compared with, or that it is not there.
#[derive(Debug)]
struct Compared {
    with: String,
    difference: Option<Difference>,
}

impl Show {
    /// The page of the policy that was chosen, if the content has it.
    pub(super) fn of(content: &Content, chosen: &Chosen, day: &str, audience: Audience) -> Option<Self> {
        let (policy, cases) = find(content, chosen, day)?;
        let all = &content.record.elements;
        let elements = elements::view(content, policy);
        let drug = std::iter::once(policy.medication.as_str());
        let used = elements.iter().flat_map(|element| &element.sets).map(String::as_str);
        let sets = value_sets::view(content, drug.chain(used));
        let frame = Frame::new(policy.title.clone(), audience, Some(Place::Policies));
        Some(Self {
            frame,
            id: policy.id.clone(),
            about: list::about(content, &policy.id),
            shown: list::version(policy, day),
            versions: list::versions(content, &policy.id, day),
            parts: tree::view(policy, all),
            otherwise: policy.otherwise.clone(),
            sets,
            elements,
            defaults: cases::defaults(policy, cases, all),
            cases: cases::view(policy, cases, all),
            compared: chosen.compare.as_deref().map(|with| compared(content, policy, with)),
            content: content.hash.chars().take(12).collect(),
        })
    }

    /// The cases that do not come out as their author says.
    fn failing(&self) -> usize {
        self.cases.iter().filter(|case| !case.failures.is_empty()).count()
    }

    /// Where this version is compared with another.
    fn comparison(&self, with: &VersionView) -> String {
        format!("{}&compare={}", self.shown.address, encoded(&with.version))
    }

    /// The versions that this one can be compared with.
    fn others(&self) -> Vec<&VersionView> {
        self.versions.iter().filter(|version| version.version != self.shown.version).collect()
    }
}

fn find<'c>(content: &'c Content, chosen: &Chosen, day: &str) -> Option<&'c (Policy, Vec<Case>)> {
    let versions = || content.policies.iter().filter(|(policy, _)| policy.id == chosen.id);
    match &chosen.version {
        Some(version) => versions().find(|(policy, _)| policy.version == *version),
        None => {
            let newest = versions().max_by_key(|(policy, _)| (&policy.effective.start, &policy.version));
            versions().find(|(policy, _)| policy.in_force_on(day)).or(newest)
        }
    }
}

fn compared(content: &Content, policy: &Policy, with: &str) -> Compared {
    let elements = &content.record.elements;
    let mut versions = content.policies.iter().map(|(policy, _)| policy);
    let other = versions.find(|other| other.id == policy.id && other.version == with);
    let difference = other.map(|other| difference((other, elements), (policy, elements)));
    Compared { with: with.to_owned(), difference }
}
