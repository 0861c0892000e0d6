//! The bearer token of one call.

use std::fmt;

use reqwest::header::HeaderValue;

/// The value of the `Authorization` header. Secret: `Debug` hides it, and the client is told not to log it.
#[derive(Clone)]
pub(super) struct Token(HeaderValue);

impl Token {
    /// `None` for a token that cannot stand in a header.
    pub(super) fn new(access_token: &str) -> Option<Self> {
        let mut value = HeaderValue::from_str(&format!("Bearer {access_token}")).ok()?;
        value.set_sensitive(true);
        Some(Self(value))
    }

    pub(super) fn bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    pub(super) fn header(&self) -> HeaderValue {
        self.0.clone()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(secret)")
    }
}
