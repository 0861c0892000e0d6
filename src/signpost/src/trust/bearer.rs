//! The token in the `Authorization` header (RFC 6750, section 2.1).

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;

use super::denial::Denial;

/// The longest token that is read, in bytes: one of RS384 with a long key and generous claims has 2 kB.
const LONGEST_TOKEN: usize = 8 * 1024;

/// The one token of a request, before anything in it is looked at.
pub(super) fn token(headers: &HeaderMap) -> Result<&str, Denial> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let value = values.next().ok_or(Denial::NoToken)?;
    if values.next().is_some() {
        return Err(Denial::NotBearer);
    }
    if value.len() > LONGEST_TOKEN {
        return Err(Denial::TooLong);
    }
    let (scheme, token) =
        value.to_str().ok().and_then(|text| text.split_once(' ')).ok_or(Denial::NotBearer)?;
    let is_bearer = scheme.eq_ignore_ascii_case("Bearer") && !token.is_empty();
    is_bearer.then_some(token).ok_or(Denial::NotBearer)
}
