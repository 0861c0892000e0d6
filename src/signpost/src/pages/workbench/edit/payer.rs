//! Who pays: the Coverage that a request brings.

use serde_json::{Value, json};

use super::{patient, prefetch_mut};
use crate::content::Payer;

/// Puts one payer in the place of all coverage: one of the service's table, or one that no table knows.
pub fn set_payer(request: &mut Value, payer: Option<&Payer>) {
    let beneficiary = json!({ "reference": format!("Patient/{}", patient(request)) });
    let payor = match payer {
        Some(payer) => {
            let identifier = payer
                .identifiers
                .first()
                .map(|known| json!({ "system": known.system, "value": known.value }));
            let name = payer.names.first().unwrap_or(&payer.title);
            let mut payor = json!({ "display": name });
            if let Some((identifier, members)) = identifier.zip(payor.as_object_mut()) {
                members.insert("identifier".into(), identifier);
            }
            payor
        }
        None => json!({ "display": "Another payer" }),
    };
    let coverage = json!({
        "resourceType": "Coverage", "id": "workbench-coverage", "status": "active",
        "beneficiary": beneficiary, "payor": [payor]
    });
    let bundle = json!({
        "resourceType": "Bundle", "type": "searchset",
        "entry": [{ "resource": coverage, "search": { "mode": "match" } }]
    });
    if let Some(prefetch) = prefetch_mut(request) {
        prefetch.insert("coverage".into(), bundle);
    }
}
