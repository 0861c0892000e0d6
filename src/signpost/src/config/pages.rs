//! `[pages]`: links from cards to pages of the service.

use super::section::Section;
use super::urls::{self, PublicUrl};

/// For how many hours a link holds that is not told: seven days, in which a payer decides a standard request for prior
/// authorization (CMS-0057-F, from 2026). Whoever has the link can read the decision: it should not hold much longer than
/// it is of use.
const LINK_HOURS: u32 = 168;

/// `[pages]`: links from cards to pages of the service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pages {
    /// Where clinicians' browsers reach the service.
    pub base_url: PublicUrl,
    /// For how many hours a link to a decision holds.
    pub link_hours: u32,
}

pub(super) fn read(section: &Section<'_>, has_journal: bool) -> Option<Pages> {
    let base_url = section.parsed("base_url", urls::public);
    let hours = section.integer("link_hours", 1..=8760);
    if section.is_there() {
        section.needs("base_url", "links on cards begin with it");
        if !has_journal {
            section.wrong("base_url", "links lead to the journal's decisions: it needs a `[journal]`");
        }
    }
    let link_hours = hours.and_then(|hours| hours.try_into().ok()).unwrap_or(LINK_HOURS);
    Some(Pages { base_url: base_url?, link_hours })
}
