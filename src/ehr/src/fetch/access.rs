//! Access to one FHIR server for one call.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::time::Instant;
use url::Url;

use super::bases::is_within;
use super::moment::{Moment, Owner, Whose};
use super::scopes::{Allowed, Interaction, Scopes};
use super::token::Token;
use super::{Question, Server, held};
use crate::search::Reason;

/// The most bytes that are read in one call, after decompression: twice what a request may bring itself.
const MOST_BYTES: usize = 16 * 1024 * 1024;

/// The server of one call with the token that came with it. Dropped with the call.
#[derive(Debug)]
pub(super) struct Access {
    base: Url,
    pub(super) token: Option<Token>,
    scopes: Scopes,
    /// When the answer goes out, whatever has come until then.
    pub(super) until: Instant,
    /// Whose answers may be kept for a moment.
    pub(super) owner: Option<Owner>,
    /// How many bytes have been read in this call.
    bytes: AtomicUsize,
    /// What was not read in this call but kept from one before, as `Type/id`, and how long ago it was read.
    kept: Mutex<BTreeMap<String, Duration>>,
}

impl Access {
    /// # Errors
    /// If the server may not be called, or the token cannot be used.
    pub(super) fn of(server: &Server<'_>) -> Result<Self, Reason> {
        let base = server.bases.admit(server.base).ok_or(Reason::NotAllowed)?;
        let until = server.until;
        let Some(authorization) = server.authorization else {
            return Ok(Self::new(base, None, Scopes::default(), until));
        };
        let token = Token::new(&authorization.access_token).ok_or(Reason::Unauthorized)?;
        if authorization.expires_in == 0 {
            return Err(Reason::Unauthorized);
        }
        let expires = Instant::now().checked_add(Duration::from_secs(authorization.expires_in));
        let until = expires.map_or(until, |expires| until.min(expires));
        Ok(Self::new(base, Some(token), Scopes::of(&authorization.scope), until))
    }

    fn new(base: Url, token: Option<Token>, scopes: Scopes, until: Instant) -> Self {
        Self { base, token, scopes, until, owner: None, bytes: AtomicUsize::new(0), kept: Mutex::default() }
    }

    /// Takes note of bytes that were read.
    ///
    /// # Errors
    /// If they are more than one call may read.
    pub(super) fn spend(&self, bytes: usize) -> Result<(), Reason> {
        let before = self.bytes.fetch_add(bytes, Ordering::Relaxed);
        (before.saturating_add(bytes) <= MOST_BYTES).then_some(()).ok_or(Reason::Truncated)
    }

    /// Takes note of what was read so long ago.
    pub(super) fn recalled(&self, body: &str, age: Duration) {
        if let Ok(mut kept) = self.kept.lock() {
            kept.extend(held(body).into_iter().map(|reference| (reference, age)));
        }
    }

    /// What was kept from a call before, and how long ago it was read.
    pub(super) fn kept(self) -> BTreeMap<String, Duration> {
        self.kept.into_inner().unwrap_or_default()
    }

    /// Whether it is time to answer.
    pub(super) fn is_over(&self) -> bool {
        Instant::now() >= self.until
    }

    /// The same for a client, a patient and a user, whose answers may be kept for a moment.
    pub(super) fn owned(self, moment: Option<&Moment>, server: &Server<'_>, question: &Question<'_>) -> Self {
        let whose = Whose {
            cds_client: server.cds_client,
            base: self.base.as_str(),
            patient_id: question.patient_id,
            user_id: question.user_id,
            token: self.token.as_ref().map(Token::bytes),
        };
        let owner = moment.map(|moment| moment.owner(&whose));
        Self { owner, ..self }
    }

    /// Whether a request may go to this URL.
    pub(super) fn admits(&self, url: &Url) -> bool {
        is_within(&self.base, url)
    }

    /// The URL of a read or search, given below the base.
    pub(super) fn url(&self, relative: &str) -> Option<Url> {
        let base = self.base.as_str().trim_end_matches('/');
        // Servers that refuse a bar in a query are more than those that refuse its encoding.
        let url = Url::parse(&format!("{base}/{}", relative.replace('|', "%7C"))).ok()?;
        self.admits(&url).then_some(url)
    }

    /// The URL of a `next` link, which may be relative.
    pub(super) fn next(&self, link: &str) -> Option<Url> {
        let base = Url::parse(&format!("{}/", self.base.as_str().trim_end_matches('/'))).ok()?;
        base.join(link).ok().filter(|url| self.admits(url))
    }

    /// What the token allows of a read (`Type/id`) or search (`Type?...`).
    pub(super) fn allows(&self, relative: &str) -> Allowed {
        let (kind, interaction) = match relative.split_once('?') {
            Some((kind, _)) => (kind, Interaction::Search),
            None => (relative.split('/').next().unwrap_or(relative), Interaction::Read),
        };
        self.scopes.allow(interaction, kind)
    }
}
