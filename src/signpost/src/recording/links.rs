//! Links to the explanation of one decision: whoever has one may read it, until it expires.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use journal::{Privacy, Signing};
use uuid::Uuid;

use crate::config;

/// Makes and checks links, with a key that is derived from the journal's.
#[derive(Debug, Clone)]
pub struct Links {
    base: config::PublicUrl,
    lifetime: SignedDuration,
    signing: Signing,
}

/// Why a link opens nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closed {
    /// It is none of ours: which of the ways in which it is none is told to nobody.
    NoLink,
    /// It is ours, and too old.
    Expired(Uuid),
}

impl Links {
    /// Links as these settings say, of the journal with these keys.
    #[must_use]
    pub fn new(pages: &config::Pages, privacy: &Privacy) -> Self {
        let lifetime = SignedDuration::from_hours(pages.link_hours.into());
        Self { base: pages.base_url.clone(), lifetime, signing: privacy.signing("decision-link") }
    }

    /// The link to a decision that was made at this instant. It is a secret: it stands in no log.
    #[must_use]
    pub fn to(&self, decision: Uuid, at: Timestamp) -> String {
        let until = at.saturating_add(self.lifetime).unwrap_or(Timestamp::MAX).as_second().to_string();
        let id = decision.to_string();
        let signature = URL_SAFE_NO_PAD.encode(self.signing.sign(&[&id, &until]));
        self.base.of(&format!("/decisions/{id}?until={until}&signature={signature}"))
    }

    /// The decision that a link leads to: its id and query as they were sent. There is one way to write a link, so that
    /// what is doubled, added or left out is none.
    ///
    /// # Errors
    /// If it is no link of ours, or has expired.
    pub fn open(&self, id: &str, query: &str, now: Timestamp) -> Result<Uuid, Closed> {
        let (until, signature) = query
            .strip_prefix("until=")
            .and_then(|rest| rest.split_once("&signature="))
            .ok_or(Closed::NoLink)?;
        let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| Closed::NoLink)?;
        if !self.signing.verifies(&[id, until], &signature) {
            return Err(Closed::NoLink);
        }
        let id: Uuid = id.parse().map_err(|_| Closed::NoLink)?;
        let until: i64 = until.parse().map_err(|_| Closed::NoLink)?;
        if now.as_second() < until { Ok(id) } else { Err(Closed::Expired(id)) }
    }
}
