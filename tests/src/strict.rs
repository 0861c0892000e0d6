//! The R4 oracle: fhirbolt in Strict mode.
//!
//! Instantiating fhirbolt for all of R4 takes minutes, so it happens here once, in the library and without type
//! parameters; a change to a test does not compile it again.

use fhirbolt::model::r4::Resource;
use fhirbolt::serde::{DeserializationConfig, DeserializationMode};

const STRICT: DeserializationConfig = DeserializationConfig { mode: DeserializationMode::Strict };

/// Reads a resource as strictly typed R4 and writes it again, as JSON: what fhirbolt understood, not what stood there.
///
/// # Errors
/// What makes it invalid R4. Do not give it an empty array: fhirbolt 0.4 panics over one.
pub fn strict(json: &str) -> Result<String, String> {
    let resource: Resource =
        fhirbolt::json::from_str(json, Some(STRICT)).map_err(|error| error.to_string())?;
    fhirbolt::json::to_string(&resource, None).map_err(|error| error.to_string())
}
