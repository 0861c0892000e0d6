//! One read or search, with all of its pages.

use std::collections::HashSet;

use serde_json::value::RawValue;
use url::Url;

use super::access::Access;
use super::client::Client;
use super::collected::Collected;
use super::scopes::Allowed;
use super::selflink::has_ignored;
use crate::fhir::{Page, identity};
use crate::search::Reason;

/// The most pages that are read of one search.
const MOST_PAGES: usize = 20;

/// The page size that is asked for: fewer rounds than the 10 to 50 that servers give unasked. It is theirs to grant.
const PAGE_SIZE: &str = "_count=200";

/// Whoever reads: the client with the access of one call.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader<'f> {
    pub(super) client: &'f Client,
    pub(super) access: &'f Access,
}

impl Reader<'_> {
    /// All pages of a search, such as `Condition?patient=1`.
    pub(super) async fn search(self, relative: &str) -> Collected {
        let allowed = self.access.allows(relative);
        if allowed == Allowed::No {
            return Collected::failed(Reason::OutOfScope);
        }
        let Some(url) = self.access.url(&format!("{relative}&{PAGE_SIZE}")) else {
            return Collected::failed(Reason::NotAllowed);
        };
        let mut collected = Collected::default();
        self.pages(url.clone(), Some(&url), HashSet::new(), &mut collected).await;
        if allowed == Allowed::InPart {
            collected.because(Reason::PartlyInScope);
        }
        collected
    }

    /// The pages that follow one that the sender had.
    pub(super) async fn following(self, first: &RawValue) -> Collected {
        let mut collected = Collected::default();
        let Ok(page) = Page::read(first.get()) else { return Collected::failed(Reason::Unreadable) };
        collected.add(&page, self.access);
        match page.link("next").and_then(|link| self.access.next(link)) {
            Some(next) => self.pages(next, None, HashSet::new(), &mut collected).await,
            None => collected.because(Reason::LeadsElsewhere),
        }
        collected
    }

    /// Follows `next` from a page on. `asked` is the search itself, where the first page is its answer.
    async fn pages(self, first: Url, asked: Option<&Url>, mut seen: HashSet<Url>, collected: &mut Collected) {
        let mut url = first;
        loop {
            let body = match self.client.get(self.access, &url).await {
                Ok(body) => body,
                Err(reason) => return collected.because(reason),
            };
            let page = match Page::read(&body) {
                Ok(page) if page.resource_type.is("Bundle") => page,
                Ok(page) if page.resource_type.is("OperationOutcome") => {
                    return collected.because(Reason::Failed);
                }
                _ => return collected.because(Reason::Unreadable),
            };
            collected.add(&page, self.access);
            if let Some(asked) = asked.filter(|asked| **asked == url) {
                collected.self_link = page.link("self").map(str::to_owned);
                if has_ignored(asked, page.link("self"), !collected.has_matches()) {
                    collected.because(Reason::Doubtful);
                }
            }
            let Some(link) = page.link("next") else { return collected.close() };
            seen.insert(url);
            url = match self.access.next(link) {
                None => return collected.because(Reason::LeadsElsewhere),
                Some(next) if seen.contains(&next) => return collected.because(Reason::Circular),
                Some(_) if seen.len() >= MOST_PAGES => return collected.because(Reason::Truncated),
                Some(next) => next,
            };
        }
    }

    /// One resource by type and id, such as `Patient/1`, as it came.
    pub(super) async fn read(self, relative: &str) -> Result<Box<RawValue>, Reason> {
        if self.access.allows(relative) == Allowed::No {
            return Err(Reason::OutOfScope);
        }
        let url = self.access.url(relative).ok_or(Reason::NotAllowed)?;
        let body = self.client.get(self.access, &url).await?;
        let body = RawValue::from_string(body).map_err(|_| Reason::Unreadable)?;
        let (kind, id) = identity(body.get()).ok_or(Reason::Unreadable)?;
        let (asked_kind, asked_id) = relative.split_once('/').ok_or(Reason::Unreadable)?;
        let is_it =
            kind == asked_kind && id.is_none_or(|id| super::template::id(&id).as_deref() == Some(asked_id));
        match kind.as_str() {
            _ if is_it => Ok(body),
            "OperationOutcome" => Err(Reason::Failed),
            "Patient" => Err(Reason::OtherPatient),
            _ => Err(Reason::OtherType),
        }
    }
}
