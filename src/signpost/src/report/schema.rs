//! The JSON Schemas of the content files, generated from the types that read them.

use criteria::cases::CasesFile;
use criteria::limits::LimitsFile;
use criteria::policy::PolicyFile;
use ehr::source::DataElementsFile;
use ehr::therapy::rules::TherapyRules;
use schemars::JsonSchema;

use crate::content::ServiceFile;

/// File name and text of each schema.
#[must_use]
pub fn schemas() -> Vec<(&'static str, String)> {
    vec![
        ("policy.schema.json", schema::<PolicyFile>()),
        ("cases.schema.json", schema::<CasesFile>()),
        ("limits.schema.json", schema::<LimitsFile>()),
        ("data-elements.schema.json", schema::<DataElementsFile>()),
        ("therapy.schema.json", schema::<TherapyRules>()),
        ("service.schema.json", schema::<ServiceFile>()),
    ]
}

fn schema<T: JsonSchema>() -> String {
    format!("{:#}\n", schemars::schema_for!(T).to_value())
}
