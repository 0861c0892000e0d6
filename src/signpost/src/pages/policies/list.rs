//! `/policies`: every policy with its versions.

use askama::Template;
use criteria::Policy;

use super::difference::{mode, status};
use super::{address, address_of_version};
use crate::content::Content;
use crate::pages::{Audience, Frame, Place};

/// The list.
#[derive(Debug, Template)]
#[template(path = "policies/list.html")]
pub(super) struct List {
    frame: Frame,
    policies: Vec<PolicyView>,
    content: String,
}

/// A policy with its versions, newest first.
#[derive(Debug)]
struct PolicyView {
    id: String,
    address: String,
    title: String,
    about: About,
    versions: Vec<VersionView>,
}

/// Whom a policy speaks about.
#[derive(Debug)]
pub(super) struct About {
    /// Names of its drugs.
    pub(super) drugs: String,
    /// Names of the payers that use it.
    pub(super) payers: String,
}

/// A version of a policy.
#[derive(Debug, Clone)]
pub(super) struct VersionView {
    pub(super) version: String,
    pub(super) address: String,
    pub(super) source: String,
    /// The published document, where it is on the web.
    pub(super) url: Option<String>,
    /// From when to when it is in force.
    pub(super) dates: String,
    /// Whether it decides today, and whether its cards are shown.
    pub(super) state: String,
    pub(super) is_in_force: bool,
}

/// The list of all policies of the content, on a day.
pub(super) fn list(content: &Content, day: &str, audience: Audience) -> List {
    let mut ids: Vec<&str> = content.policies.iter().map(|(policy, _)| policy.id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    let policies = ids.into_iter().filter_map(|id| {
        let versions = versions(content, id, day);
        let newest = newest(content, id)?;
        let (id, address, about) = (id.to_owned(), address(id), about(content, id));
        Some(PolicyView { id, address, title: newest.title.clone(), about, versions })
    });
    let frame = Frame::new("Policies", audience, Some(Place::Policies));
    List { frame, policies: policies.collect(), content: content.hash.chars().take(12).collect() }
}

fn newest<'c>(content: &'c Content, id: &str) -> Option<&'c Policy> {
    let versions = content.policies.iter().map(|(policy, _)| policy).filter(|policy| policy.id == id);
    versions.max_by_key(|policy| (&policy.effective.start, &policy.version))
}

/// The versions of a policy, newest first.
pub(super) fn versions(content: &Content, id: &str, day: &str) -> Vec<VersionView> {
    let versions = content.policies.iter().map(|(policy, _)| policy).filter(|policy| policy.id == id);
    let mut versions: Vec<&Policy> = versions.collect();
    versions.sort_by_key(|policy| std::cmp::Reverse((&policy.effective.start, &policy.version)));
    versions.into_iter().map(|policy| version(policy, day)).collect()
}

pub(super) fn version(policy: &Policy, day: &str) -> VersionView {
    let is_in_force = policy.in_force_on(day);
    let state = match is_in_force {
        true => "in force",
        false if policy.effective.start.as_str() > day && status(policy.status) == "active" => {
            "not yet in force"
        }
        false => match status(policy.status) {
            "active" => "no longer in force",
            other => other,
        },
    };
    let cards = match mode(policy.mode) {
        "shown" => String::new(),
        hidden => format!("; cards {hidden}"),
    };
    let dates = match &policy.effective.end {
        Some(end) => format!("{} to {end}", policy.effective.start),
        None => format!("from {}", policy.effective.start),
    };
    VersionView {
        version: policy.version.clone(),
        address: address_of_version(&policy.id, &policy.version),
        source: policy.source.label.clone(),
        url: policy.source.url.clone().filter(|url| url.starts_with("https://")),
        dates,
        state: format!("{state}{cards}"),
        is_in_force,
    }
}

/// The drugs and the payers of a policy, by the services that use it.
pub(super) fn about(content: &Content, id: &str) -> About {
    let files = || content.services.iter().map(|service| &service.file);
    let drugs = files().flat_map(|file| &file.drugs).filter(|drug| drug.policies.iter().any(|one| one == id));
    let payers =
        files().flat_map(|file| &file.payers).filter(|payer| payer.policies.iter().any(|one| one == id));
    About {
        drugs: joined(drugs.map(|drug| match drug.name == drug.generic {
            true => drug.name.clone(),
            false => format!("{} ({})", drug.name, drug.generic),
        })),
        payers: joined(payers.map(|payer| payer.title.clone())),
    }
}

/// Names, each once.
fn joined(names: impl Iterator<Item = String>) -> String {
    let mut all: Vec<String> = Vec::new();
    names.for_each(|name| {
        if !all.contains(&name) {
            all.push(name)
        }
    });
    all.join(", ")
}
