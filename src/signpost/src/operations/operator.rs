//! Who may see more than health and metrics: whoever shows the operators' token.

use std::fmt;
use std::sync::Arc;

use arc_swap::ArcSwapOption;
use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, HeaderValue, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::config::Secret;

/// The operators, by the token that they share; nobody where there is none. Clones share it.
#[derive(Clone, Default)]
pub struct Operators {
    /// Of the token. All are of one length, so that a comparison takes the same time for every token that is shown.
    digest: Arc<ArcSwapOption<[u8; 32]>>,
}

impl Operators {
    /// Those who show this token.
    #[must_use]
    pub fn with(token: Option<&Secret>) -> Self {
        let operators = Self::default();
        operators.replace(token);
        operators
    }

    /// From now on, those who show this token.
    pub fn replace(&self, token: Option<&Secret>) {
        self.digest.store(token.map(|token| Arc::new(digest(token.reveal().as_bytes()))));
    }

    /// Whether there is a token at all.
    #[must_use]
    pub fn are_known(&self) -> bool {
        self.digest.load().is_some()
    }

    /// Whether a request shows the token: as a Bearer token, or as the password of any user, as browsers ask for it.
    #[must_use]
    pub fn admit(&self, headers: &HeaderMap) -> bool {
        let (expected, shown) = (self.digest.load(), shown(headers));
        match (expected.as_deref(), shown) {
            (Some(expected), Some(shown)) => expected.ct_eq(&digest(&shown)).into(),
            _ => false,
        }
    }
}

/// Without anything that would help to guess the token.
impl fmt::Debug for Operators {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Operators").field("are_known", &self.are_known()).finish()
    }
}

fn digest(token: &[u8]) -> [u8; 32] {
    Sha256::digest(token).into()
}

/// The token of the one `Authorization` header.
fn shown(headers: &HeaderMap) -> Option<Vec<u8>> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let (Some(value), None) = (values.next(), values.next()) else { return None };
    let (scheme, credentials) = value.to_str().ok()?.split_once(' ')?;
    match scheme.to_ascii_lowercase().as_str() {
        "bearer" => Some(credentials.as_bytes().to_vec()),
        "basic" => password(&STANDARD.decode(credentials).ok()?).map(<[u8]>::to_vec),
        _ => None,
    }
}

/// What follows the first colon (RFC 7617).
fn password(credentials: &[u8]) -> Option<&[u8]> {
    let colon = credentials.iter().position(|byte| *byte == b':')?;
    credentials.get(colon + 1..)
}

/// A layer for routes that are for operators only. Everybody else is told nothing: 401, and
/// the two ways that are taken; 404 where there is no token that could be shown.
pub async fn only_operators(State(operators): State<Operators>, request: Request, next: Next) -> Response {
    if !operators.are_known() {
        return (StatusCode::NOT_FOUND, "shown where `operations.token_file` names a token\n")
            .into_response();
    }
    if operators.admit(request.headers()) {
        return next.run(request).await;
    }
    tracing::info!("an operators' page was not shown: no token, or another");
    let mut response = (StatusCode::UNAUTHORIZED, "not authorized\n").into_response();
    for way in ["Bearer realm=\"signpost\"", "Basic realm=\"signpost\", charset=\"UTF-8\""] {
        response.headers_mut().append(WWW_AUTHENTICATE, HeaderValue::from_static(way));
    }
    response
}
