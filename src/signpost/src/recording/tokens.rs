//! Tokens that were seen before, kept in the journal's database: for all replicas, and over restarts.

use futures_util::future::BoxFuture;
use jiff::Timestamp;

use super::Recording;
use crate::config::OnFailure;
use crate::trust::{JtiStore, Memory, Unavailable};

/// The journal's memory of tokens. Where cards go on without a journal, so do callers: what this process has seen decides
/// then.
#[derive(Debug)]
pub struct Tokens {
    recording: Recording,
    memory: Memory,
}

impl Tokens {
    /// Tokens in a journal, and beside it in this process.
    #[must_use]
    pub fn new(recording: Recording, memory: Memory) -> Self {
        Self { recording, memory }
    }
}

impl JtiStore for Tokens {
    fn first_seen<'a>(
        &'a self,
        client: &'a str,
        jti: &'a str,
        expires: Timestamp,
    ) -> BoxFuture<'a, Result<bool, Unavailable>> {
        Box::pin(async move {
            let here = self.memory.first_seen(client, jti, expires).await;
            match (self.recording.journal.first_seen(client, jti, expires).await, self.recording.on_failure) {
                // While the journal was down, its memory of what was let in was this one.
                // One that is full knows nothing, and the journal does.
                (Ok(first), OnFailure::Continue) => Ok(first && here.unwrap_or(true)),
                (Err(_), OnFailure::Continue) => here,
                (Ok(first), OnFailure::Require) => Ok(first),
                (Err(failure), OnFailure::Require) => {
                    tracing::warn!(%failure, "nobody is let in by a token that may have been seen");
                    Err(Unavailable)
                }
            }
        })
    }
}
