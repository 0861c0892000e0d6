//! The R4 oracle: fhirbolt in Strict mode.
//!
//! Instantiating fhirbolt for all of R4 takes minutes, so it happens here once, in the library and without type
//! parameters; a change to a test does not compile it again.

use fhirbolt::model::r4::Resource;
use fhirbolt::serde::{DeserializationConfig, DeserializationMode};
use serde_json::Value;

const STRICT: DeserializationConfig = DeserializationConfig { mode: DeserializationMode::Strict };

/// Reads a resource as strictly typed R4 and writes it again, as JSON: what fhirbolt understood, not what stood there.
///
/// # Errors
/// What makes it invalid R4. fhirbolt takes one object for an array of one, so what is read must also be what stood
/// there; and it panics over an empty array, which is caught.
pub fn strict(json: &str) -> Result<Value, String> {
    let written = std::panic::catch_unwind(|| read_and_write(json)).map_err(|_| "fhirbolt panicked")??;
    let [given, read] = [json, &written].map(serde_json::from_str::<Value>);
    let (given, read) = (given.map_err(|error| error.to_string())?, read.map_err(|error| error.to_string())?);
    if given == read { Ok(read) } else { Err(format!("read as {read}")) }
}

fn read_and_write(json: &str) -> Result<String, String> {
    let resource: Resource =
        fhirbolt::json::from_str(json, Some(STRICT)).map_err(|error| error.to_string())?;
    fhirbolt::json::to_string(&resource, None).map_err(|error| error.to_string())
}
